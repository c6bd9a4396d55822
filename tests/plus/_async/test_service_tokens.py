from __future__ import annotations

import pytest

from dagster_plus_sdk import AuthenticationError, NotFoundError, PermissionDeniedError, operations

pytestmark = pytest.mark.anyio


async def test_made_used_and_revoked(client, connect):
    made = await client.service_tokens.create("ci", description="deploys")
    assert (made.service_user.name, made.created_by.email) == ("ci", "ada@example.com")

    own = connect(token=made.token.reveal())
    answer = await own.graphql("{ identity { viewer { email } } deployments { deploymentName } }")
    assert answer["identity"] == {"viewer": None}
    assert answer["deployments"]

    await client.service_tokens.update("ci", made.id, "tests")
    revoked = await client.service_tokens.revoke(made.id)
    assert (revoked.revoked, revoked.description) == (True, "tests")
    with pytest.raises(AuthenticationError):
        await own.deployments.list().first()
    assert [token.revoked async for token in client.service_tokens.list("ci")] == [False, True]


@pytest.mark.parametrize(("how", "shown"), [("masked", "********"), ("empty", "")])
async def test_the_value_is_shown_once(client, plus, how, shown):
    plus.switches(listed_token=how)
    made = await client.service_tokens.create("ci")

    text = "query ($id: String!) { serviceTokensOrError(serviceUserId: $id) { ... on ServiceTokens { tokens { token } } } }"
    answer = await client.graphql(text, {"id": made.service_user.id})

    assert {token["token"] for token in answer["serviceTokensOrError"]["tokens"]} == {shown}


async def test_what_is_not_there(client):
    with pytest.raises(NotFoundError) as caught:
        _ = (await client.execute(operations.create_service_token(service_user_id="x"))).ok
    assert caught.value.typename == "ServiceTokenNotFoundError"
    with pytest.raises(NotFoundError):
        await client.service_tokens.revoke("x")
    with pytest.raises(NotFoundError):
        await client.service_tokens.update("ci", "x", "y")


@pytest.mark.parametrize("role", ["admin", "service_user"])
async def test_only_an_admin_of_the_organization_has_them(connect, role):
    made = operations.create_service_token(service_user_id="x")

    with pytest.raises(PermissionDeniedError, match="MANAGE_SERVICE_USERS"):
        _ = (await connect(role).execute(made)).ok


async def test_they_go_with_their_service_user(client, connect):
    own = connect("service_user")
    await client.service_users.delete("ci")

    with pytest.raises(AuthenticationError):
        await own.deployments.list().first()
