"""Backfills and ticks for tests to look at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dagster_plus_sdk import BackfillProgress, DagsterPlus


def run_backfills(
    client: DagsterPlus, follow: Callable[[BackfillProgress], None] = lambda _: None
) -> dict[str, str]:
    """Launch backfills of each kind, oldest first, and wait until they have ended: up to 65 s.

    Args:
        client: Where.
        follow: Is told how the first of them goes.

    Returns:
        Their ids, by the names of what they are.
    """
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
        "broken": client.backfills.create(
            assets=["raw_orders", "orders"],
            partitions=["2024-03-10", "2024-03-11"],
            run_config={"resources": {"order_book": {"config": {"seed": "no number"}}}},
        ),
    }
    for progress in client.backfills.follow(made["assets"].id, timeout=300, poll=0.3):
        follow(progress)
    for backfill in made.values():
        client.backfills.wait(backfill.id, timeout=300, poll=0.5, raise_on_failure=False)
    return {name: backfill.id for name, backfill in made.items()}


def let_sensor_tick(client: DagsterPlus) -> list[str]:
    """Let the demo's sensor tick at least three times: it adds a campaign, then has none left, then fails.

    Returns:
        The ticks' ids, newest first.
    """
    name = "new_campaigns"

    def wait_for(statuses: str) -> None:
        end = time.monotonic() + 180
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
