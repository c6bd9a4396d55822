"""Assets of the demo project."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dagster_plus_sdk import (
    Asset,
    AssetKey,
    AssetMaterialization,
    AssetObservation,
    AssetSummary,
    GraphQLRequestError,
    InvalidInputError,
    NotFoundError,
    NotSupportedError,
    TeamAssetOwner,
    UserAssetOwner,
)
from dagster_plus_sdk import operations as ops

pytestmark = pytest.mark.anyio

EXPORT = AssetKey("exports", "orders/daily")
KEYS = [
    AssetKey("campaign_results"),
    AssetKey("customers"),
    AssetKey("exchange_rates"),
    EXPORT,
    AssetKey("forecast"),
    AssetKey("orders"),
    AssetKey("payments"),
    AssetKey("products"),
    AssetKey("raw_orders"),
    AssetKey("regional_sales"),
    AssetKey("returns"),
    AssetKey("shipments"),
    AssetKey("shop_visits"),
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
    assert [str(asset.key) async for asset in pager] == ["customers", "exchange_rates"]
    rest = client.assets.list(group="ingestion", cursor=pager.cursor)
    assert [str(asset.key) async for asset in rest] == ["payments", "products", "raw_orders"]


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
        AssetKey("shop_visits"),
    }
    assert set(definition.job_names) >= {"daily_orders"}
    assert definition.repository.location.name == "demo"


@pytest.mark.parametrize(
    ("key", "kind"),
    [("orders", "TIME_WINDOW"), ("regional_sales", "STATIC"), ("campaign_results", "DYNAMIC")],
)
async def test_partitions_definitions(client, key, kind):
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


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"pattern": "*s/orders*"}, [r"exports/orders\/daily"]),
        ({"kind": "duckdb"}, ["orders"]),
        ({"owner": "team:payments"}, ["payments"]),
        ({"owner": "ada@example.com", "kind": "csv"}, ["customers", "raw_orders"]),
        ({"tags": {"domain": "orders", "tier": "1"}}, ["orders"]),
        ({"location": "demo", "group": "logistics"}, ["returns", "shipments"]),
        ({"location": "nope"}, []),
    ],
)
async def test_filters(client, run_ids, given, kept):
    assert [str(asset.key) async for asset in client.assets.list(**given)] == kept


async def test_those_that_were_made_and_those_that_were_not(client, run_ids):
    made = [asset async for asset in client.assets.list(materialized=True)]
    others = [asset async for asset in client.assets.list(materialized=False)]
    assert all(asset.last_materialized_at for asset in made)
    assert not any(asset.last_materialized_at for asset in others)
    assert {"customers", "top_products"} <= {str(asset.key) for asset in made}
    assert len(made) + len(others) == len(await client.assets.list().to_list())


async def test_get_has_all(client, asset_runs):
    asset = await client.assets.get("top_products")
    [latest] = asset.latest_materializations
    assert type(latest) is AssetMaterialization
    assert latest.metadata_entries[0].label == "sales_eur"
    definition = asset.definition
    assert definition.freshness_policy.fail_window_seconds == 7 * 24 * 3600
    assert definition.freshness.status is not None
    assert definition.stale_status is not None
    checked = (await client.assets.get("customers")).definition
    assert [check.name for check in checked.checks.checks] == ["emails_are_known", "has_customers"]
    due = (await client.assets.get("forecast")).definition
    assert due.automation_condition.label == "on_cron(0 0 1 1 *, UTC)"
    parted = (await client.assets.get("regional_sales")).definition.partition_stats
    assert (parted.total, parted.materialized) == (4, 1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"keys": [EXPORT, "orders", "nope"]}, [r"exports/orders\/daily", "orders"]),
        ({"group": "logistics"}, ["returns", "shipments"]),
        ({"job": "daily_orders"}, ["orders", "raw_orders"]),
        (
            {"job": "daily_orders", "location": "demo", "repository": "__repository__"},
            ["orders", "raw_orders"],
        ),
        (
            {"group": "warehouse", "location": "demo", "repository": "__repository__"},
            ["orders"],
        ),
        ({"location": "nope"}, []),
    ],
)
async def test_definitions(client, sent, given, kept):
    assert [str(found.key) async for found in client.assets.definitions(**given)] == kept
    assert sent == ["ListAssetDefinitions"]


async def test_status(client, asset_runs, sent):
    keys = ["forecast", EXPORT, "regional_sales", "payments"]
    found = await client.assets.status(keys).to_list()
    assert [str(status.key) for status in found] == [str(key) for key in keys]
    assert [status.latest_materialization is not None for status in found] == [
        False,
        True,
        True,
        False,
    ]
    assert found[2].latest_run.id == asset_runs["regional_sales"]
    assert found[2].latest_materialization.partition == "north"
    assert sent == ["ListAssetStatuses"]
    with pytest.raises(NotFoundError, match="exports/orders/daily"):
        await client.assets.status("exports/orders/daily").to_list()


async def test_health(client, run_ids):
    found = await client.assets.health([EXPORT, "top_products", "payments"]).to_list()
    assert [record.key for record in found] == [
        EXPORT,
        AssetKey("top_products"),
        AssetKey("payments"),
    ]
    assert [record.health for record in found] == [None] * 3
    assert found[1].freshness.policy.fail_window_seconds == 7 * 24 * 3600
    with pytest.raises(NotFoundError, match="nope"):
        await client.assets.health(["orders", "nope"]).to_list()


async def test_materialize(client, asset_runs):
    run = await client.runs.get(asset_runs["regional_sales"])
    assert (run.status, run.job_name) == ("SUCCESS", "__ASSET_JOB")
    assert run.asset_selection == [AssetKey("regional_sales")]
    assert {tag.key: tag.value for tag in run.tags}["dagster/partition"] == "north"
    both = await client.runs.get(asset_runs["parcels"])
    assert sorted(both.asset_selection) == [AssetKey("returns"), AssetKey("shipments")]


async def test_materialize_happens_once(client, asset_runs):
    keys = [["exports", "orders/daily"]]
    first = await client.assets.materialize(keys, idempotency_key="export-of-the-suite")
    again = await client.assets.materialize(keys, idempotency_key="export-of-the-suite")
    assert first.id == again.id
    assert first.asset_selection == [EXPORT]


@pytest.mark.parametrize(
    ("method", "keys", "message"),
    [
        ("materialize", "regional_sales", "has partitions"),
        ("materialize", "returns", "cannot run without shipments"),
        ("materialize", "exchange_rates", "can be observed"),
        ("materialize", ["orders", "payments"], "payments cannot be materialized"),
        ("observe", "customers", "can be materialized"),
    ],
)
async def test_launches_that_cannot_be(client, sent, method, keys, message):
    with pytest.raises(InvalidInputError, match=message):
        await getattr(client.assets, method)(keys)
    assert "LaunchRun" not in sent


async def test_observe(client, asset_runs):
    assert (await client.runs.get(asset_runs["exchange_rates"])).status == "SUCCESS"
    events = await client.assets.events("exchange_rates").to_list()
    assert [type(event) for event in events] == [AssetObservation]
    assert events[0].metadata_entries[0].float_value == 1.08


@pytest.mark.parametrize("page_size", [None, 1])
async def test_events(client, asset_runs, page_size):
    events = await client.assets.events("products", page_size=page_size).to_list()
    assert {type(event) for event in events} == {AssetMaterialization, AssetObservation}
    assert events == sorted(events, key=lambda event: event.timestamp, reverse=True)
    made = await client.assets.events("products", types="materialization").to_list()
    assert made == [event for event in events if type(event) is AssetMaterialization]
    last = events[-1]
    # The server keeps microseconds, and tells milliseconds.
    behind = last.timestamp + timedelta(milliseconds=1)
    assert await client.assets.events("products", after=behind).to_list() == events[:-1]
    assert await client.assets.events("products", before=last.timestamp).to_list() == []
    assert await client.assets.events("products", before=behind).to_list() == [last]


async def test_events_of_partitions(client, asset_runs):
    found = await client.assets.events("shop_visits", partitions="tea|north").to_list()
    assert [event.run_id for event in found] == [asset_runs["shop_visits"]]
    assert await client.assets.events("shop_visits", partitions=["tea|south"]).to_list() == []
    with pytest.raises(NotFoundError):
        await client.assets.events("nope").to_list()


@pytest.mark.parametrize(
    ("key", "count", "made"),
    [
        ("regional_sales", 4, ["north"]),
        ("shop_visits", 16, ["tea|north"]),
        ("raw_orders", 91, ["2024-01-05"]),
        ("customers", 0, []),
    ],
)
async def test_partitions(client, asset_runs, key, count, made):
    found = await client.assets.partitions(key).to_list()
    assert len(found) == count
    # Other tests make partitions, too.
    there = [p.key for p in found if p.status == "MATERIALIZED"]
    assert set(made) <= set(there)
    assert len(await client.assets.partitions(key, missing=True).to_list()) == count - len(there)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"direction": "upstream"}, ["orders", "customers", "payments", "raw_orders"]),
        (
            {"direction": "downstream"},
            ["orders", "campaign_results", "regional_sales", "shop_visits", "forecast"],
        ),
        ({"depth": 0}, ["orders"]),
    ],
)
async def test_lineage(client, given, found):
    assert [str(node.key) async for node in client.assets.lineage("orders", **given)] == found


async def test_lineage_of_a_key_with_a_slash(client):
    nodes = await client.assets.lineage(EXPORT, direction="upstream", depth=1).to_list()
    assert [node.key for node in nodes] == [EXPORT, AssetKey("top_products")]
    with pytest.raises(NotFoundError, match="exports/orders/daily"):
        await client.assets.lineage("exports/orders/daily").to_list()


async def test_what_only_its_history_is_left_of(client, run_ids):
    """Reported from outside: an asset without a definition is listed, and wiped."""
    key = AssetKey("ghosts", "a/b")
    try:
        await client.assets.report(key, "materialization", description="seen")
        await client.assets.report(key, "observation", partitions=["p", "q"])
        assert [asset.key async for asset in client.assets.list(prefix="ghosts")] == [key]
        asset = await client.assets.get(r"ghosts/a\/b")
        assert asset.definition is None
        assert asset.latest_materializations[0].description == "seen"
        [status] = await client.assets.status(["ghosts/a\\/b"]).to_list()
        assert status.latest_materialization.description == "seen"
        events = await client.assets.events(["ghosts", "a/b"], types="observation").to_list()
        assert sorted(event.partition for event in events) == ["p", "q"]
        with pytest.raises(NotFoundError):
            await client.assets.materialize([key])
    finally:
        await client.assets.wipe([["ghosts", "a/b"]])
    with pytest.raises(NotFoundError):
        await client.assets.get(key)


async def test_partitions_cannot_be_wiped_here(client, asset_runs):
    with pytest.raises(NotSupportedError):
        await client.assets.wipe("regional_sales", first_partition="north")
    with pytest.raises(NotFoundError):
        await client.assets.wipe("nope", first_partition="north")


async def test_required_keys(client):
    assert await client.assets.required_keys("returns").to_list() == [AssetKey("shipments")]
    assert await client.assets.required_keys(["orders", EXPORT]).to_list() == []


async def test_collisions(client):
    assert await client.assets.collisions(["orders", EXPORT]).to_list() == []


async def test_evaluations(client, asset_runs):
    found = await client.assets.evaluations("forecast").to_list()
    assert found
    latest = found[0]
    assert latest.entity.path == ["forecast"]
    root = next(node for node in latest.nodes if node.unique_id == latest.root_unique_id)
    assert root.user_label == "on_cron(0 0 1 1 *, UTC)"
    assert await client.assets.evaluation_partitions(
        "forecast", latest.evaluation_id, latest.root_unique_id
    ).to_list() == ["None"]
    older = client.assets.evaluations("forecast", cursor=found[-1].evaluation_id)
    assert await older.to_list() == []
    assert await client.assets.evaluations("customers", check="has_customers").to_list() == []
    by_id = await client.execute(ops.list_evaluations_by_id(evaluation_id=latest.evaluation_id))
    assert latest in by_id.ok.records
    operation = ops.get_partition_evaluation(
        asset_key=AssetKey("forecast"), evaluation_id=latest.evaluation_id, partition="any"
    )
    assert (await client.execute(operation)).ok.root_unique_id == latest.root_unique_id


async def test_evaluation_ticks(client):
    """The sensors have the ticks now."""
    assert await client.assets.evaluation_ticks(statuses="SUCCESS", after=1).to_list() == []


async def test_history_is_of_dagster_plus(client):
    with pytest.raises(GraphQLRequestError, match="assetDiffHistory"):
        await client.assets.history("orders").to_list()
