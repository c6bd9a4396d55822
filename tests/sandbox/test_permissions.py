"""Who may do what the real Dagster does: the sandbox's front asks the control plane before it passes it on."""

from __future__ import annotations

import json

import pytest
from graphql import parse
from kit.answers_variables import build

from dagster_plus_sdk import operations
from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.control.callers import authenticate, user_holder
from dagster_plus_sdk.sandbox.control.plane import ControlPlane
from dagster_plus_sdk.sandbox.control.registry import MUTATIONS, VIEW
from dagster_plus_sdk.sandbox.control.rights import GRANT
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN, ROLES, role_tokens
from dagster_plus_sdk.sandbox.schema import full_schema

EDITORS = {"organization_admin", "admin", "editor", "service_user"}
LAUNCHERS = EDITORS | {"launcher"}
DEEDS = {
    "launchRun": LAUNCHERS | {"custom", "agent"},
    "terminateRun": LAUNCHERS | {"custom", "agent"},
    "launchPartitionBackfill": LAUNCHERS | {"custom", "agent"},
    "deleteRun": LAUNCHERS,
    "startSchedule": EDITORS | {"custom"},
    "stopSensor": EDITORS | {"custom"},
    "setSensorCursor": EDITORS,
    "wipeAssets": EDITORS,
    "addDynamicPartition": EDITORS,
    "setConcurrencyLimit": EDITORS,
    "reportRunlessAssetEvents": EDITORS | {"agent"},
    "reloadRepositoryLocation": EDITORS | {"agent"},
    "setNuxSeen": set(ROLES),
}


@pytest.fixture
def store():
    found = open_store(":memory:", DEFAULT_TOKEN)
    seed(found, "demo")
    yield found
    found.close()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what_dagster_does(store, role):
    plane = ControlPlane(full_schema(), store)
    caller = authenticate(store, role_tokens(DEFAULT_TOKEN)[role])

    allowed = {
        field for field in DEEDS if not plane.refuses(field, {}, deployment="prod", caller=caller)
    }

    assert allowed == {field for field, roles in DEEDS.items() if role in roles}


@pytest.fixture(scope="module")
def every():
    """A request for each mutation, with the name of its field and what that needs."""
    found = []
    for operation in map(build, operations.__all__):
        if operation.kind == "mutation":
            document = parse(operation.document)
            (field,) = document.definitions[0].selection_set.selections
            if root := MUTATIONS.get(field.name.value):
                variables = json.loads(operation.body())["variables"]
                found.append((field.name.value, root.needs, document, variables))
    return found


@pytest.fixture(scope="module")
def requests(every):
    """Those that need a permission as such."""
    found = [request for request in every if request[1] not in (None, VIEW)]
    assert len(found) > 20
    return found


def test_nobody_may_change_anything(store, every):
    """A user without any role: also where the resolvers themselves say who may."""
    caller = authenticate(store, role_tokens(DEFAULT_TOKEN)["viewer"])
    store.delete_all(GRANT, holder=user_holder(caller.user["userId"]))
    caller = authenticate(store, role_tokens(DEFAULT_TOKEN)["viewer"])
    plane = ControlPlane(full_schema(), store)
    before = store.dump()

    for field, _, document, variables in every:
        result = plane.execute(document, variables, deployment="prod", caller=caller).result
        answers = (result.data or {}).values()
        assert result.errors or all(one["__typename"].endswith("Error") for one in answers), field

    assert store.dump() == before


@pytest.mark.parametrize("role", ROLES[1:])
def test_no_mutation_is_done_for_whom_it_is_not(store, requests, role):
    plane = ControlPlane(full_schema(), store)
    caller = authenticate(store, role_tokens(DEFAULT_TOKEN)[role])
    here = store.find("DagsterCloudDeployment", deploymentName="prod")
    before = store.dump()

    count = 0
    for field, needs, document, variables in requests:
        if caller.allows(needs, here):
            continue
        result = plane.execute(document, variables, deployment="prod", caller=caller).result
        if result.errors:
            assert [error.extensions["code"] for error in result.errors] == ["UnauthorizedError"]
        else:
            (answer,) = result.data.values()
            assert answer["__typename"] == "UnauthorizedError", field
        count += 1

    assert count > 10
    assert store.dump() == before
