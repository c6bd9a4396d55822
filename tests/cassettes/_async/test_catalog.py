"""Catalog views, favorites and pins, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AssetKey,
    CatalogView,
    CatalogViewSelection,
    PinnedAssetGroup,
    PinnedCatalogView,
    PinnedItem,
)

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_catalog_views_list(client):
    found = await client.catalog_views.list().to_list()
    assert [(type(v), v.name) for v in found] == [(CatalogView, "name-1"), (CatalogView, "name-2")]
    assert type(found[0].selection) is CatalogViewSelection


async def test_catalog_views_get(client):
    assert (await client.catalog_views.get("name-2")).name == "name-2"


async def test_catalog_views_create(client):
    made = await client.catalog_views.create("sales", kinds=["dbt"], description="What sells")
    assert (type(made), made.name, made.icon) == (CatalogView, "sales", "globe")
    assert made.description == "What sells"


async def test_catalog_views_update(client):
    changed = await client.catalog_views.update("name-1", query="kind:dbt", private=False)
    assert (type(changed), changed.name, changed.is_private) == (CatalogView, "name-1", False)


async def test_catalog_views_delete(client):
    assert await client.catalog_views.delete("name-1") is None


async def test_favorites_list(client):
    found = await client.favorites.list().to_list()
    assert found == sorted(found)
    assert {type(key) for key in found} == {AssetKey}


async def test_favorites_add(client):
    assert await client.favorites.add(["a/b", "c"]) == AssetKey("a/b", "c")


async def test_favorites_remove(client):
    assert await client.favorites.remove("orders") is None


async def test_pins_list(client):
    found = await client.pins.list().to_list()
    assert found
    assert all(isinstance(item, PinnedItem) and item.name for item in found)


async def test_pins_add(client):
    found = await client.pins.add(job="daily", location="demo", repository="__repository__")
    assert isinstance(found, PinnedItem)


async def test_pins_add_others(client):
    kinds = (PinnedAssetGroup, PinnedCatalogView, PinnedItem)
    assert isinstance(await client.pins.add(asset_group="shop"), kinds)
    assert isinstance(await client.pins.add(catalog_view="name-1"), kinds)


async def test_pins_remove(client):
    assert await client.pins.remove("p1") is None
