"""Following a run by subscription: each event once and in order, whatever happens to the connection."""

from __future__ import annotations

import logging
import sys
import time
from itertools import pairwise

import httpx
import pytest
from kit.canary import TOKEN, leaks
from kit.event_log import EventLog
from kit.live_server import frame_of
from kit.payloads import RUN_ID, event
from kit.server import Received

from dagster_plus_sdk import AsyncDagsterPlus, errors, operations
from dagster_plus_sdk._async.following import AsyncFollowing

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def log(live, server):
    """What the server has of a run."""
    live.log = EventLog(status="STARTED")
    server.reply(live.log)


def numbers(count, start=0):
    return [f"event {n}" for n in range(start, start + count)]


def sends(live, *counts, last=False, cut=False, twice=False):
    """Return a script: frames with so many new events each; with the last, the run ends."""

    def script(peer):
        peer.opened()
        for index, count in enumerate(counts):
            at = len(live.log.events)
            more = [event(n) for n in range(at, at + count)]
            if last and index == len(counts) - 1:
                more[-1]["eventType"] = "RUN_SUCCESS"
                live.log.status = "SUCCESS"
            live.log.events += more
            payload = frame_of(more, f"at-{len(live.log.events)}")
            for _ in range(2 if twice else 1):
                peer.say("ka")
                peer.say("data", payload)
                peer.say("news", "of another version")
        if cut:
            peer.connection.socket.shutdown(2)
        else:
            peer.until_closed()

    return script


def fails(kind, payload=None):
    """Return a script: the subscription ends so."""

    def script(peer):
        peer.opened()
        peer.say(kind, payload)
        peer.until_closed()

    return script


def silent(peer):
    peer.opened()
    peer.until_closed()


async def followed(client, found=None, **options):
    found = [] if found is None else found
    async for e in client.run_events.follow(RUN_ID, **{"poll": 0.02, "timeout": 60, **options}):
        found.append(e.message)
    return found


def started(live):
    return [f["payload"]["variables"] for f in live.received if f["type"] == "start"]


@pytest.mark.parametrize("twice", [False, True])
async def test_each_event_once_and_in_order(live, follower, twice):
    live.log.events = [event(0), event(1)]
    live.scripts = [sends(live, 0, 3, 1, 5, 1, last=True, twice=twice)]
    assert await followed(follower) == numbers(12)
    # What there was, then twice to see that nothing came behind the end.
    assert live.http.operations == ["PollRunEvents"] * 3
    assert started(live) == [{"runId": RUN_ID, "cursor": "at-2"}]


async def test_the_protocol(live, follower):
    live.scripts = [sends(live, 1, last=True)]
    await followed(follower)
    live.until(lambda: len(live.received) == 4)
    init, begin, stop, end = live.received
    assert (init, stop, end) == (
        {"type": "connection_init", "payload": {}},
        {"type": "stop", "id": "1"},
        {"type": "connection_terminate"},
    )
    assert begin["payload"].keys() == {"query", "variables", "operationName"}
    assert begin["payload"]["operationName"] == "FollowRunEvents"
    [(path, headers)] = live.handshakes
    assert (path, headers["Sec-WebSocket-Protocol"]) == ("/graphql", "graphql-ws")
    assert {name for name, value in headers.items() if TOKEN in value} == {
        "Dagster-Cloud-Api-Token"
    }
    assert TOKEN not in str(live.received)


async def test_filters(live, follower):
    live.scripts = [sends(live, 3, 4, last=True)]
    assert await followed(follower, types="RUN_SUCCESS") == ["event 6"]


async def test_a_connection_that_breaks_again_and_again(live, follower):
    live.scripts = [*(sends(live, 2, 1, cut=True) for _ in range(12)), sends(live, 1, last=True)]
    assert await followed(follower) == numbers(37)
    assert [variables["cursor"] for variables in started(live)] == [
        f"at-{3 * n}" for n in range(13)
    ]


async def test_events_that_the_subscription_missed(live, follower):
    """What was logged while the connection was broken comes with the next answer."""

    def script(peer):
        peer.opened()
        live.log.events = [event(n) for n in range(3)]
        peer.say("data", frame_of([event(0)], "at-1"))
        peer.connection.socket.shutdown(2)

    live.scripts = [script, sends(live, 1, last=True)]
    assert await followed(follower) == numbers(4)


