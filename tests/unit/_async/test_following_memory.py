"""What following keeps of the events that it has given out: nothing."""

from __future__ import annotations

import threading
import tracemalloc

import pytest
from kit.live_server import frame_of
from kit.payloads import RUN_ID, event, event_page
from kit.server import Reply

pytestmark = pytest.mark.anyio

#: Events that come together.
FRAME = 10


@pytest.fixture
def read():
    """Given back with each frame that was read: how many wait somewhere is nothing that the client keeps."""
    return threading.Semaphore()


@pytest.fixture
def long_run(live, server, read):
    """A server of a run with ``live.count`` events, which it keeps nowhere itself."""

    def answer(received):
        after = received.variables["afterCursor"] or "at-0"
        status = "SUCCESS" if after == f"at-{live.count}" else "STARTED"
        run = {"__typename": "Run", "id": RUN_ID, "status": status}
        return Reply({"data": {"logsForRun": event_page([], cursor=after), "runOrError": run}})

    def script(peer):
        peer.opened()
        for start in range(0, live.count, FRAME):
            events = [event(n) for n in range(start, start + FRAME)]
            if start + FRAME == live.count:
                events[-1]["eventType"] = "RUN_SUCCESS"
            assert read.acquire(timeout=60)
            peer.say("data", frame_of(events, f"at-{start + FRAME}"))
        peer.until_closed()

    server.reply(answer)
    live.scripts = [script]
    return live


async def peak(live, client, read, count):
    """Return the most memory that was in use while so many events were followed, in bytes."""
    live.count, seen = count, 0
    tracemalloc.start()
    try:
        async for _ in client.run_events.follow(RUN_ID, poll=0.01, timeout=60):
            seen += 1
            if seen % FRAME == 0:
                read.release()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert seen == count


async def test_memory_is_flat(long_run, follower, read):
    await peak(long_run, follower, read, 100)  # imports
    few = await peak(long_run, follower, read, 500)
    many = await peak(long_run, follower, read, 2500)
    assert many < 1.5 * few
