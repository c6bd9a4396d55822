"""Assets, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Asset, AssetKey, AssetSummary, NotFoundError, UserAssetOwner

pytestmark = pytest.mark.anyio


async def test_assets_list(client):
    assets = await client.assets.list(page_size=4).to_list()
    assert all(type(asset) is AssetSummary for asset in assets)
    keys = [asset.key for asset in assets]
    assert keys == sorted(keys)
    assert {AssetKey("forecast"), AssetKey("payments"), AssetKey("orders")} <= set(keys)
    materialized = {asset.key for asset in assets if asset.last_materialized_at}
    assert AssetKey("customers") in materialized
    assert AssetKey("forecast") not in materialized


async def test_assets_list_prefix(client):
    keys = [asset.key async for asset in client.assets.list(prefix="exports")]
    assert keys == [AssetKey("exports", "orders/daily")]


async def test_assets_get(client):
    asset = await client.assets.get("orders")
    assert type(asset) is Asset
    definition = asset.definition
    assert definition.group_name == "warehouse"
    assert UserAssetOwner(email="ada@example.com") in definition.owners
    assert definition.upstream_keys == [
        AssetKey("customers"),
        AssetKey("payments"),
        AssetKey("raw_orders"),
    ]
    assert definition.partitions_definition.type == "TIME_WINDOW"


async def test_assets_get_unknown(client):
    with pytest.raises(NotFoundError, match="nope") as caught:
        await client.assets.get("no/nope")
    assert caught.value.code == "ASSET_NOT_FOUND"
