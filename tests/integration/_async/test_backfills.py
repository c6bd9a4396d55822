"""Backfills that the daemon ran, and changes of them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from dagster_plus_sdk import (
    AssetKey,
    Backfill,
    BackfillFailedError,
    BackfillProgress,
    BackfillSummary,
    ConflictError,
    NotFoundError,
    ServerError,
    WaitTimeoutError,
)

pytestmark = pytest.mark.anyio

DAYS = ["2024-01-01", "2024-01-02"]


async def test_assets(client, backfill_ids):
    found = await client.backfills.wait(backfill_ids["assets"], timeout=180, poll=0.5)
    assert type(found) is Backfill
    assert (found.status, found.title, found.description) == (
        "COMPLETED_SUCCESS",
        "two days",
        "of orders",
    )
    assert (found.is_asset_backfill, found.num_partitions) == (True, 2)
    assert found.created_at < found.ended_at
    assert ("suite", "backfills") in [(tag.key, tag.value) for tag in found.tags]
    made = [(s.asset_key, s.targeted, s.materialized, s.failed) for s in found.assets.statuses]
    assert made == [(AssetKey("raw_orders"), 2, 2, 0), (AssetKey("orders"), 2, 2, 0)]
    runs = await client.runs.list(tags={"dagster/backfill": found.id}).to_list()
    assert len(runs) >= 2


async def test_progress(client, backfill_ids, backfill_progress):
    """The daemon launches the runs at one look, and sees at the next what came of them."""
    seen = [
        (step.status, [(s.targeted, s.in_progress, s.materialized, s.failed) for s in counts])
        for step in backfill_progress
        if (counts := step.assets.statuses)
    ]
    launched = ("REQUESTED", [(2, 2, 0, 0)] * 2)
    # It may have looked before the first question was asked.
    assert seen[0] in (("REQUESTED", [(2, 0, 0, 0)] * 2), launched)
    assert launched in seen
    assert seen[-1] == ("COMPLETED_SUCCESS", [(2, 0, 2, 0)] * 2)
    assert all(step != after for step, after in pairwise(backfill_progress))
    [of_job] = [step async for step in client.backfills.follow(backfill_ids["job"], timeout=180)]
    assert type(of_job) is BackfillProgress
    assert [(c.run_status, c.count) for c in of_job.run_counts] == [("SUCCESS", 2)]
    with pytest.raises(NotFoundError):
        await anext(client.backfills.follow("nope", timeout=180))


async def test_one_that_failed(client, backfill_ids):
    with pytest.raises(BackfillFailedError, match=r"ended with FAILED: .*seed") as caught:
        await client.backfills.wait(backfill_ids["broken"], timeout=180)
    raised = caught.value
    assert (raised.backfill_id, raised.status, raised.failed) == (
        backfill_ids["broken"],
        "FAILED",
        0,
    )
    assert [
        (what["asset_key"], what["targeted"], what["materialized"]) for what in raised.errors
    ] == [
        ("raw_orders", 2, 0),
        ("orders", 2, 0),
    ]
    assert raised.stack
    again = await client.backfills.reexecute(backfill_ids["broken"])
    assert again.num_partitions == 2
    await client.backfills.cancel(again.id)
    [last] = [step async for step in client.backfills.follow(backfill_ids["broken"])]
    assert (last.status, "seed" in last.error.message) == ("FAILED", True)


async def test_a_job_by_range(client, backfill_ids):
    found = await client.backfills.wait(backfill_ids["job"], timeout=180, poll=0.5)
    assert (found.status, found.job_name) == ("COMPLETED_SUCCESS", "daily_orders")
    assert found.partition_keys == ["2024-02-01", "2024-02-02"]
    assert [(c.run_status, c.count) for c in found.run_counts] == [("SUCCESS", 2)]


async def test_assets_by_range(client, backfill_ids):
    found = await client.backfills.get(backfill_ids["range"])
    assert (found.status, found.num_partitions) == ("COMPLETED_SUCCESS", 3)
    with pytest.raises(ServerError, match="no missing materializations"):
        await client.backfills.reexecute(found.id)


@pytest.mark.parametrize("size", [1, 2, 50])
async def test_pages(client, backfill_ids, size):
    mine = list(backfill_ids.values())[::-1]
    found = client.backfills.list(page_size=size, where=lambda b: b.id in mine)
    everything = await found.to_list()
    assert all(type(b) is BackfillSummary for b in everything)
    assert [b.id for b in everything] == mine
    pager = client.backfills.list(where=lambda b: b.id in mine, page_size=size, limit=1)
    head = [b.id async for b in pager]
    rest = client.backfills.list(where=lambda b: b.id in mine, cursor=pager.cursor)
    assert head + [b.id async for b in rest] == mine


async def test_filters(client, backfill_ids):
    backfill = await client.backfills.get(backfill_ids["job"])
    moment = timedelta(milliseconds=1)
    window = {
        "created_after": backfill.created_at - moment,
        "created_before": backfill.created_at + moment,
    }
    found = await client.backfills.list(statuses="completed_success", **window).to_list()
    assert [b.id for b in found] == [backfill.id]
    assert await client.backfills.list(statuses="FAILED", **window).to_list() == []


async def test_a_key_of_ones_own_finds_the_first(client, backfill_ids):
    again = await client.backfills.create(
        assets=["raw_orders", "orders"], partitions=DAYS, idempotency_key="assets once"
    )
    assert again.id == backfill_ids["assets"]


async def test_preview(client):
    found = await client.backfills.preview(["raw_orders", "orders"], partitions=DAYS).to_list()
    assert [target.asset_key for target in found] == [AssetKey("raw_orders"), AssetKey("orders")]
    assert [(r.start, r.end) for r in found[0].partitions.ranges] == [("2024-01-01", "2024-01-02")]


async def test_changes(client):
    made = await client.backfills.create(job="daily_orders", partitions=["2024-03-30"])
    with pytest.raises(ServerError, match="still in progress"):
        await client.backfills.reexecute(made.id)
    with pytest.raises(WaitTimeoutError, match="did not end") as caught:
        await client.backfills.wait(made.id, timeout=0.2, poll=0.05)
    assert caught.value.terminated == ()
    with pytest.raises(WaitTimeoutError, match=f"asked to end: {made.id}") as caught:
        await client.backfills.wait(made.id, timeout=0.2, poll=0.05, cancel_on_timeout=True)
    assert caught.value.terminated == [made.id]
    assert (await client.backfills.get(made.id)).status in ("CANCELING", "CANCELED")
    await client.backfills.resume(made.id)
    assert (await client.backfills.get(made.id)).status == "REQUESTED"
    await client.backfills.cancel(made.id)


async def test_what_has_ended(client, backfill_ids):
    for call in (client.backfills.cancel, client.backfills.resume):
        with pytest.raises(ConflictError, match="COMPLETED_SUCCESS"):
            await call(backfill_ids["range"])


async def test_reexecute_and_resume(client, backfill_ids):
    made = await client.backfills.reexecute(backfill_ids["job"], strategy="ALL_STEPS")
    parent = [tag.value for tag in made.tags if tag.key == "dagster/parent_backfill_id"]
    assert parent == [backfill_ids["job"]]
    await client.backfills.cancel(made.id)


async def test_what_dagster_refuses(client):
    with pytest.raises(NotFoundError, match="2025-01-01"):
        await client.backfills.create(job="daily_orders", partitions=["2025-01-01"])
    with pytest.raises(ServerError):
        await client.backfills.create(assets=["orders"], partitions=["2025-01-01"])
    with pytest.raises(NotFoundError, match="did you mean 'daily_orders'"):
        await client.backfills.create(job="daily_order", all_partitions=True)
    backfills = client.backfills
    for call in (backfills.get, backfills.cancel, backfills.resume, backfills.reexecute):
        with pytest.raises(NotFoundError):
            await call("nope")
