"""The log of requests: what is in it, and what never is."""

from __future__ import annotations

import json
import time

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from dagster_plus_sdk import AuthenticationError, ConnectionFailedError, GraphQLRequestError
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.faults import request_log
from dagster_plus_sdk.sandbox.faults.request_log import RequestLog
from dagster_plus_sdk.sandbox.front.asked import Asked, read_asked

TOKEN = "user:canary-token"
SECRET = "canary-secret"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(dagster=None, token=TOKEN) as sandbox:
        yield sandbox


def record(payload=None, headers=(), path="/prod/graphql"):
    """Return a request as the log has it."""
    body = json.dumps(payload).encode()
    pairs = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": "http", "method": "POST", "path": path, "headers": pairs}
    return RequestLog().add(scope, read_asked(body), len(body)).as_dict()


def test_it_starts_empty_and_has_what_was_sent():
    with Sandbox(dagster=None) as sandbox, sandbox.client() as client:
        assert sandbox.requests() == []
        before = time.time()
        client.deployments.create("logged")
        found = sandbox.requests()

    assert len(found) == 1
    request = found[0]
    assert (request.method, request.path) == ("POST", "/graphql")
    assert (request.operation, request.kind) == ("CreateDeployment", "mutation")
    assert request.variables["name"] == "logged"
    assert request.headers["dagster-cloud-deployment"] == "prod"
    assert request.headers["dagster-cloud-api-token"] == "***"
    assert request.headers["content-length"] == str(request.request_bytes)
    assert (request.status, request.faults) == (200, [])
    assert request.response_bytes > 100
    assert before - 1 < request.time < time.time() + 1
    assert 0 < request.seconds < 60


def test_which_are_listed(sandbox):
    sandbox.clear_requests()
    with sandbox.client() as client:
        for name in ("One", "Two", "Twenty"):
            client.graphql(f"query {name} {{ version }}")

    def names(*given, **options):
        return [request.operation for request in sandbox.requests(*given, **options)]

    assert names() == ["One", "Two", "Twenty"]
    assert names("Tw*") == ["Two", "Twenty"]
    assert names(operation="One") == ["One"]
    assert names("Tw*", limit=1) == ["Twenty"]
    assert names(limit=0) == []
    numbers = [request.number for request in sandbox.requests()]
    assert numbers == [*range(numbers[0], numbers[0] + 3)]


def test_refused_requests_are_in_it(sandbox):
    sandbox.clear_requests()
    with sandbox.client(token="user:wrong") as client, pytest.raises(AuthenticationError):
        client.graphql("{ version }")

    assert [(r.status, r.operation, r.kind) for r in sandbox.requests()] == [(401, "", "query")]


def test_no_secret_is_in_it(sandbox):
    """Neither in what the door tells, nor in the log of the processes."""
    sandbox.clear_requests()
    document = """
        mutation Set($v: String!, $token: String) {
          createOrUpdateSecretForScopes(secretName: "x", secretValue: $v) { __typename }
        }
    """
    with sandbox.client() as client:
        with pytest.raises(GraphQLRequestError):
            client.graphql(document, {"v": SECRET, "token": f"{TOKEN}"})
        with pytest.raises(GraphQLRequestError):
            client.graphql(f'mutation {{ x(secretValue: "{SECRET}", y: "{TOKEN}") }}')
        with sandbox.faults.injected("reset_before"), pytest.raises(ConnectionFailedError):
            client.with_options(retries=0).graphql(document, {"v": SECRET, "tag": [f"a {TOKEN}"]})
    text = json.dumps([request.as_dict() for request in sandbox.requests()])

    assert len(sandbox.requests()) == 3
    assert sandbox.requests("Set")[0].variables == {"v": "***", "token": "***"}
    assert sandbox.requests("Set")[1].variables == {"v": "***", "tag": ["a ***"]}
    assert TOKEN not in text
    assert SECRET not in text
    log = sandbox.log_path.read_text()
    assert TOKEN not in log
    assert SECRET not in log


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"secretValue": "x"}, {"secretValue": "***"}),
        ({"input": [{"secret_value": "x", "secretName": "n"}]}, {"input": [{"secret_value": "***", "secretName": "n"}]}),
        ({"tokenId": 7, "secretId": "s", "token": None}, {"tokenId": 7, "secretId": "s", "token": None}),
        ({"awsAuthToken": {"a": 1}, "clientSecret": 5}, {"awsAuthToken": "***", "clientSecret": "***"}),
        ({"password": "x", "API_KEY": "x", "private-key": "x"}, dict.fromkeys(("password", "API_KEY", "private-key"), "***")),
        ({"webhookUrl": "x", "integrationKey": "x"}, {"webhookUrl": "***", "integrationKey": "***"}),
        ({"tags": [{"key": "k", "value": "v"}], "n": 1}, {"tags": [{"key": "k", "value": "v"}], "n": 1}),
        (["x"], ["x"]),
        (None, None),
    ],
)  # fmt: skip
def test_variables(given, expected):
    assert record({"query": "{ a }", "variables": given})["variables"] == expected


@pytest.mark.parametrize(
    "name",
    ["Dagster-Cloud-Api-Token", "Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key"],
)
def test_headers(name):
    found = record(
        None, [(name, "canary"), ("X-Request", "a canary"), ("Empty-Token", "")], "/canary"
    )

    assert found["headers"] == {name.lower(): "***", "x-request": "a ***", "empty-token": "***"}
    assert found["path"] == "/***"


def test_it_ends_somewhere(monkeypatch):
    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    log = RequestLog(size=3)
    for _ in range(5):
        log.add(scope, Asked(), 10)
    assert [found.number for found in log.list()] == [3, 4, 5]
    monkeypatch.setattr(request_log, "MOST_BYTES", 100)
    log.add(scope, Asked(), 85)
    assert [found.number for found in log.list()] == [5, 6]
    log.add(scope, Asked(), 101)
    assert log.list() == []
    log.clear()

    assert log.add(scope, Asked(), 100).number == 8
    assert len(log.list()) == 1
