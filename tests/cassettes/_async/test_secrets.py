"""Environment variables, as recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import RevealedSecret, Secret, StoredSecret, SyncedSecrets

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

DOCUMENT = {"secrets": [{"name": "HOST", "value": "db.example.com", "scopes": ["full"]}]}


async def test_secrets_list(client):
    found = await client.secrets.list(scopes=["full"]).to_list()
    assert {type(s) for s in found} == {StoredSecret}


async def test_secrets_get(client):
    found = await client.secrets.get("name-1")
    assert (type(found), found.name) == (StoredSecret, "name-1")


async def test_secrets_get_with_value(client):
    found = await client.secrets.get("name-1", with_value=True)
    assert (type(found), type(found.value)) == (RevealedSecret, Secret)
    assert found.value.reveal() == "value-1"


async def test_secrets_create(client):
    made = await client.secrets.create("HOST", "db.example.com", locations=["north"])
    assert (type(made), made.name) == (StoredSecret, "HOST")


async def test_secrets_create_or_replace(client):
    made = await client.secrets.create("HOST", "db.example.com", scopes="full", replace=True)
    assert (type(made), made.name) == (StoredSecret, "HOST")


async def test_secrets_update(client):
    changed = await client.secrets.update("name-1", value="db.example.com", new_name="HOST")
    assert (type(changed), changed.name) == (StoredSecret, "HOST")


async def test_secrets_delete(client):
    assert await client.secrets.delete("name-1") is None


async def test_secrets_sync(client):
    assert type(await client.secrets.sync(DOCUMENT)) is SyncedSecrets


async def test_secrets_plan(client):
    changes = await client.secrets.plan(DOCUMENT)
    assert (changes.created, changes.deleted) == (["HOST"], ["name-1", "name-2"])


async def test_secrets_env_file(client):
    assert type(await client.secrets.env_file()) is Secret
