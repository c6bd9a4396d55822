"""What the handler of a signal raises while something is under way: it ends that, and is no fault to sit out."""

from __future__ import annotations

import signal
import threading

import httpcore
import httpx
import pytest
import websockets
from kit.canary import TOKEN, leaks
from kit.event_log import EventLog
from kit.live_server import LiveServer, frame_of
from kit.payloads import RUN_ID, event
from kit.server import Reply, ScriptedServer

from dagster_plus_sdk import DagsterPlus
from dagster_plus_sdk._core import sockets
from dagster_plus_sdk._core.interrupts import is_interrupt

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGUSR1"), reason="there are no signals for it here"
)


class Terminated(Exception):  # noqa: N818 - as orchestrators name theirs
    """What ends a task."""


class Late(AssertionError):  # noqa: N818 - as a library of timeouts does it
    """What ends one that takes too long."""


class Unsent(httpx.ConnectError):
    """What a transport of somebody's own may raise."""


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (Terminated(), True),
        (Late(), True),
        (Exception("stop"), True),
        (KeyboardInterrupt(), True),
        (SystemExit(), True),
        (Unsent("no"), False),
        (httpx.ReadTimeout("slow"), False),
        (httpcore.ConnectError(), False),
        (websockets.WebSocketException(), False),
        (OSError(), False),
        (TimeoutError(), False),
        (RuntimeError(), False),
        (KeyError(), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whose_exceptions_they_are(error, wanted):
    assert is_interrupt(error) is wanted


@pytest.fixture
def server():
    made = ScriptedServer()
    yield made
    made.close()


@pytest.fixture
def interrupt():
    """Set what a signal raises; send it to the thread of the tests until it comes through: one just before a call that blocks does not."""
    handled = threading.Event()
    errors = []

    def handle(*_):
        if not handled.is_set():
            handled.set()
            raise errors[0]

    def send():
        while not handled.is_set():
            signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
            handled.wait(0.05)

    before = signal.signal(signal.SIGUSR1, handle)
    send.raises = errors.append
    yield send
    handled.set()
    signal.signal(signal.SIGUSR1, before)


PLACE = {"location": "demo", "repository": "__repository__"}
CALLS = {
    "a wait": lambda client: client.runs.wait(RUN_ID, timeout=60),
    "a launch": lambda client: client.runs.create("report", **PLACE),
    "a follow": lambda client: next(client.run_events.follow(RUN_ID, timeout=60)),
    "a list": lambda client: client.runs.list().to_list(),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("error", [Terminated("by SIGTERM"), Late()], ids=repr)
def test_a_request_that_is_interrupted(server, interrupt, call, error):
    interrupt.raises(error)

    def answer(_):
        interrupt()
        return Reply(fault="hang")

    server.reply(answer)
    with (
        DagsterPlus(url=server.url, token=TOKEN) as client,
        pytest.raises(type(error)) as caught,
    ):
        call(client)
    assert caught.value is error
    assert leaks(error) == []
    # Nothing was sent again, and no lost launch looked for.
    assert server.requests == 1


@pytest.mark.parametrize("error", [Terminated("by SIGTERM"), Late(), TimeoutError()], ids=repr)
def test_a_subscription_that_is_interrupted(server, interrupt, error, monkeypatch):
    interrupt.raises(error)
    began, listens = threading.Event(), threading.Event()

    def receive(*given):
        if began.is_set():
            listens.set()
        return sockets.receive(*given)

    def script(peer):
        peer.opened()
        peer.say("data", frame_of([event(0)], "at-1"))
        if listens.wait(60):
            interrupt()
        peer.until_closed()

    monkeypatch.setattr("dagster_plus_sdk._sync.websocket.receive", receive)
    server.reply(EventLog(status="STARTED"))
    live = LiveServer(server)
    live.scripts = [script]
    try:
        with DagsterPlus(url=live.url, token=TOKEN) as client:
            events = client.run_events.follow(RUN_ID, timeout=60)
            assert next(events).message == "event 0"
            began.set()
            with pytest.raises(type(error)) as caught:
                next(events)
            assert caught.value is error
            assert leaks(error) == []
            live.until(lambda: live.closes == [1000])
    finally:
        live.close()
