from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dagster_plus_sdk import AgentStatus, PermissionDeniedError

pytestmark = pytest.mark.anyio

LABEL = "mine"


def only(**agent):
    return {"agents": [{"name": LABEL, **agent}]}


async def test_the_demo_organization_has_two(client):
    running, stopped = await client.agents.list().to_list()

    assert [(agent.label, agent.status) for agent in (running, stopped)] == [
        ("prod-agent", AgentStatus.RUNNING),
        ("old-agent", AgentStatus.NOT_RUNNING),
    ]
    told = {each.key: json.loads(each.value) for each in running.metadata}
    assert told["type"] == "ProcessUserCodeLauncher"
    assert isinstance(told["queues"], list)
    (error,) = (await client.agents.get("old-agent")).errors
    assert error.error.message == "The cluster cannot be reached"
    assert [
        server.location_name for server in (await client.agents.get("prod-agent")).code_servers
    ] == ["demo"]


async def test_heartbeats_go_with_the_clock(client, plus):
    first = await client.agents.get("prod-agent")
    plus.advance_clock(90)
    later = await client.agents.get("prod-agent")

    assert later.status == AgentStatus.RUNNING
    assert later.last_heartbeat_at - first.last_heartbeat_at in (
        timedelta(seconds=90),
        timedelta(seconds=120),
    )


async def test_one_that_stopped_is_down_after_five_minutes(client, plus):
    plus.seed(only(running=False, silent_for=0))
    first = await client.agents.get(LABEL)
    assert first.status == AgentStatus.RUNNING

    plus.advance_clock(280)
    assert (await client.agents.get(LABEL)).status == AgentStatus.RUNNING
    plus.advance_clock(21)
    later = await client.agents.get(LABEL)
    assert later.status == AgentStatus.NOT_RUNNING
    assert later.last_heartbeat_at == first.last_heartbeat_at


async def test_errors_of_the_last_day(client, plus):
    errors = [{"message": f"e{n}", "ago": n * 3600, "class_name": "E"} for n in range(40)]
    plus.seed(only(errors=[*errors, "now"]))

    found = (await client.agents.get(LABEL)).errors
    assert [error.error.message for error in found] == [
        "e0",
        "now",
        *(f"e{n}" for n in range(1, 24)),
    ][:25]
    assert found[0].error.class_name == "E"

    plus.advance_clock(23 * 3600)
    assert [error.error.message for error in (await client.agents.get(LABEL)).errors] == [
        "e0",
        "now",
    ]


async def test_code_servers(client, plus):
    servers = [
        {"location": "north", "error": "no module"},
        {"location": "south", "status": "STARTING"},
    ]
    plus.seed(only(code_servers=servers))

    north, south = (await client.agents.get(LABEL)).code_servers

    assert (north.location_name, north.status, north.error.message) == (
        "north",
        "FAILED",
        "no module",
    )
    assert (south.status, south.error) == ("STARTING", None)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([], "LOCAL"),
        (["EcsUserCodeLauncher"], "MIXED"),
        (["MyLauncher"], "UNKNOWN"),
    ],
)
async def test_where_code_runs(client, plus, types, expected):
    plus.seed({"agents": [{"type": name} for name in types]})

    assert await client.agents.category() == expected


async def test_where_code_runs_without_an_agent(client, plus):
    store = plus.stores[2]
    for row in store.list("Agent"):
        store.delete("Agent", row["id"])

    assert await client.agents.category() == "NONE"
    plus.seed({"agents": [{"type": "K8sUserCodeLauncher"}]})
    assert await client.agents.category() == "CONTAINER"


async def test_whoever_sees_the_deployment_sees_them(viewer, connect, plus):
    assert len(await viewer.agents.list().to_list()) == 2
    none = {"email": "new@example.com"}
    token = {"token": "user:sandbox-none", "user": none["email"]}
    plus.seed({"users": [none], "tokens": [token]})
    with pytest.raises(PermissionDeniedError, match="lacks the permission"):
        await connect(token="user:sandbox-none").agents.list().to_list()
