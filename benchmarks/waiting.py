"""What waiting adds to a run: launched and waited for with this package, beside polling by hand once per second.

    python benchmarks/waiting.py [--rounds 10]

On a real Dagster, turn by turn. A run's own time is from its creation to its end, by the server's clock; what a script takes
beyond that, from before the launch until it has the run as it ended, is overhead. Runs of a round take equally long, those of
different rounds do not: no way of polling is lucky.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import TYPE_CHECKING

from dagster_plus_sdk import DagsterPlus
from dagster_plus_sdk.sandbox import Dagster

if TYPE_CHECKING:
    from collections.abc import Callable

    from dagster_plus_sdk import Run

ENDED = ("SUCCESS", "FAILURE", "CANCELED")


def by_hand(client: DagsterPlus, run_id: str) -> Run:
    """Wait as scripts do that have nothing to wait with."""
    while True:
        run = client.runs.get(run_id)
        if run.status in ENDED:
            return run
        time.sleep(1)


def measure(
    url: str, wait: Callable[[DagsterPlus, str], Run], seconds: float
) -> tuple[float, float, int]:
    """Return a run's own time, what its script took beyond that, and how many requests that took."""
    sent: list[str] = []
    config = {"ops": {"wait_for_suppliers": {"config": {"seconds": seconds}}}}
    hooks = {"request": [lambda event: sent.append(event.operation)]}
    with DagsterPlus(url=url, event_hooks=hooks) as client:
        client.instance.version()
        start = time.perf_counter()
        run = wait(client, client.runs.create("slow_report", run_config=config).id)
        took = time.perf_counter() - start
    assert run.ended_at is not None
    own = (run.ended_at - run.created_at).total_seconds()
    return own, took - own, len(sent) - 1


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    ways: dict[str, Callable[[DagsterPlus, str], Run]] = {
        "runs.wait": lambda client, run_id: client.runs.wait(run_id),
        "by hand, once per second": by_hand,
    }
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in ways}
    with Dagster(daemon=False) as dagster:
        for round_ in range(rounds + 1):
            seconds = 0.2 + 4 * (round_ * 0.618 % 1)
            for name, wait in ways.items():
                each = measure(dagster.url, wait, seconds)
                found[name] += [each] if round_ else []
    print(f"launched and waited for, medians of {rounds} (seconds):")
    print(f"  {'':26} run itself  overhead   of the run  requests")
    medians = {}
    for name, rows in found.items():
        own, over, sent = (statistics.median(column) for column in zip(*rows, strict=True))
        share = statistics.median(row[1] / row[0] for row in rows)
        medians[name] = over
        print(f"  {name:26} {own:10.2f} {over:9.2f} {share:11.0%} {sent:9.0f}")
    ours, theirs = medians.values()
    print(f"overhead of runs.wait beside polling by hand: {ours / theirs:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
