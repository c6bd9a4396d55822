"""Subscriptions: the front with a scripted webserver, and a whole sandbox."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import ExitStack, asynccontextmanager, closing

import pytest

pytest.importorskip("graphql")
pytest.importorskip("uvicorn")
pytest.importorskip("websockets", "15")

from kit import hurry
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from dagster_plus_sdk import AuthenticationError, DagsterPlus, GraphQLRequestError, operations
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.front.app import Front
from dagster_plus_sdk.sandbox.front.upstream import Upstream, UpstreamError
from dagster_plus_sdk.sandbox.schema import full_schema

PROTOCOL = "graphql-ws"
TOKEN = "user:sandbox"
INIT = {"type": "connection_init", "payload": {"Dagster-Cloud-Api-Token": TOKEN}}
ACK = {"type": "connection_ack"}
TERMINATE = {"type": "connection_terminate"}
ROOTS = {
    "queryType": {"name": "Query", "fields": [{"name": "version"}]},
    "mutationType": None,
    "subscriptionType": {
        "name": "Subscription",
        "fields": [{"name": "pipelineRunLogs"}, {"name": "capturedLogs"}],
    },
}
CHAT = 'subscription { aiChat(chatId: 1, payload: "hello") { __typename } }'
ASSET_EVENTS = "subscription { assetEvents(eventTypes: [ASSET_MATERIALIZATION]) { __typename } }"
LOGS = """
subscription Logs($run: ID!) { ...on CloudSubscription { pipelineRunLogs(runId: $run) { ...Page } } }
subscription Other($key: [String!]!) { capturedLogs(logKey: $key) { stdout } }
fragment Page on PipelineRunLogsSubscriptionPayload {
  __typename
  ... on PipelineRunLogsSubscriptionSuccess {
    run { runId }
    messages { __typename ... on MessageEvent { runId message } }
    cursor
    hasMorePastEvents
  }
}
"""


def start(query, operation="1", **payload):
    return {"type": "start", "id": operation, "payload": {"query": query, **payload}}


class Webserver:
    """A stand-in for the real one: tells its root fields, and answers a websocket as a frame says."""

    def __init__(self):
        self.roots = json.dumps({"data": {"__schema": ROOTS}}).encode()
        self.received = []
        self.closed = asyncio.Queue()
        self.websocket_url = ""

    async def post(self, body, *, repeatable):
        if self.roots is None:
            raise UpstreamError("it is off")
        return 200, self.roots

    async def end(self):
        """Return code and reason that a connection was closed with."""
        return await asyncio.wait_for(self.closed.get(), 60)

    async def handle(self, connection):
        try:
            async for text in connection:
                await self.answer(connection, json.loads(text))
        except ConnectionClosed:
            pass
        self.closed.put_nowait((connection.close_code, connection.close_reason))

    async def answer(self, connection, frame):
        self.received.append(frame)
        if frame == "close":
            await connection.close(4000, "why")
        elif frame == "break":
            connection.transport.abort()
        elif frame["type"] == "connection_init":
            await connection.send(json.dumps(ACK))
        elif frame["type"] == "start":
            await connection.send(json.dumps({"type": "data", "id": frame["id"]}))
        elif frame["type"] == "connection_terminate":
            await connection.close()

    def close(self):
        pass


class Client:
    """The client's end of an ASGI websocket."""

    def __init__(self, front, path="/prod/graphql", *, token=TOKEN, protocol=PROTOCOL, **options):
        self.up = asyncio.Queue()
        self.down = asyncio.Queue()
        self.gone = False
        names = {"dagster-cloud-api-token": token, **options.pop("headers", {})}
        scope = {
            "type": "websocket",
            "path": path,
            "headers": [(k.encode(), v.encode()) for k, v in names.items() if v is not None],
            "subprotocols": [protocol],
            "extensions": {"websocket.http.response": {}},
            **options,
        }
        self.up.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(front(scope, self.up.get, self._send))

    async def _send(self, message):
        if self.gone:
            raise OSError("the client is gone")
        self.down.put_nowait(message)
        if message["type"] == "websocket.close":
            disconnect = {"type": "websocket.disconnect", "code": message["code"]}
            self.up.put_nowait(disconnect)

    def send(self, frame):
        text = frame if isinstance(frame, str) else json.dumps(frame)
        self.up.put_nowait({"type": "websocket.receive", "text": text})

    async def next(self):
        return await asyncio.wait_for(self.down.get(), 60)

    async def frame(self):
        message = await self.next()
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def closed(self):
        """Return code and reason of the close that comes next, and wait for the end."""
        message = await self.next()
        await asyncio.wait_for(self.task, 60)
        assert message["type"] == "websocket.close", message
        assert self.down.empty()
        return message["code"], message["reason"]

    async def leave(self, **close):
        self.up.put_nowait({"type": "websocket.disconnect", **close})
        await asyncio.wait_for(self.task, 60)


