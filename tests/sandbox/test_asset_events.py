"""The subscription to events of all runs: with a scripted event log, and with a real Dagster."""

from __future__ import annotations

import asyncio
import json

import pytest

pytest.importorskip("graphql")
pytest.importorskip("uvicorn")

from graphql import parse
from kit.hurry import running

from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.front import asset_events
from dagster_plus_sdk.sandbox.front.asset_events import AssetEvents
from dagster_plus_sdk.sandbox.front.documents import Documents
from dagster_plus_sdk.sandbox.front.split import Splitter
from dagster_plus_sdk.sandbox.front.upstream import UpstreamError
from dagster_plus_sdk.sandbox.schema import full_schema

SUBSCRIPTION = """
subscription Other { assetEvents(eventTypes: [RUN_START]) { ...Unused } }
subscription Follow($types: [DagsterEventType!]!, $offset: Int = null, $more: Boolean!) {
  found: assetEvents(eventTypes: $types, offset: $offset) { ...Event }
}
fragment Event on DagsterRunEvent {
  __typename
  ... on MessageEvent { runId message @include(if: $more) }
}
fragment Unused on MessageEvent { level }
"""
ASSETS = ["ASSET_MATERIALIZATION", "ASSET_OBSERVATION"]


class Log:
    """An event log: lists of events by run, and the statuses of the runs."""

    def __init__(self):
        self.runs = {}
        self.asked = []
        self.error = None

    def add(self, run, *events, status="STARTED"):
        self.runs.setdefault(run, {"events": []})["status"] = status
        self.runs[run]["events"] += [
            {
                "sandboxTime": str(1000 * time),
                "sandboxType": kind,
                "__typename": "MaterializationEvent",
                "runId": run,
                "message": message,
            }
            for time, kind, message in events
        ]

    async def post(self, body, *, repeatable):
        assert repeatable
        if isinstance(self.error, Exception):
            raise self.error
        question = json.loads(body)
        self.asked.append(question)
        if self.error:
            return 400, json.dumps({"errors": [{"message": self.error}]}).encode()
        return 200, json.dumps({"data": self.answer(**question)}).encode()

    def answer(self, query, variables):
        if "filter" in variables:
            rows = [{"runId": run, "status": row["status"]} for run, row in self.runs.items()]
            return {"runsOrError": {"results": rows}}
        if variables["sandboxRun"] not in self.runs:
            return {"page": {}}
        start = int(variables["sandboxCursor"] or 0)
        events = self.runs[variables["sandboxRun"]]["events"]
        # One event per page.
        end = min(start + 1, len(events))
        page = {"cursor": str(end), "hasMore": end < len(events), "events": events[start:end]}
        return {"page": page}


class Client:
    def __init__(self):
        self.frames = asyncio.Queue()

    async def say(self, kind, payload=None, operation=None):
        self.frames.put_nowait((kind, payload, operation))

    async def message(self):
        kind, payload, operation = await asyncio.wait_for(self.frames.get(), 60)
        assert (kind, operation) == ("data", "1")
        return payload["data"]["found"]["message"]


def planned(variables, text=SUBSCRIPTION, name="Follow"):
    schema = full_schema()
    documents = Documents(schema, Splitter(schema, {}))
    return documents.plan(text, name, variables, websocket=True)


@pytest.fixture
async def started(monkeypatch):
    """Begin a subscription and return its client, its log and what has it."""
    monkeypatch.setattr(asset_events, "EVERY", 0.01)
    log, client = Log(), Client()
    served = AssetEvents(client, log)

    def start(**variables):
        variables = {"types": ASSETS, "more": True, **variables}
        assert served.start("1", planned(variables), variables)
        return client, log, served

    yield start, log
    await served.close()


pytestmark = pytest.mark.anyio
scripted = pytest.mark.parametrize("anyio_backend", ["asyncio"])


