"""The recordings themselves, and what makes and replays them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit.cassettes import (
    CANARY,
    URL,
    Cassette,
    Recording,
    Scrubber,
    called_methods,
    leaks,
    machine_places,
    resource_methods,
    same_operation,
)
from kit.payloads import get_run
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr.request import Request

from dagster_plus_sdk import DagsterPlus, DagsterPlusError, RunStatus

HERE = Path(__file__).parent
RESOURCES = HERE.parents[1] / "src" / "dagster_plus_sdk" / "_async" / "resources"
RECORDINGS = sorted((HERE / "recordings").glob("*.yaml"))
CLIENT_METHODS = {("client", "execute"), ("client", "graphql")}

#: Their requests are no GraphQL, and partly go to another origin: the scripted servers of tests/unit/ see them whole.
REST = {
    ("artifacts", "download"),
    ("artifacts", "upload"),
    ("organization", "remove_saml_metadata"),
    ("organization", "upload_saml_metadata"),
}


def missing(methods, tests, recorded):
    """Return the methods that no test with a recording calls."""
    called = [calls for name, calls in tests.items() if name in recorded]
    return sorted(methods - set().union(*called))


def test_every_method_has_a_recording():
    methods = (resource_methods(RESOURCES) - REST) | CLIENT_METHODS
    assert ("run_events", "follow") in methods
    assert not missing(methods, called_methods(HERE / "_async"), {p.stem for p in RECORDINGS})


def test_a_method_without_a_recording_is_found(tmp_path):
    (tmp_path / "runs.py").write_text(
        "class AsyncRuns(AsyncResource):\n"
        "    async def get(self): ...\n"
        "    def list(self): ...\n"
        "    async def _own(self): ...\n"
        "class Other:\n"
        "    def ignored(self): ...\n"
    )
    (tmp_path / "test_runs.py").write_text(
        "async def test_runs_get(client):\n    await client.runs.get('x')\n"
        "async def test_runs_list(client):\n    client.runs.list()\n"
    )
    methods, tests = resource_methods(tmp_path), called_methods(tmp_path)
    assert methods == {("runs", "get"), ("runs", "list")}
    assert missing(methods, tests, {"test_runs_get"}) == [("runs", "list")]
    assert missing(methods, tests, {"test_runs_get", "test_runs_list"}) == []


def test_recordings_and_tests_belong_together():
    assert {p.stem for p in RECORDINGS} == set(called_methods(HERE / "_async"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_recordings_hold_no_secret_and_no_machine(path):
    text = path.read_text(encoding="utf-8")
    assert leaks(text) == []
    assert "!!binary" not in text
    assert path.stat().st_size < 100_000


@pytest.mark.parametrize(
    "text",
    [
        f"Dagster-Cloud-Api-Token: {CANARY}",
        "the canary-5d0c7e61a9 sings",
        "/tmp/dagster-plus-1/code.sock",
        'File "/workspace/x.py"',
        "/root" + "/.dagster",
        "/home/ada/.dagster",
        "http://127.0.0.1:3000/graphql",
        "localhost:3000",
        "http://dagster.test:41234/graphql",
        "AUTHORIZATION: Bearer x",
        "set-cookie: a=b",
    ],
)
def test_leaks_are_found(text):
    assert leaks(f"- message: {text}\n")
    assert not leaks("- message: http://dagster.test/graphql at localhost, /dagster/storage\n")
    assert not leaks("- key: dagster/root_run_id\n- key: dagster/root_backfill_id\n")


@pytest.fixture
def recorded(server, tmp_path):
    """A recording of one answer, made from a server that says too much."""
    home = tmp_path / "runtime" / "home"
    said = get_run(jobName=f"at {server.url} in {home}, {home.parent}/code.sock, /tmp/x.1/y")
    server.data(said)
    path = tmp_path / "test_it.yaml"
    with (
        Cassette(path, Scrubber(machine_places(server.url, home)), server.url) as cassette,
        DagsterPlus(**cassette.client_options) as client,
    ):
        assert client.runs.get("abc").status == "SUCCESS"
        cassette.recording.runs["one"] = "abc"
    cassette.check()
    assert server.received[0].headers["dagster-cloud-api-token"] == CANARY
    return path


def test_what_is_recorded_is_scrubbed(recorded):
    text = recorded.read_text()
    assert leaks(text) == []
    assert f"at {URL} in /dagster, /runtime/code.sock, /temporary/y" in text
    assert "query" not in text
    assert Recording(recorded).runs == {"one": "abc"}


def test_without_scrubbing_the_same_would_leak(server):
    said = f"at {server.url}, {Path.home()} and /tmp/x"
    assert leaks(said)
    assert not leaks(Scrubber(machine_places(server.url, Path("/a/home"))).text(said))


def test_replay_needs_no_server(recorded, server):
    with (
        Cassette(recorded, Scrubber()) as cassette,
        DagsterPlus(**cassette.client_options) as client,
    ):
        assert client.runs.get("abc").status is RunStatus.SUCCESS
    cassette.check()
    assert len(server.received) == 1


def test_a_request_that_was_not_recorded_fails_the_test(recorded):
    with (
        Cassette(recorded, Scrubber()) as cassette,
        DagsterPlus(**cassette.client_options) as client,
    ):
        client.runs.get("abc")
        for ask in (
            lambda: client.runs.get("other"),
            lambda: client.runs.get("abc"),
            client.runs.count,
        ):
            with pytest.raises(CannotOverwriteExistingCassetteException):
                ask()


def test_a_recording_that_is_not_used_up_fails_the_test(recorded):
    with Cassette(recorded, Scrubber()) as cassette:
        pass
    with pytest.raises(AssertionError, match="0 of 1 recorded requests were sent"):
        cassette.check()


def test_a_missing_recording_fails_the_test(tmp_path):
    with (
        Cassette(tmp_path / "none.yaml", Scrubber()) as cassette,
        DagsterPlus(**cassette.client_options) as client,
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        client.runs.get("abc")


def test_answers_that_are_no_json_are_kept(server, tmp_path):
    from kit.server import Reply

    path = tmp_path / "html.yaml"
    server.reply(Reply(b"<html>\n<p>bad gateway\n</html>", status=502))
    for url in (server.url, None):
        with (
            Cassette(path, Scrubber({server.url: URL}), url) as cassette,
            DagsterPlus(**cassette.client_options) as client,
            pytest.raises(DagsterPlusError) as caught,
        ):
            client.runs.get("abc")
        assert caught.value.status_code == 502
    assert "<p>bad gateway\n" in path.read_text()


def request(uri=URL, **body):
    return Request("POST", uri, json.dumps(body).encode(), {})


@pytest.mark.parametrize(
    "other",
    [
        request(operationName="B", variables={"a": 1}),
        request(operationName="A", variables={"a": 2}),
        request("http://other.test", operationName="A", variables={"a": 1}),
    ],
)
def test_requests_are_told_apart(other):
    one = request(operationName="A", variables={"a": 1})
    same_operation(one, request(variables={"a": 1}, operationName="A"))
    with pytest.raises(AssertionError):
        same_operation(one, other)
