"""Teams, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Team

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_teams_list(client):
    found = await client.teams.list(member=1).to_list()
    assert [(type(t), t.details.name) for t in found] == [(Team, "name-1")]


async def test_teams_get(client):
    assert type(await client.teams.get("name-2")) is Team


async def test_teams_create(client):
    team = await client.teams.create(
        "data", members=["email-1@example.com"], role="VIEWER", deployment="prod"
    )
    assert type(team) is Team


async def test_teams_update(client):
    team = await client.teams.update(
        "name-1", name="data", add_members=[2], remove_members=["email-1@example.com"]
    )
    assert type(team) is Team


async def test_teams_remove_role(client):
    assert type(await client.teams.remove_role("name-1", deployment="prod")) is Team


async def test_teams_delete(client):
    assert await client.teams.delete("name-1") is None
