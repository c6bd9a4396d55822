"""Backfills and ticks for tests to look at."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dagster_plus_sdk import BackfillProgress, DagsterPlus


@contextmanager
def looking(home: Path) -> Iterator[None]:
    """Let the daemon look at backfills once per second while this block lasts.

    Args:
        home: The folder of a Dagster that is `hurried`.
    """
    over = threading.Event()

    def look() -> None:
        while not over.wait(1):
            look_at_backfills(home)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def look_at_backfills(home: Path) -> None:
    """Let the daemon look at backfills now, and not in up to 30 s."""
    (home / "look-at-backfills").touch()


def run_backfills(
    client: DagsterPlus,
    home: Path,
    follow: Callable[[BackfillProgress], None] = lambda _: None,
) -> dict[str, str]:
    """Launch backfills of each kind, oldest first, and wait until they have ended.

    Args:
        client: Where.
        home: The folder of that Dagster.
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
    steps = client.backfills.follow(made["assets"].id, timeout=300, poll=0.3)
    for progress in islice(steps, 2):  # before its runs are launched, and when they are
        follow(progress)
        look_at_backfills(home)
    with looking(home):
        for progress in steps:
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