async def test_a_run_that_ends_in_silence(live, follower, monkeypatch):
    monkeypatch.setattr(sys.modules[type_module()], "QUIET", 0.1)

    live.scripts = [silent]
    ending(live, "CANCELED", polls=2)
    assert await followed(follower) == ["event 0"]
    assert len(live.handshakes) == 1


def type_module():
    """Return the name of the module that follows."""
    return f"{AsyncDagsterPlus.__module__.rpartition('.')[0]}.following"


async def test_the_deadline(live, follower):
    live.scripts = [silent]
    began = time.monotonic()
    with pytest.raises(errors.WaitTimeoutError, match=r"did not end within 0\.3 s"):
        await followed(follower, timeout=0.3)
    assert 0.29 <= time.monotonic() - began < 60


async def test_the_deadline_of_a_run_that_never_falls_silent(live, follower):
    """It has more to say than is listened to."""
    most = 5000

    def script(peer):
        peer.opened()
        for n in range(most):
            live.log.events.append(event(n))
            peer.say("data", frame_of([event(n)], f"at-{n + 1}"))
            time.sleep(0.001)
        peer.until_closed()

    live.scripts = [script]
    found = []

    def slow(e):
        time.sleep(0.003)
        return e

    with pytest.raises(errors.WaitTimeoutError, match=r"did not end within 1 s"):
        await followed(follower, found, timeout=1, where=slow)
    # At the end there is one answer more, of up to 1,000 events.
    assert found == numbers(len(found))
    assert len(found) < most / 2


async def test_no_answer_is_waited_for_beyond_the_deadline(connect, monkeypatch):
    """Of those that one look takes, each has what is left then."""
    monkeypatch.setattr("dagster_plus_sdk._core.timeouts.SHORTEST_TRY", 0.5)
    log = EventLog([event(0), event(1)], most=1)
    limits = []

    def answer(request):
        limits.append(request.extensions["timeout"]["read"])
        time.sleep(0.1)
        received = Received(request.url.path, {}, request.read(), "POST")
        return httpx.Response(200, content=log(received).content())

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as own:
        assert await followed(connect(http_client=own), timeout=30) == numbers(2)
    assert limits[0] <= 30
    assert all(later <= earlier - 0.1 for earlier, later in pairwise(limits))
    assert len(limits) == 3


async def test_leaving_early_closes_the_connection(live, follower):
    live.scripts = [sends(live, 2)]
    events = follower.run_events.follow(RUN_ID)
    assert (await anext(events)).message == "event 0"
    await events.aclose()
    live.until(lambda: live.closes)
    assert live.closes == [1000]
    assert [f["type"] for f in live.received[2:]] == ["stop", "connection_terminate"]


def ending(live, status="SUCCESS", polls=4):
    """Let the run end with the fourth poll."""

    def end():
        live.log.events.append(event(0))
        live.log.status = status

    live.log.steps = [*([lambda: None] * (polls - 1)), end]


