"""Branch deployments."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.payloads import deployment, error

from dagster_plus_sdk import BranchDeployment, BranchDeploymentSummary, errors

pytestmark = pytest.mark.anyio

COMMIT = {
    "hash": "c0ffee",
    "message": None,
    "url": None,
    "authorName": None,
    "authorEmail": None,
    "authorAvatarUrl": None,
    "timestamp": 1700000000.5,
}
GIT = {
    "repoName": "acme/pipelines",
    "branchName": "fix/orders",
    "branchUrl": None,
    "pullRequestNumber": "7",
    "pullRequestStatus": "OPEN",
    "pullRequestUrl": None,
}


def branch(name, **changes):
    base = {"type": "BRANCH", "isBranchDeployment": True, "git": GIT, "latestCommit": COMMIT}
    return deployment(name, **{**base, "commits": [COMMIT], **changes})


def page(names, cursor):
    nodes = [branch(name) for name in names]
    return {"branchDeployments": {"nodes": nodes, "nextCursor": cursor}}


async def test_pages_follow_the_cursor(client, server):
    server.data(page(["a", "b"], "2"), page(["c"], None))
    found = await client.branch_deployments.list(page_size=2).to_list()
    assert [(type(d), d.name) for d in found] == [(BranchDeploymentSummary, n) for n in "abc"]
    assert found[0].git.pull_request_status == "OPEN"
    assert found[0].latest_commit.timestamp == datetime.fromtimestamp(1700000000.5, timezone.utc)
    none = {"baseDeploymentName": None, "pullRequestStatus": None}
    assert [r.variables for r in server.received] == [
        {"limit": 2, "cursor": None, **none},
        {"limit": 2, "cursor": "2", **none},
    ]


async def test_lists_resume_inside_a_page(client, server):
    server.data(page(["a", "b"], "2"), page(["a", "b"], "2"), page(["c"], None))
    first = client.branch_deployments.list(limit=1, page_size=2)
    assert [d.name for d in await first.to_list()] == ["a"]
    rest = client.branch_deployments.list(cursor=first.cursor, page_size=2)
    assert [d.name for d in await rest.to_list()] == ["b", "c"]


async def test_filters(client, server):
    server.data(page(["a", "b"], None))
    pager = client.branch_deployments.list(
        pull_request_status="merged", base="prod", where=lambda d: d.name == "b"
    )
    assert [d.name for d in await pager.to_list()] == ["b"]
    assert server.received[0].variables == {
        "limit": 100,
        "cursor": None,
        "baseDeploymentName": "prod",
        "pullRequestStatus": "MERGED",
    }


async def test_get_by_name(client, server):
    server.data({"deploymentByName": branch("a1b2")})
    found = await client.branch_deployments.get("a1b2")
    assert (type(found), found.commits[0].hash) == (BranchDeployment, "c0ffee")
    assert server.received[0].variables == {"name": "a1b2"}


async def test_get_by_branch(client, server):
    server.data({"getBranchDeploymentName": "a1b2"}, {"deploymentByName": branch("a1b2")})
    found = await client.branch_deployments.get("fix/orders", repo="acme/pipelines")
    assert found.name == "a1b2"
    assert server.received[0].variables == {
        "repoName": "acme/pipelines",
        "branchName": "fix/orders",
    }
    assert server.received[1].variables == {"name": "a1b2"}


@pytest.mark.parametrize("method", ["get", "delete"])
async def test_a_full_deployment_is_none(client, server, method):
    full = branch("prod", isBranchDeployment=False, git=None, latestCommit=None, commits=[])
    server.data({"deploymentByName": full})
    with pytest.raises(errors.NotFoundError, match="'prod' is a full deployment"):
        await getattr(client.branch_deployments, method)("prod")
    assert server.operations == ["GetBranchDeployment"]


async def test_create(client, server):
    server.data({"createOrUpdateBranchDeployment": branch("a1b2")})
    found = await client.branch_deployments.create(
        "acme/pipelines",
        "fix/orders",
        commit_hash="c0ffee",
        timestamp=datetime(2024, 5, 1, tzinfo=timezone.utc),
        pull_request_status="open",
        pull_request_number="7",
        base="prod",
        snapshot_base="on_create",
    )
    assert (type(found), found.name) == (BranchDeployment, "a1b2")
    sent = server.received[0].variables
    assert sent["commit"]["commitHash"] == "c0ffee"
    assert sent["commit"]["timestamp"] == 1714521600.0
    assert sent["branchData"] == {
        "repoName": "acme/pipelines",
        "branchName": "fix/orders",
        "branchUrl": None,
        "pullRequestUrl": None,
        "pullRequestNumber": "7",
        "pullRequestStatus": "OPEN",
    }
    assert sent["baseDeploymentName"] == "prod"
    assert sent["snapshotBaseCondition"] == "ON_CREATE"


async def test_delete(client, server):
    gone = {"__typename": "DagsterCloudDeployment", "id": 9, "name": "a1b2"}
    server.data(
        {"getBranchDeploymentName": "a1b2"},
        {"deploymentByName": branch("a1b2", id=9)},
        {"deleteDeployment": gone},
    )
    assert await client.branch_deployments.delete("b", repo="r") is None
    assert server.received[2].variables == {"id": 9}


async def test_name(client, server):
    server.data({"getBranchDeploymentName": "a1b2"})
    assert await client.branch_deployments.name("acme/pipelines", "fix/orders") == "a1b2"


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("DeploymentNotFoundError", errors.NotFoundError),
        ("DeploymentLimitError", errors.ConflictError),
        ("UnauthorizedError", errors.PermissionDeniedError),
    ],
)
async def test_create_errors(client, server, typename, kind):
    server.data({"createOrUpdateBranchDeployment": error(typename, "because")})
    with pytest.raises(kind, match="because"):
        await client.branch_deployments.create("r", "b", commit_hash="c", timestamp=1)


@pytest.mark.parametrize(
    "call",
    [
        lambda b: b.get(""),
        lambda b: b.get("", repo="r"),
        lambda b: b.get("b", repo=""),
        lambda b: b.delete(""),
        lambda b: b.name("", "b"),
        lambda b: b.create("r", "", commit_hash="c", timestamp=1),
        lambda b: b.create("r", "b", commit_hash="", timestamp=1),
        lambda b: b.create("r", "b", commit_hash="c", timestamp=datetime(2024, 5, 1)),  # noqa: DTZ001
        lambda b: b.create("r", "b", commit_hash="c", timestamp=1, pull_request_status="odd"),
        lambda b: b.create("r", "b", commit_hash="c", timestamp=1, snapshot_base="never"),
    ],
)
async def test_what_cannot_be_is_not_sent(client, server, call):
    with pytest.raises(errors.InvalidInputError):
        await call(client.branch_deployments)
    assert server.requests == 0


@pytest.mark.parametrize("given", [{"pull_request_status": "ODD"}, {"page_size": 101}])
async def test_lists_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.branch_deployments.list(**given)
    assert server.requests == 0


async def test_a_commit_needs_its_time(client, server):
    with pytest.raises(errors.InvalidInputError, match="timestamp is needed"):
        await client.branch_deployments.create("r", "b", commit_hash="c", timestamp=None)
    with pytest.raises(errors.InvalidInputError, match="base"):
        client.branch_deployments.list(base="")
    assert server.requests == 0
