"""What the sandbox costs: its start beside a plain Dagster's, and a request through it beside one to the webserver itself.

    python benchmarks/sandbox.py [--rounds 200] [--starts 3]

Requests go over one kept connection of the standard library, turn by turn, so that the machine's moods meet both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from dagster_plus_sdk.sandbox import Dagster, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "{ version }"
RUNS = "{ runsOrError(limit: 25) { ... on Runs { results { id status jobName tags { key value } } } } }"
DEPLOYMENTS = "{ fullDeployments { deploymentId deploymentName canAccessDeployment } }"
ISSUE = 'mutation { createIssue(title: "a", description: "b") { __typename } }'
BOTH = "{ version fullDeployments { deploymentName } }"


class Door:
    """A GraphQL server, over one connection."""

    def __init__(self, url: str, path: str, headers: dict[str, str]) -> None:
        self._connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
        self._path = path
        self._headers = {"Content-Type": "application/json", **headers}

    def ask(self, text: str) -> float:
        """Send a document and return how many milliseconds the answer took."""
        body = json.dumps({"query": text})
        start = time.perf_counter()
        self._connection.request("POST", self._path, body, self._headers)
        answer = json.loads(self._connection.getresponse().read())
        took = time.perf_counter() - start
        assert "errors" not in answer, answer
        return took * 1000


def seconds(action: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def measure_starts(times: int) -> None:
    """Print how long starts take."""
    kinds: dict[str, Callable[[], Dagster | Sandbox]] = {
        "Dagster, in processes": Dagster,
        "the same in a sandbox": Sandbox,
        "Dagster in the sandbox's process": lambda: Sandbox(dagster="inprocess"),
        "the control plane alone": lambda: Sandbox(dagster=None),
    }
    found: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(times):
        for name, make in kinds.items():
            made = make()
            found[name].append(seconds(made.start))
            made.stop()
    plain = statistics.median(found["Dagster, in processes"])
    print(f"starts, median of {times}:")
    for name, each in found.items():
        median = statistics.median(each)
        print(f"  {name:34} {median:6.2f} s   {median / plain:5.2f}")


def measure_requests(rounds: int) -> None:
    """Print how long requests take."""
    with Sandbox() as sandbox:
        assert sandbox.dagster_url
        front = Door(sandbox.url, "/prod/graphql", {"Dagster-Cloud-Api-Token": sandbox.token})
        web = Door(sandbox.dagster_url, "/graphql", {})
        with sandbox.client() as client:
            client.jobs.launch("broken_report")
        print(f"requests, median of {rounds}:")
        for name, text in (("version", VERSION), ("a page of runs", RUNS)):
            pairs = [(web.ask(text), front.ask(text)) for _ in range(rounds)][rounds // 10 :]
            direct, passed = (statistics.median(side) for side in zip(*pairs, strict=True))
            print(
                f"  {name:34} {direct:6.2f} ms, through the sandbox {passed:6.2f} ms   {passed / direct:5.2f}"
            )
        for name, text in (
            ("from the control plane", DEPLOYMENTS),
            ("from both sides", BOTH),
            ("a mutation of the control plane", ISSUE),
        ):
            took = [front.ask(text) for _ in range(rounds)][rounds // 10 :]
            print(f"  {name:34} {statistics.median(took):6.2f} ms")
        print(
            f"a reset: {statistics.median(seconds(sandbox.reset) for _ in range(20)) * 1000:.0f} ms"
        )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--starts", type=int, default=3)
    given = parser.parse_args()
    measure_requests(given.rounds)
    measure_starts(given.starts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