PAGE = b"<!DOCTYPE html><html>no</html>"
FAILED = {"message": "no such field", "locations": [{"line": 1, "column": 1}]}
GONE = {"__typename": "PipelineRunLogsSubscriptionFailure", "message": "m", "missingRunId": "r"}
REFUSALS = {
    "no upgrade": (400, {}, PAGE),
    "not found": (404, {}, PAGE),
    "no token": (401, {}, b""),
    "an answer": (200, {}, b"{}"),
    "elsewhere": (307, {"Location": "http://elsewhere.test/graphql"}, b""),
}
SCRIPTS = {
    "error": fails("error", FAILED),
    "errors": fails("error", [FAILED]),
    "data with errors": fails("data", {"data": None, "errors": [FAILED]}),
    "run missing": fails("data", {"data": {"pipelineRunLogs": GONE}}),
    "misfit": fails("data", {"data": {"pipelineRunLogs": 5}}),
    "no protocol": lambda peer: (peer.opened(), peer.connection.send("[1]"), peer.until_closed()),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_a_server_without_websockets_is_polled(live, follower, refusal, caplog):
    caplog.set_level(logging.DEBUG, "dagster_plus_sdk")
    live.refusals, live.leaves_polling = [refusal] * 9, True
    for _ in range(2):
        live.log.events, live.log.status = [], "STARTED"
        ending(live)
        assert await followed(follower) == ["event 0"]
    assert len(live.handshakes) == 1
    assert caplog.text.count("polling, not subscribing") == 1
    assert leaks(caplog.text) == []


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
async def test_a_subscription_that_fails_is_not_repeated(live, follower, script):
    live.scripts, live.leaves_polling = [script], True
    ending(live)
    assert await followed(follower) == ["event 0"]
    assert (len(live.handshakes), len(live.given_up)) == (1, 1)


FAULTS = {
    "503": None,
    "complete": fails("complete"),
    "goes away": lambda peer: (peer.opened(), peer.connection.close(1001, "restarts")),
}


@pytest.mark.parametrize("how", FAULTS)
async def test_passing_faults_put_the_next_try_off(live, follower, how, monkeypatch):
    longest = []
    monkeypatch.setattr(
        sys.modules[type_module()], "uniform", lambda _, wait: longest.append(wait) or 0.0
    )
    # However long a connection that goes away was open.
    monkeypatch.setattr(sys.modules[type_module()], "_WORKED", float("inf"))
    live.refusals = [(503, {}, PAGE)] * 9 if how == "503" else []
    live.leaves_polling = how == "503"
    live.scripts = [FAULTS[how]]
    ending(live, polls=8)
    assert await followed(follower, poll=0.005) == ["event 0"]
    # What cannot even be opened is given up sooner.
    assert longest == [0.5, 1, 2, 4, 8, 16, 16][: 3 if how == "503" else 7]
    assert len(live.handshakes) == len(longest)


def test_the_next_try_comes_however_many_have_failed():
    following = AsyncFollowing(None, None, None)
    following._failures = 5000
    following._put_off()
    assert following._next_try <= time.monotonic() + 16


async def test_what_could_not_be_opened_is_tried_again_later(live, follower, monkeypatch):
    monkeypatch.setattr(sys.modules[type_module()], "uniform", lambda _, wait: 0.0)
    monkeypatch.setattr(sys.modules[type_module()], "_REFUSED", 0.2)
    live.refusals, live.leaves_polling = [(503, {}, PAGE)] * 3, True
    live.scripts = [sends(live, 1, last=True)]
    assert await followed(follower, timeout=60) == ["event 0"]
    assert len(live.handshakes) == 4


async def test_without_the_library(live, follower, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG, "dagster_plus_sdk")
    monkeypatch.setitem(sys.modules, "websockets", None)
    live.leaves_polling = True
    for _ in range(2):
        live.log.events, live.log.status = [], "STARTED"
        ending(live)
        assert await followed(follower) == ["event 0"]
    assert live.handshakes == []
    assert caplog.text.count("dagster-plus-sdk[websocket]") == 1


async def test_with_an_http_client_of_ones_own(live, connect):
    async with httpx.AsyncClient() as own:
        ending(live)
        live.leaves_polling = True
        assert await followed(connect(url=live.url, http_client=own)) == ["event 0"]
        with pytest.raises(errors.ConfigurationError, match="http_client of one's own"):
            await results(connect(url=live.url, http_client=own))
    assert live.handshakes == []


# subscribe

LOCATIONS = [
    {"data": {"locationStateChangeEvents": {"event": {"type": kind, "locationName": "demo", "message": "m", "serverId": None}}}}
    for kind in ("LOCATION_UPDATED", "LOCATION_ERROR")
]  # fmt: skip


async def results(client, operation=None):
    return [r async for r in client.subscribe(operation or operations.follow_location_events())]


def changes(peer):
    assert peer.opened()["variables"] == {}
    for payload in LOCATIONS:
        peer.say("data", payload)
    peer.say("complete")
    peer.until_closed()


async def test_subscribe(live, follower):
    live.scripts = [changes]
    found = await results(follower)
    assert [r.ok.event.type for r in found] == ["LOCATION_UPDATED", "LOCATION_ERROR"]
    live.until(lambda: live.received[-1] == {"type": "connection_terminate"})


async def test_subscribe_takes_subscriptions_only(live, follower):
    with pytest.raises(errors.InvalidInputError, match="GetRun is a query"):
        await results(follower, operations.get_run(run_id=RUN_ID))
    assert live.handshakes == []


async def test_the_handshake_is_redirected_within_the_origin(live, connect):
    live.refusals = [(307, {"Location": "/prod/graphql"}, b"")]
    live.scripts = [changes]
    assert len(await results(connect(url=live.url))) == 2
    assert [path for path, _ in live.handshakes] == ["/graphql", "/prod/graphql"]


@pytest.mark.parametrize(
    ("refusal", "kind", "says"),
    [
        ((307, {"Location": f"http://elsewhere.test/?t={TOKEN}"}, b""), errors.RedirectError, "another origin"),
        ((307, {"Location": "/graphql"}, b""), errors.RedirectError, "More than 3"),
        ((401, {}, TOKEN.encode()), errors.AuthenticationError, "HTTP 401"),
        ((403, {}, TOKEN.encode()), errors.PermissionDeniedError, "HTTP 403"),
        ((429, {}, b""), errors.RateLimitError, "429"),
        ((503, {}, PAGE), errors.ServiceUnavailableError, "503"),
        ((200, {}, PAGE), errors.InvalidResponseError, "takes no websockets"),
    ],
)  # fmt: skip
async def test_what_a_refused_handshake_raises(live, follower, refusal, kind, says):
    live.refusals = [refusal] * 5
    with pytest.raises(kind, match=says) as caught:
        await results(follower)
    assert caught.value.operation == "FollowLocationEvents"
    assert leaks(caught.value) == []


def refuses(payload, code):
    def script(peer):
        peer.hear()
        peer.say("connection_error", payload)
        peer.connection.close(code)

    return script


@pytest.mark.parametrize(
    ("script", "kind", "says"),
    [
        (refuses({"message": f"Unauthorized {TOKEN}"}, 4401), errors.AuthenticationError, r"refuses the subscription: Unauthorized \*\*\*"),
        (refuses({"message": "no"}, 4403), errors.PermissionDeniedError, "no"),
        (refuses({"message": "off"}, 1011), errors.ServiceUnavailableError, "off"),
        (refuses(None, 1000), errors.APIError, "without a reason"),
        (lambda peer: peer.connection.close(4401, TOKEN), errors.AuthenticationError, r"4401: \*\*\*"),
        (lambda peer: (peer.opened(), peer.connection.close(1000)), errors.ConnectionFailedError, "was closed"),
        (lambda peer: (peer.opened(), peer.connection.socket.shutdown(2)), errors.ConnectionFailedError, "was closed"),
        (fails("error", {"message": f"bad {TOKEN}"}), errors.GraphQLRequestError, r"bad \*\*\*"),
        (fails("error", None), errors.InvalidResponseError, "neither data nor errors"),
        (fails("data", {"data": {"locationStateChangeEvents": TOKEN}}), errors.InvalidResponseError, "does not fit"),
        (fails("data", {"maintenance": {"message": "later"}}), errors.MaintenanceError, "later"),
    ],
)  # fmt: skip
async def test_what_a_subscription_raises(live, follower, caplog, script, kind, says):
    caplog.set_level(logging.DEBUG)
    live.scripts = [script]
    with pytest.raises(kind, match=says) as caught:
        await results(follower)
    assert leaks(caught.value) == []
    # httpx and the server's end may log what they like: their own are left out.
    assert (
        leaks(
            [
                r.getMessage()
                for r in caplog.records
                if r.name.startswith(("dagster", "websockets.client"))
            ]
        )
        == []
    )


async def test_a_fresh_token_after_a_401(live, connect):
    tokens = ["stale-token", TOKEN]
    live.refusals = [(401, {}, b"")]
    live.scripts = [changes]
    assert len(await results(connect(url=live.url, token=lambda: tokens.pop(0)))) == 2
    sent = [headers["Dagster-Cloud-Api-Token"] for _, headers in live.handshakes]
    assert sent == ["stale-token", TOKEN]


async def test_a_server_that_is_not_there(connect):
    with pytest.raises(errors.ConnectionFailedError, match="cannot be reached") as caught:
        await results(connect(url="http://127.0.0.1:1"))
    assert leaks(caught.value) == []


async def test_hooks_hear_of_subscriptions(live, connect):
    heard = []
    client = connect(url=live.url, event_hooks={"response": [heard.append]})
    live.scripts = [changes]
    await results(client)
    live.refusals = [(503, {}, b"")]
    with pytest.raises(errors.ServiceUnavailableError):
        await results(client)
    assert [(e.kind, e.status_code) for e in heard] == [
        ("subscription", 101),
        ("subscription", 503),
    ]
