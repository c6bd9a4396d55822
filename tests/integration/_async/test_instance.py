"""A real instance."""

from __future__ import annotations

import asyncio

import pytest

from dagster_plus_sdk import ConcurrencyLimit, DaemonStatus, Instance, NotFoundError, Permission

pytestmark = pytest.mark.anyio

NO_RUN = "00000000-0000-4000-8000-000000000000"


async def test_get(client):
    found = await client.instance.get()
    assert type(found) is Instance
    assert found.run_launcher.name == "DefaultRunLauncher"
    assert found.run_queue is None
    assert found.pools is not None
    assert (found.min_concurrency_limit, found.max_concurrency_limit) == (0, 1000)
    assert found.executable_path


async def test_version(client):
    assert (await client.instance.version()).count(".") >= 2


async def test_daemons(client):
    found = await client.instance.daemons().to_list()
    assert {"SCHEDULER", "SENSOR"} <= {each.type for each in found}
    assert {type(each) for each in found} == {DaemonStatus}
    for _ in range(600):  # they may have begun just now
        beating = await client.instance.daemons(healthy=True).to_list()
        if beating:
            break
        await asyncio.sleep(0.1)
    assert beating
    assert all(each.last_heartbeat_at.tzinfo is not None for each in beating)
    needless = await client.instance.daemons(required=False).to_list()
    assert {each.type for each in needless}.isdisjoint({"SCHEDULER", "SENSOR"})


async def test_permissions(client):
    found = await client.instance.permissions().to_list()
    assert {type(each) for each in found} == {Permission}
    assert "launch_pipeline_execution" in {each.name for each in found}
    there = await client.instance.permissions(location="demo", granted=True).to_list()
    assert {each.name for each in there} < {each.name for each in found}
    refused = await client.instance.permissions(granted=False).to_list()
    assert [each.name for each in refused] == ["edit_app_managed_components"]
    assert refused[0].disabled_reason == "Disabled by your administrator"
    with pytest.raises(NotFoundError, match="no code location 'nope'"):
        await client.instance.permissions(location="nope").to_list()


async def test_concurrency_limits(client):
    instance = client.instance
    await instance.set_concurrency_limit("database", 3)
    await instance.set_concurrency_limit("api", 0)
    found = await instance.concurrency_limits(pattern="[ad]*").to_list()
    assert [(type(each), each.pool, each.limit) for each in found] == [
        (ConcurrencyLimit, "api", 0),
        (ConcurrencyLimit, "database", 3),
    ]
    (database,) = await instance.concurrency_limits(pool="database").to_list()
    assert (database.slot_count, database.active_slot_count) == (3, 0)
    await instance.free_concurrency_slots(NO_RUN)
    await instance.free_concurrency_slots(NO_RUN, step_key="load")
    for pool in ("api", "database", "database"):
        await instance.delete_concurrency_limit(pool)
    assert await instance.concurrency_limits(pattern="[ad]*").to_list() == []


async def test_auto_materialize(client):
    for paused in (True, False):
        await client.instance.set_auto_materialize_paused(paused=paused)
        assert (await client.instance.get()).auto_materialize_paused is paused
