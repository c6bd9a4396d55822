"""Deployments, and the organization."""

from __future__ import annotations

import pytest
from kit.payloads import deployment, error

from dagster_plus_sdk import Deployment, DeploymentRef, Organization, errors

pytestmark = pytest.mark.anyio

FOUND = {"fullDeployments": [deployment("prod"), deployment("old", status="PENDING_DELETION")]}


async def test_lists_take_one_request(client, server):
    server.data(FOUND)
    found = await client.deployments.list().to_list()
    assert [(type(d), d.id, d.name) for d in found] == [
        (Deployment, 87, "prod"),
        (Deployment, 87, "old"),
    ]
    assert server.operations == ["ListDeployments"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"status": "active"}, ["prod"]),
        ({"status": ["ACTIVE", "PENDING_DELETION"]}, ["prod", "old"]),
        ({"where": lambda d: d.name != "prod"}, ["old"]),
        ({"limit": 1}, ["prod"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert [d.name for d in await client.deployments.list(**given).to_list()] == kept


async def test_lists_resume(client, server):
    server.data(FOUND)
    first = client.deployments.list(limit=1)
    await first.to_list()
    rest = client.deployments.list(cursor=first.cursor)
    assert [d.name for d in await rest.to_list()] == ["old"]


async def test_a_status_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from ACTIVE, PENDING_DELETION"):
        client.deployments.list(status="ASLEEP")
    assert server.requests == 0


async def test_get(client, server):
    parent = {"id": 1, "name": "prod"}
    branch = deployment("a1b2", isBranchDeployment=True, type="BRANCH", parentDeployment=parent)
    server.data({"deploymentByName": branch})
    found = await client.deployments.get("a1b2")
    assert type(found) is Deployment
    assert found.is_branch_deployment
    assert type(found.parent_deployment) is DeploymentRef
    assert server.received[0].variables == {"name": "a1b2"}


@pytest.mark.parametrize(
    ("typename", "kind", "code"),
    [
        ("DeploymentNotFoundError", errors.NotFoundError, "DEPLOYMENT_NOT_FOUND"),
        ("UnauthorizedError", errors.PermissionDeniedError, "UNAUTHORIZED"),
    ],
)
async def test_get_errors(client, server, typename, kind, code):
    server.data({"deploymentByName": error(typename)})
    with pytest.raises(kind) as caught:
        await client.deployments.get("x")
    assert caught.value.code == code


async def test_get_needs_a_name(client, server):
    with pytest.raises(errors.InvalidInputError, match="the deployment's name"):
        await client.deployments.get("")
    assert server.requests == 0


async def test_current(client, server):
    server.data({"currentDeployment": deployment("prod")})
    assert (await client.deployments.current()).name == "prod"
    assert server.operations == ["GetCurrentDeployment"]


async def test_organization(client, server):
    data = {"id": 5, "name": "acme", "publicId": "abc", "status": "ACTIVE"}
    server.data({"organization": data})
    found = await client.organization.get()
    assert type(found) is Organization
    assert (found.id, found.name, found.public_id, found.status) == (5, "acme", "abc", "ACTIVE")
