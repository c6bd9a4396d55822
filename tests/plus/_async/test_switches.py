"""The client against a Dagster+ that answers otherwise, wherever nobody knows how it answers."""

from __future__ import annotations

import pytest
from kit._async import switch_probes_deployment, switch_probes_organization
from kit._async.probing import PROBES
from kit._async.walk import walk
from pydantic import BaseModel

from dagster_plus_sdk import AssetKey
from dagster_plus_sdk.sandbox.control.registry import SWITCHES

pytestmark = pytest.mark.anyio

ANOTHER = [(name, choice) for name, switch in SWITCHES.items() for choice in switch.choices[1:]]
#: Some of other choices together: of a switch one at most, and of neighbours, which are about the same, one as well.
SOME = [ANOTHER[number::9] for number in range(9)]
MODULES = (switch_probes_deployment, switch_probes_organization)
#: What else may come than a model, an exception's name, and lists of them.
PLAIN = (AssetKey, bool, int, dict, str, type(None))


def is_typed(value):
    if isinstance(value, list):
        return all(is_typed(item) for item in value)
    return isinstance(value, (BaseModel, *PLAIN)) or type(value).__module__.startswith(
        "dagster_plus_sdk"
    )


def test_every_switch_has_a_probe():
    assert PROBES.keys() == SWITCHES.keys(), "write a probe in kit/_async"
    assert {function.__module__ for function in PROBES.values()} == {m.__name__ for m in MODULES}


@pytest.mark.parametrize("name", SWITCHES)
async def test_each_choice_makes_a_difference_that_the_client_bears(plus, connect, name):
    answers = []
    for choice in SWITCHES[name].choices:
        plus.reset()
        plus.switches(**{name: choice})
        answers.append(await PROBES[name](plus, connect))

    assert all(one not in answers[:n] for n, one in enumerate(answers)), answers


@pytest.mark.parametrize("chosen", SOME)
async def test_everything_can_be_read_with_each_choice(plus, client, chosen):
    assert len(dict(chosen)) == len(chosen)
    plus.switches(**dict(chosen))

    await read_everything(client)


@pytest.mark.parametrize("role", ["organization_admin", "admin", "viewer", "agent"])
@pytest.mark.parametrize("number", range(max(len(s.choices) for s in SWITCHES.values())))
async def test_everything_can_be_read_with_other_choices_together(plus, connect, number, role):
    plus.switches(
        **{name: s.choices[min(number, len(s.choices) - 1)] for name, s in SWITCHES.items()}
    )

    await read_everything(connect(role))


async def read_everything(client):
    found = await walk(client)
    assert len(found) >= 90
    assert [what for what, value in found.items() if not is_typed(value)] == []
    assert sum(isinstance(value, str) for value in found.values()) < len(found) / 2


async def test_everything_can_be_read_by_somebody_without_a_role(plus, connect):
    plus.seed({"users": [{"email": "new@example.com"}]})
    plus.seed({"tokens": [{"token": "user:no-role", "user": "new@example.com"}]})
    client = connect(token="user:no-role")
    for choice in SWITCHES["refused_plain_field"].choices:
        plus.switches(refused_plain_field=choice)
        found = await walk(client)
        assert [what for what, value in found.items() if not is_typed(value)] == []
        assert found["agents.list"] == ([] if choice == "empty" else "PermissionDeniedError")
