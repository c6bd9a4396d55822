"""Users' tokens, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import RevealedUserToken, UserToken

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_user_tokens_list(client):
    found = await client.user_tokens.list().to_list()
    assert [(type(t), t.id) for t in found] == [(UserToken, 1), (UserToken, 2)]


async def test_user_tokens_get(client):
    assert type(await client.user_tokens.get(2, user="email-1@example.com")) is UserToken


async def test_user_tokens_reveal(client):
    token = await client.user_tokens.reveal(1, user=1)
    assert type(token) is RevealedUserToken
    assert "token" in token.token.reveal()


async def test_user_tokens_create(client):
    assert type(await client.user_tokens.create(description="ci")) is RevealedUserToken


async def test_user_tokens_update(client):
    token = await client.user_tokens.update(1, "laptop")
    assert (type(token), token.description) == (UserToken, "laptop")


async def test_user_tokens_revoke(client):
    assert type(await client.user_tokens.revoke(1)) is UserToken
