from __future__ import annotations

import re

import pytest

from dagster_plus_sdk import (
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
    operations,
)

pytestmark = pytest.mark.anyio

UNKNOWN = 999
#: The demo organization's branch deployment.
BRANCH = 3


async def served(agent):
    answer = await agent.graphql("{ deployments { deploymentId } }")
    return [found["deploymentId"] for found in answer["deployments"]]


def grant(token_id, scope, **fields):
    given = {"agentTokenId": token_id, "deploymentScope": scope, "grant": "AGENT", **fields}
    return operations.set_agent_token_grant(grant=given)


async def test_made_used_and_revoked(client, connect):
    made = await client.agent_tokens.create(description="east")

    assert re.fullmatch(r"agent:demo:[0-9a-f-]{36}", made.token.reveal())
    assert (made.grants.organization_grant.role, made.revoked) == ("AGENT", False)
    assert made.created_by.email == "ada@example.com"
    agent = connect(token=made.token.reveal())
    assert await served(agent) == [1, 2, BRANCH]

    revoked = await client.agent_tokens.revoke(made.id)
    assert (revoked.revoked, revoked.revoked_by.email) == (True, "ada@example.com")
    assert revoked.revoked_at >= revoked.created_at
    with pytest.raises(AuthenticationError):
        await served(agent)
    listed = await client.agent_tokens.list().to_list()
    assert [(token.description, token.revoked) for token in listed] == [
        ("The agent's token", False),
        ("east", True),
    ]


async def test_a_description_is_changed(client):
    made = await client.agent_tokens.create()
    assert made.description is None

    await client.agent_tokens.update(made.id, description="west")

    found = await client.agent_tokens.reveal(made.id)
    assert (found.description, found.token) == ("west", made.token)


@pytest.mark.parametrize(("how", "is_shown"), [("full", True), ("masked", False), ("empty", False)])
async def test_the_value_in_later_answers(client, plus, how, is_shown):
    made = await client.agent_tokens.create()
    plus.switches(listed_agent_token=how)

    found = await client.agent_tokens.reveal(made.id)

    assert (found.token == made.token) is is_shown
    assert bool(found.token.reveal()) is (how != "empty")


@pytest.mark.parametrize(("again", "is_refused"), [("success", False), ("error", True)])
async def test_revoked_twice(client, plus, again, is_refused):
    plus.switches(revoked_token_revocation=again)
    made = await client.agent_tokens.create()
    first = await client.agent_tokens.revoke(made.id)

    if is_refused:
        with pytest.raises(NotFoundError, match="revoked already"):
            await client.agent_tokens.revoke(made.id)
    else:
        assert (await client.agent_tokens.revoke(made.id)).revoked_at == first.revoked_at


async def test_it_serves_what_it_is_granted(client, connect):
    made = await client.agent_tokens.create(deployment="staging")

    assert made.grants.organization_grant is None
    assert [found.deployment_id for found in made.grants.deployment_grants] == [2]
    agent = connect(token=made.token.reveal())
    assert await served(agent) == [2]

    await client.agent_tokens.update(made.id, scope="all_branch_deployments")
    left = await client.agent_tokens.remove_role(made.id, deployment="staging")
    assert (left.grants.deployment_grants, left.grants.organization_grant) == ([], None)
    assert left.grants.all_branch_deployments_grant.role == "AGENT"
    assert await served(agent) == [BRANCH]


@pytest.mark.parametrize(
    ("scope", "fields", "message"),
    [
        ("ALL_BRANCH_DEPLOYMENTS", {"deploymentId": 1}, r"Internal Server Error \(Trace ID: \d+"),
        ("DEPLOYMENT", {}, "needs a deployment's id"),
        ("DEPLOYMENT", {"deploymentId": UNKNOWN}, f"no deployment with id {UNKNOWN}"),
        ("ORGANIZATION", {"grant": "ADMIN"}, "can be AGENT"),
        ("ORGANIZATION", {"agentTokenId": UNKNOWN}, f"no agent token with id {UNKNOWN}"),
    ],
)
async def test_grants_that_cannot_be(client, scope, fields, message):
    made = await client.agent_tokens.create()

    with pytest.raises(ServerError, match=message):
        _ = (await client.execute(grant(made.id, scope, **fields))).ok

    kept = (await client.agent_tokens.get(made.id)).grants
    assert (kept.organization_grant.role, kept.deployment_grants) == ("AGENT", [])
    assert kept.all_branch_deployments_grant is None


@pytest.mark.parametrize("method", ["get", "reveal", "revoke"])
async def test_one_that_is_not_there(client, method):
    with pytest.raises(NotFoundError):
        await getattr(client.agent_tokens, method)(UNKNOWN)


@pytest.mark.parametrize("role", ["admin", "editor", "viewer", "service_user", "agent"])
async def test_only_an_admin_of_the_organization_has_them(connect, role):
    tokens = connect(role).agent_tokens

    with pytest.raises(PermissionDeniedError, match="READ_AND_EDIT_AGENT_TOKENS"):
        await tokens.list().first()
    with pytest.raises(PermissionDeniedError):
        await tokens.create()
    with pytest.raises(PermissionDeniedError):
        await tokens.revoke(1)


async def test_an_agent_is_no_user(connect):
    agent = connect("agent")

    answer = await agent.graphql("{ identity { viewer { email } } }")

    assert answer == {"identity": {"viewer": None}}
    with pytest.raises(PermissionDeniedError):
        await agent.user_tokens.create()
