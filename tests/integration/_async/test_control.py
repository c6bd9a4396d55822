"""A Dagster with what fails, waits for slots and ticks."""

from __future__ import annotations

import asyncio
import os

import pytest

from dagster_plus_sdk import (
    AssetKey,
    AsyncDagsterPlus,
    BackfillFailedError,
    LocationLoadError,
    RunFailedError,
    ServerError,
)

pytestmark = pytest.mark.anyio

#: Schedules tick once per minute at most, and the daemon looks at backfills every 30 s: `make fuzz` waits for them.
SLOW = pytest.mark.skipif("CONTROL_TICKS" not in os.environ, reason="takes a minute and more")


@pytest.fixture
async def client(control, sent):
    async with AsyncDagsterPlus(url=control[0]) as client:
        yield client


async def test_reexecution_from_the_failure_of_assets(client):
    chosen = ["flour", "bread", "cake", "party"]
    run = await client.runs.create("__ASSET_JOB", asset_selection=chosen)
    with pytest.raises(RunFailedError, match="the oven went out") as caught:
        await client.runs.wait(run.id, timeout=180)
    assert [step.step_key for step in caught.value.steps] == ["oven"]
    # What was made is not made again: half of a step is.
    again = await client.runs.reexecute(run.id, strategy="FROM_ASSET_FAILURE")
    assert (again.parent_run_id, again.root_run_id) == (run.id, run.id)
    assert {*again.asset_selection} == {AssetKey("cake"), AssetKey("party")}
    assert (await client.runs.wait(again.id, timeout=180)).status == "SUCCESS"
    with pytest.raises(ServerError, match="No assets or asset checks needed"):
        await client.runs.reexecute(again.id, strategy="FROM_ASSET_FAILURE")


async def test_the_slots_of_a_pool(client):
    async def active():
        [pool] = await client.instance.concurrency_limits(pool="printer").to_list()
        return pool.active_slot_count, pool.active_run_ids

    await client.instance.set_concurrency_limit("printer", 1)
    run = await client.runs.create("labels")
    types = client.run_events.follow(run.id, types="STEP_START", timeout=180)
    assert (await anext(types)).step_key == "print_labels"
    await types.aclose()
    assert await active() == (1, [run.id])
    await client.instance.free_concurrency_slots(run.id)
    assert await active() == (0, [])
    await client.runs.terminate(run.id)
    with pytest.raises(RunFailedError, match="CANCELED"):
        await client.runs.wait(run.id, timeout=180)
    await client.instance.delete_concurrency_limit("printer")


async def test_code_that_breaks_and_is_repaired(client, control):
    file = control[1]
    good = file.read_text()
    [name] = [location.name async for location in client.code_locations.list()]
    try:
        file.write_text("from nowhere import anything\n" + good)
        with pytest.raises(LocationLoadError, match="No module named 'nowhere'") as caught:
            await client.code_locations.reload(name)
        raised = caught.value
        assert (raised.name, raised.class_name) == (name, "ModuleNotFoundError")
        assert any("from nowhere import anything" in line for line in raised.stack)
        with pytest.raises(LocationLoadError, match="No module named 'nowhere'"):
            await client.code_locations.wait_until_loaded(name)
    finally:
        file.write_text(good)
    repaired = await client.code_locations.reload(name)
    assert [found.name for found in repaired.location_or_load_error.repositories]
    assert (await client.code_locations.wait_until_loaded(None))[0].name == name


async def test_a_sensor_is_started_stopped_and_reset(client):
    assert (await client.sensors.set_cursor("doorbell", "41")).data.last_cursor == "41"
    assert (await client.sensors.start("doorbell")).status == "RUNNING"
    found = await client.sensors.get("doorbell")
    assert (found.can_reset, found.state.status) == (True, "RUNNING")
    for _ in range(2):
        assert (await client.sensors.stop("doorbell")).status == "STOPPED"
    assert (await client.sensors.reset("doorbell")).status == "STOPPED"
    found = await client.sensors.get("doorbell")
    assert (found.can_reset, found.state.status) == (False, "STOPPED")


@SLOW
async def test_a_schedule_ticks(client):
    await client.schedules.start("each_minute")
    for _ in range(300):
        ticks = await client.schedules.ticks("each_minute", statuses="SUCCESS").to_list()
        if ticks:
            break
        await asyncio.sleep(0.3)
    await client.schedules.stop("each_minute")
    assert [len(tick.run_ids) for tick in ticks] == [1] * len(ticks) != []
    assert (await client.runs.wait(ticks[0].run_ids[0], timeout=180)).job_name == "bell"


@SLOW
async def test_a_backfill_with_a_partition_that_fails(client):
    made = await client.backfills.create(assets=["stock", "shelf"], all_partitions=True)
    steps = [step async for step in client.backfills.follow(made.id, timeout=240, poll=0.5)]
    assert steps[-1].status == "COMPLETED_FAILED"
    with pytest.raises(BackfillFailedError, match="stock: 1 of 3 partitions failed") as caught:
        await client.backfills.wait(made.id, timeout=180)
    assert (caught.value.failed, len(caught.value.errors)) == (2, 2)
    again = await client.backfills.reexecute(made.id)
    assert again.num_partitions == 1
    await client.backfills.cancel(again.id)
