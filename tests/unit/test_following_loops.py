"""Following in event loops that end, and clients that are closed in another one than they are used in."""

from __future__ import annotations

import asyncio
import gc
import threading

import httpx
import pytest
from kit.event_log import EventLog
from kit.live_server import LiveServer, frame_of
from kit.payloads import RUN_ID, event
from kit.server import ScriptedServer

from dagster_plus_sdk import AsyncDagsterPlus, errors

#: httpx's connections, as these clients are not closed, or in another loop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def live(own_heap):
    """A server of a run that goes on, and of which one event comes by subscription."""
    server = ScriptedServer()
    made = LiveServer(server)
    server.reply(EventLog(status="STARTED"))

    def script(peer):
        peer.opened()
        peer.say("data", frame_of([event(0)], "at-1"))
        peer.until_closed()

    made.scripts = [script]
    yield made
    made.close()
    server.close()
    gc.collect()  # here, and not in another test


@pytest.mark.parametrize("closes", [True, False])
def test_a_loop_that_ends_with_what_was_followed(live, closes, caplog, capsys):
    """asyncio closes generators that are nested in each other at the same time: none may wait for another."""
    kept = []

    async def main():
        client = AsyncDagsterPlus(url=live.url)
        events = client.run_events.follow(RUN_ID)
        kept.append(events)
        async for found in events:
            assert found.message == "event 0"
            break
        if closes:
            kept.clear()
            del events

    asyncio.run(main())
    gc.collect()
    live.until(lambda: live.closes == [1000])
    assert ([r.getMessage() for r in caplog.records], capsys.readouterr().err) == ([], "")


def test_a_client_that_is_closed_in_another_loop(live):
    client = AsyncDagsterPlus(url=live.url)
    heard, ended = threading.Event(), []

    async def follow():
        events = client.run_events.follow(RUN_ID)
        await anext(events)
        heard.set()
        with pytest.raises(errors.ConfigurationError, match="closed"):
            await anext(events)
        ended.append(True)

    thread = threading.Thread(target=lambda: asyncio.run(follow()))
    thread.start()
    assert heard.wait(60)
    asyncio.run(client.aclose())
    thread.join(60)
    assert ended
    live.until(lambda: live.closes == [1000])


def test_turns_of_loops_that_are_closed_are_forgotten():
    async def turn():
        return client._transport.turns()

    client = AsyncDagsterPlus(url="http://localhost:1", http_client=httpx.AsyncClient())
    seen = [asyncio.run(turn()) for _ in range(3)]
    assert len(set(map(id, seen))) == 3
    assert len(client._transport._pool._turns) == 1
