"""Tokens of users."""

from __future__ import annotations

import pytest
from kit import people
from kit.canary import TOKEN, leaks
from kit.payloads import error

from dagster_plus_sdk import RevealedUserToken, UserRef, UserToken, errors

pytestmark = pytest.mark.anyio

VIEWER = {"identity": {"viewer": people.person(number=7)}}
USERS = people.users(people.user("ada@example.com", 7), people.user("grace@example.com", 8))


def listed(**fields):
    tokens = [
        people.user_token(2, description="laptop", **fields),
        people.user_token(1, 1600000000.0, revoked=True, **fields),
    ]
    return {"userTokensOrError": {"__typename": "DagsterCloudUserTokens", "tokens": tokens}}


@pytest.mark.parametrize(
    ("user", "before", "asked", "number"),
    [
        (None, [VIEWER], ["GetViewer"], 7),
        (8, [], [], 8),
        ("8", [], [], 8),
        ("Grace@example.com", [USERS], ["FindUsers"], 8),
    ],
)
async def test_list(client, server, user, before, asked, number):
    server.data(*before, listed())
    found = await client.user_tokens.list(user=user).to_list()
    assert [(type(t), type(t.user), t.id) for t in found] == [
        (UserToken, UserRef, 1),
        (UserToken, UserRef, 2),
    ]
    assert server.operations == [*asked, "ListUserTokens"]
    assert not people.asks_for_value(server.received[-1])
    assert server.received[-1].variables == {"userId": number}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"revoked": False}, [2]),
        ({"revoked": True}, [1]),
        ({"description": "lap*"}, [2]),
        ({"where": lambda t: t.id == 1}, [1]),
        ({"limit": 1}, [1]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(listed())
    assert [t.id for t in await client.user_tokens.list(user=7, **given).to_list()] == kept


async def test_lists_resume(client, server):
    server.data(listed())
    first = client.user_tokens.list(user=7, limit=1)
    await first.to_list()
    rest = await client.user_tokens.list(user=7, cursor=first.cursor).to_list()
    assert [t.id for t in rest] == [2]


async def test_nobodys_tokens(client, server):
    server.data({"identity": {"viewer": None}})
    with pytest.raises(errors.InvalidInputError, match="belongs to no user; say whose"):
        await client.user_tokens.list().to_list()


async def test_an_unknown_user(client, server):
    server.data(USERS)
    with pytest.raises(errors.NotFoundError, match=r"no user 'x@example\.com'"):
        await client.user_tokens.list(user="x@example.com").to_list()


async def test_get(client, server):
    server.data(listed())
    assert (await client.user_tokens.get(2, user=7)).description == "laptop"
    with pytest.raises(errors.NotFoundError, match="no user token 9") as caught:
        await client.user_tokens.get(9, user=7)
    assert caught.value.code == "DAGSTER_CLOUD_TOKEN_NOT_FOUND"


async def test_reveal(client, server):
    server.data(VIEWER, listed(token=TOKEN))
    token = await client.user_tokens.reveal(2)
    assert (type(token), token.id, token.token.reveal()) == (RevealedUserToken, 2, TOKEN)
    assert leaks([token, repr(token), token.model_dump_json()]) == []
    assert server.operations == ["GetViewer", "RevealUserTokens"]
    assert people.asks_for_value(server.received[1])


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {"description": None}),
        ({"description": "ci", "user": 7}, {"description": "ci", "userId": 7}),
    ],
)
async def test_create(client, server, given, sent):
    server.data({"createUserToken": people.user_token(token="user:value")})
    token = await client.user_tokens.create(**given)
    assert (type(token), token.token.reveal()) == (RevealedUserToken, "user:value")
    assert [r.variables for r in server.received] == [sent]


async def test_update(client, server):
    server.data(VIEWER, {"editUserTokenDescription": people.user_token(description="new")})
    assert (await client.user_tokens.update(2, "new")).description == "new"
    sent = {"userId": 7, "tokenId": 2, "description": "new"}
    assert server.received[1].variables == sent


async def test_revoke(client, server):
    server.data(USERS, {"revokeUserToken": people.user_token(revoked=True)})
    assert (await client.user_tokens.revoke(2, user="grace@example.com")).revoked is True
    assert server.received[1].variables == {"userId": 8, "tokenId": 2}


async def test_input_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="no e-mail address"):
        client.user_tokens.list(user="ada")
    with pytest.raises(errors.InvalidInputError, match="no e-mail address"):
        await client.user_tokens.revoke(1, user="ada")
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("DagsterCloudTokenNotFoundError", errors.NotFoundError),
        ("UnauthorizedError", errors.PermissionDeniedError),
    ],
)
async def test_errors(client, server, typename, kind):
    server.data({"revokeUserToken": error(typename)})
    with pytest.raises(kind):
        await client.user_tokens.revoke(1, user=7)
