"""How following ends before its time: the client is closed, or nobody listens any more."""

from __future__ import annotations

import gc

import pytest
from kit.event_log import EventLog
from kit.live_server import frame_of
from kit.payloads import RUN_ID, event

from dagster_plus_sdk import errors, operations

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def going_on(live, server):
    """A run that goes on, and of which one event comes by subscription."""
    server.reply(EventLog(status="STARTED"))

    def script(peer):
        peer.opened()
        peer.say("data", frame_of([event(0)], "at-1"))
        peer.until_closed()

    live.scripts = [script]


async def test_a_client_that_is_closed_meanwhile(live, connect):
    client = connect(url=live.url)
    events = client.run_events.follow(RUN_ID)
    assert (await anext(events)).message == "event 0"
    await client.aclose()
    with pytest.raises(errors.ConfigurationError, match="closed"):
        await anext(events)
    live.until(lambda: live.closes == [1000])


async def test_a_subscription_that_opens_while_the_client_is_closed(live, connect, monkeypatch):
    client = connect(url=live.url)
    pool = client._transport._pool

    async def keep(line):
        monkeypatch.undo()
        pool._closed = True  # just before the line was known
        await pool.keep(line)

    monkeypatch.setattr(pool, "keep", keep)
    with pytest.raises(errors.ConfigurationError, match="closed"):
        await anext(client.subscribe(operations.follow_run_events(run_id=RUN_ID)))
    live.until(lambda: live.closes == [1000])


async def test_a_subscription_of_a_client_that_is_closed_meanwhile(live, connect):
    client = connect(url=live.url)
    results = client.subscribe(operations.follow_run_events(run_id=RUN_ID))
    await anext(results)
    await client.aclose()
    with pytest.raises(errors.ConnectionFailedError, match="was closed"):
        await anext(results)


@pytest.mark.usefixtures("own_heap")
async def test_nobody_listens_any_more(live, connect):
    client = connect(url=live.url)
    events = client.run_events.follow(RUN_ID)
    await anext(events)
    del events
    gc.collect()
    if hasattr(client, "__aenter__"):
        import asyncio

        for _ in range(400):
            await asyncio.sleep(0.05)  # the loop closes the generator
            if live.closes:
                break
    live.until(lambda: live.closes == [1000])
