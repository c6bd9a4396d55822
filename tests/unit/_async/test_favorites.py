"""Favorite assets."""

from __future__ import annotations

import pytest
from kit.payloads import error

from dagster_plus_sdk import AssetKey, errors

pytestmark = pytest.mark.anyio

SLASHED = AssetKey("a/b", "c")
FOUND = {"userFavoriteAssets": [{"path": ["z"]}, {"path": ["a/b", "c"]}, {"path": ["a"]}]}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, [AssetKey("a"), SLASHED, AssetKey("z")]),
        ({"where": lambda key: len(key.path) == 2}, [SLASHED]),
        ({"limit": 1}, [AssetKey("a")]),
    ],
)
async def test_list(client, server, given, kept):
    server.data(FOUND)
    assert await client.favorites.list(**given).to_list() == kept
    assert server.operations == ["ListFavorites"]


async def test_lists_resume(client, server):
    server.data(FOUND)
    pager = client.favorites.list(limit=1)
    await pager.to_list()
    rest = await client.favorites.list(cursor=pager.cursor).to_list()
    assert rest == [SLASHED, AssetKey("z")]


@pytest.mark.parametrize("key", [SLASHED, ["a/b", "c"], r"a\/b/c"])
async def test_add_and_remove(client, server, key):
    done = {"__typename": "AssetKey", "path": ["a/b", "c"]}
    server.data({"addUserFavoriteAsset": done}, {"removeUserFavoriteAsset": done})
    assert await client.favorites.add(key) == SLASHED
    assert await client.favorites.remove(key) is None
    assert server.operations == ["AddFavorite", "RemoveFavorite"]
    assert [r.variables for r in server.received] == [{"assetKey": {"path": ["a/b", "c"]}}] * 2


async def test_unknown_assets(client, server):
    missing = error("AssetKeyNotFoundError", "no such asset")
    server.data({"addUserFavoriteAsset": missing}, {"removeUserFavoriteAsset": missing})
    for call in (client.favorites.add, client.favorites.remove):
        with pytest.raises(errors.NotFoundError, match="no such asset") as caught:
            await call("a")
        assert caught.value.code == "ASSET_KEY_NOT_FOUND"


async def test_a_key_is_needed(client, server):
    with pytest.raises(errors.InvalidInputError):
        await client.favorites.add("")
    assert server.requests == 0
