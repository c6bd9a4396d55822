"""Deployments."""

from __future__ import annotations

import pytest
from kit.payloads import deployment, error

from dagster_plus_sdk import Deployment, DeploymentRef, errors

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
        ({"type": "production", "status": "pending_deletion"}, ["old"]),
        ({"type": "BRANCH"}, []),
        ({"agent_type": ["HYBRID", "SERVERLESS"]}, ["prod", "old"]),
        ({"agent_type": "SERVERLESS"}, []),
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


async def test_those_that_the_token_may_open(client, server):
    server.data({"deployments": [deployment("a1b2", type="BRANCH", isBranchDeployment=True)]})
    found = await client.deployments.list(accessible=True, type="BRANCH").to_list()
    assert [d.name for d in found] == ["a1b2"]
    assert server.operations == ["ListAccessibleDeployments"]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"status": "ASLEEP"}, "choose from ACTIVE, PENDING_DELETION"),
        ({"type": "TWIG"}, "choose from BRANCH, PRODUCTION"),
        ({"agent_type": []}, "agent_type is empty"),
    ],
)
async def test_filters_that_cannot_be(client, server, given, what):
    with pytest.raises(errors.InvalidInputError, match=what):
        client.deployments.list(**given)
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


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {"agentType": None, "inheritFrom": None}),
        ({"agent_type": "hybrid"}, {"agentType": "HYBRID", "inheritFrom": None}),
        ({"inherit_permissions_from": 7}, {"agentType": None, "inheritFrom": 7}),
    ],
)
async def test_create(client, server, given, sent):
    server.data({"createDeployment": deployment("dev")})
    found = await client.deployments.create("dev", **given)
    assert (type(found), found.name) == (Deployment, "dev")
    assert server.operations == ["CreateDeployment"]
    assert server.received[0].variables == {"name": "dev", **sent}


async def test_create_inherits_from_a_name(client, server):
    server.data(
        {"deploymentByName": deployment("prod", id=12)}, {"createDeployment": deployment("dev")}
    )
    await client.deployments.create("dev", inherit_permissions_from="prod")
    assert server.operations == ["FindDeployment", "CreateDeployment"]
    assert server.received[1].variables["inheritFrom"] == 12


async def test_digits_are_a_name_or_else_an_id(client, server):
    missing = {"deploymentByName": error("DeploymentNotFoundError")}
    server.data(missing, {"createDeployment": deployment("dev")}, missing)
    await client.deployments.create("dev", inherit_permissions_from="12")
    assert server.received[1].variables["inheritFrom"] == 12
    with pytest.raises(errors.NotFoundError):
        await client.deployments.create("dev", inherit_permissions_from="nope")
    assert server.operations[2:] == ["FindDeployment"]


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("DuplicateDeploymentError", errors.ConflictError),
        ("DeploymentLimitError", errors.ConflictError),
        ("DeploymentNotFoundError", errors.NotFoundError),
        ("UnauthorizedError", errors.PermissionDeniedError),
    ],
)
async def test_create_errors(client, server, typename, kind):
    server.data({"createDeployment": error(typename, "because")})
    with pytest.raises(kind, match="because"):
        await client.deployments.create("dev")
    assert server.requests == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda d: d.create(""),
        lambda d: d.create("dev", agent_type="CLOUDY"),
        lambda d: d.update("dev"),
        lambda d: d.update("dev", agent_type="CLOUDY"),
        lambda d: d.update("dev", settings="a: [", validate=False),
        lambda d: d.delete(""),
    ],
)
async def test_what_cannot_be_is_not_sent(client, server, call):
    with pytest.raises(errors.InvalidInputError):
        await call(client.deployments)
    assert server.requests == 0


async def test_update(client, server):
    changed = deployment("dev", id=12, agentType="SERVERLESS")
    settings = {"updateDeploymentSettings": {"__typename": "DeploymentSettings", "settings": {}}}
    server.data(
        {"deploymentSettingsSchema": None},
        {"deploymentByName": deployment("dev", id=12)},
        {"updateDeploymentAgentType": changed},
        settings,
    )
    found = await client.deployments.update(
        "dev", agent_type="serverless", settings="run_queue: {max_concurrent_runs: 3}"
    )
    assert found.agent_type == "SERVERLESS"
    assert server.operations == [
        "GetDeploymentSettingsSchema",
        "GetDeployment",
        "UpdateDeploymentAgentType",
        "UpdateDeploymentSettings",
    ]
    assert server.received[2].variables == {"id": 12, "agentType": "SERVERLESS"}
    assert server.received[3].variables == {
        "deploymentId": 12,
        "deploymentSettings": {"settings": {"run_queue": {"max_concurrent_runs": 3}}},
    }


async def test_delete(client, server):
    gone = {"__typename": "DagsterCloudDeployment", "id": 12, "name": "dev"}
    server.data({"deploymentByName": deployment("dev", id=12)}, {"deleteDeployment": gone})
    assert await client.deployments.delete("dev") is None
    assert server.received[1].variables == {"id": 12}


async def test_the_last_one_is_not_deleted(client, server):
    refused = {"deleteDeployment": error("DeleteFinalDeploymentError", "the last one")}
    server.data({"deploymentByName": deployment("prod")}, refused)
    with pytest.raises(errors.ConflictError, match="the last one"):
        await client.deployments.delete("prod")
