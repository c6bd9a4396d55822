"""Branch deployments, as recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import BranchDeployment, BranchDeploymentGit, BranchDeploymentSummary

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_branch_deployments_list(client):
    found = await client.branch_deployments.list(pull_request_status="OPEN", base="prod").to_list()
    assert {type(d) for d in found} == {BranchDeploymentSummary}
    assert found[0].git.pull_request_status == "OPEN"


async def test_branch_deployments_get(client):
    found = await client.branch_deployments.get("a1b2")
    assert (type(found), found.name) == (BranchDeployment, "a1b2")
    assert type(found.git) is BranchDeploymentGit


async def test_branch_deployments_get_by_branch(client):
    found = await client.branch_deployments.get("fix", repo="acme/pipelines")
    assert found.name == await client.branch_deployments.name("acme/pipelines", "fix")


async def test_branch_deployments_create(client):
    made = await client.branch_deployments.create(
        "acme/pipelines", "fix", commit_hash="c0ffee", timestamp=1700000000
    )
    assert type(made) is BranchDeployment
    assert (made.git.repo_name, made.git.branch_name) == ("acme/pipelines", "fix")


async def test_branch_deployments_delete(client):
    assert await client.branch_deployments.delete("a1b2") is None


async def test_branch_deployments_name(client):
    name = await client.branch_deployments.name("acme/pipelines", "fix")
    assert isinstance(name, str)
    assert name
