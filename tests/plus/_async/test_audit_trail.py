"""Each change leaves one entry in the audit log; what is refused leaves none."""

from __future__ import annotations

import time

import pytest
from kit._async.audited import NEEDED, OF_DEPLOYMENT, OF_ORGANIZATION, SECRET, UNSENT

from dagster_plus_sdk import DagsterPlusError, PermissionDeniedError
from dagster_plus_sdk.sandbox.control.registry import MUTATIONS

pytestmark = pytest.mark.anyio

DEEDS = {**OF_DEPLOYMENT, **OF_ORGANIZATION}
#: Everybody may do these, with what is theirs: the token is the viewer's.
ANYBODYS = {"createUserToken", "revokeUserToken"}


@pytest.fixture(autouse=True)
def needed(plus):
    plus.seed(NEEDED)


async def entries(client):
    return await client.audit_log.list().to_list()


def test_every_mutation_with_an_event_is_here():
    audited = {name for name, root in MUTATIONS.items() if root.audit}

    assert DEEDS.keys() | UNSENT == audited
    assert not DEEDS.keys() & UNSENT


@pytest.mark.parametrize("name", DEEDS)
async def test_a_change_leaves_one_entry(client, plus, name):
    plus.advance_clock(1000)
    before = time.time() + 1000

    await DEEDS[name](client)

    (entry,) = await entries(client)
    assert (entry.action, entry.metadata["mutation"]) == (MUTATIONS[name].audit, name)
    assert (entry.user_email, entry.agent_token_id) == ("ada@example.com", None)
    place = "prod" if name in OF_DEPLOYMENT else None
    assert (entry.deployment_name, entry.branch_deployment_name) == (place, None)
    assert before - 0.001 <= entry.timestamp.timestamp() <= time.time() + 1000.001
    assert SECRET not in str(plus.stores[2].list("AuditLogEntry"))
    assert (await client.audit_log.get(entry.id)) == entry


@pytest.mark.parametrize("name", [name for name in DEEDS if name not in ANYBODYS])
async def test_what_is_refused_leaves_none(client, viewer, name):
    with pytest.raises(PermissionDeniedError):
        await DEEDS[name](viewer)

    assert await entries(client) == []


async def test_the_author_is_who_did_it(client, viewer, connect):
    await viewer.user_tokens.create()
    await connect("agent", deployment="staging").code_locations.create("etl", module_name="etl")
    branch = (await client.branch_deployments.list().first()).name
    await connect(deployment=branch).deployment_settings.update({})

    assert [
        (e.user_email, e.agent_token_id, e.deployment_name, e.branch_deployment_name)
        for e in await entries(client)
    ] == [
        ("ada@example.com", None, None, branch),
        (None, "1", "staging", None),
        ("vic@example.com", None, None, None),
    ]


@pytest.mark.parametrize(
    "deed",
    [
        lambda c: c.secrets.create("API_URL", "x"),
        lambda c: c.deployments.create("prod"),
        lambda c: c.custom_roles.delete("Run operator"),
        lambda c: c.deployment_settings.update({"x": 1}, validate=False),
        lambda c: c.alert_policies.create({"name": "x"}, validate=False),
        lambda c: c.users.delete("ada@example.com"),
        lambda c: c.service_users.create("ci"),
        lambda c: c.agent_tokens.revoke(999),
        lambda c: c.code_locations.create("demo", module_name="x"),
    ],
)
async def test_what_fails_leaves_none(client, deed):
    with pytest.raises(DagsterPlusError):
        await deed(client)

    assert await entries(client) == []
