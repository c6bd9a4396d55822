"""The instance: daemons, permissions, concurrency pools."""

from __future__ import annotations

import pytest
from kit.payloads import error

from dagster_plus_sdk import (
    ConcurrencyLimit,
    ConcurrencyStep,
    DaemonStatus,
    ErrorInfo,
    Instance,
    Permission,
    errors,
)

pytestmark = pytest.mark.anyio

INSTANCE = {
    "id": "prod",
    "info": None,
    "executablePath": "/usr/bin/python",
    "runLauncher": {"name": "K8sRunLauncher"},
    "runQueuingSupported": True,
    "runQueue": {
        "maxConcurrentRuns": 10,
        "maxConcurrentRunsAllBranchDeployments": None,
        "tagConcurrencyLimitsYaml": None,
        "isOpConcurrencyAware": True,
    },
    "supportsConcurrencyLimits": True,
    "minConcurrencyLimit": 0,
    "maxConcurrencyLimit": 1000,
    "pools": {"granularity": "run", "defaultLimit": None, "opGranularityRunBuffer": None},
    "autoMaterializePaused": False,
    "useAutoMaterializeSensors": True,
    "freshnessEvaluationEnabled": True,
}


def daemon(name, *, healthy=True, required=True, failed=False):
    failure = {"className": "Boom", "message": "no", "stack": [], "causes": []}
    return {
        "id": name,
        "type": name,
        "required": required,
        "healthy": healthy,
        "lastHeartbeatAt": 1700000000.5 if healthy else None,
        "lastErrors": [failure] if failed else [],
    }


def permission(name, *, value=True):
    return {"name": name, "value": value, "disabledReason": None if value else "Disabled"}


def pool(name):
    step = {"runId": "r", "stepKey": "load", "enqueuedAt": 1700000000.0, "assignedAt": None}
    return {
        "pool": name,
        "limit": 2,
        "usingDefaultLimit": False,
        "slotCount": 2,
        "activeSlotCount": 1,
        "activeRunIds": ["r"],
        "assignedStepCount": 1,
        "assignedStepRunIds": ["r"],
        "pendingStepCount": 1,
        "pendingStepRunIds": ["r"],
        "claimedSlots": [{"runId": "r", "stepKey": "load"}],
        "pendingSteps": [{**step, "priority": 0}],
    }


async def test_get(client, server):
    server.data({"instance": INSTANCE})
    found = await client.instance.get()
    assert type(found) is Instance
    assert (found.run_launcher.name, found.run_queue.max_concurrent_runs) == ("K8sRunLauncher", 10)
    assert found.pools.granularity == "run"


async def test_version_and_timezone(client, server):
    server.data({"version": "1.13.27"}, {"defaultTimezone": "UTC"}, {"defaultTimezone": None})
    assert await client.instance.version() == "1.13.27"
    assert await client.instance.default_timezone() == "UTC"
    assert await client.instance.default_timezone() is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["ASSET", "SCHEDULER", "SENSOR"]),
        ({"healthy": True}, ["SCHEDULER"]),
        ({"healthy": False}, ["ASSET", "SENSOR"]),
        ({"required": False}, ["ASSET"]),
        ({"where": lambda found: found.last_errors}, ["SENSOR"]),
        ({"limit": 1}, ["ASSET"]),
    ],
)
async def test_daemons(client, server, given, kept):
    daemons = [
        daemon("SENSOR", healthy=False, failed=True),
        daemon("SCHEDULER"),
        daemon("ASSET", healthy=None, required=False),
    ]
    server.data({"instance": {"daemonHealth": {"daemons": daemons}}})
    found = await client.instance.daemons(**given).to_list()
    assert [each.type for each in found] == kept
    assert {type(each) for each in found} == {DaemonStatus}
    for each in found:
        assert {type(cause) for cause in each.last_errors} <= {ErrorInfo}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["edit_sensor", "launch_run", "wipe_assets"]),
        ({"granted": True}, ["launch_run", "wipe_assets"]),
        ({"granted": False}, ["edit_sensor"]),
        ({"pattern": "*_ASSETS"}, ["wipe_assets"]),
        ({"where": lambda found: found.disabled_reason == "Disabled"}, ["edit_sensor"]),
    ],
)
@pytest.mark.parametrize(
    ("place", "operation"),
    [({}, "ListPermissions"), ({"location": "shop"}, "ListCodeLocationPermissions")],
)
async def test_permissions(client, server, place, operation, given, kept):
    listed = [
        permission("wipe_assets"),
        permission("edit_sensor", value=False),
        permission("launch_run"),
    ]
    entry = {"__typename": "WorkspaceLocationEntry", "permissions": listed}
    server.data({"permissions": listed, "workspaceLocationEntryOrError": entry})
    found = await client.instance.permissions(**place, **given).to_list()
    assert [each.name for each in found] == kept
    assert {type(each) for each in found} == {Permission}
    assert server.operations == [operation]


