"""Tokens of agents."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit import people
from kit.canary import TOKEN, leaks
from kit.payloads import deployment, error

from dagster_plus_sdk import AgentToken, RevealedAgentToken, Secret, UserRef, errors

pytestmark = pytest.mark.anyio

OLD = people.agent_token(3, 1600000000.0, revoked=True, revokedBy=people.person())
FOUND = {
    "agentTokensOrError": {
        "__typename": "DagsterCloudAgentTokens",
        "tokens": [people.agent_token(1, description="prod eu"), OLD],
    }
}
PROD = {"deploymentByName": deployment("prod")}
CREATED = {"createAgentToken": people.agent_token(4, token="agent:acme:value")}
EDITED = {"editAgentTokenDescription": people.agent_token(description="new")}
GRANTED = {"createOrUpdateAgentPermissions": people.agent_token(description="granted")}
NARROWED = {
    "removeAgentPermissions": people.agent_token(
        4, grants=people.grants(people.grant("AGENT", 87)), token="masked"
    )
}
PLACE = {"deploymentScope": "DEPLOYMENT", "deploymentId": 87}
ORGANIZATION = {"agentTokenId": 4, "deploymentScope": "ORGANIZATION"}


async def test_list(client, server):
    server.data(FOUND)
    found = await client.agent_tokens.list().to_list()
    assert [(type(t), t.id, t.revoked) for t in found] == [
        (AgentToken, 3, True),
        (AgentToken, 1, False),
    ]
    assert type(found[0].revoked_by) is UserRef
    assert found[1].created_at == datetime.fromtimestamp(1700000000, timezone.utc)
    assert found[1].grants.organization_grant.role == "AGENT"
    assert server.operations == ["ListAgentTokens"]
    assert not people.asks_for_value(server.received[0])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"revoked": True}, [3]),
        ({"revoked": False}, [1]),
        ({"description": "PROD*"}, [1]),
        ({"where": lambda t: t.id > 1}, [3]),
        ({"revoked": True, "description": "prod*"}, []),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert [t.id for t in await client.agent_tokens.list(**given).to_list()] == kept


async def test_get(client, server):
    server.data({"agentTokenOrError": people.agent_token(5)})
    assert type(await client.agent_tokens.get(5)) is AgentToken
    assert not people.asks_for_value(server.received[0])
    assert server.operations == ["GetAgentToken"]
    assert server.received[0].variables == {"tokenId": 5}


async def test_reveal(client, server):
    server.data({"agentTokenOrError": people.agent_token(5, token=TOKEN)})
    token = await client.agent_tokens.reveal(5)
    assert type(token) is RevealedAgentToken
    assert type(token.token) is Secret
    assert token.token.reveal() == TOKEN
    assert leaks([token, repr(token), token.model_dump_json()]) == []
    assert server.operations == ["RevealAgentToken"]
    assert people.asks_for_value(server.received[0])


async def test_create(client, server):
    server.data(CREATED)
    token = await client.agent_tokens.create(description="prod")
    assert token.token.reveal() == "agent:acme:value"
    assert [r.variables for r in server.received] == [{"description": "prod"}]


async def test_create_for_the_organization_is_as_by_default(client, server):
    server.data(CREATED)
    await client.agent_tokens.create(scope="organization")
    assert server.operations == ["CreateAgentToken"]


async def test_create_for_a_deployment(client, server):
    server.data(PROD, CREATED, GRANTED, NARROWED)
    token = await client.agent_tokens.create(deployment="prod")
    assert type(token) is RevealedAgentToken
    assert token.token.reveal() == "agent:acme:value"
    assert token.grants.organization_grant is None
    assert [g.deployment_id for g in token.grants.deployment_grants] == [87]
    assert server.operations == [
        "FindDeployment", "CreateAgentToken", "SetAgentTokenGrant", "RemoveAgentTokenGrant",
    ]  # fmt: skip
    assert [r.variables for r in server.received[2:]] == [
        {"grant": {**PLACE, "agentTokenId": 4, "grant": "AGENT"}},
        {"grant": ORGANIZATION},
    ]


@pytest.mark.parametrize(
    ("revoked", "says"),
    [
        ({"revokeAgentToken": people.agent_token(4, revoked=True)}, r"^no \("),
        ({"revokeAgentToken": error("UnauthorizedError")}, "the agent token 4 was made, may serve"),
    ],
)
async def test_a_token_that_cannot_be_narrowed_is_revoked(client, server, revoked, says):
    refused = {"createOrUpdateAgentPermissions": error("UnauthorizedError", "no")}
    server.data(CREATED, refused, revoked)
    with pytest.raises(errors.PermissionDeniedError, match=says):
        await client.agent_tokens.create(scope="all_branch_deployments")
    assert server.operations == ["CreateAgentToken", "SetAgentTokenGrant", "RevokeAgentToken"]
    assert server.received[2].variables == {"tokenId": 4}


async def test_update(client, server):
    server.data(EDITED)
    token = await client.agent_tokens.update(1, description="new")
    assert (type(token), token.description) == (AgentToken, "new")
    assert [r.variables for r in server.received] == [{"tokenId": 1, "description": "new"}]


async def test_update_what_it_may_serve(client, server):
    server.data(PROD, GRANTED)
    await client.agent_tokens.update(1, deployment="prod")
    assert server.operations == ["FindDeployment", "SetAgentTokenGrant"]
    assert server.received[1].variables == {"grant": {**PLACE, "agentTokenId": 1, "grant": "AGENT"}}


async def test_update_both(client, server):
    server.data(EDITED, GRANTED)
    token = await client.agent_tokens.update(1, description="new", deployment=87)
    assert token.description == "granted"
    assert server.operations == ["UpdateAgentToken", "SetAgentTokenGrant"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"deployment": 87}, PLACE),
        ({"scope": "organization"}, {"deploymentScope": "ORGANIZATION"}),
    ],
)
async def test_remove_role(client, server, given, sent):
    server.data(NARROWED)
    assert type(await client.agent_tokens.remove_role(4, **given)) is AgentToken
    assert server.received[0].variables == {"grant": {**sent, "agentTokenId": 4}}


async def test_revoke(client, server):
    server.data({"revokeAgentToken": people.agent_token(1, revoked=True)})
    assert (await client.agent_tokens.revoke(1)).revoked is True
    assert server.received[0].variables == {"tokenId": 1}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.update(1), "say what to change"),
        (lambda t: t.remove_role(1), "say where"),
        (lambda t: t.create(scope="deployment"), "needs deployment"),
        (
            lambda t: t.create(scope="all_branch_deployments", deployment="prod"),
            "leave out the deployment 'prod'",
        ),
        (
            lambda t: t.update(1, scope="all_branch_deployments", deployment=87),
            "leave out the deployment 87",
        ),
    ],
)
async def test_input_that_cannot_be(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.agent_tokens)
    assert server.requests == 0


async def test_an_unknown_token(client, server):
    server.data({"revokeAgentToken": error("DagsterCloudTokenNotFoundError")})
    with pytest.raises(errors.NotFoundError) as caught:
        await client.agent_tokens.revoke(99)
    assert caught.value.code == "DAGSTER_CLOUD_TOKEN_NOT_FOUND"


@pytest.mark.parametrize("method", ["get", "reveal"])
async def test_an_unknown_token_that_servers_fail_on(client, server, method):
    failed = {"agentTokenOrError": error("PythonError", "KeyError", className="K", stack=[])}
    server.data(failed, FOUND)
    with pytest.raises(errors.NotFoundError) as caught:
        await getattr(client.agent_tokens, method)(99)
    assert caught.value.code == "DAGSTER_CLOUD_TOKEN_NOT_FOUND"
    server.replies.clear()
    server.data(failed, FOUND)
    with pytest.raises(errors.ServerError, match="KeyError"):
        await getattr(client.agent_tokens, method)(3)
    assert not people.asks_for_value(server.received[-1])
