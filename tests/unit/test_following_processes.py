"""Following in threads, across a fork, and until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from kit.event_log import EventLog
from kit.live_server import LiveServer, frame_of
from kit.payloads import RUN_ID, event
from kit.server import ScriptedServer

from dagster_plus_sdk import DagsterPlus


@pytest.fixture
def live():
    """A server of a run that ends when ``live.release`` is set; each subscription gets one event at once."""
    server = ScriptedServer()
    made = LiveServer(server)
    made.log = EventLog([event(0)], status="STARTED")
    made.release = threading.Event()
    server.reply(made.log)

    def script(peer):
        after = peer.opened()["variables"]["cursor"]
        if after == "at-1":
            made.log.events = [event(0), event(1)]
            peer.say("data", frame_of([event(1)], "at-2"))
        if made.release.wait(60):
            last = {**event(2), "eventType": "RUN_SUCCESS"}
            made.log.events = [event(0), event(1), last]
            made.log.status = "SUCCESS"
            peer.say("data", frame_of([last], "at-3"))
        peer.until_closed()

    made.scripts = [script]
    yield made
    made.release.set()
    made.close()
    server.close()


ALL = [f"event {n}" for n in range(3)]


def test_many_threads_follow_with_one_client(live):
    found = [[] for _ in range(8)]
    with DagsterPlus(url=live.url) as client:

        def follow(into):
            for e in client.run_events.follow(RUN_ID, timeout=60):
                into.append(e.message)

        threads = [threading.Thread(target=follow, args=(into,)) for into in found]
        for thread in threads:
            thread.start()
        live.until(lambda: all(len(into) == 2 for into in found))
        live.release.set()
        for thread in threads:
            thread.join(60)
    assert found == [ALL] * 8
    assert len(live.handshakes) == 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_follow_goes_on_in_a_child_and_in_its_parent(live):
    with DagsterPlus(url=live.url) as client:
        events = client.run_events.follow(RUN_ID, timeout=60)
        before = [next(events).message for _ in range(2)]
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            # The child cannot use its parent's connection: it opens another behind the same event.
            try:
                os.write(writing, ",".join(e.message for e in events).encode())
            finally:
                os._exit(0)
        os.close(writing)
        live.until(lambda: len(live.handshakes) == 2)
        live.release.set()
        rest = [e.message for e in events]
        with os.fdopen(reading) as pipe:
            of_child = pipe.read()
        os.waitpid(child, 0)
    assert (before, rest, of_child) == (ALL[:2], ALL[2:], ALL[2])
    # Nothing that the child did reached the parent's connection.
    assert [f["type"] for f in live.received].count("start") == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_that_drops_a_follow_leaves_its_parents_connection(live):
    with DagsterPlus(url=live.url) as client:
        events = client.run_events.follow(RUN_ID, timeout=60)
        before = [next(events).message for _ in range(2)]
        child = os.fork()
        if child == 0:
            try:
                events.close()
                client.close()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        live.release.set()
        assert (before, [e.message for e in events]) == (ALL[:2], ALL[2:])
    assert len(live.handshakes) == 1


SCRIPT = """
import sys
from dagster_plus_sdk import DagsterPlus
with DagsterPlus(url=sys.argv[1]) as client:
    try:
        for event in client.run_events.follow(sys.argv[2]):
            print(event.message, flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT for children there")
def test_ctrl_c(live):
    command = [sys.executable, "-W", "error", "-c", SCRIPT, live.url, RUN_ID]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        lines = [child.stdout.readline() for _ in range(2)]
        time.sleep(0.1)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        rest, errors = child.communicate(timeout=60)
    assert lines == ["event 0\n", "event 1\n"]
    assert (rest, errors, child.returncode) == ("interrupted\n", "", 0)
    assert time.monotonic() - began < 60
    live.release.set()
    live.until(lambda: live.closes == [1000])
