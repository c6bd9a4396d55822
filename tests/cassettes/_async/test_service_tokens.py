"""Service users' tokens, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import RevealedServiceToken, ServiceToken

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_service_tokens_list(client):
    found = await client.service_tokens.list("name-1").to_list()
    assert [(type(t), t.id) for t in found] == [(ServiceToken, "id-1"), (ServiceToken, "id-2")]


async def test_service_tokens_get(client):
    assert type(await client.service_tokens.get("name-1", "id-2")) is ServiceToken


async def test_service_tokens_create(client):
    token = await client.service_tokens.create("name-1", description="ci")
    assert type(token) is RevealedServiceToken
    assert "token" in token.token.reveal()


async def test_service_tokens_update(client):
    token = await client.service_tokens.update("name-1", "id-1", "builds")
    assert (type(token), token.description) == (ServiceToken, "builds")


async def test_service_tokens_revoke(client):
    assert type(await client.service_tokens.revoke("id-1")) is ServiceToken
