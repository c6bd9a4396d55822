"""Users, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import User

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_users_list(client):
    found = await client.users.list(roles="ADMIN").to_list()
    assert [(type(u), u.details.email) for u in found] == [
        (User, "email-1@example.com"),
        (User, "email-2@example.com"),
    ]


async def test_users_get(client):
    assert (await client.users.get("email-2@example.com")).details.id == 2


async def test_users_create(client):
    user = await client.users.create("ada@example.com", role="EDITOR", deployment="prod")
    assert (type(user), user.details.email) == (User, "ada@example.com")


async def test_users_update(client):
    user = await client.users.update("ada@example.com", custom_role="name-1", deployment="prod")
    assert (type(user), user.details.email) == (User, "ada@example.com")


async def test_users_remove_role(client):
    assert type(await client.users.remove_role("ada@example.com", scope="organization")) is User


async def test_users_delete(client):
    assert await client.users.delete(1) is None
