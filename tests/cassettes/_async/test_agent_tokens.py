"""Agents' tokens, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AgentToken, RevealedAgentToken

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_agent_tokens_list(client):
    found = await client.agent_tokens.list(revoked=False).to_list()
    assert [(type(t), t.id) for t in found] == [(AgentToken, 1), (AgentToken, 2)]


async def test_agent_tokens_get(client):
    assert type(await client.agent_tokens.get(1)) is AgentToken


async def test_agent_tokens_reveal(client):
    token = await client.agent_tokens.reveal(1)
    assert type(token) is RevealedAgentToken
    assert "token" in token.token.reveal()


async def test_agent_tokens_create(client):
    token = await client.agent_tokens.create(description="prod", deployment="prod")
    assert type(token) is RevealedAgentToken


async def test_agent_tokens_update(client):
    token = await client.agent_tokens.update(1, description="new", scope="organization")
    assert type(token) is AgentToken


async def test_agent_tokens_remove_role(client):
    assert type(await client.agent_tokens.remove_role(1, deployment="prod")) is AgentToken


async def test_agent_tokens_revoke(client):
    assert type(await client.agent_tokens.revoke(1)) is AgentToken
