"""Sensors: what is their own."""

from __future__ import annotations

import pytest
from kit.automation import instigators, preview, sensor, state, whole_sensor

from dagster_plus_sdk import AssetKey, Sensor, SensorData, SensorType, UserDefinitionOwner, errors

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "repo"}
SELECTOR = {"repositoryLocationName": "demo", "repositoryName": "repo", "sensorName": "watch"}


async def test_get(client, server):
    server.data(whole_sensor("watch"))
    found = await client.sensors.get("watch", **HOME)
    assert type(found) is Sensor
    assert found.owners == [UserDefinitionOwner(email="ada@example.com")]
    assert found.monitors.asset_keys == [AssetKey("b", "c")]
    assert found.asset_selection.asset_checks[0].name == "fresh"
    assert type(found.state.data) is SensorData
    assert found.state.data.last_cursor == "7"
    assert server.received[0].variables == {"sensorSelector": SELECTOR}


@pytest.mark.parametrize("kind", ["asset", SensorType.ASSET])
async def test_the_server_filters_by_type(client, server, kind):
    server.data(instigators("sensor", sensor("watch")))
    await client.sensors.list(sensor_type=kind).to_list()
    assert server.received[0].variables == {"sensorType": "ASSET"}


async def test_a_type_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="sensor_type cannot be 'SIXTH'"):
        client.sensors.list(sensor_type="SIXTH")
    assert server.requests == 0


@pytest.mark.parametrize("value", ["9", "", None])
async def test_set_cursor(client, server, value):
    server.data({"setSensorCursor": {"__typename": "Sensor", "state": state("x", kind="SENSOR")}})
    found = await client.sensors.set_cursor("watch", value, **HOME)
    assert found.data.last_cursor == "7"
    assert server.received[0].variables == {"sensorSelector": SELECTOR, "cursor": value}


async def test_a_cursor_is_not_set_twice(client, server):
    from kit.server import Reply

    server.reply(Reply(b"", 504))
    with pytest.raises(errors.ServiceUnavailableError):
        await client.sensors.set_cursor("watch", "9", **HOME)
    assert server.requests == 1


@pytest.mark.parametrize(("given", "sent"), [({}, None), ({"from_cursor": "4"}, "4")])
async def test_a_dry_run_from_a_cursor(client, server, given, sent):
    server.data(preview("sensorDryRun"))
    found = await client.sensors.dry_run("watch", **given, **HOME)
    assert found.evaluation.cursor == "8"
    assert server.received[0].variables == {"sensorSelector": SELECTOR, "cursor": sent}


async def test_a_stop_that_tells_no_state_asks_for_it(client, server):
    running = {"instigationStateOrError": state("watch", kind="SENSOR", status="RUNNING")}
    stopped = {"instigationStateOrError": state("watch", kind="SENSOR")}
    nothing = {"stopSensor": {"__typename": "StopSensorMutationResult", "state": None}}
    server.data(running, nothing, stopped)
    assert (await client.sensors.stop("watch", **HOME)).status == "STOPPED"
    assert server.operations == ["GetInstigationState", "StopSensor", "GetInstigationState"]
