"""Clients of the scripted server, and how time passes for them."""

from __future__ import annotations

import httpx
import pytest
from kit.canary import TOKEN
from kit.live_server import LiveServer

from dagster_plus_sdk import AsyncDagsterPlus, RetryPolicy, errors
from dagster_plus_sdk._core.run_watch import RunWatch
from dagster_plus_sdk._core.waiting import Patience

#: Retries as often as by default, and at once.
QUICK = RetryPolicy(base=0.001, cap=0.002)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What is sent at a deadline is waited for: a machine that stands still for some seconds changes nothing."""
    monkeypatch.setattr("dagster_plus_sdk._core.timeouts.SHORTEST_TRY", 60.0)
    monkeypatch.setattr("dagster_plus_sdk._async.location_loading.SHORTEST_TRY", 60.0)


@pytest.fixture(autouse=True)
def unfit(monkeypatch):
    """What was sat out though it did not fit: another answer than the test means. One that means it clears the list."""
    found, pause_after = [], Patience.pause_after

    def note(patience, fault):
        found.extend([fault.message] if isinstance(fault, errors.InvalidResponseError) else [])
        return pause_after(patience, fault)

    monkeypatch.setattr(Patience, "pause_after", note)
    yield found
    assert found == []


@pytest.fixture
async def connect(server):
    """Make clients of the server with other options; they are closed at the end."""
    made = []

    def make(**options):
        options = {"url": server.url, "token": TOKEN, "retries": QUICK, **options}
        made.append(AsyncDagsterPlus(**options))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(connect):
    """A client of the server with the canary as its token."""
    return connect()


@pytest.fixture
async def hasty(connect):
    """A client that has given up waiting when the server gives a ``LATE`` answer."""

    async def give_up(response):
        if "late" in response.headers:
            raise httpx.ReadTimeout("too late")

    async with httpx.AsyncClient(event_hooks={"response": [give_up]}) as own:
        yield connect(http_client=own)


@pytest.fixture
def live(server, monkeypatch):
    """The server with websockets; subscriptions that broke are tried again at once."""
    monkeypatch.setattr("dagster_plus_sdk._async.following.uniform", lambda low, high: 0.0)
    made = LiveServer(server)
    yield made
    made.close()


@pytest.fixture
def follower(live, connect):
    """A client of it."""
    return connect(url=live.url)


@pytest.fixture
def clock(monkeypatch):
    """A clock that pauses move, and nothing else."""

    class Clock:
        def __init__(self):
            self.now, self.pauses = 0.0, []

        def __call__(self):
            return self.now

        async def asleep(self, wait):
            self.now += wait
            self.pauses.append(wait)

    made = Clock()
    for waiting in (Patience, RunWatch):
        monkeypatch.setitem(waiting.__init__.__kwdefaults__, "clock", made)
    monkeypatch.setattr("dagster_plus_sdk._async.following.asleep", made.asleep)
    monkeypatch.setattr("dagster_plus_sdk._async.polling.asleep", made.asleep)
    monkeypatch.setattr("dagster_plus_sdk._async.run_waiting.asleep", made.asleep)
    return made
