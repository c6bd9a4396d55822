"""Settings of the deployment and the organization, as recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import DeploymentSettingsSchema, OrganizationSettingsSchema, Setting

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

#: The server's document, which keeps nothing of what is sent; what was sent is matched with the recording.
ANSWERED = {"key": "settings-1"}


async def test_deployment_settings_list(client):
    rows = await client.deployment_settings.list().to_list()
    assert {type(row) for row in rows} == {Setting}


async def test_deployment_settings_get(client):
    found = await client.deployment_settings.get()
    assert found == {row.key: row.value async for row in client.deployment_settings.list()}


async def test_deployment_settings_update(client):
    settings = {"run_queue": {"max_concurrent_runs": 3}}
    assert await client.deployment_settings.update(settings, validate=False) == ANSWERED


async def test_deployment_settings_set(client):
    settings = {"run_queue": {"max_concurrent_runs": 3}}
    assert await client.deployment_settings.set(settings, validate=False) == ANSWERED


async def test_deployment_settings_schema(client):
    assert type(await client.deployment_settings.schema()) is DeploymentSettingsSchema


async def test_deployment_settings_plan(client):
    changes = await client.deployment_settings.plan({"new": 1}, validate=False)
    assert changes.created == ["new"]


async def test_organization_settings_list(client):
    rows = await client.organization_settings.list().to_list()
    assert {type(row) for row in rows} == {Setting}


async def test_organization_settings_get(client):
    found = await client.organization_settings.get()
    assert found == {row.key: row.value async for row in client.organization_settings.list()}


async def test_organization_settings_update(client):
    settings = {"sso_default_role": "VIEWER"}
    assert await client.organization_settings.update(settings, validate=False) == ANSWERED


async def test_organization_settings_set(client):
    settings = {"sso_default_role": "VIEWER"}
    assert await client.organization_settings.set(settings, validate=False) == ANSWERED


async def test_organization_settings_schema(client):
    assert type(await client.organization_settings.schema()) is OrganizationSettingsSchema


async def test_organization_settings_plan(client):
    changes = await client.organization_settings.plan({"new": 1}, replace=True, validate=False)
    assert changes.created == ["new"]
