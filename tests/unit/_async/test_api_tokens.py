"""Tokens of services outside."""

from __future__ import annotations

import pytest
from kit import people
from kit.canary import TOKEN, leaks
from kit.payloads import error

from dagster_plus_sdk import ApiToken, DagsterCloudApiTokenType, RevealedApiToken, errors

pytestmark = pytest.mark.anyio


def listed(**fields):
    tokens = [
        people.api_token("a1", description="okta", **fields),
        people.api_token("a0", 1600000000.0, revoked=True, **fields),
    ]
    return {"apiTokensOrError": {"__typename": "DagsterCloudApiTokens", "tokens": tokens}}


async def test_list(client, server):
    server.data(listed())
    found = await client.api_tokens.list().to_list()
    assert [(type(t), t.id, t.type) for t in found] == [
        (ApiToken, "a0", DagsterCloudApiTokenType.SCIM),
        (ApiToken, "a1", DagsterCloudApiTokenType.SCIM),
    ]
    assert server.operations == ["ListApiTokens"]
    assert not people.asks_for_value(server.received[0])
    assert server.received[0].variables == {"type": "SCIM"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"revoked": False}, ["a1"]),
        ({"description": "ok*"}, ["a1"]),
        ({"where": lambda t: t.revoked}, ["a0"]),
        ({"kind": "scim", "limit": 1}, ["a0"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(listed())
    assert [t.id for t in await client.api_tokens.list(**given).to_list()] == kept


async def test_get(client, server):
    server.data(listed())
    assert type(await client.api_tokens.get("a1")) is ApiToken
    with pytest.raises(errors.NotFoundError, match="no API token 'a7'"):
        await client.api_tokens.get("a7")


async def test_reveal(client, server):
    server.data(listed(token=TOKEN))
    token = await client.api_tokens.reveal("a1")
    assert (type(token), token.id, token.token.reveal()) == (RevealedApiToken, "a1", TOKEN)
    assert leaks([token, repr(token), token.model_dump_json()]) == []
    assert server.operations == ["RevealApiTokens"]
    assert people.asks_for_value(server.received[0])
    with pytest.raises(errors.NotFoundError, match="no API token") as caught:
        await client.api_tokens.reveal("a7")
    assert leaks(caught.value) == []


async def test_create(client, server):
    server.data({"createApiToken": people.api_token(token="api:value")})
    token = await client.api_tokens.create(description="okta")
    assert token.token.reveal() == "api:value"
    assert server.received[0].variables == {"type": "SCIM", "description": "okta"}


async def test_update(client, server):
    server.data({"editApiTokenDescription": people.api_token(description="new")})
    assert (await client.api_tokens.update("a1", "new")).description == "new"
    sent = {"tokenId": "a1", "type": "SCIM", "description": "new"}
    assert server.received[0].variables == sent


async def test_revoke(client, server):
    server.data({"revokeApiToken": people.api_token(revoked=True)})
    assert (await client.api_tokens.revoke("a1")).revoked is True
    assert server.received[0].variables == {"tokenId": "a1", "type": "SCIM"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.get(""), "token_id"),
        (lambda t: t.get("a1", kind="moon"), "kind cannot be 'moon'; choose from SCIM"),
        (lambda t: t.create(kind="moon"), "choose from SCIM"),
        (lambda t: t.update("", "new"), "token_id"),
        (lambda t: t.revoke(""), "token_id"),
    ],
)
async def test_input_that_cannot_be(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.api_tokens)
    assert server.requests == 0


async def test_errors(client, server):
    server.data({"apiTokensOrError": error("UnauthorizedError", "admins only")})
    with pytest.raises(errors.PermissionDeniedError, match="admins only"):
        await client.api_tokens.list().to_list()
