"""Backfills, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AssetKey,
    Backfill,
    BackfillProgress,
    BackfillSummary,
    BackfillTarget,
    ConflictError,
    NotFoundError,
)

pytestmark = pytest.mark.anyio

DAYS = ["2024-01-01", "2024-01-02"]


async def test_backfills_list(client, backfill_id):
    mine = [backfill_id("job"), backfill_id("range"), backfill_id("assets")]
    found = await client.backfills.list(page_size=2, where=lambda b: b.id in mine).to_list()
    assert [(type(b), b.id) for b in found] == [(BackfillSummary, i) for i in mine]


async def test_backfills_get(client, backfill_id):
    found = await client.backfills.get(backfill_id("assets"))
    assert type(found) is Backfill
    assert (found.status, found.title) == ("COMPLETED_SUCCESS", "two days")
    made = [(s.asset_key, s.targeted, s.materialized) for s in found.assets.statuses]
    assert made == [(AssetKey("raw_orders"), 2, 2), (AssetKey("orders"), 2, 2)]


async def test_backfills_get_unknown(client):
    with pytest.raises(NotFoundError, match="nope") as caught:
        await client.backfills.get("nope")
    assert caught.value.code == "BACKFILL_NOT_FOUND"


async def test_backfills_preview(client):
    found = await client.backfills.preview(["raw_orders", "orders"], partitions=DAYS).to_list()
    assert [type(target) for target in found] == [BackfillTarget] * 2
    assert [(r.start, r.end) for r in found[1].partitions.ranges] == [("2024-01-01", "2024-01-02")]


async def test_backfills_create(client):
    launch = {
        "assets": ["raw_orders"],
        "partition_range": ["2024-03-01", "2024-03-02"],
        "title": "recorded",
        "idempotency_key": "created-once",
    }
    made = await client.backfills.create(**launch)
    assert type(made) is Backfill
    assert (made.title, made.num_partitions) == ("recorded", 2)
    assert (await client.backfills.create(**launch)).id == made.id


async def test_backfills_create_of_a_job(client):
    made = await client.backfills.create(
        job="daily_orders",
        partition_range=["2024-03-04", "2024-03-05"],
        idempotency_key="created-of-a-job",
    )
    assert (made.job_name, made.partition_keys) == ("daily_orders", ["2024-03-04", "2024-03-05"])


async def test_backfills_create_of_unknown_partitions(client):
    with pytest.raises(NotFoundError, match="2025-01-01") as caught:
        await client.backfills.create(
            job="daily_orders", partitions=["2025-01-01"], idempotency_key="unknown"
        )
    assert caught.value.code == "PARTITION_KEYS_NOT_FOUND"


async def test_backfills_cancel(client):
    made = await client.backfills.create(
        job="daily_orders", partitions=["2024-03-06"], idempotency_key="canceled"
    )
    assert await client.backfills.cancel(made.id) is None
    assert (await client.backfills.get(made.id)).status in ("CANCELING", "CANCELED")


async def test_backfills_cancel_ended(client, backfill_id):
    with pytest.raises(ConflictError, match="COMPLETED_SUCCESS"):
        await client.backfills.cancel(backfill_id("job"))


async def test_backfills_resume(client):
    made = await client.backfills.create(
        job="daily_orders", partitions=["2024-03-07"], idempotency_key="resumed"
    )
    await client.backfills.cancel(made.id)
    assert await client.backfills.resume(made.id) is None
    assert (await client.backfills.get(made.id)).status == "REQUESTED"


async def test_backfills_reexecute(client, backfill_id):
    made = await client.backfills.reexecute(backfill_id("job"), strategy="ALL_STEPS")
    assert type(made) is Backfill
    assert backfill_id("job") in [tag.value for tag in made.tags]


async def test_backfills_wait(client, backfill_id, poll):
    found = await client.backfills.wait(backfill_id("range"), timeout=60, poll=poll)
    assert (type(found), found.status) == (Backfill, "COMPLETED_SUCCESS")


async def test_backfills_follow(client, backfill_id, poll):
    steps = client.backfills.follow(backfill_id("assets"), timeout=60, poll=poll)
    [found] = [step async for step in steps]
    assert (type(found), found.status) == (BackfillProgress, "COMPLETED_SUCCESS")
    made = [(s.asset_key, s.targeted, s.materialized, s.failed) for s in found.assets.statuses]
    assert made == [(AssetKey("raw_orders"), 2, 2, 0), (AssetKey("orders"), 2, 2, 0)]
