"""Tokens of services outside, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import ApiToken, RevealedApiToken

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_api_tokens_list(client):
    found = await client.api_tokens.list().to_list()
    assert [(type(t), t.id) for t in found] == [(ApiToken, "id-1"), (ApiToken, "id-2")]


async def test_api_tokens_get(client):
    assert type(await client.api_tokens.get("id-2")) is ApiToken


async def test_api_tokens_reveal(client):
    token = await client.api_tokens.reveal("id-1")
    assert type(token) is RevealedApiToken
    assert "token" in token.token.reveal()


async def test_api_tokens_create(client):
    assert type(await client.api_tokens.create(description="okta")) is RevealedApiToken


async def test_api_tokens_update(client):
    token = await client.api_tokens.update("id-1", "new")
    assert (type(token), token.description) == (ApiToken, "new")


async def test_api_tokens_revoke(client):
    assert type(await client.api_tokens.revoke("id-1")) is ApiToken
