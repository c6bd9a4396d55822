"""Assets, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    Asset,
    AssetDefinition,
    AssetEvaluation,
    AssetHealthRecord,
    AssetHistoryEntry,
    AssetKey,
    AssetLineageNode,
    AssetMaterialization,
    AssetPartition,
    AssetStatus,
    AssetSummary,
    InvalidInputError,
    NotFoundError,
    Run,
    UserAssetOwner,
)

pytestmark = pytest.mark.anyio

EXPORT = AssetKey("exports", "orders/daily")


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


async def test_assets_definitions(client):
    definitions = await client.assets.definitions(group="exports").to_list()
    assert [type(definition) for definition in definitions] == [AssetDefinition]
    assert definitions[0].key == EXPORT
    assert definitions[0].upstream_keys == [AssetKey("top_products")]


async def test_assets_health(client):
    records = await client.assets.health([EXPORT, "top_products"]).to_list()
    assert [type(record) for record in records] == [AssetHealthRecord] * 2
    assert records[0].health is None
    assert records[1].freshness.policy.fail_window_seconds == 604800


async def test_assets_status(client):
    statuses = await client.assets.status(["forecast", EXPORT]).to_list()
    assert [type(status) for status in statuses] == [AssetStatus] * 2
    assert statuses[0].latest_materialization is None
    assert type(statuses[1].latest_materialization) is AssetMaterialization


async def test_assets_materialize(client):
    run = await client.assets.materialize([EXPORT], idempotency_key="a-recorded-export")
    assert type(run) is Run
    assert run.asset_selection == [EXPORT]
    again = await client.assets.materialize([EXPORT], idempotency_key="a-recorded-export")
    assert again.id == run.id


async def test_assets_materialize_by_patterns(client):
    patterns = ["custom*", "EXPORTS/*"]
    run = await client.assets.materialize(pattern=patterns, idempotency_key="a-recorded-pattern")
    assert set(run.asset_selection) == {AssetKey("customers"), EXPORT}
    with pytest.raises(NotFoundError, match="did you mean 'customers'"):
        await client.assets.materialize(pattern="custmers*")


async def test_assets_materialize_a_range(client):
    days = ("2024-01-01", "2024-01-03")
    run = await client.assets.materialize(
        "raw_orders", partition_range=days, validate=True, idempotency_key="a-recorded-range"
    )
    tags = {tag.key: tag.value for tag in run.tags}
    assert (
        tags["dagster/asset_partition_range_start"],
        tags["dagster/asset_partition_range_end"],
    ) == days


async def test_assets_observe_by_pattern(client):
    run = await client.assets.observe(pattern="*", idempotency_key="a-recorded-glance")
    assert run.asset_selection == [AssetKey("exchange_rates")]


async def test_assets_materialize_refused(client):
    with pytest.raises(InvalidInputError, match="returns cannot run without shipments"):
        await client.assets.materialize("returns")


async def test_assets_observe(client):
    run = await client.assets.observe("exchange_rates", idempotency_key="a-recorded-look")
    assert run.asset_selection == [AssetKey("exchange_rates")]


async def test_assets_events(client):
    events = await client.assets.events("products", page_size=1).to_list()
    assert {type(event).__name__ for event in events} == {
        "AssetMaterialization",
        "AssetObservation",
    }
    assert events[-1].metadata_entries[0].label == "dagster/row_count"


async def test_assets_follow(client):
    events = client.assets.follow("products", after=0, timeout=0)
    found = [event.timestamp async for event in events]
    listed = await client.assets.events("products").to_list()
    assert found == [event.timestamp for event in reversed(listed)]


async def test_assets_partitions(client):
    partitions = await client.assets.partitions("regional_sales").to_list()
    assert partitions == [
        AssetPartition(key="north", status="MATERIALIZED"),
        AssetPartition(key="south"),
        AssetPartition(key="east"),
        AssetPartition(key="west"),
    ]


async def test_assets_lineage(client):
    nodes = await client.assets.lineage(EXPORT, direction="upstream", depth=2).to_list()
    assert all(type(node) is AssetLineageNode for node in nodes)
    assert [str(node.key) for node in nodes] == [
        r"exports/orders\/daily",
        "top_products",
        "customers",
        "products",
    ]


async def test_assets_report(client):
    key = ["ghosts", "a/b"]
    await client.assets.report(key, "materialization", description="seen")
    asset = await client.assets.get(key)
    assert asset.definition is None
    assert asset.latest_materializations[0].description == "seen"


async def test_assets_wipe(client):
    key = AssetKey("ghosts", "c/d")
    await client.assets.report(key, "observation")
    await client.assets.wipe(key)
    with pytest.raises(NotFoundError):
        await client.assets.get(key)


async def test_assets_collisions(client):
    assert await client.assets.collisions(["orders", EXPORT]).to_list() == []


async def test_assets_required_keys(client):
    assert await client.assets.required_keys("returns").to_list() == [AssetKey("shipments")]


async def test_assets_evaluations(client):
    evaluations = await client.assets.evaluations("forecast").to_list()
    assert {type(evaluation) for evaluation in evaluations} == {AssetEvaluation}
    assert evaluations[0].nodes[0].user_label == "on_cron(0 0 1 1 *, UTC)"


async def test_assets_evaluation_partitions(client):
    evaluation = await client.assets.evaluations("forecast").first()
    assert await client.assets.evaluation_partitions(
        "forecast", evaluation.evaluation_id, evaluation.root_unique_id
    ).to_list() == ["None"]


async def test_assets_evaluation_ticks(client):
    assert await client.assets.evaluation_ticks(statuses="SUCCESS").to_list() == []


@pytest.mark.plus
async def test_assets_history(client):
    entry = await client.assets.history("orders").first()
    assert type(entry) is AssetHistoryEntry
