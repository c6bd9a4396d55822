"""The instance, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import ConcurrencyLimit, DaemonStatus, Instance, Permission

pytestmark = pytest.mark.anyio

NO_RUN = "00000000-0000-4000-8000-000000000000"


async def test_instance_get(client):
    found = await client.instance.get()
    assert type(found) is Instance
    assert found.run_launcher.name == "DefaultRunLauncher"
    assert (found.min_concurrency_limit, found.max_concurrency_limit) == (0, 1000)


async def test_instance_version(client):
    assert (await client.instance.version()).count(".") >= 2


async def test_instance_daemons(client):
    found = await client.instance.daemons().to_list()
    assert {type(each) for each in found} == {DaemonStatus}
    assert {"SCHEDULER", "SENSOR"} <= {each.type for each in found}


async def test_instance_permissions(client):
    found = await client.instance.permissions().to_list()
    assert {type(each) for each in found} == {Permission}
    assert "launch_pipeline_execution" in {each.name for each in found}


async def test_instance_permissions_of_a_location(client):
    found = await client.instance.permissions(location="demo").to_list()
    assert {type(each) for each in found} == {Permission}


async def test_instance_concurrency_limits(client):
    await client.instance.set_concurrency_limit("database", 3)
    (found,) = await client.instance.concurrency_limits(pattern="database").to_list()
    assert type(found) is ConcurrencyLimit
    assert (found.pool, found.limit, found.slot_count) == ("database", 3, 3)
    (same,) = await client.instance.concurrency_limits(pool="database").to_list()
    assert same == found
    assert await client.instance.delete_concurrency_limit("database") is None
    assert await client.instance.concurrency_limits(pattern="database").to_list() == []


async def test_instance_free_concurrency_slots(client):
    assert await client.instance.free_concurrency_slots(NO_RUN) is None
    assert await client.instance.free_concurrency_slots(NO_RUN, step_key="load") is None


async def test_instance_set_auto_materialize_paused(client):
    assert await client.instance.set_auto_materialize_paused() is None
    assert (await client.instance.get()).auto_materialize_paused
    assert await client.instance.set_auto_materialize_paused(paused=False) is None
    assert not (await client.instance.get()).auto_materialize_paused


@pytest.mark.plus
async def test_instance_default_timezone(client):
    assert isinstance(await client.instance.default_timezone(), str)
