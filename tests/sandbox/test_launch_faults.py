"""Launches through faults, at a real Dagster: none happens twice, and each that was not answered can be asked for."""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

pytest.importorskip("graphql")

from kit.tcp_proxy import TcpProxy

from dagster_plus_sdk import (
    DagsterPlus,
    DagsterPlusError,
    InvalidInputError,
    LaunchUnknownError,
    RetryPolicy,
)
from dagster_plus_sdk.sandbox import Sandbox

pytestmark = [pytest.mark.anyio, pytest.mark.dagster]

#: `make fuzz` asks for 1,000.
LAUNCHES = int(os.environ.get("LAUNCHES", "40"))
WORKERS = 4
KEY_TAG = "dagster_plus_sdk/idempotency_key"
PLACE = {"location": "demo", "repository": "__repository__"}
JOB = {"job": "noisy_report", **PLACE}
QUICK = RetryPolicy(base=0.01, cap=0.1)
# Runs wait in the queue for ever: what is looked at is whether they are there.
SETTINGS = """\
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config: {max_concurrent_runs: 0}
telemetry: {enabled: false}
nux: {enabled: false}
"""
#: The faults of the large test: for which part of the requests, and how they are told.
FAULTS = {
    "latency": (0.03, {"operation": "LaunchRun", "seconds": 3}),
    "rate_limited": (0.03, {"seconds": 0}),
    "bad_gateway": (0.03, {}),
    "server_error": (0.02, {}),
    "reset_before": (0.05, {}),
    "reset_after": (0.1, {}),
    "truncated": (0.05, {}),
    "slow_body": (0.02, {"seconds": 0.2}),
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    home = tmp_path_factory.mktemp("launches")
    (home / "dagster.yaml").write_text(SETTINGS, encoding="utf-8")
    with Sandbox(home=home) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(sandbox):
    made = TcpProxy(urlsplit(sandbox.url).port)
    yield made
    made.close()


@pytest.fixture
def key():
    return f"key-{uuid4().hex}"


@pytest.fixture
def faults(sandbox, proxy):
    yield sandbox.faults
    sandbox.faults.clear()
    proxy.fate = lambda _: None


@pytest.fixture
def patience(monkeypatch):
    """Set for how long lost launches are looked for; each look takes as long as it takes."""

    monkeypatch.setattr("dagster_plus_sdk._core.timeouts.SHORTEST_TRY", 60)

    def set_seconds(seconds):
        for kind in ("_async", "_sync"):
            monkeypatch.setattr(f"dagster_plus_sdk.{kind}.polling.LOOKUP_SECONDS", seconds)

    set_seconds(60)
    return set_seconds


@pytest.fixture(scope="module")
def calm(sandbox):
    """A client without faults: the truth."""
    with DagsterPlus(url=sandbox.dagster_url) as client:
        yield client


def runs_of(calm, key):
    """The ids of the runs that a key launched, those that came of them left out."""
    found = calm.runs.list(tags={KEY_TAG: key}).to_list()
    return [run.id for run in found if "dagster/parent_run_id" not in [t.key for t in run.tags]]


@pytest.mark.parametrize("fault", ["reset_after", "truncated", "slow_body"])
async def test_a_launch_whose_answer_is_lost_is_found(sandbox, faults, patience, calm, key, fault):
    # Only an answer that takes its time is not waited for; all others come, however busy the machine is.
    slow, timeout = ({"seconds": 8, "pieces": 2}, 3) if fault == "slow_body" else ({}, 60)
    faults.add(fault, operation="LaunchRun", **slow)
    async with sandbox.async_client(retries=QUICK, timeout=timeout) as client:
        run = await client.runs.create(**JOB, idempotency_key=key)
        assert runs_of(calm, key) == [run.id]
        assert (await client.runs.create(**JOB, idempotency_key=key)).id == run.id
        assert (await client.runs.find_launch(key)).id == run.id
    assert sum(rule.fired for rule in faults.list()) == 1


@pytest.mark.parametrize("fault", ["reset_before", "bad_gateway", "server_error"])
async def test_a_launch_that_did_not_happen_is_unknown(sandbox, faults, patience, calm, key, fault):
    patience(0.3)
    rule = faults.add(fault, operation="LaunchRun")
    async with sandbox.async_client(retries=QUICK) as client:
        with pytest.raises(LaunchUnknownError, match=r"runs\.find_launch") as caught:
            await client.runs.create(**JOB, idempotency_key=key)
        assert caught.value.idempotency_key == key
        assert await client.runs.find_launch(key) is None
        faults.clear()
        # A script that is started again.
        run = await client.runs.create(**JOB, idempotency_key=key)
    assert rule.fault == fault
    assert runs_of(calm, key) == [run.id]


async def test_nothing_is_sent_again_while_the_launch_may_be_under_way(
    sandbox, faults, patience, calm, key
):
    patience(0.3)
    sent = []
    hooks = {"request": [lambda event: sent.append(event.operation)]}
    faults.add("latency", operation="LaunchRun", seconds=8)
    begin = time.monotonic()
    async with sandbox.async_client(retries=QUICK, timeout=1.5, event_hooks=hooks) as client:
        with pytest.raises(LaunchUnknownError, match="may still appear"):
            await client.runs.create(**JOB, idempotency_key=key)
        assert sent.count("LaunchRun") == 1
        found = await client.runs.find_launch(key)
        assert found is None or time.monotonic() - begin > 8
        end = time.monotonic() + 60
        while (found := await client.runs.find_launch(key)) is None:
            assert time.monotonic() < end
            await asyncio.sleep(0.2)
    assert runs_of(calm, key) == [found.id]


def dropping(what, *operations):
    """Return the fate of the next request of each of these operations."""
    left = [f'"operationName":"{name}"'.encode() for name in operations]

    def fate(piece):
        body = piece.replace(b'": "', b'":"')
        for mark in left:
            if mark in body:
                left.remove(mark)
                return what
        return None

    return fate


@pytest.mark.parametrize("what", ["request", "answer"])
@pytest.mark.parametrize("how", ["create", "create_many", "reexecute"])
async def test_connections_that_break_on_the_way(
    sandbox, proxy, faults, patience, calm, key, what, how
):
    if what == "request":
        patience(0.3)
    parent = calm.runs.create(**JOB).id
    operation = {"create": "LaunchRun", "create_many": "LaunchRuns", "reexecute": "ReexecuteRun"}
    proxy.fate = dropping(what, operation[how])
    options = {"url": proxy.url, "retries": QUICK, "token": sandbox.token}
    async with sandbox.async_client(**options) as client:
        calls = {
            "create": lambda: client.runs.create(**JOB, idempotency_key=key),
            "create_many": lambda: client.runs.create_many([{**JOB, "idempotency_key": key}]),
            "reexecute": lambda: client.runs.reexecute(parent, idempotency_key=key),
        }
        before = len(proxy.dropped)
        if what == "request":
            with pytest.raises(LaunchUnknownError):
                await calls[how]()
            assert await client.runs.find_launch(key) is None
        await calls[how]()
        found = await client.runs.find_launch(key)
    assert proxy.dropped[before:] == [what]
    assert [run.id for run in calm.runs.list(tags={KEY_TAG: key})] == [found.id]
    assert found.parent_run_id == (parent if how == "reexecute" else None)


async def test_several_of_which_one_was_refused_and_all_answers_are_lost(
    sandbox, proxy, faults, patience, calm, key
):
    patience(0.3)
    proxy.fate = dropping("answer", "LaunchRuns")
    refused = {**JOB, "run_config": {"nope": 1}, "idempotency_key": f"{key}-refused"}
    asked = [{**JOB, "idempotency_key": f"{key}-{n}"} for n in range(2)]
    async with sandbox.async_client(url=proxy.url, retries=QUICK) as client:
        with pytest.raises(LaunchUnknownError, match="answer to 3 launches was lost") as caught:
            await client.runs.create_many([asked[0], refused, asked[1]])
        found = [(await client.runs.find_launch(each["idempotency_key"])).id for each in asked]
        assert await client.runs.find_launch(refused["idempotency_key"]) is None
    assert [e["idempotency_key"] for e in caught.value.errors] == [refused["idempotency_key"]]
    assert [run.id for run in caught.value.runs] == found
    assert [runs_of(calm, each["idempotency_key"]) for each in asked] == [[i] for i in found]


async def test_re_executions_are_not_taken_for_what_they_execute_again(calm, key):
    first = calm.runs.create(**JOB, idempotency_key=key)
    # As the web interface does it: the new run inherits the tag.
    document = """mutation ($params: ReexecutionParams!) {
        launchRunReexecution(reexecutionParams: $params) { ... on LaunchRunSuccess { run { id } } }
    }"""
    params = {"parentRunId": first.id, "strategy": "ALL_STEPS", "useParentRunTags": True}
    made = calm.graphql(document, {"params": params})["launchRunReexecution"]["run"]["id"]
    assert {run.id for run in calm.runs.list(tags={KEY_TAG: key})} == {first.id, made}
    again = calm.runs.reexecute(first.id, use_parent_tags=True, idempotency_key=f"{key}-again")
    further = calm.runs.reexecute(again.id, use_parent_tags=True)
    assert calm.runs.create(**JOB, idempotency_key=key).id == first.id
    assert calm.runs.find_launch(key).id == first.id
    assert calm.runs.find_launch(f"{key}-again").id == again.id
    assert calm.runs.reexecute(first.id, idempotency_key=f"{key}-again").id == again.id
    assert calm.runs.get(further.id).parent_run_id == again.id
    for run_id in (first.id, made):
        with pytest.raises(InvalidInputError, match="already; its re-execution needs"):
            calm.runs.reexecute(run_id, idempotency_key=key)


# Many launches at once


class Outcomes:
    """What the launches' callers were told, by key."""

    def __init__(self) -> None:
        self.success: dict[str, str] = {}
        self.unknown: set[str] = set()
        self.refused: dict[str, str] = {}

    def note(self, key, launch):
        """Launch, and write down what came of it."""
        try:
            self.success[key] = launch().id
        except DagsterPlusError as error:
            self.failed(key, error)

    async def anote(self, key, launch):
        """The same, of a task."""
        try:
            self.success[key] = (await launch).id
        except DagsterPlusError as error:
            self.failed(key, error)

    def failed(self, key, error):
        if isinstance(error, LaunchUnknownError):
            assert error.idempotency_key == key
            self.unknown.add(key)
        else:  # reads before the launch may fail, too
            self.refused[key] = f"{type(error).__name__}: {error}"


async def launch_all(sandbox, proxy, keys, outcomes):
    """Launch one half from threads, and the other from tasks."""
    options = {"url": proxy.url, "retries": QUICK, "timeout": 1.5}
    half = len(keys) // 2
    with sandbox.client(**options) as client, ThreadPoolExecutor(WORKERS) as pool:
        threads = [
            pool.submit(
                outcomes.note, key, lambda k=key: client.runs.create(**JOB, idempotency_key=k)
            )
            for key in keys[:half]
        ]
        places = asyncio.Semaphore(WORKERS)

        async def one(key):
            async with places:
                await outcomes.anote(key, far.runs.create(**JOB, idempotency_key=key))

        async with sandbox.async_client(**options) as far:
            await asyncio.gather(*map(one, keys[half:]))
        await asyncio.gather(*map(asyncio.wrap_future, threads))


async def test_many_launches_with_faults_at_random_points(
    sandbox, proxy, faults, patience, calm, until
):
    patience(0.5)
    for number, (fault, (share, given)) in enumerate(FAULTS.items()):
        faults.add(fault, share=share, seed=number, **given)
    dice, lock = random.Random(7), threading.Lock()

    def fate(piece):
        if b"LaunchRun" not in piece:
            return None
        with lock:
            return dice.choices(["request", "answer", None], [4, 4, 92])[0]

    proxy.fate = fate
    keys = [f"many-{uuid4().hex}" for _ in range(LAUNCHES)]
    outcomes = Outcomes()
    await launch_all(sandbox, proxy, keys, outcomes)
    fired = {rule.fault: rule.fired for rule in faults.list()}
    faults.clear()
    proxy.fate = lambda _: None
    # What was late has arrived.
    until(lambda: all(each.seconds is not None for each in sandbox.requests("LaunchRun")))

    there: dict[str, list[str]] = {key: [] for key in keys}
    for run in calm.runs.list(job=JOB["job"], page_size=1000):
        key = next(tag.value for tag in run.tags if tag.key == KEY_TAG)
        if key in there:
            there[key].append(run.id)
    counts = Counter(map(len, there.values()))
    found = {}
    for key in outcomes.unknown:
        run = calm.runs.find_launch(key)
        found[key] = [] if run is None else [run.id]
    figures = {
        "launches": len(keys),
        "successes": len(outcomes.success),
        "unknown": len(outcomes.unknown),
        "found later": sum(map(len, found.values())),
        "refused": len(outcomes.refused),
        "doubled": sum(n > 1 for n in map(len, there.values())),
        "dropped by the proxy": len(proxy.dropped),
        **fired,
    }
    print(json.dumps(figures))  # noqa: T201
    assert counts.keys() <= {0, 1}
    assert len(outcomes.success) + len(outcomes.unknown) + len(outcomes.refused) == LAUNCHES
    assert all(there[key] == [run_id] for key, run_id in outcomes.success.items())
    assert all(there[key] == found[key] for key in outcomes.unknown)
    assert not any(there[key] for key in outcomes.refused), outcomes.refused
    assert sum(fired.values()) > 0
    # Started again with the same keys, all come to one run each.
    for key in [*outcomes.unknown, *outcomes.refused]:
        run = calm.runs.create(**JOB, idempotency_key=key)
        assert runs_of(calm, key) == [run.id]
