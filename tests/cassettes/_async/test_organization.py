"""The organization, as recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Identity, UserCount, UserDetails

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_organization_identity(client):
    found = await client.organization.identity()
    assert (type(found), type(found.viewer)) == (Identity, UserDetails)


async def test_organization_plan(client):
    assert await client.organization.plan() == "ENTERPRISE"


async def test_organization_user_counts(client):
    assert type(await client.organization.user_counts().first()) is UserCount


async def test_organization_scim_sync_enabled(client):
    assert type(await client.organization.scim_sync_enabled()) is bool


async def test_organization_set_scim_sync(client):
    assert await client.organization.set_scim_sync(enabled=True) is True
