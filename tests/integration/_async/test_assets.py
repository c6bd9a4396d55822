"""Assets of the demo project."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    Asset,
    AssetKey,
    AssetSummary,
    NotFoundError,
    TeamAssetOwner,
    UserAssetOwner,
)

pytestmark = pytest.mark.anyio

EXPORT = AssetKey("exports", "orders/daily")
KEYS = [
    AssetKey("campaign_results"),
    AssetKey("customers"),
    EXPORT,
    AssetKey("forecast"),
    AssetKey("orders"),
    AssetKey("payments"),
    AssetKey("products"),
    AssetKey("raw_orders"),
    AssetKey("regional_sales"),
    AssetKey("top_products"),
]


@pytest.mark.parametrize("page_size", [1, 3, 10, 100])
async def test_list(client, run_ids, page_size):
    assets = await client.assets.list(page_size=page_size).to_list()
    assert all(type(asset) is AssetSummary for asset in assets)
    assert [asset.key for asset in assets] == KEYS
    made = {asset.key for asset in assets if asset.last_materialized_at}
    assert {AssetKey("customers"), EXPORT} <= made
    assert not made & {AssetKey("forecast"), AssetKey("payments")}


@pytest.mark.parametrize("prefix", ["exports", AssetKey("exports"), ["exports", "orders/daily"]])
async def test_prefix(client, prefix):
    assert [asset.key async for asset in client.assets.list(prefix=prefix)] == [EXPORT]


async def test_prefix_of_nothing(client):
    assert await client.assets.list(prefix="nope").to_list() == []


async def test_group(client):
    pager = client.assets.list(group="ingestion", limit=2)
    assert [asset.key async for asset in pager] == [AssetKey("customers"), AssetKey("payments")]
    rest = client.assets.list(group="ingestion", cursor=pager.cursor)
    assert [asset.key async for asset in rest] == [AssetKey("products"), AssetKey("raw_orders")]


async def test_get(client, run_ids):
    asset = await client.assets.get("orders")
    assert type(asset) is Asset
    definition = asset.definition
    assert (definition.group_name, definition.kinds) == ("warehouse", ["duckdb", "python"])
    assert definition.owners == [
        TeamAssetOwner(team="shop"),
        UserAssetOwner(email="ada@example.com"),
    ]
    assert {tag.key: tag.value for tag in definition.tags}["domain"] == "orders"
    assert definition.upstream_keys == [
        AssetKey("customers"),
        AssetKey("payments"),
        AssetKey("raw_orders"),
    ]
    assert set(definition.downstream_keys) == {
        AssetKey("regional_sales"),
        AssetKey("campaign_results"),
    }
    assert set(definition.job_names) >= {"daily_orders"}
    assert definition.repository.location.name == "demo"


@pytest.mark.parametrize(
    ("key", "kind"),
    [("orders", "TIME_WINDOW"), ("regional_sales", "STATIC"), ("campaign_results", "DYNAMIC")],
)
async def test_partitions(client, key, kind):
    definition = (await client.assets.get(key)).definition
    assert definition.is_partitioned
    assert definition.partitions_definition.type == kind
    (dimension,) = definition.partitions_definition.dimensions
    assert dimension.dynamic_partitions_definition_name == (
        "campaigns" if kind == "DYNAMIC" else None
    )


async def test_without_partitions(client, run_ids):
    asset = await client.assets.get("customers")
    assert asset.definition.partitions_definition is None
    assert asset.definition.has_asset_checks
    assert asset.last_materialized_at.tzinfo is not None
    assert (await client.assets.get("payments")).definition.is_materializable is False


@pytest.mark.parametrize("key", [EXPORT, r"exports/orders\/daily", ["exports", "orders/daily"]])
async def test_keys_are_lossless(client, key):
    asset = await client.assets.get(key)
    assert asset.key == EXPORT
    assert asset.model_dump(mode="json")["key"] == r"exports/orders\/daily"


@pytest.mark.parametrize("key", ["nope", "exports/orders/daily"])
async def test_unknown(client, key):
    with pytest.raises(NotFoundError, match=key) as caught:
        await client.assets.get(key)
    assert caught.value.code == "ASSET_NOT_FOUND"


async def test_an_asset_job_runs_what_was_chosen(client, run_ids):
    run = await client.runs.get(run_ids["assets"])
    chosen = [AssetKey("customers"), AssetKey("products"), AssetKey("top_products"), EXPORT]
    assert sorted(run.asset_selection) == sorted(chosen)
