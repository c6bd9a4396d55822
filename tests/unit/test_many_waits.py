"""Thousands of waits in one event loop."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import threading
import time
from collections import Counter

import httpx
import pytest
from kit.payloads import error, run, run_summary
from kit.server import Reply

from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus, ServerError, WaitTimeoutError

pytestmark = pytest.mark.anyio

WAITS = 2000
#: As many connections are kept.
AT_ONCE = 20


class Instance:
    """Runs of which each has ended when it is looked at for the third time."""

    def __init__(self) -> None:
        self.looks = Counter()
        self.requests = Counter()
        #: With which look a run has ended.
        self.last = 3

    def answer(self, sent):
        self.requests[sent["operationName"]] += 1
        ids = sent["variables"]["filter"]["runIds"]
        if sent["operationName"] == "FindRuns":
            results = [run(id=i) for i in ids]
        else:
            self.looks.update(ids)
            results = [
                run_summary(i, status="STARTED" if self.looks[i] < self.last else "SUCCESS")
                for i in ids
            ]
        return {"data": {"runsOrError": {"__typename": "Runs", "results": results}}}


class Transport(httpx.AsyncBaseTransport):
    """Answers from memory, and counts how many requests are under way."""

    def __init__(self, instance):
        self.instance = instance
        self.under_way = self.most_under_way = self.most_threads = 0

    async def handle_async_request(self, request):
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.most_threads = max(self.most_threads, threading.active_count())
        await asyncio.sleep(0)
        self.under_way -= 1
        return httpx.Response(200, json=self.instance.answer(json.loads(await request.aread())))


@pytest.fixture
async def far():
    transport = Transport(Instance())
    async with httpx.AsyncClient(transport=transport) as http_client:
        yield transport, AsyncDagsterPlus(url="http://dagster.test", http_client=http_client)


async def test_thousands_of_waits_take_turns_and_no_threads(far):
    transport, client = far
    ids = [f"run-{n}" for n in range(WAITS)]
    threads, tasks = threading.active_count(), len(asyncio.all_tasks())
    found = await asyncio.gather(*(client.runs.wait(i, timeout=120, poll=0.2) for i in ids))
    assert [r.id for r in found] == ids
    assert set(transport.instance.looks.values()) <= {3, 4, 5}
    # Those that wait for their turn are served by one request: 100 of them, or 25 whole runs.
    assert 3 * WAITS / 100 <= transport.instance.requests["ListRuns"] < WAITS / 2
    assert WAITS / 25 <= transport.instance.requests["FindRuns"] < WAITS / 5
    assert transport.most_under_way == AT_ONCE
    assert transport.most_threads <= threads
    assert len(asyncio.all_tasks()) == tasks


async def test_a_wait_that_fails_spoils_no_other(far):
    """The server has something against one run, and so against each request that asks for it."""
    transport, client = far
    answer, refused = transport.instance.answer, Counter()

    def picky(sent):
        ids = sent["variables"].get("filter", {}).get("runIds", [])
        if "run-50" in ids:
            refused[len(ids) == 1] += 1
            return {"data": {"runsOrError": error("PythonError", "no", className="E", stack=[])}}
        return answer(sent)

    transport.instance.answer = picky
    waits = [client.runs.wait(f"run-{n}", timeout=60, poll=0.05) for n in range(200)]
    found = await asyncio.gather(*waits, return_exceptions=True)
    failed = {n: type(each) for n, each in enumerate(found) if isinstance(each, Exception)}
    assert failed == {50: ServerError}
    assert 0 < refused[False] <= AT_ONCE


@pytest.mark.parametrize("timeout", [None, 120])
async def test_a_server_that_is_down_is_not_asked_by_each(far, timeout):
    """Of many waits a few ask; all have the right result when it is back."""
    transport, client = far
    handle, faults, is_down = transport.handle_async_request, [], False

    async def answer(request):
        if not is_down:
            return await handle(request)
        faults.append(request)
        return httpx.Response(503, text="away")

    transport.handle_async_request = answer
    ids = [f"run-{n}" for n in range(300)]
    looks = transport.instance.looks
    looks.subtract(dict.fromkeys(ids, 1000))  # so far is none to end
    waits = [asyncio.ensure_future(client.runs.wait(i, timeout=timeout, poll=0.5)) for i in ids]
    while min(looks.values()) == -1000:  # noqa: ASYNC110 - it is counted elsewhere
        await asyncio.sleep(0.01)
    is_down = True
    await asyncio.sleep(2)
    while not faults:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.01)
    is_down = False
    looks.update(dict.fromkeys(ids, 2000))
    assert [r.id for r in await asyncio.gather(*waits)] == ids
    # Each would ask three times at least.
    assert 0 < len(faults) < len(ids)


async def test_waits_of_two_deployments_share_nothing():
    """Each is asked for where it is, with its own token."""
    transport = Transport(Instance())
    asked = Counter()
    handle = transport.handle_async_request

    async def noting(request):
        for run_id in json.loads(request.content)["variables"]["filter"]["runIds"]:
            asked[request.url.path, run_id.partition("-")[0]] += 1
        return await handle(request)

    transport.handle_async_request = noting
    async with httpx.AsyncClient(transport=transport) as http_client:
        prod = AsyncDagsterPlus("hooli", "prod", token="t", http_client=http_client)
        clients = {"prod": prod, "staging": prod.with_options(deployment="staging")}
        ids = [(name, f"{name}-{n}") for n in range(60) for name in clients]
        await asyncio.gather(*(clients[name].runs.wait(i, poll=0.05) for name, i in ids))
    assert set(asked) == {(f"/{name}/graphql", name) for name in clients}


async def test_one_wait_for_thousands_of_runs(far):
    transport, client = far
    ids = [f"run-{n}" for n in range(WAITS)]
    assert [r.id for r in await client.runs.wait_many(ids, poll=0.01)] == ids
    assert transport.instance.requests == {"ListRuns": 3 * WAITS // 100, "FindRuns": WAITS // 25}


async def test_what_is_not_waited_for_has_no_turn_to_wait_for(far):
    """Nothing that asks once comes behind thousands that ask again and again."""
    transport, client = far
    transport.instance.last = float("inf")
    ids = [f"run-{n}" for n in range(WAITS)]
    waits = [asyncio.ensure_future(client.runs.wait(i)) for i in ids]
    await asyncio.sleep(0)
    await client.runs.list(run_ids=["other"]).to_list()
    assert not any(wait.done() for wait in waits)
    for wait in waits:
        wait.cancel()
    ends = await asyncio.gather(*waits, return_exceptions=True)
    assert {type(end) for end in ends} == {asyncio.CancelledError}
    # Whoever is cancelled gives its turn back.
    transport.instance.last = 3
    assert (await client.runs.wait("again", poll=0.01)).id == "again"


@pytest.mark.usefixtures("own_heap")
async def test_waits_that_are_cancelled_leave_nothing(server):
    """Neither a task nor a connection that is in use."""
    started = {"__typename": "Runs", "results": [run_summary("run-0", status="STARTED")]}
    server.reply(Reply({"data": {"runsOrError": started}}))
    tasks = asyncio.all_tasks()
    async with AsyncDagsterPlus(url=server.url) as client:
        for _ in range(3):
            waits = [client.runs.wait("run-0", poll=0.01) for _ in range(60)]
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.gather(*waits), 0.3)
        if canceled := asyncio.all_tasks() - tasks:  # they still have to end
            await asyncio.wait(canceled, timeout=60)
        assert asyncio.all_tasks() == tasks
        with pytest.raises(WaitTimeoutError):
            await client.runs.wait("run-0", timeout=0)
    gc.collect()
    assert server.connections < 3 * 60


@pytest.fixture
def stuck(server, monkeypatch):
    """A server that does not answer."""
    monkeypatch.setattr("dagster_plus_sdk._core.waiting._GRACE", 0.2)
    server.reply(Reply(fault="hang"))
    return server


async def test_a_deadline_counts_while_others_have_their_turn(stuck):
    async with AsyncDagsterPlus(url=stuck.url) as client:
        hanging = [asyncio.ensure_future(client.runs.wait(f"{n}")) for n in range(AT_ONCE)]
        await asyncio.sleep(0.1)
        began = time.monotonic()
        late = await asyncio.gather(
            *(client.runs.wait(f"late {n}", timeout=0.2) for n in range(50)), return_exceptions=True
        )
        assert {type(error) for error in late} == {WaitTimeoutError}
        assert time.monotonic() - began < 50  # it hangs for 60 s
        assert len(stuck.received) <= AT_ONCE
        waits = asyncio.ensure_future(client.runs.wait("cancelled", timeout=60))
        await asyncio.sleep(0.05)
        for wait in (waits, *hanging):
            wait.cancel()
        await asyncio.gather(waits, *hanging, return_exceptions=True)
        turns = client.runs._transport.turns()
        taken = [await turns.take(0.05) for _ in range(AT_ONCE + 1)]
        assert taken == [True] * AT_ONCE + [False]


def test_a_deadline_counts_while_other_threads_have_their_turn(stuck):
    with DagsterPlus(url=stuck.url) as client:
        turns = client.runs._transport.turns()
        assert all(turns.take(None) for _ in range(AT_ONCE))
        with pytest.raises(WaitTimeoutError, match=r"did not end within 0\.1 s"):
            client.runs.wait("late", timeout=0.1)
        turns.give_back()
    assert stuck.requests == 0


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_turns_are_new_after_a_fork(server):
    """Those that were taken are the parent's."""
    with DagsterPlus(url=server.url) as client:
        turns = client.runs._transport.turns()
        assert all(turns.take(None) for _ in range(AT_ONCE))
        pid = os.fork()
        if pid == 0:
            is_free = False
            try:
                is_free = client.runs._transport.turns().take(20)
            finally:
                os._exit(0 if is_free else 1)
        assert os.waitpid(pid, 0)[1] == 0


def test_waits_of_many_threads_take_turns(server):
    instance = Instance()
    lock = threading.Lock()
    under_way, most = 0, 0
    several = threading.Event()

    def answer(received):
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        if most > 1:
            several.set()
        several.wait(60)
        time.sleep(0.02)
        with lock:
            under_way -= 1
            return Reply(instance.answer(received.json))

    server.reply(answer)
    done = []
    with DagsterPlus(url=server.url) as client:
        threads = [
            threading.Thread(
                target=lambda i=i: done.append(client.runs.wait(f"run-{i}", poll=0.05))
            )
            for i in range(50)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert {r.id for r in done} == {f"run-{n}" for n in range(50)}
    assert 1 < most <= AT_ONCE
