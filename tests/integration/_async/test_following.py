"""Subscriptions at a real Dagster: what it sends, and connections that are cut."""

from __future__ import annotations

import os
import random
import threading
import time
import tracemalloc
from collections import Counter
from contextlib import aclosing
from urllib.parse import urlsplit

import pytest
from kit.stage import noisy_config, report_config
from kit.tcp_proxy import TcpProxy

from dagster_plus_sdk import AssetKey, AsyncDagsterPlus, DagsterPlus, errors, operations

pytestmark = pytest.mark.anyio

#: How long the run is whose connection is cut, and how often; more in `make fuzz`.
EVENTS = int(os.environ.get("FOLLOW_EVENTS", "1000"))
CUTS = int(os.environ.get("FOLLOW_CUTS", "6"))
#: A run that has ended before it is subscribed to, as this machine stood still, is followed without; another one will not be.
TRIES = 5


@pytest.fixture
def proxy(dagster_url):
    made = TcpProxy(urlsplit(dagster_url).port)
    yield made
    made.close()


@pytest.fixture
async def far_client(proxy, sent):
    hooks = {"request": [lambda event: sent.append(event.operation)]}
    async with AsyncDagsterPlus(url=proxy.url, event_hooks=hooks) as client:
        yield client


def shown(events):
    return [(e.timestamp, e.event_type, e.step_key, e.message) for e in events]


def assert_whole(events, logged):
    """The events are those of the log; behind the end of the run, its process may log that it ends."""
    assert shown(events) == shown(logged)[: len(events)]
    assert {e.event_type for e in logged[len(events) :]} <= {"ENGINE_EVENT"}


async def test_each_event_comes_once_and_in_order(client, sent):
    for _ in range(TRIES):
        run = await client.jobs.launch("daily_report", run_config=report_config("north"))
        events, asked = [], Counter()
        async for e in client.run_events.follow(run.id, timeout=180):
            events.append(e)
            if e.event_type == "RUN_SUCCESS":
                asked = Counter(sent)
        assert_whole(events, await client.run_events.get(run.id).to_list())
        assert events[-1].event_type in {"ENGINE_EVENT", "RUN_SUCCESS"}
        if asked["FollowRunEvents"]:
            break
    # By subscription; what there is before is asked for, and, later, what follows the end.
    assert 0 < asked["PollRunEvents"] <= 2 * asked["FollowRunEvents"]


async def test_connections_that_are_cut(far_client, proxy, sent):
    """Each event comes once and in order; and memory does not grow with their number."""
    most = 1000 + 12 * EVENTS // CUTS  # frames are compressed
    proxy.cuts = [random.Random(n).randrange(900, most) for n in range(CUTS)]
    for _ in range(TRIES):
        await follow_a_noisy_run(far_client, proxy)
        if proxy.cut >= CUTS / 2:
            break
    assert CUTS / 2 <= proxy.cut <= sent.count("FollowRunEvents")


async def follow_a_noisy_run(far_client, proxy):
    config = noisy_config(EVENTS, 30)
    run = await far_client.jobs.launch("noisy_report", run_config=config)
    began, early = time.monotonic(), EVENTS // 5
    prints, peaks = [], {}
    tracemalloc.start()
    async for e in far_client.run_events.follow(run.id, timeout=280):
        prints.append(hash((e.timestamp, e.event_type, e.step_key, e.message)))
        if len(prints) == early:
            peaks["early"] = tracemalloc.get_traced_memory()[1]
    peaks["late"] = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    took = time.monotonic() - began
    logged = [
        hash((e.timestamp, e.event_type, e.step_key, e.message))
        async for e in far_client.run_events.get(run.id)
    ]
    assert len(prints) > EVENTS
    assert prints == logged[: len(prints)]
    assert (
        len(logged) - len(prints) <= 2
    )  # behind the end of the run, its process may log that it ends
    print(f"{len(prints)} events, {proxy.cut} cuts, {took:.1f} s, peaks {peaks}")  # noqa: T201 - seen with -s
    # An answer has up to 1,000 events; and what the test keeps itself is less than 100 bytes for each.
    if EVENTS >= 5000:
        assert peaks["late"] - 100 * len(prints) < 1.5 * peaks["early"]


async def test_subscribe_to_a_run_that_has_ended(client, run_ids):
    follow = operations.follow_run_events(run_id=run_ids["noisy"])
    events = client.subscribe(follow)
    page = (await anext(events)).ok
    await events.aclose()
    assert shown(page.events) == shown(await client.run_events.get(run_ids["noisy"]).to_list())
    assert page.run.status == "SUCCESS"


async def test_subscribe_to_a_run_that_is_not_there(client):
    async for result in client.subscribe(operations.follow_run_events(run_id="no-such-run")):
        with pytest.raises(errors.ResultError, match="Could not load run with id no-such-run"):
            result.ok  # noqa: B018


async def test_captured_logs_over_connections_that_are_cut(far_client, proxy, sent):
    proxy.cuts = [600, 900, 20000]
    for _ in range(TRIES):
        run = await far_client.jobs.launch("noisy_report", run_config=noisy_config(400, 5))
        pieces = [p async for p in far_client.logs.follow(run.id, timeout=180)]
        whole = await far_client.logs.get(run.id)
        assert "".join(p.stderr or "" for p in pieces) == whole.stderr
        assert "".join(p.stdout or "" for p in pieces) == (whole.stdout or "")
        assert whole.stderr.count("is in order") == 400
        if proxy.cut:
            break
    assert sent.count("FollowCapturedLogEvents") >= proxy.cut >= 1


@pytest.fixture
def later(dagster_url, heard):
    """Do something with another client, beside the test, as soon as the test's has heard what there was."""
    threads = []

    def do(act, operation):
        def work():
            end = time.monotonic() + 60
            while operation not in heard and time.monotonic() < end:
                time.sleep(0.02)
            with DagsterPlus(url=dagster_url) as other:
                act(other)

        heard.clear()
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    yield do
    for thread in threads:
        thread.join()


async def test_code_locations(client, later):
    """A server that runs the location itself sends nothing when it is loaded anew: the status says so."""
    later(lambda other: other.code_locations.reload("demo"), "ListCodeLocationStatuses")
    async with aclosing(client.code_locations.follow(poll=0.2, timeout=180)) as events:
        event = await anext(events)
    assert (event.type, event.location_name) == ("LOCATION_UPDATED", "demo")


async def test_assets(client, later):
    key = AssetKey("followed")
    await client.assets.report(key, "MATERIALIZATION")
    wanted = [f"number {number}" for number in range(6)]

    def report(other):
        for description in wanted:
            other.assets.report(key, "OBSERVATION", description=description)

    later(report, "ListAssetEvents")
    said = []
    async with aclosing(client.assets.follow(key, poll=0.2, timeout=180)) as events:
        async for event in events:
            said.append(event.description)
            if len(said) == len(wanted):
                break
    await client.assets.wipe(key)  # the lists of other tests have no more of it
    assert said == wanted
