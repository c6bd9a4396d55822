"""Following captured logs: each text once and in order, whatever happens to the connection."""

from __future__ import annotations

import pytest
from kit.captured_logs import Run, captured
from kit.payloads import RUN_ID

pytestmark = pytest.mark.anyio


def begins(peer, count):
    """Acknowledge, and return the variables of so many subscriptions by their keys."""
    assert peer.hear()["type"] == "connection_init"
    peer.say("connection_ack")
    return {f["id"]: f["payload"]["variables"] for f in (peer.hear() for _ in range(count))}


def says_text(peer, key, name, cursor, out=None, err=None):
    found = {"logKey": [RUN_ID, "compute_logs", name], "stdout": out, "stderr": err}
    peer.say("data", {"data": {"capturedLogs": {**found, "cursor": cursor}}}, number=key)


def says_events(peer, cursor, *events):
    page = {"__typename": "PipelineRunLogsSubscriptionSuccess", "events": events, "cursor": cursor}
    peer.say("data", {"data": {"pipelineRunLogs": page}}, number="1")


def ends(peer, run, status="SUCCESS"):
    run.status = status
    says_events(peer, "9", {"__typename": f"Run{status.title()}Event", "timestamp": "1"})
    peer.until_closed()


@pytest.fixture
def run(server):
    """A run that has written something."""
    made = Run([captured("a", "load")], {"a": ["one ", None], "b": [None, ""]})
    made.status = "STARTED"
    server.reply(made)
    return made


async def texts(events):
    """Return the text of each log, stdout and stderr together."""
    found = {}
    async for piece in events:
        name = piece.log_key[-1]
        found[name] = found.get(name, "") + (piece.stdout or "") + (piece.stderr or "")
    return found


async def test_logs_of_several_steps_come_over_one_connection(live, follower, run):
    asked = []

    def script(peer):
        asked.append(begins(peer, 2))
        run.texts["a"][0] += "two "
        says_text(peer, "2", "a", "8:0", "two ")
        run.events.append(captured("b", "report"))
        run.texts["b"][1] = "warning"
        says_events(peer, "2", captured("b", "report"))
        asked.append(peer.hear()["payload"]["variables"])
        for _ in range(2):
            says_text(peer, "3", "b", "0:7", err="warning")
        run.texts["a"][0] += "three "
        peer.connection.socket.shutdown(2)

    def second(peer):
        asked.append(begins(peer, 3))
        run.texts["a"][0] += "four"
        ends(peer, run)

    live.scripts = [script, second]
    found = await texts(follower.logs.follow(RUN_ID, poll=0.02, timeout=60))
    assert found == {"a": "one two three four", "b": "warning"}
    key = [RUN_ID, "compute_logs"]
    assert asked == [
        {"1": {"runId": RUN_ID, "cursor": "1"}, "2": {"logKey": [*key, "a"], "cursor": "4:0"}},
        {"logKey": [*key, "b"], "cursor": None},
        {
            "1": {"runId": RUN_ID, "cursor": "2"},
            "2": {"logKey": [*key, "a"], "cursor": "14:0"},
            "3": {"logKey": [*key, "b"], "cursor": "0:7"},
        },
    ]
    assert len(live.handshakes) == 2


async def test_a_log_that_is_complete_is_not_subscribed_to_again(live, follower, run):
    asked = []

    def script(peer):
        begins(peer, 2)
        peer.say("complete", number="2")
        peer.connection.socket.shutdown(2)

    def second(peer):
        asked.append(begins(peer, 1))
        run.texts["a"][0] += "late"
        ends(peer, run, "FAILURE")

    live.scripts = [script, second]
    # The server may say so too early: the last answer has the rest.
    assert await texts(follower.logs.follow(RUN_ID, poll=0.02, timeout=60)) == {"a": "one late"}
    assert [list(each) for each in asked] == [["1"]]


async def test_a_character_that_a_frame_cuts(live, follower, run):
    def script(peer):
        begins(peer, 2)
        run.texts["a"][0] += "東京"
        says_text(peer, "2", "a", "8:0", "東\ufffd")
        says_text(peer, "2", "a", "10:0", "\ufffd\ufffd")
        peer.until_closed()

    def second(peer):
        begins(peer, 2)
        ends(peer, run)

    live.scripts = [script, second]
    assert await texts(follower.logs.follow(RUN_ID, poll=0.02, timeout=60)) == {"a": "one 東京"}


async def test_a_log_subscription_that_fails_leaves_polling(live, follower, run):
    def script(peer):
        begins(peer, 2)
        peer.say("error", {"message": "no such log"}, number="2")
        run.rounds = [lambda run: run.texts.update(a=["one two", None], b=[None, ""])] * 2
        run.rounds.append(lambda run: setattr(run, "status", "SUCCESS"))
        peer.until_closed()

    live.scripts = [script]
    live.leaves_polling = True
    assert await texts(follower.logs.follow(RUN_ID, poll=0.02, timeout=60)) == {"a": "one two"}
    assert len(live.handshakes) == 1
