"""Checks of assets."""

from __future__ import annotations

import pytest
from kit.payloads import asset_check, check_execution, error
from kit.server import Reply

from dagster_plus_sdk import AssetCheck, AssetCheckExecution, AssetKey, errors

pytestmark = pytest.mark.anyio


def checked(*path, checks=(), group="g"):
    members = {"__typename": "AssetChecks", "checks": list(checks)}
    return {"key": {"path": list(path)}, "groupName": group, "checks": members}


FOUND = {
    "assetNodes": [
        checked("orders", checks=[asset_check("rows", status="FAILED"), asset_check("age")]),
        checked("none"),
        checked(
            "a/b",
            checks=[asset_check("rows", "a/b", status="SUCCEEDED", blocking=True)],
            group="h",
        ),
    ]
}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, [r"a\/b rows", "orders age", "orders rows"]),
        ({"group": "g"}, ["orders age", "orders rows"]),
        ({"pattern": "R*"}, [r"a\/b rows", "orders rows"]),
        ({"status": "failed"}, ["orders rows"]),
        ({"status": ["FAILED", "SUCCEEDED"]}, [r"a\/b rows", "orders rows"]),
        ({"executed": False}, ["orders age"]),
        ({"executed": True, "limit": 1}, [r"a\/b rows"]),
        ({"blocking": True}, [r"a\/b rows"]),
        ({"blocking": False, "where": lambda c: c.name == "age"}, ["orders age"]),
    ],
)
async def test_list(client, server, given, kept):
    server.data(FOUND)
    found = await client.checks.list(**given).to_list()
    assert all(type(check) is AssetCheck for check in found)
    assert [f"{check.key} {check.name}" for check in found] == kept
    assert server.received[0].variables == {}


@pytest.mark.parametrize("asset", [["a/b", "c"], r"a\/b/c", AssetKey("a/b", "c")])
async def test_of_one_asset(client, server, asset):
    server.data({"assetNodes": []})
    assert await client.checks.list(asset=asset).to_list() == []
    assert server.received[0].variables == {"assetKeys": [{"path": ["a/b", "c"]}]}


async def test_statuses_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="EXECUTION_FAILED"):
        client.checks.list(status="party")
    assert server.requests == 0


@pytest.mark.parametrize(
    "typename",
    [
        "AssetCheckNeedsAgentUpgradeError",
        "AssetCheckNeedsMigrationError",
        "AssetCheckNeedsUserCodeUpgrade",
    ],
)
async def test_what_is_too_old_for_checks(client, server, typename):
    old = checked("old") | {"checks": error(typename, "too old")}
    server.data({"assetNodes": [checked("orders"), old]})
    with pytest.raises(errors.NotSupportedError, match="too old"):
        await client.checks.list().to_list()


def node(check):
    return {"assetNodeOrError": {"__typename": "AssetNode", "id": "n", "assetCheckOrError": check}}


async def test_get(client, server):
    server.data(node(asset_check("rows", status="SOMETHING_NEW")))
    check = await client.checks.get("orders", "rows")
    assert type(check) is AssetCheck
    assert check.latest_execution.status == "SOMETHING_NEW"
    assert server.received[0].variables == {"assetKey": {"path": ["orders"]}, "checkName": "rows"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (node(error("AssetCheckNotFoundError", "no check")), "ASSET_CHECK_NOT_FOUND"),
        ({"assetNodeOrError": error("AssetNotFoundError", "no asset")}, "ASSET_NOT_FOUND"),
    ],
)
async def test_unknown(client, server, answer, code):
    server.data(answer)
    with pytest.raises(errors.NotFoundError) as caught:
        await client.checks.get("orders", "rows")
    assert (caught.value.code, caught.value.operation) == (code, "GetAssetCheck")


class Executions:
    """Executions with falling ids; a cursor is the id before."""

    def __call__(self, received):
        asked = received.variables
        last = int(asked.get("cursor") or 10)
        found = [check_execution(n) for n in range(last - 1, 0, -1)][: asked["limit"]]
        return Reply({"data": {"assetCheckExecutions": found}})


@pytest.mark.parametrize("size", [None, 1, 4, 9])
async def test_executions(client, server, size):
    server.reply(Executions())
    found = await client.checks.executions(["a/b"], "rows", page_size=size).to_list()
    assert [type(execution) for execution in found] == [AssetCheckExecution] * 9
    assert [execution.id for execution in found] == list("987654321")
    assert server.received[0].variables["assetKey"] == {"path": ["a/b"]}


async def test_executions_resume_and_filter(client, server):
    server.reply(Executions())
    odd = {"where": lambda e: int(e.id) % 2, "partition": ""}
    first = client.checks.executions("a", "rows", limit=2, **odd)
    assert [e.id for e in await first.to_list()] == ["9", "7"]
    rest = client.checks.executions("a", "rows", cursor=first.cursor, **odd)
    assert [e.id for e in await rest.to_list()] == ["5", "3", "1"]
    assert server.received[-1].variables["partition"] == ""


REPORTED = {
    "reportAssetCheckEvaluations": {
        "__typename": "ReportAssetCheckEvaluationsSuccess",
        "assetKey": {"path": ["a"]},
        "checkName": "rows",
    }
}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"passed": True}, {"passed": True}),
        (
            {"passed": False, "severity": "warn", "partitions": "p", "description": "d"},
            {"passed": False, "severity": "WARN", "partitionKeys": ["p"], "description": "d"},
        ),
        (
            {"passed": True, "metadata": {"rows": 7}},
            {"passed": True, "serializedMetadata": '{"rows": 7}'},
        ),
        (
            {"passed": True, "metadata": "rows: 7"},
            {"passed": True, "serializedMetadata": '{"rows": 7}'},
        ),
    ],
)
async def test_report(client, server, given, sent):
    server.data(REPORTED)
    assert await client.checks.report("a", "rows", **given) is None
    known = {"assetKey": {"path": ["a"]}, "checkName": "rows"}
    assert server.received[0].variables == {"eventParams": known | sent}


@pytest.mark.parametrize(
    "given",
    [
        {"severity": "BAD"},
        {"partitions": []},
        {"metadata": {"x": object()}},
        {"metadata": {"x": float("nan")}},
        {"metadata": "[1]"},
        {"name": ""},
    ],
)
async def test_reports_that_cannot_be(client, server, given):
    name = given.pop("name", "rows")
    with pytest.raises(errors.InvalidInputError):
        await client.checks.report("a", name, passed=True, **given)
    assert server.requests == 0


async def test_a_refused_report(client, server):
    server.data({"reportAssetCheckEvaluations": error("UnauthorizedError")})
    with pytest.raises(errors.PermissionDeniedError):
        await client.checks.report("a", "rows", passed=True)