@asynccontextmanager
async def running(tmp_path, *, alone=False):
    """Run a front before a scripted webserver."""
    path = tmp_path / "store.sqlite3"
    reader, writer = open_store(path, TOKEN), open_store(path, TOKEN)
    seed(writer, "demo", TOKEN)
    webserver = Webserver()
    front = Front(
        full_schema(),
        reader=reader,
        writer=writer,
        organization="demo",
        upstream=None if alone else webserver,
    )
    try:
        async with serve(webserver.handle, "127.0.0.1", 0, subprotocols=[PROTOCOL]) as server:
            port = server.sockets[0].getsockname()[1]
            webserver.websocket_url = f"ws://127.0.0.1:{port}/graphql"
            yield front, webserver
    finally:
        front.close()


async def opened(front, **options):
    """Return a client whose connection is acknowledged."""
    client = Client(front, **options)
    assert await client.next() == {"type": "websocket.accept", "subprotocol": PROTOCOL}
    client.send(INIT)
    assert await client.frame() == ACK
    return client


pytestmark = pytest.mark.anyio


async def test_frames_are_passed_on_and_the_operation_is_cut(tmp_path):
    async with running(tmp_path) as (front, webserver):
        client = await opened(front, token=None)
        variables = {"run": "x", "key": ["y"]}
        client.send(start(LOGS, "7", variables=variables, operationName="Logs"))
        assert await client.frame() == {"type": "data", "id": "7"}
        client.send({"type": "stop", "id": "7"})
        await client.leave(code=4321)
        assert await webserver.end() == (4321, "")

    init, started, stop = webserver.received
    assert (init, stop) == (INIT, {"type": "stop", "id": "7"})
    payload = started["payload"]
    assert (payload["operation_name"], payload["variables"]) == ("Logs", {"run": "x"})
    assert "...on Subscription " in payload["query"]
    assert "Other" not in payload["query"]


async def test_the_operation_is_named_as_the_webserver_reads_it_too(tmp_path):
    async with running(tmp_path) as (front, webserver):
        client = await opened(front)
        client.send(start(LOGS, variables={"key": ["y"]}, operation_name="Other"))
        await client.frame()
        await client.leave()
        assert await webserver.end() == (1000, "")

    assert webserver.received[1]["payload"]["operation_name"] == "Other"


