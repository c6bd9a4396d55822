"""Sensors, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AssetKey,
    InstigationState,
    NotFoundError,
    Sensor,
    SensorSummary,
    Tick,
    TickPreview,
)

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "__repository__"}
NAME = "new_campaigns"


async def test_sensors_list(client):
    listed = {s.name: s async for s in client.sensors.list(sensor_type="STANDARD")}
    assert type(listed[NAME]) is SensorSummary


async def test_sensors_get(client):
    found = await client.sensors.get(NAME)
    assert type(found) is Sensor
    assert found.asset_selection.asset_keys == [AssetKey("campaign_results")]


async def test_sensors_get_unknown(client):
    with pytest.raises(NotFoundError, match="did you mean 'new_campaigns'") as caught:
        await client.sensors.get("new_campaign")
    assert caught.value.code == "SENSOR_NOT_FOUND"


async def test_sensors_ticks(client, ticks):
    found = await client.sensors.ticks(NAME, page_size=2).to_list()
    assert {type(tick) for tick in found} == {Tick}
    first, second = found[-1], found[-2]
    assert (first.status, first.run_keys) == ("SUCCESS", ["winter"])
    assert second.skip_reason == "no campaign is left"
    [failed, *_] = await client.sensors.ticks(NAME, statuses="FAILURE", limit=1).to_list()
    assert failed.error.causes[0].class_name == "ValueError"


async def test_sensors_start(client, ticks):
    found = await client.sensors.start(NAME, **HOME)
    assert (type(found), found.status) == (InstigationState, "RUNNING")


async def test_sensors_stop(client, ticks):
    found = await client.sensors.stop(NAME, **HOME)
    assert (type(found), found.status) == (InstigationState, "STOPPED")


async def test_sensors_reset(client, ticks):
    found = await client.sensors.reset(NAME, **HOME)
    assert (type(found), found.status) == (InstigationState, "STOPPED")


async def test_sensors_set_cursor(client, ticks):
    found = await client.sensors.set_cursor(NAME, "4")
    assert found.data.last_cursor == "4"


async def test_sensors_dry_run(client):
    found = await client.sensors.dry_run(NAME, from_cursor="4")
    assert type(found) is TickPreview
    assert found.evaluation.skip_reason == "no campaign is left"
    failed = await client.sensors.dry_run(NAME, from_cursor="x")
    assert failed.evaluation.error.causes[0].class_name == "ValueError"
