"""Issues."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.catalog import issue, issue_summary
from kit.payloads import error

from dagster_plus_sdk import (
    AssetKey,
    AssetRef,
    CreatorServiceUser,
    Issue,
    IssueRun,
    IssueStatus,
    IssueSummary,
    errors,
)

pytestmark = pytest.mark.anyio


def page(*ids, cursor=None, more=False, **changes):
    found = [issue_summary(i, **changes) for i in ids]
    connection = {"issues": found, "cursor": cursor, "hasMore": more}
    return {"issues": {"__typename": "IssueConnection", **connection}}


def changed(field, typename, **changes):
    return {field: {"__typename": typename, "issue": issue("3", **changes)}}


async def test_list(client, server):
    server.data(page("3", "2", cursor="c1", more=True), page("1", cursor="c2"))
    found = await client.issues.list(page_size=2).to_list()
    assert [i.id for i in found] == ["3", "2", "1"]
    assert type(found[0]) is IssueSummary
    assert type(found[0].created_by) is CreatorServiceUser
    assert found[0].created_at == datetime(2023, 11, 14, 22, 13, 20, 250000, timezone.utc)
    sent = [r.variables for r in server.received]
    assert sent == [{"limit": 2}, {"limit": 2, "cursor": "c1"}]


async def test_lists_resume_within_a_page(client, server):
    first = page("3", "2", cursor="c1", more=True)
    server.data(first, first, page("1", cursor="c2"))
    pager = client.issues.list(limit=1, page_size=2)
    assert [i.id for i in await pager.to_list()] == ["3"]
    rest = client.issues.list(cursor=pager.cursor, page_size=2)
    assert [i.id for i in await rest.to_list()] == ["2", "1"]


async def test_a_filter_of_ones_own_takes_large_pages(client, server):
    server.data(page("3", "2", cursor="c1", more=True), page("1"))
    found = await client.issues.list(where=lambda i: i.id != "3", limit=2).to_list()
    assert [i.id for i in found] == ["2", "1"]
    assert server.received[0].variables["limit"] == 100


async def test_filters_are_the_servers(client, server):
    server.data(page())
    start = datetime(2024, 1, 1, tzinfo=timezone.utc)
    await client.issues.list(
        statuses=["open", IssueStatus.TRIAGE],
        created_by="ada@example.com",
        created_after=start,
        created_before=1704153600,
    ).to_list()
    assert server.received[0].variables["filters"] == {
        "statuses": ["OPEN", "TRIAGE"],
        "createdBy": "ada@example.com",
        "createdAfter": 1704067200.0,
        "createdBefore": 1704153600.0,
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"statuses": "DONE"}, "choose from CANCELED"),
        ({"statuses": []}, "status is empty"),
        ({"created_by": ""}, "created_by"),
        ({"created_after": datetime(2024, 1, 1)}, "needs a timezone"),  # noqa: DTZ001
        ({"page_size": 101}, "page_size must be 1 to 100"),
    ],
)
async def test_list_refuses(client, server, given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        client.issues.list(**given)
    assert server.requests == 0


async def test_get(client, server):
    server.data({"issue": issue("3")})
    found = await client.issues.get("3")
    assert type(found) is Issue
    assert (type(found.origin), found.origin.id) == (IssueRun, "r1")
    assert [type(link) for link in found.links] == [AssetRef]
    assert found.links[0].key == AssetKey("a", "b")
    assert server.received[0].variables == {"issueId": "3"}


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (None, errors.NotFoundError, "ISSUE_NOT_FOUND"),
        (error("UnauthorizedError"), errors.PermissionDeniedError, "UNAUTHORIZED"),
    ],
)
async def test_get_errors(client, server, answer, kind, code):
    server.data({"issue": answer})
    with pytest.raises(kind) as caught:
        await client.issues.get("9")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {}),
        ({"run": "r1", "status": "triage"}, {"origin": {"runId": "r1"}, "status": "TRIAGE"}),
        ({"asset": ["a/b"]}, {"origin": {"assetKey": {"path": ["a/b"]}}}),
        ({"chat_id": 0}, {"chatId": 0}),
    ],
)
async def test_create(client, server, given, sent):
    server.data(changed("createIssue", "CreateIssueSuccess"))
    found = await client.issues.create("Late", "Since Monday.", **given)
    assert (type(found), found.id) == (Issue, "3")
    assert server.received[0].variables == {
        "title": "Late",
        "description": "Since Monday.",
        **sent,
    }


async def test_update(client, server):
    server.data(changed("updateIssue", "UpdateIssueSuccess", status="CLOSED"))
    found = await client.issues.update("3", status="closed", description="")
    assert found.status is IssueStatus.CLOSED
    assert server.received[0].variables == {"issueId": "3", "description": "", "status": "CLOSED"}


@pytest.mark.parametrize(
    ("method", "field", "operation"),
    [
        ("link", "addLinkToIssue", "AddIssueLink"),
        ("unlink", "removeLinkFromIssue", "RemoveIssueLink"),
    ],
)
async def test_links(client, server, method, field, operation):
    answer = changed(field, "UpdateIssueSuccess")
    server.data(answer, answer)
    call = getattr(client.issues, method)
    assert type(await call("3", run="r1")) is Issue
    await call("3", asset=r"a\/b/c")
    assert server.operations == [operation] * 2
    assert [r.variables["linkedObject"] for r in server.received] == [
        {"runId": "r1"},
        {"assetKey": {"path": ["a/b", "c"]}},
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda i: i.get(""), "issue_id"),
        (lambda i: i.create("", "x"), "the title"),
        (lambda i: i.create("a", "x", run="r", asset="a"), "exactly one of run, asset"),
        (lambda i: i.create("a", "x", status="DONE"), "choose from"),
        (lambda i: i.update("3"), "nothing is to be changed"),
        (lambda i: i.update("3", title=""), "the title"),
        (lambda i: i.link("3"), "exactly one of run, asset, not none"),
        (lambda i: i.unlink("3", run="r", asset="a"), "not run, asset"),
        (lambda i: i.link("3", run=""), "the run's id"),
    ],
)
async def test_what_cannot_be_is_not_sent(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.issues)
    assert server.requests == 0


async def test_refusals(client, server):
    failed = error("PythonError", "no such issue", className="X", stack=["at 1"])
    server.data(
        {"updateIssue": failed},
        {"issue": issue("9")},
        {"createIssue": error("UnauthorizedError", "early access")},
    )
    with pytest.raises(errors.ServerError, match="no such issue") as caught:
        await client.issues.update("9", title="x")
    assert caught.value.stack == ["at 1"]
    with pytest.raises(errors.PermissionDeniedError, match="early access"):
        await client.issues.create("a", "b")


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("updateIssue", lambda i: i.update("9", title="x")),
        ("addLinkToIssue", lambda i: i.link("9", run="r")),
        ("removeLinkFromIssue", lambda i: i.unlink("9", run="r")),
    ],
)
async def test_unknown_issues_that_servers_fail_on(client, server, field, call):
    server.data({field: error("PythonError", "None", className="X", stack=[])}, {"issue": None})
    with pytest.raises(errors.NotFoundError, match="There is no issue '9'") as caught:
        await call(client.issues)
    assert caught.value.code == "ISSUE_NOT_FOUND"
    assert server.requests == 2