@pytest.mark.parametrize(
    "first",
    [
        {"type": "connection_init", "payload": {"Dagster-Cloud-Api-Token": "user:other"}},
        {"type": "connection_init", "payload": {"Dagster-Cloud-Api-Token": 1}},
        {"type": "connection_init", "payload": {"Dagster-Cloud-Api-Token": "\ud800"}},
        {"type": "connection_init"},
        {"type": "start", "payload": INIT["payload"]},
        "[]",
        "{",
    ],
)
@pytest.mark.parametrize("token", [None, "user:other"])
async def test_without_the_token(tmp_path, first, token):
    async with running(tmp_path) as (front, webserver):
        client = Client(front, token=token)
        await client.next()
        client.send(first)

        error = {"type": "connection_error", "payload": {"message": "Unauthorized"}}
        assert await client.frame() == error
        assert await client.closed() == (4401, "Unauthorized")

    assert not webserver.received
    assert webserver.closed.empty()


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        ({"path": "/other/graphql"}, 404, "There is no deployment 'other' in demo"),
        ({"path": "/prod"}, 404, "There is nothing at /prod"),
        ({"path": "/graphql"}, 307, "Send it to /prod/graphql"),
        ({"headers": {"dagster-cloud-organization": "other"}}, 401, "Unauthorized"),
        ({"protocol": "graphql-transport-ws"}, 400, "The subprotocol must be graphql-ws"),
    ],
)
async def test_a_refused_handshake(tmp_path, options, status, message):
    async with running(tmp_path, alone=True) as (front, _):
        client = Client(front, **options)
        answer, body = await client.next(), await client.next()
        assert (answer["type"], answer["status"]) == ("websocket.http.response.start", status)
        headers = dict(answer["headers"])
        assert headers[b"content-length"] == str(len(body["body"])).encode()
        assert headers.get(b"location") == (b"/prod/graphql" if status == 307 else None)
        assert json.loads(body["body"]) == {"errors": [{"message": message}]}
        await client.task

        # A server that cannot send an answer then.
        client = Client(front, extensions=None, **options)
        assert await client.closed() == (1008, message)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (None, "no JSON object with a query"),
        ({"query": "{ version }", "variables": 1}, "variables must be an object"),
        ({"query": "{ version }"}, "Queries and mutations need POST"),
        ({"query": "subscription {"}, "Syntax Error"),
        ({"query": LOGS, "operationName": "No"}, "Unknown operation named 'No'"),
        ({"query": LOGS}, "Must provide operation name"),
        (
            {
                "query": 'subscription { pipelineRunLogs(runId: "x") @skip(if: true) { __typename } }'
            },
            "There is no field to send",
        ),
        (
            {
                "query": "subscription ($a: Boolean!) {"
                ' pipelineRunLogs(runId: "x") @skip(if: $a) { __typename } }'
            },
            "'$a' which was not provided",
        ),
    ],
)
async def test_what_is_not_sent(tmp_path, payload, message):
    async with running(tmp_path) as (front, webserver):
        client = await opened(front)
        client.send({"type": "start", "id": "1", "payload": payload})

        frame = await client.frame()
        await client.leave()

    assert (frame["type"], frame["id"]) == ("error", "1")
    assert message in frame["payload"]["message"]
    assert webserver.received == [INIT]


@pytest.mark.parametrize("alone", [True, False])
async def test_what_is_not_in_the_sandbox(tmp_path, alone):
    async with running(tmp_path, alone=alone) as (front, _):
        client = await opened(front)
        client.send(start(CHAT))
        frame = await client.frame()
        client.send({"type": "stop", "id": "1"})
        client.send(TERMINATE)
        assert await client.closed() == (1000, "")

    assert frame["type"] == "error"
    assert frame["payload"].pop("message").startswith("'aiChat' is not in the sandbox")
    assert frame["payload"] == {
        "locations": [{"line": 1, "column": 16}],
        "path": ["aiChat"],
        "extensions": {"code": "NOT_IN_SANDBOX"},
    }


@pytest.mark.parametrize(
    ("frame", "close"), [("close", (4000, "why")), ("break", (1011, "")), (TERMINATE, (1000, ""))]
)
async def test_the_close_of_the_webserver_is_passed_on(tmp_path, frame, close):
    async with running(tmp_path) as (front, _):
        client = await opened(front)
        client.send(json.dumps(frame))
        # What comes too late is lost, as on any connection.
        client.send({"type": "stop", "id": "1"})

        assert await client.closed() == close


@pytest.mark.parametrize(
    ("given", "passed"), [({}, 1000), ({"code": 1006}, 1011), ({"code": 1001}, 1001)]
)
async def test_the_close_of_the_client_is_passed_on(tmp_path, given, passed):
    async with running(tmp_path) as (front, webserver):
        client = await opened(front)
        await client.leave(**given)
        assert await webserver.end() == (passed, "")