async def test_permissions_in_no_location(client, server):
    server.data({"workspaceLocationEntryOrError": None})
    with pytest.raises(errors.NotFoundError, match="no code location 'shop'"):
        await client.instance.permissions(location="shop").to_list()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["api", "database"]),
        ({"pattern": "DATA*"}, ["database"]),
        ({"where": lambda found: found.pool == "api"}, ["api"]),
    ],
)
async def test_concurrency_limits(client, server, given, kept):
    server.data({"instance": {"concurrencyLimits": [pool("database"), pool("api")]}})
    found = await client.instance.concurrency_limits(**given).to_list()
    assert [each.pool for each in found] == kept
    assert {type(each) for each in found} == {ConcurrencyLimit}
    assert type(found[0].pending_steps[0]) is ConcurrencyStep
    assert found[0].pending_steps[0].enqueued_at.year == 2023


async def test_the_limit_of_one_pool(client, server):
    server.data({"instance": {"concurrencyLimit": pool("api")}})
    (found,) = await client.instance.concurrency_limits(pool="api").to_list()
    assert found.limit == 2
    assert server.received[0].variables == {"pool": "api"}


@pytest.mark.parametrize(
    ("method", "place", "named", "operation", "variables"),
    [
        ("set_concurrency_limit", ["api", 0], {}, "SetConcurrencyLimit", {"pool": "api", "limit": 0}),
        ("delete_concurrency_limit", ["api"], {}, "DeleteConcurrencyLimit", {"pool": "api"}),
        ("free_concurrency_slots", ["r"], {}, "FreeConcurrencySlotsForRun", {"runId": "r"}),
        (
            "free_concurrency_slots", ["r"], {"step_key": "load"},
            "FreeConcurrencySlots", {"runId": "r", "stepKey": "load"},
        ),
    ],
)  # fmt: skip
async def test_changes(client, server, method, place, named, operation, variables):
    field = operation[0].lower() + operation[1:]
    server.data({field: True}, {field: False})
    call = getattr(client.instance, method)
    assert await call(*place, **named) is None
    assert server.operations == [operation]
    assert server.received[0].variables == variables
    with pytest.raises(errors.UnexpectedResultError, match="the server did not"):
        await call(*place, **named)


@pytest.mark.parametrize("paused", [True, False])
async def test_auto_materialize(client, server, paused):
    server.data({"setAutoMaterializePaused": paused})
    assert await client.instance.set_auto_materialize_paused(paused=paused) is None
    assert server.received[0].variables == {"paused": paused}


@pytest.mark.parametrize("slots", [-1, 1001, 1.5, "3", True, None])
async def test_slots_that_cannot_be(client, server, slots):
    with pytest.raises(errors.InvalidInputError, match="slots must be 0 to 1000"):
        await client.instance.set_concurrency_limit("api", slots)
    assert server.requests == 0


async def test_names_that_cannot_be(client, server):
    instance = client.instance
    with pytest.raises(errors.InvalidInputError, match="the pool's name"):
        await instance.set_concurrency_limit("", 1)
    with pytest.raises(errors.InvalidInputError, match="the pool's name"):
        await instance.delete_concurrency_limit(" ")
    with pytest.raises(errors.InvalidInputError, match="run_id"):
        await instance.free_concurrency_slots("")
    with pytest.raises(errors.InvalidInputError, match="step_key"):
        await instance.free_concurrency_slots("r", step_key="")
    assert server.requests == 0


async def test_what_the_server_says(client, server):
    server.data({"workspaceLocationEntryOrError": error("PythonError", "boom")})
    with pytest.raises(errors.ServerError, match="boom"):
        await client.instance.permissions(location="shop").to_list()
