"""Who may do what the real Dagster does: the sandbox's front asks the control plane before it passes it on."""

from __future__ import annotations

import json

import pytest
from graphql import parse
from kit.answers_variables import build

from dagster_plus_sdk import operations
from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.control.callers import authenticate
from dagster_plus_sdk.sandbox.control.plane import ControlPlane
from dagster_plus_sdk.sandbox.control.registry import MUTATIONS, VIEW
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
def requests():
    """A request for each mutation that needs a permission as such, and the name of its field."""
    found = []
    for operation in map(build, operations.__all__):
        if operation.kind == "mutation":
            document = parse(operation.document)
            (field,) = document.definitions[0].selection_set.selections
            root = MUTATIONS.get(field.name.value)
            if root and root.needs not in (None, VIEW):
                found.append(
                    (
                        field.name.value,
                        root.needs,
                        document,
                        json.loads(operation.body())["variables"],
                    )
                )
    assert len(found) > 20
    return found


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
