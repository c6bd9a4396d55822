"""Custom roles, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import CustomRole

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

ID = "0f0f0f0f-1111-4222-8333-444455556666"


async def test_custom_roles_list(client):
    found = await client.custom_roles.list(scope="DEPLOYMENT").to_list()
    assert [(type(r), r.name) for r in found] == [(CustomRole, "name-1"), (CustomRole, "name-2")]


async def test_custom_roles_get(client):
    assert (await client.custom_roles.get(ID)).id == ID


async def test_custom_roles_get_by_name(client):
    assert (await client.custom_roles.get("name-2")).id == "id-2"


async def test_custom_roles_create(client):
    role = await client.custom_roles.create("Analyst", permissions=["EDIT_ALERTS"], icon="globe")
    assert (type(role), role.name) == (CustomRole, "Analyst")


async def test_custom_roles_update(client):
    role = await client.custom_roles.update("name-1", name="Analyst")
    assert (type(role), role.name) == (CustomRole, "Analyst")


async def test_custom_roles_delete(client):
    assert await client.custom_roles.delete("name-1") is None
