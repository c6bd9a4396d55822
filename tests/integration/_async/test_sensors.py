"""Sensors of the demo project, and ticks that the daemon made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dagster_plus_sdk import AssetKey, NotFoundError, Sensor, SensorSummary, Tick

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "__repository__"}
NAME = "new_campaigns"


async def test_list_and_get(client):
    for given in ({}, HOME, {"pattern": "new_*"}, {"sensor_type": "STANDARD"}):
        listed = {sensor.name: sensor async for sensor in client.sensors.list(**given)}
        assert type(listed[NAME]) is SensorSummary
        assert listed[NAME].min_interval_seconds == 5
    assert await client.sensors.list(sensor_type="ASSET").to_list() == []
    found = await client.sensors.get(NAME)
    assert type(found) is Sensor
    assert found.asset_selection.asset_keys == [AssetKey("campaign_results")]
    assert found.can_set_cursor


async def test_the_cursor(client, tick_ids):
    assert (await client.sensors.set_cursor(NAME, "4")).data.last_cursor == "4"
    assert (await client.sensors.get(NAME)).state.data.last_cursor == "4"
    assert (await client.sensors.set_cursor(NAME, None, **HOME)).data.last_cursor is None


async def test_dry_runs(client):
    found = (await client.sensors.dry_run(NAME)).evaluation
    [request] = found.run_requests
    assert (request.run_key, request.asset_selection) == ("spring", [AssetKey("campaign_results")])
    [partitions] = found.dynamic_partitions_requests
    assert (partitions.partition_keys, found.cursor) == (["spring"], "1")
    skipped = (await client.sensors.dry_run(NAME, from_cursor="4")).evaluation
    assert (skipped.run_requests, skipped.skip_reason) == ([], "no campaign is left")
    failed = (await client.sensors.dry_run(NAME, from_cursor="x")).evaluation
    assert failed.error.causes[0].class_name == "ValueError"


async def test_ticks(client, tick_ids):
    ticks = await client.sensors.ticks(NAME).to_list()
    assert all(type(tick) is Tick for tick in ticks)
    assert [tick.id for tick in ticks] == tick_ids
    times = [tick.timestamp for tick in ticks]
    assert times == sorted(times, reverse=True)
    first = ticks[-1]
    assert (first.status, first.run_keys, first.cursor) == ("SUCCESS", ["winter"], "4")
    assert (await client.runs.get(first.run_ids[0])).job_name == "__ASSET_JOB"
    assert first.dynamic_partitions_results[0].partitions_def_name == "campaigns"
    assert ticks[-2].skip_reason == "no campaign is left"
    assert ticks[0].error.causes[0].class_name == "ValueError"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_pages_of_ticks(client, tick_ids, size):
    for limit in range(len(tick_ids) + 1):
        pager = client.sensors.ticks(NAME, page_size=size, limit=limit)
        head = [tick.id async for tick in pager]
        rest = client.sensors.ticks(NAME, page_size=size, cursor=pager.cursor)
        assert head + [tick.id async for tick in rest] == tick_ids


async def test_filters_of_ticks(client, tick_ids):
    ticks = await client.sensors.ticks(NAME).to_list()

    async def ids(**given):
        return [tick.id async for tick in client.sensors.ticks(NAME, page_size=1, **given)]

    assert await ids(statuses="success") == tick_ids[-1:]
    assert await ids(statuses=["FAILURE", "SUCCESS"]) == [
        tick.id for tick in ticks if tick.status in ("FAILURE", "SUCCESS")
    ]
    moment = timedelta(milliseconds=1)
    middle = ticks[1].timestamp
    assert await ids(before=middle) == tick_ids[2:]
    assert await ids(before=middle + moment, after=ticks[-1].timestamp + moment) == tick_ids[1:-1]
    assert await ids(after=middle + moment) == tick_ids[:1]


@pytest.mark.parametrize("verb", ["get", "start", "stop", "reset", "dry_run"])
async def test_unknown(client, verb):
    for place in ({}, HOME):
        with pytest.raises(NotFoundError):
            await getattr(client.sensors, verb)("nope", **place)
