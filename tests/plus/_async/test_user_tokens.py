from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AuthenticationError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    operations,
)

pytestmark = pytest.mark.anyio

ADA, VIC = 1, 5


async def test_everybody_has_ones_own(viewer, connect):
    made = await viewer.user_tokens.create(description="laptop")
    value = made.token.reveal()

    assert value.startswith("user:")
    assert made.user.email == "vic@example.com"
    own = connect(token=value)
    assert (await own.graphql("{ identity { viewer { email } } }"))["identity"]["viewer"] == {
        "email": "vic@example.com"
    }

    await own.user_tokens.update(made.id, "desk")
    listed = await own.user_tokens.list().to_list()
    assert [(token.description, token.revoked) for token in listed] == [
        (None, False),
        ("desk", False),
    ]
    revoked = await own.user_tokens.revoke(made.id)
    assert (revoked.revoked, revoked.revoked_by.email) == (True, "vic@example.com")
    with pytest.raises(AuthenticationError):
        await own.user_tokens.list().first()
    assert [token.revoked async for token in viewer.user_tokens.list()] == [False, True]


@pytest.mark.parametrize("how", ["masked", "empty", "full"])
async def test_nobody_sees_the_value_of_anothers(client, viewer, plus, how):
    plus.switches(listed_token=how)
    made = await viewer.user_tokens.create()

    own = await viewer.user_tokens.reveal(made.id)
    others = await client.user_tokens.reveal(made.id, user=VIC)

    assert (own.token == made.token) is (how == "full")
    assert others.token.reveal() == {"masked": "********", "empty": "", "full": "********"}[how]


async def test_an_admin_of_the_organization_revokes_anothers(client, viewer):
    (token,) = await client.user_tokens.list(user=VIC).to_list()

    assert (await client.user_tokens.revoke(token.id, user=VIC)).revoked_by.id == ADA
    with pytest.raises(AuthenticationError):
        await viewer.deployments.list().first()


async def test_nobody_makes_one_of_anothers(client):
    with pytest.raises(PermissionDeniedError):
        await client.user_tokens.create(user=VIC)
    assert len(await client.user_tokens.list(user=VIC).to_list()) == 1


@pytest.mark.parametrize("role", ["admin", "viewer", "service_user", "agent"])
async def test_anothers_are_nobodys_affair(connect, role):
    tokens = connect(role).user_tokens

    with pytest.raises(PermissionDeniedError, match="READ_AND_EDIT_ALL_USER_TOKENS"):
        await tokens.list(user=ADA).first()
    with pytest.raises(PermissionDeniedError):
        await tokens.update(1, "x", user=ADA)
    with pytest.raises(PermissionDeniedError):
        await tokens.revoke(1, user=ADA)


async def test_one_that_is_not_there(client):
    (token,) = await client.user_tokens.list(user=VIC).to_list()

    with pytest.raises(NotFoundError):
        await client.user_tokens.revoke(999)
    with pytest.raises(NotFoundError):
        await client.user_tokens.revoke(token.id, user=ADA)
    assert (await client.execute(operations.list_user_tokens(user_id=999))).ok.tokens == []


async def test_they_go_with_their_user(client, viewer):
    await client.users.delete("vic@example.com")

    with pytest.raises(AuthenticationError):
        await viewer.deployments.list().first()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"user": "nobody@example.com"}, "no user 'nobody@example.com'"),
        ({"service_user": "nobody"}, "no service user 'nobody'"),
        ({}, "one of user, service_user and agent"),
        ({"user": "vic@example.com", "agent": True}, "one of user, service_user and agent"),
    ],
)
async def test_seeds_that_cannot_be(client, plus, entry, message):
    with pytest.raises(InvalidInputError, match=message):
        plus.seed({"tokens": [{"token": "user:new", **entry}]})
    assert len(await client.user_tokens.list(user=VIC).to_list()) == 1


async def test_a_seed_is_planted_once(client, connect, plus):
    for _ in range(2):
        plus.seed({"tokens": [{"token": "user:new", "user": "vic@example.com"}]})

    assert len(await client.user_tokens.list(user=VIC).to_list()) == 2
    assert await connect(token="user:new").deployments.list().first()
