"""Backfills and ticks for tests to look at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster_plus_sdk import DagsterPlus


def run_backfills(client: DagsterPlus) -> dict[str, str]:
    """Launch backfills of each kind, oldest first, and wait until they have ended: up to 45 s."""
    days, january = ["2024-01-01", "2024-01-02"], ["2024-01-10", "2024-01-12"]
    made = {
        "assets": client.backfills.create(
            assets=["raw_orders", "orders"],
            partitions=days,
            tags={"suite": "backfills"},
            title="two days",
            description="of orders",
            idempotency_key="assets once",
        ),
        "range": client.backfills.create(assets=["raw_orders"], partition_range=january),
        "job": client.backfills.create(
            job="daily_orders", partition_range=["2024-02-01", "2024-02-02"]
        ),
    }
    for backfill in made.values():
        client.backfills.wait(backfill.id, timeout=120, poll=0.5)
    return {name: backfill.id for name, backfill in made.items()}


def let_sensor_tick(client: DagsterPlus) -> list[str]:
    """Let the demo's sensor tick at least three times: it adds a campaign, then has none left, then fails.

    Returns:
        The ticks' ids, newest first.
    """
    name = "new_campaigns"

    def wait_for(statuses: str) -> None:
        end = time.monotonic() + 60
        while client.sensors.ticks(name, statuses=statuses).first() is None:
            assert time.monotonic() < end, f"no tick became {statuses} in time"
            time.sleep(0.3)

    client.sensors.set_cursor(name, "3")
    client.sensors.start(name)
    wait_for("SUCCESS")
    wait_for("SKIPPED")
    client.sensors.set_cursor(name, "x")
    wait_for("FAILURE")
    client.sensors.stop(name)
    while client.sensors.ticks(name, statuses="STARTED").first():
        time.sleep(0.3)
    client.sensors.set_cursor(name, None)
    return [tick.id for tick in client.sensors.ticks(name)]
