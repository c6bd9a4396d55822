"""Onboarding and integrations, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AtlanCheckSuccess,
    AtlanSettings,
    Connection,
    ConnectionLogEntry,
    ConnectionSchema,
    ConnectionSummary,
    ConnectionSync,
    ConnectionValidation,
    GitHubSetup,
    GitLabSetup,
    OnboardingEntry,
)

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

ID = "0f0f0f0f-1111-4222-8333-444455556666"


async def test_onboarding_list(client):
    found = await client.onboarding.list().to_list()
    assert found
    assert {type(entry) for entry in found} == {OnboardingEntry}


async def test_onboarding_update(client):
    found = await client.onboarding.update("LAUNCHED_RUN", "SKIPPED")
    assert (found.key, found.status) == ("LAUNCHED_RUN", "SKIPPED")


async def test_integrations_github(client):
    assert type(await client.integrations.github()) is GitHubSetup


async def test_integrations_gitlab(client):
    assert type(await client.integrations.gitlab()) is GitLabSetup


async def test_integrations_slack_channels(client):
    found = await client.integrations.slack_channels().to_list()
    assert {type(channel) for channel in found} == {str}


async def test_integrations_atlan(client):
    found = await client.integrations.atlan()
    assert (type(found.settings), type(found.check)) == (AtlanSettings, AtlanCheckSuccess)


async def test_integrations_set_atlan(client):
    assert await client.integrations.set_atlan("acme.atlan.com", "token") is None


async def test_integrations_delete_atlan(client):
    assert await client.integrations.delete_atlan() is None


async def test_integrations_connections(client):
    found = await client.integrations.connections().to_list()
    assert [(type(c), c.name) for c in found] == [
        (ConnectionSummary, "name-1"),
        (ConnectionSummary, "name-2"),
    ]


async def test_integrations_connection(client):
    found = await client.integrations.connection(ID)
    assert (type(found), found.id) == (Connection, ID)
    assert type(await client.integrations.connection("name-1")) is Connection


async def test_integrations_create_connection(client):
    made = await client.integrations.create_connection("POSTGRES", "shop", {"host": "h"})
    assert (type(made), made.name, made.type) == (Connection, "shop", "POSTGRES")


async def test_integrations_update_connection(client):
    changed = await client.integrations.update_connection(ID, name="shop 2")
    assert (changed.id, changed.name) == (ID, "shop 2")


async def test_integrations_delete_connection(client):
    assert await client.integrations.delete_connection(ID) is None


async def test_integrations_validate_connection(client):
    found = await client.integrations.validate_connection("POSTGRES", {"host": "h"})
    assert type(found) is ConnectionValidation


async def test_integrations_connection_schemas(client):
    found = await client.integrations.connection_schemas().to_list()
    assert {type(schema) for schema in found} == {ConnectionSchema}


async def test_integrations_set_connection_schedule(client):
    assert type(await client.integrations.set_connection_schedule(ID, "RUNNING")) is Connection


async def test_integrations_set_connection_detection(client):
    found = await client.integrations.set_connection_detection(ID, cron="0 * * * *")
    assert (type(found), found.id) == (Connection, ID)


async def test_integrations_sync_connection(client):
    assert type(await client.integrations.sync_connection(ID)) is ConnectionSync


async def test_integrations_connection_sync(client):
    assert (await client.integrations.connection_sync("s1")).id == "s1"


async def test_integrations_connection_syncs(client):
    found = await client.integrations.connection_syncs(ID).to_list()
    assert {type(sync) for sync in found} == {ConnectionSync}


async def test_integrations_connection_logs(client):
    found = await client.integrations.connection_logs("s1").to_list()
    assert {type(entry) for entry in found} == {ConnectionLogEntry}


async def test_integrations_delete_connection_sync(client):
    assert await client.integrations.delete_connection_sync("s1") is None