async def test_frames_for_a_client_that_is_gone(tmp_path):
    async with running(tmp_path) as (front, webserver):
        client = await opened(front)
        client.gone = True
        client.send(start(LOGS, variables={"key": []}, operationName="Other"))
        client.send('"close"')
        # The webserver's end is closed, and the client's end cannot be any more.
        assert await webserver.end() == (4000, "why")
        await asyncio.wait_for(client.task, 60)
        assert client.down.empty()


async def test_a_client_that_leaves_at_once(tmp_path):
    async with running(tmp_path) as (front, webserver):
        client = Client(front)
        await client.next()
        await client.leave(code=1001)

        assert client.down.empty()
        assert webserver.closed.empty()


async def test_a_binary_frame_counts_as_text(tmp_path):
    async with running(tmp_path) as (front, webserver):
        client = Client(front)
        await client.next()
        client.up.put_nowait(
            {"type": "websocket.receive", "bytes": json.dumps(INIT).encode(), "text": None}
        )
        assert await client.frame() == ACK
        await client.leave()

    assert webserver.received == [INIT]


@pytest.mark.parametrize("off", ["roots", "websocket"])
async def test_the_webserver_is_off(tmp_path, off):
    async with running(tmp_path) as (front, webserver):
        if off == "roots":
            webserver.roots = None
        else:
            webserver.websocket_url = "ws://127.0.0.1:1/graphql"
        client = Client(front)
        await client.next()
        client.send(INIT)

        frame = await client.frame()
        assert frame["type"] == "connection_error"
        assert "behind the sandbox gave no answer" in frame["payload"]["message"]
        assert (await client.closed())[0] == 1011


async def test_what_goes_wrong_is_not_hidden(tmp_path):
    async with running(tmp_path) as (front, webserver):
        client = await opened(front)
        client.up.put_nowait({"type": "nonsense", "text": 5})
        with pytest.raises(TypeError, match="JSON object must be str"):
            await client.task

        assert (await webserver.end())[0] == 1000


async def test_a_token_that_is_revoked_meanwhile(tmp_path):
    async with running(tmp_path) as (front, webserver):
        client = await opened(front)
        store = front._writer
        (token,) = store.list("DagsterCloudUserToken", userId=1)
        store.put("DagsterCloudUserToken", token["id"], {**token, "revokeTimestamp": 1.0})

        client.send(start(LOGS, operationName="Logs", variables={"run": "x"}))

        frame = await client.frame()
        assert (frame["type"], frame["payload"]) == ("error", {"message": "Unauthorized"})
        assert [frame["type"] for frame in webserver.received] == ["connection_init"]
        await client.leave()


def test_where_the_subscriptions_of_the_webserver_are():
    assert Upstream("127.0.0.1", 3000).websocket_url == "ws://127.0.0.1:3000/graphql"


@pytest.fixture(scope="module")
def whole():
    pytest.importorskip("dagster_webserver")
    with hurry.running(Sandbox()) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def run_id(whole):
    """A finished run."""
    with whole.client() as client:
        run = client.jobs.launch("broken_report")
        assert list(client.run_events.follow(run.id))
        return run.id


def open_socket(sandbox, *, token=None, path="prod"):
    headers = {"Dagster-Cloud-Api-Token": token} if token else {}
    url = f"ws{sandbox.url.removeprefix('http')}/{path}/graphql"
    return connect(url, subprotocols=[PROTOCOL], additional_headers=headers, proxy=None)


def say(socket, frame):
    socket.send(json.dumps(frame))


def hear(socket):
    return json.loads(socket.recv(60))


