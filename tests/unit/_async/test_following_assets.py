"""Following assets: each event once and in order, whatever happens to the connection."""

from __future__ import annotations

import time
from contextlib import aclosing

import pytest
from kit.payloads import RUN_ID
from kit.server import Reply

from dagster_plus_sdk import AssetKey, errors

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


#: All times are seconds after this one.
BASE = 1_700_000_000


def times(events):
    return [e.timestamp.timestamp() - BASE for e in events]


class Histories:
    """Histories of assets at a server, in the order in which their events were stored."""

    def __init__(self, **times):
        self.times = times
        self.looks = []

    def add(self, name, *times):
        self.times.setdefault(name, []).extend(times)

    def __call__(self, received):
        assert received.operation == "ListAssetEvents"
        asked = received.variables
        [name] = asked["assetKey"]["path"]
        listed = list(enumerate(self.times.get(name, ())))
        self.looks.append(name)
        since = float(asked.get("after") or 0) / 1000 - BASE
        before = int(asked.get("cursor") or 1 << 30)
        newest = [(i, t) for i, t in reversed(listed) if t > since and i < before][: asked["limit"]]
        found = {
            "results": [materialization(name, i, t) for i, t in newest],
            "cursor": str(newest[-1][0] if newest else -1),
        }
        known = name in self.times
        asset = {"__typename": "Asset", "isKnown": known, "history": found}
        return Reply({"data": {"assetOrError": asset}})


def materialization(name, number, at):
    return {
        "__typename": "MaterializationEvent",
        "key": {"path": [name]},
        "timestamp": str(round((BASE + at) * 1000)),
        "runId": "same" if at == int(at) else f"run {number}",
        "message": "m",
        "level": "DEBUG",
        "tags": [],
        "metadataEntries": [],
        "lineage": [],
    }


@pytest.fixture
def histories(server):
    """A server of two assets, one of them without a history."""
    made = Histories(a=[90, 100, 100], b=[])
    server.reply(made)
    return made


def says_asset(peer, *path):
    event = {
        "__typename": "MaterializationEvent",
        "runId": RUN_ID,
        "message": "m",
        "timestamp": "1",
        "level": "DEBUG",
        "assetKey": {"path": list(path)} if path else None,
        "tags": [],
        "metadataEntries": [],
        "lineage": [],
    }
    peer.say("data", {"data": {"assetEvents": event}})


async def test_events_of_assets_are_read_when_the_server_tells(live, follower, histories):
    asked = []

    def script(peer):
        asked.append(peer.opened()["variables"]["eventTypes"])
        live.until(lambda: histories.looks[-2:] == ["a", "b"] and len(histories.looks) > 4)
        for _ in range(50):
            says_asset(peer, "another")
        # The same time and text as those that were there before: one more is one more.
        histories.add("a", 100, 101, 99)
        for _ in range(3):
            says_asset(peer, "a")
        live.until(lambda: len(histories.looks) > 6)
        asked.append(len(histories.looks))
        histories.add("b", 5, 6)
        histories.add("a", 102.5)
        peer.connection.socket.shutdown(2)

    live.scripts = [script, lambda peer: (peer.opened(), peer.until_closed())]
    found = await first(
        6, follower.assets.follow(["a", "b"], types="materialization", poll=1000, timeout=60)
    )
    types, looks = asked
    assert types == ["ASSET_MATERIALIZATION"]
    at = {name: times(e for e in found if e.key == AssetKey(name)) for name in "ab"}
    assert at == {"a": [100, 101, 99, 102.5], "b": [5, 6]}
    # What is told at once is one question; more, but never one for each asset, if it came apart.
    assert looks <= 6 + 3
    assert "b" not in histories.looks[6:looks]


async def test_what_was_told_before_a_break_is_read(live, follower, histories):
    def script(peer):
        peer.opened()
        live.until(lambda: len(histories.looks) >= 6)
        histories.add("a", 101)
        says_asset(peer, "a")
        peer.connection.socket.shutdown(2)

    live.scripts = [script, lambda peer: (peer.opened(), peer.until_closed())]
    found = await first(1, follower.assets.follow(["a", "b"], poll=1000, timeout=60))
    assert times(found) == [101]


async def test_what_nobody_told_before_a_break_is_read_with_the_next_try(live, follower, histories):
    def script(peer):
        peer.opened()
        live.until(lambda: len(histories.looks) >= 6)
        histories.add("a", 101)
        histories.add("b", 5)
        says_asset(peer, "a")
        peer.connection.socket.shutdown(2)

    live.scripts = [script, lambda peer: (peer.opened(), peer.until_closed())]
    found = await first(2, follower.assets.follow(["a", "b"], poll=1000, timeout=60))
    assert times(found) == [101, 5]


@pytest.mark.parametrize("pause", [0.01, 0.1])
async def test_what_nobody_tells_is_read_all_the_same(
    live, follower, histories, monkeypatch, pause
):
    """However much there is to hear of another asset."""
    monkeypatch.setattr("dagster_plus_sdk._async.following.QUIET", 1.0)

    def script(peer):
        peer.opened()
        live.until(lambda: len(histories.looks) == 6)
        histories.add("b", 5)
        while True:
            says_asset(peer, "a")
            time.sleep(pause)

    live.scripts = [script]
    began = time.monotonic()
    found = await first(1, follower.assets.follow(["a", "b"], poll=1000, timeout=60))
    assert times(found) == [5]
    assert time.monotonic() - began < 50  # at the end of the time there is one look more


async def test_events_of_assets_without_the_subscription(live, follower, histories):
    def script(peer):
        peer.opened()
        peer.say("error", {"message": "Cannot query field 'assetEvents'"})
        peer.until_closed()

    live.scripts = [script]
    live.leaves_polling = True

    def answer(received):
        if len(histories.looks) in {5, 9}:
            histories.add("a", 101, 95)
        return histories(received)

    live.http.reply(answer)
    found = await first(4, follower.assets.follow("a", poll=0.01, timeout=60))
    assert times(found) == [101, 95, 101, 95]
    assert len(live.handshakes) == 1


async def test_events_of_assets_from_a_time_on(live, follower, histories):
    live.refusals, live.leaves_polling = [(404, {}, b"")], True
    events = follower.assets.follow(
        "a", after=BASE + 95, where=lambda e: e.timestamp.timestamp() != BASE + 101, poll=0.01
    )

    def answer(received):
        if len(histories.looks) == 3:
            histories.add("a", 101, 102)
        return histories(received)

    live.http.reply(answer)
    assert times(await first(3, events)) == [100, 100, 102]


async def test_following_assets_ends_with_its_time(live, follower, histories, clock):
    live.refusals, live.leaves_polling = [(404, {}, b"")], True
    events = follower.assets.follow("a", poll=1, timeout=5)
    assert times([e async for e in events]) == []
    assert len(histories.looks) > 10
    assert clock.now == pytest.approx(5)


@pytest.mark.parametrize(
    ("keys", "given", "kind"),
    [
        ([], {}, errors.InvalidInputError),
        ("a", {"types": "x"}, errors.InvalidInputError),
        ("a", {"after": "yesterday"}, errors.InvalidInputError),
        ("unknown", {}, errors.NotFoundError),
    ],
)
async def test_assets_that_cannot_be_followed(live, follower, histories, keys, given, kind):
    with pytest.raises(kind):
        await first(1, follower.assets.follow(keys, **given))
    assert len(histories.looks) <= 1
