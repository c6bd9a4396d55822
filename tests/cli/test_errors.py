"""Messages and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from kit import payloads
from kit.canary import TOKEN
from kit.server import Reply

from dagster_plus_sdk import errors as e
from dagster_plus_sdk._core.hooks import RequestEvent, ResponseEvent
from dagster_plus_sdk.cli import app, process
from dagster_plus_sdk.cli.failures.errors import InterruptedWaitError, exit_code, in_options, report
from dagster_plus_sdk.cli.impatience import Impatience
from dagster_plus_sdk.cli.state import State, wants_json

CODES = {
    e.ConfigurationError: 2,
    e.InvalidInputError: 2,
    e.MissingTokenError: 4,
    e.AuthenticationError: 4,
    e.PermissionDeniedError: 4,
    e.WaitTimeoutError: 6,
    e.RunFailedError: 5,
    e.BackfillFailedError: 5,
    InterruptedWaitError: 130,
}


@pytest.mark.parametrize("name", [*e.__all__, "InterruptedWaitError"])
def test_exit_codes(name):
    kind = getattr(e, name, None) or {c.__name__: c for c in CODES}[name]
    assert exit_code(kind("no")) == CODES.get(kind, 1)


def member(typename, root="runOrError", **fields):
    return Reply({"data": {root: payloads.error(typename, "no\nway", **fields)}})


SERVER_ERRORS = [
    (member("RunNotFoundError"), 1, "RUN_NOT_FOUND", 404),
    (member("UnauthorizedError"), 4, "UNAUTHORIZED", 403),
    (member("PythonError", stack=[], className="X"), 1, "INTERNAL_ERROR", 500),
    (Reply({"errors": [{"message": "no way"}]}, 400), 1, "GRAPHQL_ERROR", 400),
    (Reply(b"{}", 401), 4, "UNAUTHENTICATED", 401),
]


@pytest.mark.parametrize(("reply", "code", "name", "status"), SERVER_ERRORS)
def test_an_error_is_one_line_or_one_json_object(scripted, server, reply, code, name, status):
    server.reply(reply)
    done = scripted("run", "get", "1")
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("dplus: ")
    assert done.err.count("\n") == 1
    done = scripted("run", "get", "1", "--json")
    assert (done.code, done.out) == (code, "")
    found = done.error
    assert (found["code"], found["status_code"], found["run_id"]) == (name, status, "1")
    assert found["error"]


def test_the_json_of_an_error_has_what_finds_it_again(scripted, server):
    message = "Internal Server Error (Trace ID: 123)"
    reply = Reply({"errors": [{"message": message}]}, 500, {"X-Request-Id": "r1"})
    server.reply(reply)
    found = scripted("run", "get", "1", "--json").error
    assert (found["operation"], found["trace_id"]) == ("GetRun", "123")
    assert found["errors"] == [{"message": message}]


def test_no_server_is_configured(dplus):
    done = dplus("run", "list")
    assert done.code == 2
    assert done.err.startswith("dplus: No server is configured: log in with dplus auth login")
    assert "--url http://localhost:3000" in done.err


def test_a_missing_token(dplus):
    done = dplus("-o", "acme", "run", "list", "--json")
    assert done.code == 4
    assert done.error["code"] == "UNAUTHENTICATED"


def test_an_unreachable_server(dplus, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._sync.transport.sleep", lambda _: None)
    done = dplus("run", "count", "--url", "http://127.0.0.1:1", "--json")
    assert done.code == 1
    assert done.error["code"] == "CONNECTION_FAILED"
    assert "; does a server run there? dplus config show says where" in done.error["error"]


def attempt(number, url, error, retry_in=0.1):
    request = RequestEvent("ListRuns", "query", number, url)
    return ResponseEvent(request, duration=0, status_code=None, error=error, retry_in=retry_in)


def test_a_server_that_was_there_is_tried_as_often_as_ever():
    hook, url = Impatience(), "http://localhost:3000/graphql"
    hook(attempt(1, url, None, None))
    gone = e.ConnectionFailedError("gone")
    gone.sent = False
    assert [hook(attempt(number, url, gone)) for number in (1, 2, 3, 4)] == [None] * 4


@pytest.mark.parametrize(
    ("url", "sent", "gives_up"),
    [
        ("http://127.0.0.1:1/graphql", False, True),
        ("http://[::1]:1/graphql", False, True),
        ("http://127.0.0.1:1/graphql", True, False),
        ("https://acme.dagster.cloud/prod/graphql", False, False),
    ],
)
def test_who_refuses_on_this_machine_is_asked_twice(url, sent, gives_up):
    hook, error = Impatience(), e.ConnectionFailedError("refused")
    error.sent = sent
    hook(attempt(1, url, error))
    if gives_up:
        with pytest.raises(e.ConnectionFailedError):
            hook(attempt(2, url, error))
    else:
        assert hook(attempt(2, url, error)) is None


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (e.MaintenanceError("Dagster+ is under\nmaintenance"), "Dagster+ is under maintenance"),
        (e.ConnectionFailedError("reset"), "cannot reach https://acme.dagster.cloud/graphql"),
    ],
)
def test_why_it_takes_long_is_told_once_and_to_people_only(monkeypatch, capsys, error, says):
    url = "https://acme.dagster.cloud/graphql"
    Impatience()(attempt(1, url, error))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("dagster_plus_sdk.cli.printing.progress.is_wanted", lambda: True)
    hook = Impatience()
    hook(attempt(5, url, error, None))
    assert capsys.readouterr().err == ""
    for number in (1, 2, 3):
        hook(attempt(number, url, error))
    assert capsys.readouterr().err == f"dplus: {says}, trying again\n"


USAGE = [
    (["nothing"], "no command 'nothing'; dplus --help lists them"),
    (["rnu", "list"], "no command 'rnu'; did you mean run?"),
    (["run", "begin"], "no command 'begin'; choose from list, get, count, ids, create"),
    (["run", "get"], "RUN_ID"),
    (["run", "create", "daily"], "argument (daily); an option says what it is, such as --job (see"),
    (["run", "get", "a", "b"], "argument (b) (see"),
    (["deployment", "current", "b"], "argument (b) (see"),
    (["run", "list", "-o", "json"], "-o is the organization: --format json is the format"),
    (["run", "list", "--color"], "no option --color; choose from --status, --job"),
    (["run", "list", "--format", "xml"], "'json', 'jsonl', 'csv'"),
    (["run", "list", "--format", "csv", "--format", "csv", "--fields", "a"], "unknown field 'a'"),
    (["run", "list", "--fields", "id,nothing"], "unknown field 'nothing'; choose from id, status"),
    (["run", "count", "--fields", "id"], "no fields"),
    (["run", "list", "--limit", "-1"], "no number from 0"),
    (["run", "list", "--status", "WON"], "choose from CANCELED"),
    (["run", "list", "--tags", "a"], "no key=value"),
    (["run", "list", "--created-after", "noon"], "'noon' is no time: write 2h (ago)"),
    (["run", "create"], "--job, or --asset-selection"),
    (["run", "create", "--job", "a", "--run-config", "x", "--config-yaml", "{}"], "both given"),
    (["run", "create", "--job", "a", "--run-config", "/nothing.yaml"], "/nothing.yaml cannot be read"),
    (["run", "create", "--job", "a", "--config-yaml", "{a"], "no valid YAML in line 1"),
    (["run-events", "get", "1", "--type", "NOTHING"], "'NOTHING' cannot be; choose from ALERT_FAILURE"),
    (["run-events", "get", "1", "--level", "LOUD"], "choose from CRITICAL, DEBUG"),
    (["graphql", "{ version }", "--format", "csv"], "json or yaml"),
    (["graphql", "@/nothing.graphql"], "/nothing.graphql cannot be read"),
    (["graphql", "{ version }", "--variables", "{a"], "is no JSON"),
    (["graphql", "{ version }", "--variables", "a"], "takes a JSON object or k=v"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "says"), USAGE, ids=lambda value: " ".join(value)[:60])
def test_usage_errors_say_what_can_be_and_send_nothing(scripted, server, words, says):
    done = scripted(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("dplus: ")
    assert done.err.count("\n") == 1
    assert says in done.err
    assert server.received == []


@pytest.mark.parametrize("words", [["--nothing", "--json"], ["--json", "--format", "csv"]], ids=str)
def test_usage_errors_as_json(scripted, words):
    done = scripted("run", "list", *words)
    assert done.code == 2
    assert (done.error["code"], done.error["status_code"]) == ("USAGE_ERROR", 400)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--json"], True),
        (["run", "--format", "json"], True),
        (["--format=jsonl"], True),
        (["--format"], False),
        (["--format", "csv"], False),
    ],
)
def test_json_is_seen_where_the_line_is_not_understood(words, wanted):
    assert wants_json(words) is wanted


def test_an_unexpected_exception_is_told_too(scripted, server, monkeypatch):
    def broken(*_):
        raise ValueError("a bug")

    monkeypatch.setattr("dagster_plus_sdk.cli.invoke.call", broken)
    done = scripted("run", "list")
    assert (done.code, done.err) == (1, "dplus: ValueError: a bug (--debug shows where)\n")
    assert "Traceback" in scripted("run", "list", "--debug").err


def test_interrupted(scripted, server, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("dagster_plus_sdk.cli.invoke.call", interrupted)
    assert scripted("run", "list").code == 130
    assert scripted("run", "list", "--json").error["code"] == "INTERRUPTED"


def test_a_launch_that_is_unknown_has_its_key(capsys):
    error = e.LaunchUnknownError("lost")
    error.idempotency_key = "k1"
    state = State()
    state.format = "json"
    assert report(error, state) == 1
    assert json.loads(capsys.readouterr().err)["idempotency_key"] == "k1"


def test_a_reader_that_has_gone_is_no_error(server):
    server.data(payloads.runs(*(f"{n:08d}" for n in range(20))))
    env = {**os.environ, "DAGSTER_GRAPHQL_URL": server.url}
    command = [sys.executable, "-m", "dagster_plus_sdk", "run", "list", "--json"]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as out:
        done = subprocess.run(
            command, env=env, stdout=out, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_goes_in_this_process(scripted, server, monkeypatch):
    def gone(*_):
        raise BrokenPipeError

    closed = []
    monkeypatch.setattr("dagster_plus_sdk.cli.invoke.call", gone)
    monkeypatch.setattr(process, "settle", closed.append)
    done = scripted("run", "list")
    assert (done.code, done.out, done.err, closed) == (0, "", "", [sys.stdout])


def test_the_state_shows_no_token():
    state = State()
    state.api_token = TOKEN
    assert TOKEN not in repr(state)


def test_completion_is_not_begun_by_chance(dplus, monkeypatch):
    monkeypatch.delenv(app.COMPLETE, raising=False)
    assert dplus("--version").code == 0


@pytest.mark.parametrize(
    ("facade", "shell"),
    [
        (
            "give either partition or partition_range",
            "give either --partition or --partition-range",
        ),
        (
            "a, b have partitions: say which with partition or partition_range, or create a backfill",
            "a, b have partitions: say which with --partition or --partition-range, or create a backfill",
        ),
        (
            "There is no job 'x' in location 'y'; there is one in location=\"demo\", repository=\"a\"",
            "There is no job 'x' in location 'y'; there is one in --location demo, --repo a",
        ),
        (
            "give one of partition, partition_range and all_partitions=True",
            "give one of --partition, --partition-range and --all-partitions",
        ),
        ("give exactly one of keys, pattern", "give exactly one of KEYS, pattern"),
        (
            "say who: partition=..., partition_range=..., or location='all'",
            "say who: --partition, --partition-range, or --location all",
        ),
        ("location and repository say which", "--location and --repo say which"),
        ("location must be earlier than repository", "--location must be earlier than --repo"),
        (
            "partition_range: the location must be one",
            "--partition-range: the location must be one",
        ),
        ("a unknown_word stays, as does tags=1", "a unknown_word stays, as does tags=1"),
    ],
)
def test_messages_speak_of_options(facade, shell):
    options = {
        "all_partitions": "--all-partitions", "keys": "KEYS", "location": "--location",
        "partition": "--partition", "partition_range": "--partition-range", "repository": "--repo",
    }  # fmt: skip
    assert in_options(facade, options) == shell


def test_a_message_without_an_end_is_cut(scripted, server):
    server.data({"runOrError": {"__typename": "RunNotFoundError", "message": "long " * 10_000}})
    text = scripted("run", "get", "a").err
    assert len(text) < 2100
    assert text.endswith("... (--json prints all of it)\n")
    assert len(scripted("run", "get", "a", "--json").error["error"]) > 49_000


def test_a_message_of_the_server_stays(scripted, server):
    server.data({"runOrError": {"__typename": "RunNotFoundError", "message": "give url or run_id"}})
    assert scripted("run", "get", "a").err == "dplus: give url or run_id\n"
