from __future__ import annotations

import pytest

from dagster_plus_sdk import NotFoundError

pytestmark = pytest.mark.anyio


async def keys(client):
    return [str(key) async for key in client.favorites.list()]


async def test_added_and_removed(client, viewer):
    assert str(await client.favorites.add("a/b")) == "a/b"
    await client.favorites.add("a/b")
    await client.favorites.add("c")
    assert await keys(client) == ["a/b", "c"]
    assert await keys(viewer) == []

    await client.favorites.remove("a/b")
    assert await keys(client) == ["c"]
    with pytest.raises(NotFoundError, match="a/b"):
        await client.favorites.remove("a/b")
