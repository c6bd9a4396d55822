"""The admin door, and the Python side of it."""

from __future__ import annotations

import asyncio
import json
import stat
import threading
from http.client import HTTPConnection

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from dagster_plus_sdk import errors as e
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.admin.door import with_door
from dagster_plus_sdk.sandbox.admin.remote import RemoteControl, RemoteSandbox

TOKEN = "user:main"


class Administration:
    """A stand-in: keeps what it is told."""

    def __init__(self):
        self.time = 0
        self.state = {"entities": []}
        self.values = {"redirect": "307"}
        self.threads = set()

    def clock(self):
        self.threads.add(threading.current_thread())
        return {"offset": self.time}

    def advance(self, seconds):
        if seconds < 0:
            raise e.InvalidInputError("the clock goes forward only")
        self.time += seconds
        return self.clock()

    def tokens(self):
        return {"admin": TOKEN, "viewer": "user:viewer"}

    def reset(self):
        self.state = {"entities": []}

    def snapshot(self):
        return self.state

    def restore(self, snapshot):
        self.state = snapshot

    def seed(self, document):
        self.state["entities"].append(document)
        return {"added": len(document)}

    def switches(self):
        return self.values

    def set_switches(self, values):
        self.values.update(values)
        return self.values


async def front(scope, receive, send):
    """Stand in for the front."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b'{"data": {"version": "1"}}'})


class Inside(RemoteControl):
    """Speaks to a door without a server."""

    def _address(self):
        raise AssertionError("it is asked in this process")

    def __init__(self, app, token=TOKEN):
        self.app = app
        self.token = token

    def raw(self, method, path, body=b"", query=b""):
        sent = []

        async def receive():
            return {"type": "http.request", "body": body}

        async def send(message):
            sent.append(message)

        headers = [(b"dagster-cloud-api-token", self.token.encode())]
        scope = {"type": "http", "method": method, "path": path, "headers": headers}
        asyncio.run(self.app({**scope, "query_string": query}, receive, send))
        return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.fixture
def administration():
    return Administration()


@pytest.fixture
def door(administration):
    return Inside(
        with_door(front, token=TOKEN, administration=administration, run=asyncio.to_thread)
    )


@pytest.fixture
def served(door, serving):
    """The door behind a real server; a remote control for it."""
    with serving(door.app) as port:
        yield RemoteSandbox(f"http://127.0.0.1:{port}", TOKEN)


@pytest.mark.parametrize(
    ("token", "status", "message"),
    [
        ("", 401, "Unauthorized"),
        ("user:other", 401, "Unauthorized"),
        ("user:mäin", 401, "Unauthorized"),
        ("user:viewer", 403, "the sandbox's main token only"),
    ],
)
@pytest.mark.parametrize("path", ["requests", "snapshot", "nothing"])
def test_the_main_token_only(door, path, token, status, message):
    door.token = token
    found, body = door.raw("GET", f"/_sandbox/{path}")

    assert found == status
    assert message in body["error"]


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "status", "message"),
    [
        ("GET", "", b"", b"", 404, "there is no /_sandbox/; there are requests, faults, clock"),
        ("GET", "x", b"", b"", 404, "there is no /_sandbox/x"),
        ("PUT", "faults", b"", b"", 405, "takes GET, POST, DELETE, not PUT"),
        ("POST", "faults", b"{", b"", 400, "the body is no JSON"),
        ("POST", "faults", b"[]", b"", 400, "an object of JSON"),
        ("POST", "faults", b'{"fault": "x"}', b"", 400, "fault must be one of latency"),
        ("DELETE", "faults", b"", b"id=1", 404, "there is no fault 1"),
        ("DELETE", "faults", b"", b"id=%C2%B2", 400, "id must be a whole number"),
        ("DELETE", "faults", b"", b"all=", 400, "no parameter all; there are id"),
        ("GET", "requests", b"", b"limit=-1", 400, "limit must be a whole number, not '-1'"),
        ("GET", "requests", b"", b"limits=1&x=2", 400, "no parameter limits, x"),
        ("POST", "clock", b'{"advance": true}', b"", 400, "a number of seconds, not True"),
        ("POST", "clock", b'{"advance": -1}', b"", 400, "forward only"),
        ("POST", "seed", b"a: [", b"", 400, "the seed is no YAML"),
        ("POST", "seed", b"- a", b"", 400, "the seed is no mapping"),
        ("POST", "seed", b"\xff", b"", 400, "the seed is no YAML"),
    ],
)
def test_what_cannot_be(door, method, path, body, query, status, message):
    found, answer = door.raw(method, f"/_sandbox/{path}", body, query)

    assert found == status
    assert message in answer["error"]


def test_other_paths_go_on(door):
    assert door.raw("POST", "/prod/graphql") == (200, {"data": {"version": "1"}})
    assert [
        request["path"] for request in door.raw("GET", "/_sandbox/requests")[1]["requests"]
    ] == ["/prod/graphql"]


def test_without_an_administration():
    door = Inside(with_door(front, token=TOKEN))

    assert door.raw("GET", "/_sandbox/faults") == (200, {"faults": []})
    assert door.raw("GET", "/_sandbox/clock")[0] == 501
    door.token = "user:other"
    assert door.raw("GET", "/_sandbox/clock")[0] == 401


def test_the_python_side(served, administration, tmp_path):
    assert served.clock == {"offset": 0}
    assert served.advance_clock(90.5) == {"offset": 90.5}
    with pytest.raises(e.InvalidInputError, match="forward only"):
        served.advance_clock(-1)
    assert threading.current_thread() not in administration.threads
    assert served.tokens == {"admin": TOKEN, "viewer": "user:viewer"}
    assert served.switches() == {"redirect": "307"}
    assert served.switches(redirect="308", other=True) == {"redirect": "308", "other": True}

    (tmp_path / "seed.yaml").write_text("teams:\n- name: dätä\n")
    assert served.seed(tmp_path / "seed.yaml") == {"added": 1}
    assert served.seed({"users": [], "teams": []}) == {"added": 2}
    served.save(tmp_path / "state.json")
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600
    served.faults.add("latency", seconds=0)
    served.reset()
    assert administration.state == {"entities": []}
    assert served.faults.list() == []
    assert served.requests() == []
    served.restore(str(tmp_path / "state.json"))
    assert administration.state["entities"][0] == {"teams": [{"name": "dätä"}]}


@pytest.mark.parametrize(
    ("token", "error"),
    [("user:viewer", e.PermissionDeniedError), ("user:other", e.AuthenticationError)],
)
def test_the_python_side_with_another_token(served, token, error):
    with pytest.raises(error):
        RemoteSandbox(served.url, token).requests()


def test_no_token_is_shown(served):
    assert TOKEN not in repr(RemoteSandbox("http://x", TOKEN))
    assert repr(served.faults.add("latency", seconds=0)).startswith("SandboxFault(id=1, fault='lat")


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (200, b"<html>", e.DagsterPlusError, "answered 200 without JSON"),
        (404, b'{"errors": []}', e.NotFoundError, "None"),
        (599, b'{"error": "x"}', e.DagsterPlusError, "x"),
    ],
)
def test_what_is_no_door(monkeypatch, status, body, error, message):
    class Answer:
        def __init__(self):
            self.status = status

        def read(self):
            return body

    monkeypatch.setattr(HTTPConnection, "request", lambda *_: None)
    monkeypatch.setattr(HTTPConnection, "getresponse", lambda _: Answer())
    with pytest.raises(error, match=message):
        RemoteSandbox("http://127.0.0.1:1", TOKEN).clear_requests()


def test_nobody_is_there():
    with pytest.raises(e.ConnectionFailedError, match="no sandbox answers at http:"):
        RemoteSandbox("http://127.0.0.1:1", TOKEN).clear_requests()


def test_a_whole_sandbox():
    with Sandbox(dagster=None) as sandbox:
        far = RemoteSandbox(sandbox.url, sandbox.token)
        rule = far.faults.add("server_error", operation="A*", share=0.5, seed=7)
        assert [found.as_dict() for found in sandbox.faults.list()] == [rule.as_dict()]
        far.faults.remove(rule)
        assert sandbox.faults.list() == []
    with pytest.raises(e.ConfigurationError, match="does not run"):
        sandbox.requests()
