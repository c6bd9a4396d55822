"""The audit log."""

from __future__ import annotations

import time
from datetime import datetime, timezone

import pytest
from kit import people
from kit.server import Reply

from dagster_plus_sdk import AuditLogEntry, AuditLogEventType, errors

pytestmark = pytest.mark.anyio


def serve(server, count, **changes):
    """Answer as a server does that has so many entries: at most 100 at once, behind the cursor."""
    entries = [people.audit_entry(number, **changes) for number in range(count)]

    def reply(request):
        variables = request.variables
        cursor = variables.get("cursor")
        start = int(cursor[1:]) + 1 if cursor else 0
        page = entries[start : start + min(variables["limit"], 100)]
        return Reply({"data": people.audit_log(*page)})

    server.reply(reply)


async def test_list(client, server):
    server.data(people.audit_log(people.audit_entry(0, metadata={"a": [1]})))
    found = await client.audit_log.list(after=1600000000).to_list()
    assert [(type(e), e.id, e.action, e.metadata) for e in found] == [
        (AuditLogEntry, "e0", AuditLogEventType.LAUNCH_RUN, {"a": [1]})
    ]
    assert found[0].timestamp == datetime.fromtimestamp(1700000000, timezone.utc)
    assert server.operations == ["ListAuditLog"]
    assert server.received[0].variables == {
        "filters": {"afterDatetime": 1600000000.0},
        "limit": 100,
    }


async def test_actions_of_tomorrow_pass(client, server):
    server.data(people.audit_log(people.audit_entry(0, action="ADD_TIME_MACHINE")))
    found = await client.audit_log.list().to_list()
    assert found[0].action == "ADD_TIME_MACHINE"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (
            {"before": datetime(2024, 1, 1, tzinfo=timezone.utc)},
            {"beforeDatetime": 1704067200.0},
        ),
        (
            {
                "after": 1,
                "before": 2.5,
                "users": "a@b.c",
                "actions": ["launch_run", AuditLogEventType.LOG_IN],
                "deployments": ["prod", "dev"],
                "branch_deployments": False,
            },
            {
                "afterDatetime": 1.0,
                "beforeDatetime": 2.5,
                "userEmails": ["a@b.c"],
                "eventTypes": ["LAUNCH_RUN", "LOG_IN"],
                "deploymentNames": ["prod", "dev"],
                "isBranchDeployment": False,
            },
        ),
    ],
)
async def test_filters_of_the_server(client, server, given, sent):
    server.data(people.audit_log())
    assert await client.audit_log.list(**given).to_list() == []
    assert server.received[0].variables["filters"] == sent


async def test_without_a_bound_the_last_30_days(client, server):
    server.data(people.audit_log())
    await client.audit_log.list().to_list()
    filters = server.received[0].variables["filters"]
    assert list(filters) == ["afterDatetime"]
    assert filters["afterDatetime"] == pytest.approx(time.time() - 30 * 86400, abs=60)


async def test_filters_here(client, server):
    entries = [people.audit_entry(n, userEmail=None, agentTokenId=str(n % 2)) for n in range(4)]
    server.data(people.audit_log(*entries, people.audit_entry(4)))
    by_token = client.audit_log.list(agent_tokens=[1])
    assert [e.id for e in await by_token.to_list()] == ["e1", "e3"]
    both = client.audit_log.list(agent_tokens=["0", 1], where=lambda e: e.id > "e1")
    assert [e.id for e in await both.to_list()] == ["e2", "e3"]


@pytest.mark.parametrize("count", [0, 98, 99, 100, 101, 198, 199, 250])
async def test_nothing_is_lost_between_pages(client, server, count):
    serve(server, count)
    found = await client.audit_log.list().to_list()
    assert [e.id for e in found] == [f"e{n}" for n in range(count)]
    assert all(r.variables["limit"] <= 100 for r in server.received)
    assert server.requests == max(1, -(-count // 99))


async def test_lists_resume_behind_an_entry(client, server):
    serve(server, 7)
    pager = client.audit_log.list(page_size=2, limit=3)
    assert [e.id for e in await pager.to_list()] == ["e0", "e1", "e2"]
    assert pager.cursor == "e2"
    rest = client.audit_log.list(page_size=2, cursor=pager.cursor)
    assert [e.id for e in await rest.to_list()] == ["e3", "e4", "e5", "e6"]


async def test_get(client, server):
    serve(server, 150)
    assert (await client.audit_log.get("e120", after=1)).id == "e120"
    assert server.received[0].variables["filters"] == {"afterDatetime": 1.0}
    with pytest.raises(errors.NotFoundError, match="widen it with after") as caught:
        await client.audit_log.get("e999")
    assert caught.value.code == "AUDIT_LOG_ENTRY_NOT_FOUND"


@pytest.mark.parametrize("answer", [{"auditLog": None}, people.audit_log(enabled=False)])
async def test_an_organization_without_audit_log(client, server, answer):
    server.data(answer)
    with pytest.raises(errors.NotSupportedError, match="not enabled") as caught:
        await client.audit_log.list().to_list()
    assert caught.value.code == "AUDIT_LOG_NOT_ENABLED"


async def test_null_for_no_entries(client, server):
    server.data({"auditLog": {"enabled": True, "entries": None}})
    assert await client.audit_log.list().to_list() == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"actions": "FLY"}, "choose from CHANGE_"),
        ({"actions": []}, "actions is empty"),
        ({"users": []}, "users is empty"),
        ({"users": [""]}, "a user's e-mail address"),
        ({"deployments": [""]}, "a deployment's name"),
        ({"agent_tokens": []}, "agent_tokens is empty"),
        ({"after": datetime(2024, 1, 1)}, "after needs a timezone"),  # noqa: DTZ001
        ({"after": 2, "before": 2}, "after must be earlier"),
        ({"page_size": 100}, "page_size must be 1 to 99"),
    ],
)
async def test_input_that_cannot_be(client, server, given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        client.audit_log.list(**given)
    assert server.requests == 0
