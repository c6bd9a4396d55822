"""Agents, as recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Agent, AgentErrorReport, AgentSummary, ErrorInfo

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_agents_list(client):
    found = await client.agents.list(status="RUNNING").to_list()
    assert {type(a) for a in found} == {AgentSummary}


async def test_agents_get(client):
    found = await client.agents.get("label-2")
    assert (type(found), found.id) == (Agent, "id-2")


async def test_agents_errors(client):
    found = await client.agents.errors().to_list()
    assert {(type(r), type(r.error)) for r in found} == {(AgentErrorReport, ErrorInfo)}
    assert {r.source for r in found} >= {"agent", "code server"}


async def test_agents_category(client):
    assert isinstance(await client.agents.category(), str)
