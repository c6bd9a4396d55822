from __future__ import annotations

import re

import pytest

from dagster_plus_sdk import NotFoundError, PermissionDeniedError
from dagster_plus_sdk.sandbox.control.callers import AGENT_TOKEN, agent_holder, digest
from dagster_plus_sdk.sandbox.control.entities.people.grants import set_grant

pytestmark = pytest.mark.anyio
REPO = "acme/etl"


async def push(client, branch="x", commit="c1", **options):
    return await client.branch_deployments.create(
        REPO, branch, commit_hash=commit, timestamp=1.5e9, **options
    )


async def branches(client, **options):
    return [found.git.branch_name async for found in client.branch_deployments.list(**options)]


async def test_created_and_pushed_again(client):
    name = await client.branch_deployments.name(REPO, "feature/x")
    made = await push(
        client,
        "feature/x",
        commit_message="first",
        author_email="eve@example.com",
        branch_url="https://git.example.com/x",
        pull_request_number="7",
        pull_request_status="open",
    )

    assert re.fullmatch("[0-9a-f]{40}", name)
    assert (made.name, made.type, made.is_branch_deployment) == (name, "BRANCH", True)
    assert made.parent_deployment.name == "prod"
    assert not made.can_have_branch_deployments
    assert (made.git.repo_name, made.git.branch_name) == (REPO, "feature/x")
    assert (made.git.pull_request_number, made.git.pull_request_status) == ("7", "OPEN")
    assert made.latest_commit == made.commits[0]
    assert made.latest_commit.author_email == "eve@example.com"

    again = await push(client, "feature/x", "c2", pull_request_status="merged")
    assert again.id == made.id
    assert [commit.hash for commit in again.commits] == ["c1", "c2"]
    assert again.latest_commit.hash == "c2"
    assert (await push(client, "feature/x", "c1", commit_message="more")).commits[-1].hash == "c1"

    found = await client.branch_deployments.get("feature/x", repo=REPO)
    assert [commit.hash for commit in found.commits] == ["c2", "c1"]
    assert found.latest_commit.message == "more"
    assert found.git.pull_request_status is None


async def test_names_differ_by_repository_and_branch(client):
    name = client.branch_deployments.name

    assert await name("a", "b") == await name("a", "b")
    assert len({await name("a", "bc"), await name("a", "c"), await name("ab", "c")}) == 3


async def test_the_base(client):
    made = await push(client, base="staging", snapshot_base="on_create")

    assert made.parent_deployment.name == "staging"
    assert (await push(client, commit="c2")).parent_deployment.name == "staging"
    assert (await push(client, commit="c3", base="prod")).parent_deployment.name == "prod"
    for base in ("none", made.name):
        with pytest.raises(NotFoundError):
            await push(client, "y", base=base)


async def test_pages_and_filters(client):
    for number in range(5):
        status = "merged" if number % 2 else "open"
        base = "staging" if number == 2 else None
        await push(client, f"b{number}", pull_request_status=status, base=base)

    every = await branches(client)
    assert every == ["b4", "b3", "b2", "b1", "b0", "faster-orders"]
    assert await branches(client, page_size=2) == every
    assert await branches(client, limit=3, page_size=2) == every[:3]
    assert await branches(client, pull_request_status="merged") == ["b3", "b1"]
    assert await branches(client, base="staging") == ["b2"]
    assert await branches(client, base="none") == []


async def test_deleted_and_pushed_again(client, plus):
    made = await push(client)
    await client.branch_deployments.delete("x", repo=REPO)

    assert (await client.branch_deployments.get(made.name)).status == "PENDING_DELETION"
    again = await push(client, commit="c2")
    assert again.id > made.id
    assert [commit.hash for commit in again.commits] == ["c2"]

    await client.branch_deployments.delete(made.name)
    plus.advance_clock(301)
    assert await branches(client) == ["faster-orders"]
    with pytest.raises(NotFoundError):
        await client.branch_deployments.get(made.name)
    with pytest.raises(NotFoundError):
        await client.branch_deployments.delete("prod")


@pytest.mark.parametrize(
    ("switch", "status"), [("stays", "ACTIVE"), ("deleted", "PENDING_DELETION")]
)
async def test_a_pull_request_is_merged(client, plus, switch, status):
    plus.switches(finished_branch_deployment=switch)
    made = await push(client, pull_request_status="open")
    assert made.status == "ACTIVE"

    assert (await push(client, commit="c2", pull_request_status="merged")).status == status
    assert (await client.branch_deployments.get(made.name)).status == status


async def test_they_are_deployments(client, connect):
    made = await push(client)
    inside = connect(deployment=made.name)

    assert (await inside.deployments.current()).id == made.id
    await inside.deployment_settings.set({"run_retries": {"max_retries": 4}})
    assert (await client.deployment_settings.get())["run_retries"]["max_retries"] == 0


@pytest.mark.parametrize("role", ["viewer", "launcher"])
async def test_who_may_not(client, connect, role):
    made = await push(client)
    other = connect(role)

    assert not (await other.branch_deployments.get(made.name)).can_delete
    for branch in ("x", "y"):
        with pytest.raises(PermissionDeniedError):
            await push(other, branch)
    with pytest.raises(PermissionDeniedError):
        await other.branch_deployments.delete(made.name)
    assert len((await client.branch_deployments.get(made.name)).commits) == 1


async def test_editors_and_agents_may(connect, plus):
    store = plus.stores[2]
    store.put(AGENT_TOKEN, 99, {"id": 99, "digest": digest("agent:ci"), "revokeTimestamp": None})
    set_grant(store, agent_holder(99), "AGENT", scope="ORGANIZATION")

    for client in (connect("editor"), connect(token="agent:ci")):
        made = await push(client)
        assert made.can_delete
        await client.branch_deployments.delete(made.name)
        assert (await client.branch_deployments.get(made.name)).status == "PENDING_DELETION"


async def test_who_has_no_role_in_branches_sees_none(connect, plus):
    plus.seed({"users": [{"email": "z@example.com", "deployments": {"prod": "EDITOR"}}]})
    plus.seed({"tokens": [{"token": "user:z", "user": "z@example.com"}]})
    client = connect(token="user:z")

    assert await branches(connect("viewer")) == ["faster-orders"]
    assert await branches(client) == []
    assert (await push(client)).can_delete
