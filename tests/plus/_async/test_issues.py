from __future__ import annotations

import pytest

from dagster_plus_sdk import NotFoundError, PermissionDeniedError, ServerError

pytestmark = pytest.mark.anyio


async def numbers(client, **options):
    return [issue.id async for issue in client.issues.list(**options)]


async def test_created_changed_and_found(client):
    made = await client.issues.create("Late", "Since Monday")
    assert (made.id, made.status, made.created_by.email) == ("1", "OPEN", "ada@example.com")

    changed = await client.issues.update("1", status="closed", context="fixed")
    assert (changed.title, changed.status, changed.context) == ("Late", "CLOSED", "fixed")
    assert (await client.issues.get("1")).status == "CLOSED"
    with pytest.raises(NotFoundError):
        await client.issues.get("2")
    with pytest.raises(NotFoundError):
        await client.issues.update("2", title="x")


async def test_pages_and_filters(client, plus, connect):
    for number in range(5):
        await client.issues.create(f"n{number}", "x")
        plus.advance_clock(60)
    await connect("editor").issues.create("other", "x", status="triage")

    assert await numbers(client, page_size=2) == ["6", "5", "4", "3", "2", "1"]
    assert await numbers(client, statuses="triage") == ["6"]
    assert await numbers(client, created_by="eve@example.com") == ["6"]
    first, second = [
        issue async for issue in client.issues.list(created_by="ada@example.com", limit=2)
    ]
    assert await numbers(client, created_after=second.created_at) == ["6", "5", "4"]
    before = await numbers(client, created_before=second.created_at, page_size=1)
    assert before == ["4", "3", "2", "1"]
    assert await numbers(client, limit=2, created_before=first.created_at) == ["5", "4"]


async def test_links_without_a_dagster_lead_nowhere(client):
    await client.issues.create("Late", "x", asset="a/b")
    linked = await client.issues.link("1", run="7")
    assert linked.links == []
    assert (await client.issues.unlink("1", run="7")).origin is None


@pytest.mark.parametrize("counted", ["deployment", "organization"])
async def test_numbers_are_counted(client, connect, plus, counted):
    plus.switches(issue_scope=counted)
    await client.issues.create("a", "x")
    made = await connect(deployment="staging").issues.create("b", "x")

    assert made.id == ("1" if counted == "deployment" else "2")
    assert len(await numbers(client)) == (1 if counted == "deployment" else 2)


async def test_a_launcher_makes_none(connect):
    launcher = connect("launcher")
    with pytest.raises(PermissionDeniedError):
        await launcher.issues.create("a", "x")
    assert await numbers(launcher) == []


async def test_without_the_gate_there_are_no_new_ones(client, plus):
    plus.seed({"feature_gates": [{"key": "DAGSTER_PLUS_ISSUES_ENABLED", "value": False}]})

    with pytest.raises(ServerError, match="DAGSTER_PLUS_ISSUES_ENABLED"):
        await client.issues.create("Late", "")
    assert await numbers(client) == []
