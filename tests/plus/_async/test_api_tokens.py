from __future__ import annotations

import pytest

from dagster_plus_sdk import AuthenticationError, NotFoundError, PermissionDeniedError

pytestmark = pytest.mark.anyio


async def test_made_described_and_revoked(client, plus):
    made = await client.api_tokens.create(description="okta")
    assert made.token.reveal().split(":")[2] == "demo"
    assert len(made.token.reveal().split(":")) == 4

    plus.advance_clock(60)
    await client.api_tokens.update(made.id, "entra")
    revoked = await client.api_tokens.revoke(made.id)

    assert revoked.revoked_at.timestamp() >= made.created_at.timestamp() + 60
    (found,) = await client.api_tokens.list().to_list()
    assert (found.description, found.type, found.revoked) == ("entra", "SCIM", True)
    assert (found.created_by.email, found.revoked_by.email) == ("ada@example.com",) * 2


@pytest.mark.parametrize(("how", "shown"), [("masked", "********"), ("empty", ""), ("full", None)])
async def test_the_value_in_later_answers(client, plus, how, shown):
    made = await client.api_tokens.create()
    plus.switches(listed_token=how)

    found = await client.api_tokens.reveal(made.id)

    assert found.token.reveal() == (made.token.reveal() if shown is None else shown)


async def test_it_is_for_no_operation(client, connect):
    made = await client.api_tokens.create()

    with pytest.raises(AuthenticationError):
        await connect(token=made.token.reveal()).graphql("{ __typename }")


async def test_one_that_is_not_there(client):
    with pytest.raises(NotFoundError):
        await client.api_tokens.revoke("x")
    with pytest.raises(NotFoundError):
        await client.api_tokens.update("x", "y")


@pytest.mark.parametrize("role", ["admin", "agent"])
async def test_only_an_admin_of_the_organization_has_them(connect, role):
    with pytest.raises(PermissionDeniedError, match="MANAGE_SSO_AND_SCIM"):
        await connect(role).api_tokens.list().first()
    with pytest.raises(PermissionDeniedError):
        await connect(role).api_tokens.create()
