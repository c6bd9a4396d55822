"""Filters over many events, and what events of assets carry."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AssetCheckEvaluationEvent,
    AssetCheckSeverity,
    AssetKey,
    LogLevel,
    MaterializationEvent,
    ObservationEvent,
)

pytestmark = pytest.mark.anyio

WARNINGS = [f"order {number} has no invoice" for number in range(30)]


async def test_the_noisy_run_has_many_events(client, run_ids):
    events = await client.run_events.get(run_ids["noisy"]).to_list()
    assert 440 <= len(events) <= 460
    levels = [event.level for event in events]
    assert levels.count(LogLevel.WARNING) == 30
    assert len(events) == len(await client.run_events.get(run_ids["noisy"], page_size=60).to_list())


async def test_filtered_events_come_in_few_requests(client, run_ids, sent):
    pager = client.run_events.get(run_ids["noisy"], levels="WARNING", limit=20)
    assert [event.message async for event in pager] == WARNINGS[:20]
    rest = client.run_events.get(run_ids["noisy"], levels="WARNING", cursor=pager.cursor)
    assert [event.message async for event in rest] == WARNINGS[20:]
    assert sent == ["ListRunEvents"] * 2


@pytest.mark.parametrize(
    ("limit", "page_size"), [(1, None), (7, None), (29, None), (30, None), (31, None), (7, 100)]
)
async def test_nothing_is_lost_or_doubled(client, run_ids, limit, page_size):
    found, cursor = [], None
    while True:
        pager = client.run_events.get(
            run_ids["noisy"], levels="WARNING", limit=limit, page_size=page_size, cursor=cursor
        )
        part = [event.message async for event in pager]
        found += part
        cursor = pager.cursor
        assert len(part) <= limit
        if len(part) < limit:
            break
    assert found == WARNINGS


async def test_steps_and_types(client, run_ids):
    run_id = run_ids["north"]
    summarized = await client.run_events.get(run_id, steps="SUMMAR").to_list()
    assert {event.step_key for event in summarized} == {"summarize"}
    types = ["STEP_START", "PIPELINE_SUCCESS"]
    chosen = await client.run_events.get(run_id, types=types).to_list()
    assert [event.event_type for event in chosen] == ["STEP_START"] * 3 + ["RUN_SUCCESS"]
    both = client.run_events.get(run_id, steps=["publish", "extract"], types="STEP_START")
    assert [event.step_key async for event in both] == ["extract_orders", "publish"]


async def test_materializations(client, run_ids):
    events = client.run_events.get(run_ids["assets"], types="ASSET_MATERIALIZATION")
    made = {event.asset_key: event async for event in events}
    assert all(type(event) is MaterializationEvent for event in made.values())
    assert set(made) == {
        AssetKey("customers"),
        AssetKey("products"),
        AssetKey("top_products"),
        AssetKey("exports", "orders/daily"),
    }
    assert str(AssetKey("exports", "orders/daily")) == r"exports/orders\/daily"
    entries = {entry.label: entry for entry in made[AssetKey("customers")].metadata_entries}
    assert entries["dagster/row_count"].int_value == 6
    assert entries["share_active"].float_value == 0.75
    assert entries["complete"].bool_value is True
    assert entries["note"].text == "made up"
    assert entries["source"].url == "https://shop.example/customers"
    assert entries["file"].path == "/data/customers.csv"
    assert entries["summary"].markdown == "**6** customers"
    assert entries["regions"].json_string == '{"regions": ["north", "south", "east", "west"]}'
    assert entries["exported_at"].timestamp.isoformat() == "2024-01-01T00:00:00+00:00"
    assert entries["feeds"].asset_key == AssetKey("orders")
    assert [column.name for column in entries["first_rows"].table.schema_.columns] == ["name", "id"]
    assert type(entries["nothing"]).__name__ == "MetadataEntry"


async def test_observations_and_checks(client, run_ids):
    events = await client.run_events.get(run_ids["assets"]).to_list()
    (observed,) = (event for event in events if type(event) is ObservationEvent)
    assert observed.asset_key == AssetKey("products")
    checked = [e.evaluation for e in events if type(e) is AssetCheckEvaluationEvent]
    assert {evaluation.check_name: evaluation.success for evaluation in checked} == {
        "has_customers": True,
        "emails_are_known": False,
        "prices_are_positive": True,
    }
    (failed,) = (evaluation for evaluation in checked if not evaluation.success)
    assert (failed.asset_key, failed.severity) == (AssetKey("customers"), AssetCheckSeverity.WARN)
    assert [(e.label, e.int_value) for e in failed.metadata_entries] == [("missing", 6)]


async def test_dumps_of_events_have_public_names(client, run_ids):
    events = await client.run_events.get(run_ids["assets"]).to_list()
    names = {name for event in events for name in keys(event.model_dump(mode="json"))}
    assert {"timestamp", "event_type", "asset_key", "metadata_entries", "schema"} <= names
    assert not [name for name in names if name != name.lower() or name.endswith("_")]
    made = next(event for event in events if type(event) is MaterializationEvent)
    assert made.model_dump(mode="json")["timestamp"].endswith("Z")
    assert "typename" not in repr(made)


def keys(value):
    """Return the names of all fields in a dump; user's own JSON, such as a table's rows, is text there."""
    if isinstance(value, list):
        return {key for item in value for key in keys(item)}
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys(item)}
    return set()
