"""Faults on demand: what each does, to which requests, and what the SDK makes of it."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from dagster_plus_sdk import errors as e
from dagster_plus_sdk._core.retry import RetryPolicy
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.admin.door import with_door
from dagster_plus_sdk.sandbox.admin.remote import RemoteSandbox
from dagster_plus_sdk.sandbox.faults.data import SPOILERS
from dagster_plus_sdk.sandbox.faults.rules import FAULTS, Faults
from dagster_plus_sdk.sandbox.faults.transport import http_protocol
from dagster_plus_sdk.sandbox.front.asked import Asked, read_asked

GUIDE = Path(__file__).parents[2] / "docs" / "sandbox.md"
NAME = {"query": "query Name { organization { name } }"}
REFUSED = "ERROR:    ASGI callable returned without completing handshake.\n"
QUICK = RetryPolicy(base=0.01)


@pytest.fixture(scope="module")
def running():
    with Sandbox(dagster=None) as sandbox:
        yield sandbox
        # uvicorn itself complains of a handshake that the app refuses with an answer.
        log = sandbox.log_path.read_text().replace(REFUSED, "")
        assert log == "", "no fault is an accident"


@pytest.fixture
def sandbox(running):
    running.faults.clear()
    running.clear_requests()
    return running


@pytest.fixture
def client(sandbox):
    with sandbox.client(retries=QUICK) as client:
        yield client


@pytest.fixture
def post(sandbox):
    """Send a request without the SDK; return the status, the headers and the body."""

    def post(payload=NAME, path="/prod/graphql"):
        connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=60)
        try:
            token = {"Dagster-Cloud-Api-Token": sandbox.token}
            connection.request("POST", path, json.dumps(payload), token)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    return post


def names(client):
    return [deployment.name for deployment in client.deployments.list()]


def sent(sandbox, operation="*"):
    return len(sandbox.requests(operation))


@pytest.mark.parametrize(
    ("fault", "options", "status", "body"),
    [
        ("rate_limited", {}, 429, "Too Many Requests"),
        ("rate_limited", {"body": {"slow": "down"}}, 429, '{"slow": "down"}'),
        ("server_error", {}, 500, "Internal Server Error (Trace ID: "),
        ("server_error", {"body": "out of order", "status": 599}, 599, "out of order"),
        ("bad_gateway", {}, 502, "<h1>502 Bad Gateway</h1>"),
        ("bad_gateway", {"status": 504}, 504, "<h1>504 Gateway Timeout</h1>"),
        ("maintenance", {}, 503, '"timeout": 57600, "retry_interval": 30'),
        ("maintenance", {"status": 200, "message": "later"}, 200, '{"message": "later", '),
        ("redirect", {}, 307, ""),
        ("expired_token", {}, 401, "Unauthorized"),
    ],
)
def test_the_front_is_not_asked(sandbox, post, fault, options, status, body):
    with sandbox.faults.injected(fault, **options):
        found, headers, content = post()

    assert found == status
    assert body in content.decode()
    assert headers["Content-Length"] == str(len(content))
    kind = "text/html" if "<" in body else "application/json" if "{" in content.decode() else "text"
    assert headers["Content-Type"].startswith(kind)
    assert post()[0] == 200


def test_retry_after_in_both_forms(sandbox, post):
    with sandbox.faults.injected("rate_limited", seconds=7):
        assert post()[1]["Retry-After"] == "7"
    minute, begin = timedelta(minutes=1), datetime.now(timezone.utc)
    with sandbox.faults.injected("rate_limited", seconds=60, as_date=True):
        when = parsedate_to_datetime(post()[1]["Retry-After"])

    # In whole seconds.
    assert begin - timedelta(seconds=1) < when - minute <= datetime.now(timezone.utc)


def test_a_redirect_leads_away(sandbox, post):
    with sandbox.faults.injected("redirect", status=308, url="http://localhost:1/x"):
        assert post()[1]["Location"] == "http://localhost:1/x"


@pytest.mark.parametrize("acted", [False, True])
def test_a_reset(sandbox, post, acted):
    name = f"reset-{acted}".lower()
    create = f'mutation {{ createDeployment(deploymentName: "{name}") {{ __typename }} }}'
    sandbox.faults.add("reset_after" if acted else "reset_before", times=1)
    # Not the end of the file alone: a real reset.
    with pytest.raises(ConnectionResetError):
        post({"query": create})

    with sandbox.client() as client:
        assert (name in names(client)) is acted


@pytest.mark.parametrize(("told", "length"), [(None, 22), (5, 5), (1000, 43)])
def test_a_body_that_is_cut_short(sandbox, post, told, length):
    with sandbox.faults.injected("truncated", bytes=told), pytest.raises(IncompleteRead) as caught:
        post()

    assert len(caught.value.partial) == length
    assert sandbox.requests()[-1].response_bytes == length


def test_slowness(sandbox, post):
    expected = post()[2]
    sandbox.faults.add("slow_body", seconds=0.2, pieces=1000)
    sandbox.faults.add("latency", seconds=0.15)
    sandbox.faults.add("latency", seconds=0.15)
    started = time.monotonic()
    assert post()[2] == expected

    assert 0.5 <= time.monotonic() - started < 60
    last = sandbox.requests()[-1]
    assert last.faults == ["slow_body", "latency", "latency"]
    assert last.seconds >= 0.5


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("kind", ["h11_impl.H11Protocol", "httptools_impl.HttpToolsProtocol"])
def test_a_reset_by_every_server(monkeypatch, serving, kind, loop):
    pytest.importorskip(loop)
    module, _, name = f"uvicorn.protocols.http.{kind}".rpartition(".")
    protocol = getattr(pytest.importorskip(module), name)
    monkeypatch.setattr("uvicorn.protocols.http.auto.AutoHTTPProtocol", protocol)

    async def front(_scope, receive, _send):
        await receive()

    app = with_door(front, token="user:x")
    with serving(app, http=http_protocol(), loop=loop) as port:
        RemoteSandbox(f"http://127.0.0.1:{port}", "user:x").faults.add("reset_before")
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/graphql", "{}")
        with pytest.raises(ConnectionResetError):
            connection.getresponse()
        connection.close()


DATA = {
    "runOrError": {"id": "FAILED", "tags": [{"key": "a"}, {"key": "b"}], "status": "SUCCESS"},
    "other": {"__typename": "Other"},
    "__typename": "CloudQuery",
}
MESSAGE = "Internal Server Error (Trace ID: 1234567890123456789)"


@pytest.mark.parametrize(
    ("fault", "options", "at", "value"),
    [
        ("unknown_enum", {}, ("runOrError", "status"), "A_VALUE_THAT_NOBODY_KNOWS"),
        ("unknown_enum", {"path": "runOrError.id", "value": "X"}, ("runOrError", "id"), "X"),
        ("unknown_enum", {"path": "runOrError.tags.key"}, ("runOrError", "tags", 0, "key"), ...),
        ("unknown_enum", {"path": "runOrError.tags.1.key"}, ("runOrError", "tags", 1, "key"), ...),
        ("unknown_type", {}, ("other", "__typename"), "TypeThatNobodyKnows"),
        ("unknown_type", {"path": "other", "value": "X"}, ("other", "__typename"), "X"),
        ("partial_data", {}, ("runOrError",), None),
        ("partial_data", {"path": "runOrError.tags"}, ("runOrError", "tags"), None),
    ],
)
def test_spoiled_data(fault, options, at, value):
    rule = Faults().add({"fault": fault, **options})
    body = json.loads(
        SPOILERS[fault](json.dumps({"data": DATA}).encode(), rule, {"SUCCESS", "CloudQuery"})
    )

    expected = json.loads(json.dumps({"data": DATA}))
    place = expected["data"]
    for step in at[:-1]:
        place = place[step]
    place[at[-1]] = "A_VALUE_THAT_NOBODY_KNOWS" if value is ... else value
    if fault == "partial_data":
        expected["errors"] = [{"message": MESSAGE, "path": [*at]}]
    assert body == expected


@pytest.mark.parametrize(
    ("fault", "options", "payload"),
    [
        ("unknown_enum", {}, {"data": {"a": "b"}}),
        ("unknown_enum", {"path": "x.y"}, {"data": {"x": [1, "y"]}}),
        ("unknown_type", {}, {"data": {"__typename": "CloudQuery"}}),
        ("null_data", {}, {"data": None, "errors": [{"message": "no"}]}),
        ("null_data", {}, [1]),
    ],
)
def test_nothing_to_spoil(fault, options, payload):
    rule = Faults().add({"fault": fault, **options})

    assert SPOILERS[fault](json.dumps(payload).encode(), rule, ()) is None
    assert SPOILERS[fault](b"no JSON", rule, ()) is None


def test_what_cannot_be_spoiled_waits_for_the_next(sandbox, post):
    rule = sandbox.faults.add("unknown_enum", times=1)
    post()
    assert sandbox.requests()[-1].faults == []
    _, _, body = post({"query": "{ currentDeployment { deploymentType } }"})

    assert b"A_VALUE_THAT_NOBODY_KNOWS" in body
    assert [(left.id, left.matched, left.fired) for left in sandbox.faults.list()] == [
        (rule.id, 2, 1)
    ]


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("rate_limited", {"seconds": 0}),
        ("rate_limited", {"seconds": 0, "as_date": True}),
        ("bad_gateway", {}),
        ("bad_gateway", {"status": 503}),
        ("maintenance", {"retry_interval": 0}),
        ("reset_before", {}),
        ("reset_after", {}),
    ],
)
def test_the_sdk_repeats_a_read(sandbox, client, fault, options):
    sandbox.faults.add(fault, operation="ListDeployments", times=2, **options)

    assert "prod" in names(client)
    assert [r.faults for r in sandbox.requests("ListDeployments")] == [[fault], [fault], []]


@pytest.mark.parametrize(
    ("fault", "options", "error", "times"),
    [
        # refused before it ran: sent again
        ("rate_limited", {"seconds": 0}, None, 2),
        ("maintenance", {"retry_interval": 0}, None, 2),
        ("bad_gateway", {"status": 503}, None, 2),
        # it may have run: not sent again
        ("bad_gateway", {}, e.ServiceUnavailableError, 1),
        ("server_error", {}, e.GraphQLRequestError, 1),
        ("reset_before", {}, e.ConnectionFailedError, 1),
        ("reset_after", {}, e.ConnectionFailedError, 1),
        ("truncated", {}, e.TransportError, 1),
        ("redirect", {}, e.RedirectError, 1),
        ("expired_token", {}, e.AuthenticationError, 1),
        ("null_data", {}, e.GraphQLRequestError, 1),
        ("unknown_type", {}, e.UnexpectedResultError, 1),
    ],
)
def test_the_sdk_repeats_a_mutation_that_did_not_run(sandbox, client, fault, options, error, times):
    name = f"m-{fault}-{options.get('status', 0)}"
    sandbox.faults.add(fault, kind="mutation", times=1, **options)
    if error is None:
        assert client.deployments.create(name).name == name
    else:
        with pytest.raises(error):
            client.deployments.create(name)

    assert sent(sandbox, "CreateDeployment") == times
    ran = error is None or fault in ("reset_after", "truncated", "null_data", "unknown_type")
    assert (name in names(client)) is ran
    if ran:
        client.deployments.delete(name)


def test_the_sdk_takes_values_that_it_does_not_know(sandbox, client):
    with sandbox.faults.injected("unknown_enum", path="fullDeployments.status", value="ASLEEP"):
        assert client.deployments.list().first().status.value == "ASLEEP"


def test_the_sdk_says_when_to_come_back(sandbox, client):
    sandbox.faults.add("rate_limited", seconds=61)
    with pytest.raises(e.RateLimitError, match="asks to wait 61 s") as caught:
        names(client)

    assert caught.value.retry_after == 61
    assert sent(sandbox, "ListDeployments") == 1


def chosen(rules, asked):
    """Return the place of each request that went wrong."""
    return [place for place, one in enumerate(asked) if rules.choose(one)]


def one(**rule):
    faults = Faults()
    faults.add({"fault": "bad_gateway", **rule})
    return faults


LAUNCH, LIST, BARE = Asked("LaunchRun", "mutation"), Asked("ListRuns", "query"), Asked()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"operation": "Launch*"}, [0, 3]),
        ({"operation": "launchRun"}, []),
        ({"kind": "query"}, [1, 4]),
        ({"kind": "mutation", "operation": "List*"}, []),
        ({"times": 2}, [0, 1]),
        ({"skip": 3}, [3, 4, 5]),
        ({"skip": 1, "times": 1, "operation": "L*"}, [1]),
        ({"share": 0}, []),
        ({"share": 1, "times": None, "kind": None}, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_which_requests(rule, expected):
    assert chosen(one(**rule), [LAUNCH, LIST, BARE] * 2) == expected


def test_a_share_repeats_itself():
    places = chosen(one(share=0.1, seed=7), [LIST] * 1000)

    assert 70 < len(places) < 130
    assert chosen(one(share=0.1, seed=7), [LIST] * 1000) == places
    assert chosen(one(share=0.1, seed=8), [LIST] * 1000) != places
    assert (
        chosen(one(share=0.1, seed=7, times=3, skip=100), [LIST] * 1000)
        == chosen(one(share=0.1, seed=7, skip=100), [LIST] * 1000)[:3]
    )


def test_the_first_rule_that_fires_is_the_one():
    faults = Faults()
    rules = [
        faults.add({"fault": fault, **options})
        for fault, options in (
            ("bad_gateway", {"times": 1}),
            ("latency", {"times": 2}),
            ("server_error", {}),
            ("websocket_close", {}),
        )
    ]

    found = [[rule.fault for rule in faults.choose(LIST)] for _ in range(3)]
    assert found == [["bad_gateway", "latency"], ["latency", "server_error"], ["server_error"]]
    assert [rule.matched for rule in rules] == [3, 3, 2, 0]
    assert [rule.fault for rule in faults.choose(BARE, websocket=True)] == ["websocket_close"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("{ a }", None, ("", "query")),
        ("query A($x: Int) { a }", None, ("A", "query")),
        ("mutation{ a }", None, ("", "mutation")),
        ("subscription S @x { a }", None, ("S", "subscription")),
        ("fragment F on T { query } mutation M { a }", None, ("M", "mutation")),
        ("query A { a } mutation B { b }", "B", ("B", "mutation")),
        ("# query A {\nmutation B{b}", None, ("B", "mutation")),
        ("query A{a}", "C", ("C", "query")),
    ],
)
def test_what_is_asked(text, name, expected):
    asked = read_asked(json.dumps({"query": text, "operationName": name}))

    assert (asked.operation, asked.kind) == expected


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"query": 1}'])
def test_nothing_is_asked(body):
    asked = read_asked(body)

    assert (asked.operation, asked.kind, asked.variables) == ("", "", None)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "fault must be one of latency, rate_limited, .*, not None"),
        ({"fault": ["latency"]}, "must be one of"),
        ({"fault": "explosion"}, "not 'explosion'"),
        ({"fault": "latency", "status": 500, "x": 1}, "latency has no 'status', 'x'; .* seconds"),
        ({"fault": "websocket_refused", "operation": "A"}, "has no 'operation'"),
        ({"fault": "latency", "share": 1.1}, "share must be a number from 0 to 1, not 1.1"),
        ({"fault": "latency", "share": True}, "share must be"),
        ({"fault": "latency", "times": 0}, "times must be a whole number from 1"),
        ({"fault": "latency", "times": 1.5}, "times must be"),
        ({"fault": "latency", "skip": -1}, "skip must be"),
        ({"fault": "latency", "seed": "x"}, "seed must be"),
        ({"fault": "latency", "kind": "Query"}, "query, mutation or subscription"),
        ({"fault": "latency", "kind": []}, "query, mutation or subscription"),
        ({"fault": "latency", "operation": ""}, "such as Launch"),
        ({"fault": "latency", "seconds": float("nan")}, "a number of seconds"),
        ({"fault": "bad_gateway", "status": 99}, "an HTTP status"),
        ({"fault": "bad_gateway", "body": 1}, "a text or JSON"),
        ({"fault": "redirect", "url": "x\r\ny: z"}, "a URL"),
        ({"fault": "slow_body", "pieces": 0}, "pieces must be"),
        ({"fault": "websocket_close", "code": 1006}, "such as 1011"),
    ],
)
def test_rules_that_cannot_be(rule, message):
    faults = Faults()
    with pytest.raises(e.InvalidInputError, match=message):
        faults.add(rule)

    assert faults.list() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_every_option_can_be_told(fault):
    options = {name: value for name, value in FAULTS[fault].items() if value is not None}

    assert Faults().add({"fault": fault, **options}).as_dict().items() >= options.items()


def test_a_rule_is_removed_after_the_block(sandbox):
    kept = sandbox.faults.add("latency", seconds=0)
    with pytest.raises(e.NotFoundError), sandbox.faults.injected("bad_gateway") as rule:
        sandbox.faults.remove(rule.id + 1)
    assert [left.id for left in sandbox.faults.list()] == [kept.id]
    with sandbox.faults.injected("latency", seconds=0):
        sandbox.faults.clear()

    assert sandbox.faults.list() == []
    with pytest.raises(e.NotFoundError, match=f"no fault {kept.id}"):
        sandbox.faults.remove(kept)


@pytest.fixture
def connect(sandbox):
    websockets = pytest.importorskip("websockets.sync.client")

    def connect():
        return websockets.connect(
            f"ws://127.0.0.1:{sandbox.port}/prod/graphql",
            subprotocols=["graphql-ws"],
            additional_headers={"Dagster-Cloud-Api-Token": sandbox.token},
            proxy=None,
        )

    return connect


def test_a_websocket_that_closes(sandbox, connect):
    from websockets.exceptions import ConnectionClosedError

    sandbox.faults.add("websocket_close", frames=1, times=1)
    with connect() as websocket:
        websocket.send('{"type": "connection_init", "payload": {}}')
        assert json.loads(websocket.recv(timeout=60)) == {"type": "connection_ack"}
        with pytest.raises(ConnectionClosedError) as caught:
            websocket.recv(timeout=60)
    assert caught.value.rcvd.code == 1011
    with connect() as websocket:
        websocket.send('{"type": "connection_init", "payload": {}}')
        websocket.send(
            json.dumps({"type": "start", "id": "1", "payload": {"query": "{ version }"}})
        )
        kinds = [json.loads(websocket.recv(timeout=60))["type"] for _ in range(2)]

    assert kinds == ["connection_ack", "error"]
    assert [(r.method, r.kind) for r in sandbox.requests()] == [("WEBSOCKET", "query")]


def test_a_websocket_that_is_refused(sandbox, connect):
    from websockets.exceptions import InvalidStatus

    sandbox.faults.add("websocket_refused", status=502)
    with pytest.raises(InvalidStatus, match="HTTP 502"):
        connect()

    assert sandbox.requests()[-1].faults == ["websocket_refused"]


def test_the_guide_names_every_fault_with_its_options():
    rows = re.findall(r"^\| `(\w+)` \|.*\|(.*)\|$", GUIDE.read_text(), re.MULTILINE)
    told = {fault: set(re.findall(r"`(\w+)`", options)) for fault, options in rows}

    assert {fault: told.get(fault) for fault in FAULTS} == {k: set(v) for k, v in FAULTS.items()}
