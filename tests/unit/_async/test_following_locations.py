"""Following code locations: no change is lost, whatever happens to the connection."""

from __future__ import annotations

import itertools
import threading
import time
from contextlib import aclosing

import pytest
from kit.locations import location_status
from kit.payloads import code_location, error
from kit.server import Reply

from dagster_plus_sdk import errors

pytestmark = pytest.mark.anyio


async def first(count, events):
    """Return the first items of what has no end."""
    found = []
    async with aclosing(events) as each:
        async for event in each:
            found.append(event)
            if len(found) == count:
                break
    return found


class Workspace:
    """Code locations at a server; each is loaded once more by ``load``."""

    def __init__(self, *names):
        self.count = itertools.count(1)
        self.entries, self.broken = {}, set()
        #: Held while it changes: nobody sees half of it.
        self.lock = threading.Lock()
        #: How often the statuses were looked at.
        self.looks = 0
        for name in names:
            self.load(name)

    def load(self, name, status="LOADED"):
        at = float(next(self.count))
        changes = {"updatedAt": at, "versionKey": str(at)}
        self.entries[name] = location_status(name, status, **changes)

    def __call__(self, received):
        with self.lock:
            return self.answer(received)

    def answer(self, received):
        if received.operation == "ListCodeLocationStatuses":
            self.looks += 1
            entries = list(self.entries.values())
            found = {"__typename": "WorkspaceLocationStatusEntries", "entries": entries}
            return Reply({"data": {"locationStatusesOrError": found}})
        name = received.variables["name"]
        entry = code_location(name, fails=name in self.broken)
        return Reply({"data": {"workspaceLocationEntryOrError": entry}})


@pytest.fixture
def workspace(server):
    """A server of three code locations."""
    made = Workspace("a", "b", "c")
    server.reply(made)
    return made


def says_location(peer, kind, name, message="said so"):
    event = {"type": f"LOCATION_{kind}", "locationName": name, "message": message, "serverId": "s"}
    peer.say("data", {"data": {"locationStateChangeEvents": {"event": event}}})


def told(events):
    return [(str(e.type).removeprefix("LOCATION_"), e.location_name, e.message) for e in events]


LOADED, GONE = "The location has been loaded.", "The location is not in the workspace any more."


async def test_what_a_server_tells_of_its_locations(live, follower, workspace):
    def script(peer):
        peer.opened()
        says_location(peer, "DISCONNECTED", "a")
        says_location(peer, "RECONNECTED", "a")
        says_location(peer, "UPDATED", "b")  # before its status shows it
        live.until(lambda: workspace.looks >= 3)
        with workspace.lock:
            workspace.load("b")
            workspace.load("c")
        says_location(peer, "ERROR", "c")
        peer.until_closed()

    live.scripts = [script]
    found = told(await first(4, follower.code_locations.follow(poll=1000, timeout=60)))
    assert found[:3] == [
        ("DISCONNECTED", "a", "said so"),
        ("RECONNECTED", "a", "said so"),
        ("UPDATED", "b", "said so"),
    ]
    assert found[3:] == [("ERROR", "c", "said so")]
    assert "GetCodeLocation" not in live.http.operations


async def test_changes_while_the_connection_is_broken(live, follower, workspace):
    def script(peer):
        peer.opened()
        with workspace.lock:
            workspace.load("c")
            workspace.load("a")
            workspace.broken = {"a"}
            del workspace.entries["b"]
            workspace.load("d", "LOADING")
        peer.connection.socket.shutdown(2)

    def second(peer):
        looks = workspace.looks
        peer.opened()
        live.until(lambda: workspace.looks > looks)
        workspace.load("d")
        says_location(peer, "UPDATED", "d")
        peer.until_closed()

    live.scripts = [script, second]
    assert told(await first(4, follower.code_locations.follow(poll=1000, timeout=60))) == [
        ("DISCONNECTED", "b", GONE),
        ("UPDATED", "c", LOADED),
        ("ERROR", "a", "no module"),
        ("UPDATED", "d", "said so"),
    ]


async def test_news_of_other_locations_keep_nobody_from_looking(live, follower, workspace):
    """An open-source server says nothing of a location that it loads anew itself."""

    looks = []

    def answer(received):
        reply = workspace(received)
        looks.append(received.operation)
        return reply

    def script(peer):
        peer.opened()
        live.until(lambda: looks)  # those behind the subscription
        workspace.load("a")
        while True:
            says_location(peer, "DISCONNECTED", "other")
            time.sleep(0.01)

    live.http.reply(answer)
    live.scripts = [script]
    began = time.monotonic()
    events = follower.code_locations.follow(pattern="a", poll=0.5, timeout=60)
    assert told(await first(1, events)) == [("UPDATED", "a", LOADED)]
    assert time.monotonic() - began < 50  # at the end of the time it is looked once more


async def test_a_location_that_cannot_be_read_is_not_taken_for_gone(live, follower, workspace):
    live.refusals, live.leaves_polling = [(404, {}, b"")], True
    looks, faults = itertools.count(), []

    def answer(received):
        if received.operation == "ListCodeLocationStatuses" and next(looks) == 1:
            workspace.load("b")
        if received.operation == "GetCodeLocation" and not faults:
            faults.append(error("PythonError", "no database", className="E", stack=[]))
            return Reply({"data": {"workspaceLocationEntryOrError": faults[0]}})
        return workspace(received)

    live.http.reply(answer)
    events = follower.code_locations.follow(poll=0.01, timeout=60)
    assert told(await first(1, events)) == [("UPDATED", "b", LOADED)]
    assert faults


async def test_locations_without_websockets(live, follower, workspace):
    live.refusals, live.leaves_polling = [(404, {}, b"")], True
    looks = itertools.count()

    def answer(received):
        if received.operation == "ListCodeLocationStatuses" and next(looks) in {2, 4}:
            workspace.load("b")
            workspace.load("other")
        return workspace(received)

    live.http.reply(answer)
    events = follower.code_locations.follow(pattern="[A-C]", poll=0.01, timeout=60)
    assert told(await first(2, events)) == [("UPDATED", "b", LOADED)] * 2
    assert len(live.handshakes) == 1


async def test_locations_until_the_time_is_over(live, follower, workspace, clock):
    live.refusals, live.leaves_polling = [(404, {}, b"")], True
    assert [e async for e in follower.code_locations.follow(poll=1, timeout=5)] == []
    assert (clock.now, workspace.looks > 10) == (pytest.approx(5), True)
    live.http.reply(Reply(b"", 503))
    with pytest.raises(errors.WaitTimeoutError, match=r"did not answer within 5 s"):
        await first(1, follower.code_locations.follow(poll=1, timeout=5))
    for given in ({"poll": 0}, {"timeout": -1}, {"pattern": ""}):
        with pytest.raises(errors.InvalidInputError):
            await first(1, follower.code_locations.follow(**given))