def test_the_events_of_a_finished_run(whole, run_id):
    messages = []
    with open_socket(whole) as socket:
        say(socket, INIT)
        assert hear(socket) == ACK
        say(socket, start(LOGS, variables={"run": run_id}, operationName="Logs"))
        while "RunFailureEvent" not in {message["__typename"] for message in messages}:
            frame = hear(socket)
            assert (frame["type"], frame["id"]) == ("data", "1")
            page = frame["payload"]["data"]["pipelineRunLogs"]
            assert page["run"] == {"runId": run_id}
            messages += page["messages"]
        say(socket, {"type": "stop", "id": "1"})
        say(socket, TERMINATE)
        # What its process logged of its own end may be on the way.
        assert {json.loads(text)["type"] for text in socket} <= {"data"}
        assert socket.close_code == 1000

    with whole.client() as client:
        events = [event.message for event in client.run_events.follow(run_id)]
    # Following ends with the run. A few events come later: its process ends.
    assert [message["message"] for message in messages][: len(events)] == events
    assert {message["runId"] for message in messages} == {run_id}


@pytest.mark.parametrize("path", ["", "/prod"])
def test_the_client_subscribes(whole, path):
    """The organization's URL redirects to the deployment's."""
    heard = []
    hooks = {"response": [lambda event: heard.append((event.operation, event.status_code))]}
    url = f"{whole.url}{path}/graphql"
    with DagsterPlus(url=url, token=whole.token, event_hooks=hooks) as client:
        # One that has ended before it is subscribed to is asked for only.
        for _ in range(5):
            run = client.jobs.launch("broken_report")
            events = [event.message for event in client.run_events.follow(run.id, timeout=180)]
            logged = [event.message for event in client.run_events.get(run.id)]
            assert events == logged[: len(events)]
            if ("FollowRunEvents", 101) in heard:
                break
    assert ("FollowRunEvents", 101) in heard

    follow = operations.follow_run_events(run_id=run.id)
    with (
        DagsterPlus(url=url, token=whole.token) as client,
        closing(client.subscribe(follow)) as pages,
    ):
        assert [event.message for event in next(pages).ok.events][: len(events)] == events
    for token, kind in (("user:other", AuthenticationError), (whole.token, GraphQLRequestError)):
        with DagsterPlus(url=url, token=token) as client, pytest.raises(kind):
            list(client.subscribe(operations.follow_chat(chat_id=1, payload="hello")))


def test_errors_of_a_whole_sandbox(whole):
    with open_socket(whole, token=TOKEN) as socket:
        say(socket, {"type": "connection_init"})
        assert hear(socket) == ACK
        say(socket, start("subscription {\n  pipelineRunLogs(runId: 5.5) { __typename } }", "a"))
        invalid = hear(socket)
        say(socket, start(CHAT, "b"))
        absent = hear(socket)
        # What the webserver says to a variable that is missing.
        say(socket, start(LOGS, "c", operationName="Logs"))
        refused = hear(socket)

    assert [frame["type"] for frame in (invalid, absent, refused)] == ["error"] * 3
    assert [frame["id"] for frame in (invalid, absent, refused)] == ["a", "b", "c"]
    assert invalid["payload"]["locations"] == [{"line": 2, "column": 26}]
    assert absent["payload"]["extensions"] == {"code": "NOT_IN_SANDBOX"}
    assert "$run" in refused["payload"]["message"]


def test_who_may_not_open_a_whole_sandbox(whole):
    with open_socket(whole, token="user:wrong") as socket:
        say(socket, {"type": "connection_init"})
        assert hear(socket)["type"] == "connection_error"
        with pytest.raises(ConnectionClosed) as info:
            hear(socket)
        assert info.value.rcvd.code == 4401

    with pytest.raises(InvalidStatus) as refused:
        open_socket(whole, token=TOKEN, path="other")
    assert refused.value.response.status_code == 404


def test_without_a_dagster_there_is_the_protocol_alone():
    with ExitStack() as stack:
        with Sandbox(dagster=None) as sandbox:
            socket = stack.enter_context(open_socket(sandbox))
            say(socket, INIT)
            assert hear(socket) == ACK
            say(socket, start(ASSET_EVENTS))
            assert hear(socket)["payload"]["extensions"] == {"code": "NOT_IN_SANDBOX"}
            begin = time.monotonic()
        # An open websocket does not keep it.
        assert time.monotonic() - begin < 20
