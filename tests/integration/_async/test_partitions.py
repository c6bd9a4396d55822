"""Partitions of assets and jobs, and dynamic ones."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    ConflictError,
    NotFoundError,
    NotSupportedError,
    PartitionKeyStatuses,
    PartitionStatus,
    PartitionTimeStatuses,
    PermissionDeniedError,
)

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "__repository__"}


@pytest.mark.parametrize("whose", [{"asset": "orders"}, {"job": "daily_orders"}])
@pytest.mark.parametrize("last_first", [False, True])
async def test_keys(client, whose, last_first):
    keys = await client.partitions.list(**whose, last_first=last_first).to_list()
    assert (len(keys), keys == sorted(keys, reverse=last_first)) == (91, True)
    assert {keys[0], keys[-1]} == {"2024-01-01", "2024-03-31"}
    pager = client.partitions.list(**whose, last_first=last_first, page_size=7, limit=10)
    head = await pager.to_list()
    rest = client.partitions.list(**whose, last_first=last_first, page_size=40, cursor=pager.cursor)
    assert head + await rest.to_list() == keys


async def test_keys_of_other_kinds(client):
    regions = await client.partitions.list(asset="regional_sales", page_size=3).to_list()
    assert regions == ["north", "south", "east", "west"]
    assert await client.partitions.list(asset="customers").to_list() == []
    assert await client.partitions.list(job="daily_report").to_list() == []


async def test_unknown(client):
    with pytest.raises(NotFoundError):
        await client.partitions.list(asset="nope").to_list()
    with pytest.raises(NotFoundError):
        await client.partitions.list(job="nope").to_list()
    with pytest.raises(NotFoundError):
        await client.partitions.status("nope")


async def test_status(client, backfill_ids):
    found = await client.partitions.status("orders")
    assert type(found) is PartitionStatus
    assert type(found.statuses) is PartitionTimeStatuses
    assert (found.counts.total, found.definition.type) == (91, "TIME_WINDOW")
    made = [(r.start_key, r.end_key) for r in found.statuses.ranges if r.status == "MATERIALIZED"]
    assert ("2024-01-01", "2024-01-02") in made
    regions = await client.partitions.status("regional_sales")
    assert type(regions.statuses) is PartitionKeyStatuses
    made = {*regions.statuses.materialized, *regions.statuses.missing}
    assert made == {"north", "south", "east", "west"}
    assert (await client.partitions.status("customers")).counts is None


async def test_dynamic_partitions(client, fresh):
    keys = [fresh("one"), fresh("two"), fresh("three")]
    await client.partitions.add("campaigns", keys[:2])
    with pytest.raises(ConflictError):
        await client.partitions.add("campaigns", keys[1])
    await client.partitions.add("campaigns", keys[1:], exist_ok=True, **HOME)

    async def mine():
        found = client.partitions.list(asset="campaign_results", where=lambda key: key in keys)
        return await found.to_list()

    assert await mine() == keys
    await client.partitions.delete("campaigns", keys[0])
    assert await mine() == keys[1:]
    # The demo's storage cannot wipe partitions; then nothing is deleted.
    with pytest.raises(NotSupportedError):
        await client.partitions.delete("campaigns", keys[1:], wipe_materializations=True)
    assert await mine() == keys[1:]
    await client.partitions.delete("campaigns", [*keys, "never there"], **HOME)
    assert await mine() == []


async def test_a_definition_that_is_not_there(client):
    with pytest.raises(NotFoundError, match="did you mean 'campaigns'"):
        await client.partitions.add("campaign", "x")
    with pytest.raises(PermissionDeniedError):
        await client.partitions.add("campaign", "x", **HOME)
