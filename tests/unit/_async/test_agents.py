"""Agents."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.payloads import error

from dagster_plus_sdk import Agent, AgentErrorReport, AgentSummary, ErrorInfo, errors

pytestmark = pytest.mark.anyio


def python_error(message):
    return {"className": "E", "message": message, "stack": [], "causes": []}


def summary(id, label=None, status="RUNNING"):  # noqa: A002
    return {
        "id": id,
        "label": label,
        "status": status,
        "lastHeartbeatAt": 1700000000.5,
        "metadata": [{"key": "type", "value": '"K8sUserCodeLauncher"'}],
    }


def agent(id, label=None, *, happened=(), servers=(), **changes):  # noqa: A002
    return {
        **summary(id, label),
        "errors": [
            {"timestamp": float(t), "error": python_error(f"{id} at {t}")} for t in happened
        ],
        "codeServers": [
            {
                "locationName": name,
                "status": "FAILED" if fails else "RUNNING",
                "error": python_error(f"{name} fails") if fails else None,
            }
            for name, fails in servers
        ],
        "runWorkers": [{"runId": "r1", "status": "RUNNING", "message": None}],
        **changes,
    }


LISTED = {"agents": [summary("a1", "prod-1"), summary("a2", "dev", "NOT_RUNNING"), summary("a3")]}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["a1", "a2", "a3"]),
        ({"status": "running"}, ["a1", "a3"]),
        ({"status": ["NOT_RUNNING"]}, ["a2"]),
        ({"label": "PROD-*"}, ["a1"]),
        ({"label": "*", "where": lambda a: a.id != "a1", "limit": 1}, ["a2"]),
    ],
)
async def test_lists(client, server, given, kept):
    server.data(LISTED)
    found = await client.agents.list(**given).to_list()
    assert [a.id for a in found] == kept
    assert {type(a) for a in found} == {AgentSummary}
    assert server.operations == ["ListAgents"]


async def test_heartbeats_are_times(client, server):
    server.data(LISTED)
    first = await client.agents.list().first()
    assert first.last_heartbeat_at == datetime.fromtimestamp(1700000000.5, timezone.utc)
    assert (first.metadata[0].key, first.metadata[0].value) == ("type", '"K8sUserCodeLauncher"')


@pytest.mark.parametrize("name", ["a2", "dev"])
async def test_get_by_id_or_label(client, server, name):
    whole = agent("a2", "dev", happened=[1], servers=[("north", True)])
    server.data({"agents": [agent("a1", "a2-label"), whole]})
    found = await client.agents.get(name)
    assert (type(found), found.id) == (Agent, "a2")
    assert found.run_workers[0].run_id == "r1"
    assert found.code_servers[0].error.message == "north fails"
    assert server.operations == ["FindAgents"]


async def test_get_what_is_not_there_or_twice(client, server):
    server.data({"agents": [agent("a1", "prod"), agent("a2", "prod")]})
    with pytest.raises(errors.InvalidInputError, match=r'id="a1" \(RUNNING\), id="a2"'):
        await client.agents.get("prod")
    with pytest.raises(errors.NotFoundError, match="did you mean 'prod'") as caught:
        await client.agents.get("prods")
    assert caught.value.code == "AGENT_NOT_FOUND"


def location(name, message=None, at=0.0):
    loaded = {"__typename": "RepositoryLocation", "name": name}
    failed = {"__typename": "PythonError", **python_error(message)}
    return {"name": name, "updatedAt": at, "locationOrLoadError": failed if message else loaded}


def workspace(*entries):
    return {"__typename": "Workspace", "locationEntries": list(entries)}


BROKEN = {
    "agents": [
        agent("a1", "prod", happened=[100, 300], servers=[("north", True), ("south", False)]),
        agent("a2", happened=[200]),
    ],
    "workspaceOrError": workspace(location("south", "no module", 250.0), location("west")),
}
ROWS = [
    (None, "code server", "prod", "north", "north fails"),
    (300, "agent", "prod", None, "a1 at 300"),
    (250, "code location", None, "south", "no module"),
    (200, "agent", "a2", None, "a2 at 200"),
    (100, "agent", "prod", None, "a1 at 100"),
]


def row(report):
    time = report.timestamp and report.timestamp.timestamp()
    return (time, report.source, report.agent, report.location, report.message)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ROWS),
        ({"source": "agent"}, [ROWS[1], ROWS[3], ROWS[4]]),
        ({"location": "south"}, [ROWS[2]]),
        ({"after": 200, "before": 300}, ROWS[2:4]),
        ({"limit": 2}, ROWS[:2]),
        ({"where": lambda report: report.agent_id == "a2"}, [ROWS[3]]),
    ],
)
async def test_errors_of_all_stand_in_one_list(client, server, given, kept):
    server.data(BROKEN)
    found = await client.agents.errors(**given).to_list()
    assert [row(report) for report in found] == kept
    assert {(type(r), type(r.error)) for r in found} == {(AgentErrorReport, ErrorInfo)}
    assert server.operations == ["ListAgentErrors"]


async def test_errors_as_data(client, server):
    server.data(BROKEN)
    reports = client.agents.errors(limit=2)
    shown = [report.model_dump(mode="json") for report in await reports.to_list()]
    assert shown[0]["error"]["message"] == "north fails"
    assert shown[1]["timestamp"] == "1970-01-01T00:05:00Z"
    server.replies.clear()
    server.data(BROKEN)
    rest = await client.agents.errors(cursor=reports.cursor).to_list()
    assert [row(report) for report in rest] == ROWS[2:]


async def test_a_workspace_that_is_none(client, server):
    server.data(
        {"agents": [], "workspaceOrError": error("PythonError", "no", stack=[], className="E")}
    )
    with pytest.raises(errors.ServerError, match="no"):
        await client.agents.errors().to_list()


@pytest.mark.parametrize("category", ["MIXED", None, "A_VALUE_OF_TOMORROW"])
async def test_category(client, server, category):
    server.data({"activeAgentCategory": category})
    assert await client.agents.category() == category


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.list(status="ASLEEP"),
        lambda a: a.errors(source="moon"),
        lambda a: a.errors(after=datetime(2024, 5, 1)),  # noqa: DTZ001
    ],
)
async def test_filters_that_cannot_be(client, server, call):
    with pytest.raises(errors.InvalidInputError):
        call(client.agents)
    assert server.requests == 0


async def test_get_needs_a_name(client, server):
    with pytest.raises(errors.InvalidInputError, match="the agent's id"):
        await client.agents.get("")
    assert server.requests == 0
