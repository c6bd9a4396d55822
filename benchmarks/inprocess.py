"""What warm clients do, ours and the official package's in one process: prints JSON for `run.py`.

    python benchmarks/inprocess.py ADDRESS ROUNDS

Answers of lists and events come from memory, so that only the packages' own work is measured.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

import httpx
from dagster_rest_resources.api.run import DgApiRunApi
from dagster_rest_resources.api.run_event import DgApiRunEventApi
from dagster_rest_resources.gql_client import DagsterPlusGraphQLClient
from measure import interleaved
from payloads import body, list_runs, official_list_runs, run_events

from dagster_plus_sdk import DagsterPlus

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 200
EVENTS = 10_000
PAGE = 1_000
RUNS = 1_000


def from_memory(bodies: dict[str, bytes], key: str) -> httpx.Client:
    """Return an httpx client that answers by the cursor in the request."""

    def answer(request: httpx.Request) -> httpx.Response:
        variables = json.loads(request.content)["variables"]
        return httpx.Response(200, content=bodies[str(variables.get(key) or "")])

    return httpx.Client(transport=httpx.MockTransport(answer))


def official(url: str, http: httpx.Client | None = None) -> DagsterPlusGraphQLClient:
    """Return the official package's client."""
    return DagsterPlusGraphQLClient(
        url=url, api_token="user:x:1", organization="acme", deployment="prod", http_client=http
    )


def pages(*, ours: bool) -> dict[str, bytes]:
    """Return the bodies of all pages of events by the cursor before them."""
    starts = range(0, EVENTS, PAGE)
    return {str(n or ""): body(run_events(n, PAGE, total=EVENTS, ours=ours)) for n in starts}


def event_readers() -> dict[str, Callable[[], list[Any]]]:
    """Return what reads all events of a run: by ours, and by the official package."""
    client = DagsterPlus(
        url="http://127.0.0.1", http_client=from_memory(pages(ours=True), "afterCursor")
    )
    http = from_memory(pages(ours=False), "afterCursor")
    api = DgApiRunEventApi(official("http://127.0.0.1", http))

    def by_ours() -> list[Any]:
        events = client.run_events.get("run", page_size=PAGE).to_list()
        assert len(events) == EVENTS
        return events

    def by_official() -> list[Any]:
        events: list[Any] = []
        cursor = None
        while True:
            page = api.get_events("run", limit=PAGE, after_cursor=cursor)
            events += page.items
            cursor = page.cursor
            if not page.has_more:
                break
        assert len(events) == EVENTS
        return events

    return {"ours": by_ours, "official": by_official}


def run_lists() -> dict[str, Callable[[], list[Any]]]:
    """Return what lists runs."""
    ours_http = from_memory({"": body(list_runs(0, RUNS))}, "cursor")
    client = DagsterPlus(url="http://127.0.0.1", http_client=ours_http)
    http = from_memory({"": body(official_list_runs(0, RUNS))}, "cursor")
    api = DgApiRunApi(official("http://127.0.0.1", http))
    return {
        "ours": lambda: client.runs.list(page_size=RUNS).to_list(),
        "official": lambda: api.list_runs(limit=RUNS).items,
    }


def warm_calls(url: str) -> dict[str, Callable[[], None]]:
    """Return what makes many calls over one connection to the local server."""
    client = DagsterPlus(url=url, token="user:x:1")
    api = DgApiRunApi(official(url))

    def repeat(call: Callable[[], object]) -> Callable[[], None]:
        def calls() -> None:
            for _ in range(CALLS):
                call()

        return calls

    return {
        "ours": repeat(lambda: client.runs.get("run")),
        "official": repeat(lambda: api.get_run("run")),
        "httpx": repeat(bare_httpx(url)),
    }


def bare_httpx(url: str) -> Callable[[], object]:
    """Return the floor of a call: the same request by httpx alone."""
    http = httpx.Client()
    content = json.dumps({"operationName": "GetRun", "query": "{ours}"}).encode()
    return lambda: http.post(f"{url}/graphql", content=content).content


def held(read: Callable[[], list[Any]]) -> float:
    """Return the bytes that each of the items holds, the reader being warm."""
    read()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    items = read()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / len(items)


def main() -> None:
    """Measure all, and print one JSON object."""
    url, rounds = sys.argv[1], int(sys.argv[2])
    readers, lists = event_readers(), run_lists()
    found = {
        "events": interleaved(readers, rounds),
        "runs": interleaved(lists, rounds),
        "calls": interleaved(warm_calls(url), rounds),
    }
    shown: dict[str, Any] = {
        kind: {name: times.runs for name, times in by_name.items()}
        for kind, by_name in found.items()
    }
    shown["held"] = {name: held(read) for name, read in readers.items()}
    print(json.dumps(shown))


if __name__ == "__main__":
    main()
