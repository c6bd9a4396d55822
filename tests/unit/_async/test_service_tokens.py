"""Tokens of service users."""

from __future__ import annotations

import pytest
from kit import people
from kit.canary import TOKEN, leaks
from kit.payloads import error

from dagster_plus_sdk import RevealedServiceToken, ServiceToken, ServiceUserDetails, errors

pytestmark = pytest.mark.anyio

ID = "0f0f0f0f11114222833344445555666a"
OWNER = people.service_users(people.service_user("ci", "s1"))
LISTED = {
    "serviceTokensOrError": {
        "__typename": "ServiceTokens",
        "tokens": [
            people.service_token("k2", description="ci"),
            people.service_token("k1", 1600000000.0, revoked=True),
        ],
    }
}


@pytest.mark.parametrize(
    ("owner", "before", "asked", "sent"),
    [("ci", [OWNER], ["ListServiceUsers"], "s1"), (ID, [], [], ID)],
)
async def test_list(client, server, owner, before, asked, sent):
    server.data(*before, LISTED)
    found = await client.service_tokens.list(owner).to_list()
    assert [(type(t), type(t.service_user), t.id) for t in found] == [
        (ServiceToken, ServiceUserDetails, "k1"),
        (ServiceToken, ServiceUserDetails, "k2"),
    ]
    assert server.operations == [*asked, "ListServiceTokens"]
    assert not people.asks_for_value(server.received[-1])
    assert server.received[-1].variables == {"serviceUserId": sent}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"revoked": True}, ["k1"]),
        ({"description": "c?"}, ["k2"]),
        ({"where": lambda t: not t.revoked}, ["k2"]),
        ({"limit": 1}, ["k1"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(LISTED)
    assert [t.id for t in await client.service_tokens.list(ID, **given).to_list()] == kept


async def test_an_unknown_service_user(client, server):
    server.data(OWNER)
    with pytest.raises(errors.NotFoundError, match="no service user 'cii'; did you mean 'ci'"):
        await client.service_tokens.list("cii").to_list()


async def test_get(client, server):
    server.data(LISTED)
    assert (await client.service_tokens.get(ID, "k2")).description == "ci"
    with pytest.raises(errors.NotFoundError, match="no service token 'k9'"):
        await client.service_tokens.get(ID, "k9")


async def test_create(client, server):
    server.data(OWNER, {"createServiceToken": people.service_token(token=TOKEN)})
    token = await client.service_tokens.create("ci", description="builds")
    assert (type(token), token.token.reveal()) == (RevealedServiceToken, TOKEN)
    assert leaks([token, repr(token), token.model_dump_json()]) == []
    assert server.received[1].variables == {"serviceUserId": "s1", "description": "builds"}


async def test_update(client, server):
    server.data(OWNER, {"updateServiceToken": people.service_token(description="new")})
    assert type(await client.service_tokens.update("ci", "k1", "new")) is ServiceToken
    assert not people.asks_for_value(server.received[1])
    sent = {"serviceUserId": "s1", "tokenId": "k1", "description": "new"}
    assert server.received[1].variables == sent


async def test_revoke(client, server):
    server.data({"revokeServiceToken": people.service_token(revoked=True)})
    assert (await client.service_tokens.revoke("k1")).revoked is True
    assert server.received[0].variables == {"tokenId": "k1"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.get("", "k1"), "the service user's name"),
        (lambda t: t.get("ci", ""), "token_id"),
        (lambda t: t.create(""), "the service user's name"),
        (lambda t: t.update("ci", "", "new"), "token_id"),
        (lambda t: t.revoke(""), "token_id"),
        (lambda t: t.list("").first(), "the service user's name"),
    ],
)
async def test_input_that_cannot_be(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.service_tokens)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "code", "fields"),
    [
        ("ServiceTokenNotFoundError", "SERVICE_TOKEN_NOT_FOUND", {"serviceTokenId": "s1"}),
        ("UnauthorizedError", "UNAUTHORIZED", {}),
    ],
)
async def test_errors(client, server, typename, code, fields):
    server.data({"createServiceToken": error(typename, **fields)})
    with pytest.raises(errors.ResultError) as caught:
        await client.service_tokens.create(ID)
    assert caught.value.code == code
