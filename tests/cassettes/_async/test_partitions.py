"""Partitions, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import ConflictError, NotFoundError, PartitionStatus, PartitionTimeStatuses

pytestmark = pytest.mark.anyio


async def test_partitions_list(client):
    keys = await client.partitions.list(asset="orders", page_size=50).to_list()
    assert (len(keys), keys[0], keys[-1]) == (91, "2024-01-01", "2024-03-31")
    last = await client.partitions.list(asset="orders", last_first=True, limit=2).to_list()
    assert last == ["2024-03-31", "2024-03-30"]


async def test_partitions_list_of_a_job(client):
    found = client.partitions.list(job="daily_orders", last_first=True, limit=2)
    assert await found.to_list() == ["2024-03-31", "2024-03-30"]
    rest = client.partitions.list(job="daily_orders", last_first=True, limit=1, cursor=found.cursor)
    assert await rest.to_list() == ["2024-03-29"]


async def test_partitions_status(client, backfills):
    found = await client.partitions.status("raw_orders")
    assert type(found) is PartitionStatus
    assert found.counts.total == 91
    assert type(found.statuses) is PartitionTimeStatuses
    assert "MATERIALIZED" in {made.status for made in found.statuses.ranges}


async def test_partitions_status_unknown(client):
    with pytest.raises(NotFoundError, match="nope") as caught:
        await client.partitions.status("nope")
    assert caught.value.code == "ASSET_NOT_FOUND"


async def test_partitions_add(client):
    await client.partitions.add("campaigns", ["recorded", "too"])
    with pytest.raises(ConflictError, match="recorded"):
        await client.partitions.add("campaigns", "recorded")
    assert "too" in await client.partitions.list(asset="campaign_results").to_list()


async def test_partitions_delete(client):
    await client.partitions.add("campaigns", "deleted")
    assert await client.partitions.delete("campaigns", ["deleted"]) is None
    assert "deleted" not in await client.partitions.list(asset="campaign_results").to_list()