@scripted
async def test_in_order_and_each_once(started):
    start, log = started
    log.add("b", (2, ASSETS[0], "second"), (3, "STEP_START", "no"), (5, ASSETS[1], "fourth"))
    log.add("a", (1, ASSETS[0], "first"), (4, ASSETS[0], "third"), status="SUCCESS")
    client, _, served = start(offset=1)

    assert [await client.message() for _ in range(3)] == ["second", "third", "fourth"]
    log.add("b", (6, ASSETS[0], "fifth"), status="FAILURE")
    log.add("c", (7, ASSETS[0], "sixth"), status="SUCCESS")
    assert [await client.message() for _ in range(2)] == ["fifth", "sixth"]

    await asyncio.sleep(0.05)
    assert client.frames.empty()
    # What has ended is not read again.
    asked = len([q for q in log.asked if "sandboxRun" in q["variables"]])
    await asyncio.sleep(0.05)
    assert len([q for q in log.asked if "sandboxRun" in q["variables"]]) == asked
    assert served.stop("1")
    assert not served.stop("1")


@scripted
async def test_without_an_offset_only_what_is_new(started):
    start, log = started
    log.add("a", (1, ASSETS[0], "old"))
    client, *_ = start()
    log.add("a", (9_999_999_999, ASSETS[0], "new"))

    assert await client.message() == "new"
    wanted = [q["variables"]["filter"] for q in log.asked if "filter" in q["variables"]][:2]
    assert list(wanted[0]) == ["updatedAfter"]
    assert "STARTED" in wanted[1]["statuses"]


@scripted
async def test_the_question_is_valid_and_has_what_it_needs(started):
    start, log = started
    log.add("a", (1, ASSETS[0], "x"))
    client, *_ = start(offset=0)
    await client.message()

    (asked,) = [q for q in log.asked if "sandboxRun" in q["variables"]][:1]
    operation, *fragments = parse(asked["query"]).definitions
    names = [variable.variable.name.value for variable in operation.variable_definitions]
    assert names == ["more", "sandboxRun", "sandboxCursor", "sandboxLimit"]
    assert [fragment.name.value for fragment in fragments] == ["Event"]
    assert asked["variables"]["more"] is True


@scripted
@pytest.mark.parametrize(
    ("error", "variables", "message"),
    [
        ("no such field", {}, "no such field"),
        (UpstreamError("it is off"), {}, "it is off"),
        (None, {"types": None}, "eventTypes must be a list"),
    ],
)
async def test_an_error_ends_it(started, error, variables, message):
    start, log = started
    log.error = error
    client, *_ = start(**variables)

    kind, payload, operation = await asyncio.wait_for(client.frames.get(), 60)

    assert (kind, operation) == ("error", "1")
    assert message in payload["message"]
    await asyncio.sleep(0.05)
    assert client.frames.empty()


@scripted
async def test_a_run_that_is_deleted_while_it_is_read(started):
    start, log = started
    log.add("a", (1, ASSETS[0], "first"))
    client, *_ = start(offset=0)
    assert await client.message() == "first"

    del log.runs["a"]
    log.add("b", (2, ASSETS[0], "second"))
    assert await client.message() == "second"


@pytest.mark.dagster
def test_a_real_dagster():
    pytest.importorskip("dagster_webserver")
    websockets = pytest.importorskip("websockets.sync.client")
    text = """subscription ($offset: Int) {
      assetEvents(eventTypes: [ASSET_MATERIALIZATION], offset: $offset) {
        ... on MaterializationEvent { runId assetKey { path } }
      }
    }"""

    def start(name, **variables):
        return json.dumps(
            {"type": "start", "id": name, "payload": {"query": text, "variables": variables}}
        )

    with running(Sandbox()) as sandbox, sandbox.client() as client:
        first = client.assets.materialize("customers")
        client.runs.wait(first.id)
        with websockets.connect(
            f"{sandbox.url.replace('http', 'ws')}/prod/graphql",
            subprotocols=["graphql-ws"],
            additional_headers={"Dagster-Cloud-Api-Token": sandbox.token},
        ) as link:

            def frame():
                return json.loads(link.recv(timeout=180))

            link.send(json.dumps({"type": "connection_init"}))
            assert frame() == {"type": "connection_ack"}
            link.send(start("all", offset=0))
            event = {"runId": first.id, "assetKey": {"path": ["customers"]}}
            expected = {"type": "data", "id": "all", "payload": {"data": {"assetEvents": event}}}
            assert frame() == expected
            link.send(json.dumps({"type": "stop", "id": "all"}))
            assert frame() == {"type": "complete", "id": "all"}

            link.send(start("new"))
            second = client.assets.materialize("products")
            found = frame()
            assert found["id"] == "new"
            assert found["payload"]["data"]["assetEvents"]["runId"] == second.id
