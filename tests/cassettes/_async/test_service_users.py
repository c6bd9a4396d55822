"""Service users, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import ServiceUser

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

ID = "0f0f0f0f-1111-4222-8333-444455556666"


async def test_service_users_list(client):
    found = await client.service_users.list().to_list()
    assert [(type(u), u.details.name) for u in found] == [
        (ServiceUser, "name-1"),
        (ServiceUser, "name-2"),
    ]


async def test_service_users_get(client):
    assert type(await client.service_users.get(ID)) is ServiceUser


async def test_service_users_get_by_name(client):
    assert (await client.service_users.get("name-2")).details.name == "name-2"


async def test_service_users_create(client):
    user = await client.service_users.create("ci", role="ADMIN", scope="organization")
    assert type(user) is ServiceUser


async def test_service_users_update(client):
    user = await client.service_users.update("name-1", name="ci", role="EDITOR", deployment=1)
    assert type(user) is ServiceUser


async def test_service_users_remove_role(client):
    user = await client.service_users.remove_role("name-1", scope="all_branch_deployments")
    assert type(user) is ServiceUser


async def test_service_users_delete(client):
    assert await client.service_users.delete(ID) is None
