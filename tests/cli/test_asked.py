"""``--quiet``, ``--jq`` and ``--web``: what is printed, and what is refused before anything is sent."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest
import yaml
from kit import payloads
from kit.command_lines import leaves, words_of

from dagster_plus_sdk.cli.printing import web
from dagster_plus_sdk.cli.printing.asked import IDS, id_path

OTHER = "1f1f1f1f-1111-4222-8333-444455556666"
RUNS = payloads.runs(payloads.RUN_ID, OTHER)
LEAVES = leaves()
ITEMS = {p: e for p, e in LEAVES.items() if e.get("returns") in ("pager", "items", "model", "none")}


@pytest.fixture
def run(dplus, answering):
    return lambda *words: dplus(
        *words, "--url", answering.url, "--api-token", "user:x:1", "-o", "acme"
    )


def test_ids_only(scripted, server):
    server.data(RUNS)
    ids = f"{payloads.RUN_ID}\n{OTHER}\n"
    assert scripted("run", "list", "-q").out == ids
    assert scripted("--quiet", "run", "list").out == ids


def test_where_there_is_more_is_told(scripted, server):
    server.data(RUNS)
    done = scripted("run", "list", "-q", "--limit", "1")
    assert done.out == f"{payloads.RUN_ID}\n"
    assert "--cursor" in done.err


def test_the_id_of_what_was_launched(scripted, server):
    server.data(payloads.jobs(payloads.job("daily")), payloads.launched())
    done = scripted("run", "create", "--job", "daily", "--no-wait", "-q")
    assert done.out == f"{payloads.RUN_ID}\n", done.err


def test_the_id_of_what_was_deleted(scripted, server):
    server.data({"deleteRun": {"__typename": "DeletePipelineRunSuccess", "runId": "1"}})
    assert scripted("run", "delete", "1", "--yes", "-q").out == "1\n"


@pytest.mark.parametrize("path", sorted(ITEMS))
def test_every_command_that_returns_things_has_ids_or_refuses(run, answering, path, tmp_path):
    """What it refuses, it refuses before anything is sent."""
    entry = LEAVES[path]
    known = id_path(entry)
    if known is not None and not entry.get("reveals"):
        assert entry["returns"] == "none" or not known or known.split(".")[0] in entry["fields"]
        return
    before = len(answering.received)
    done = run(*words_of(path, entry, tmp_path), "-q")
    assert (done.code, done.out, len(answering.received)) == (2, "", before)
    assert "--quiet" in done.err


def test_what_has_no_ids_is_known():
    listed = {p for p, e in ITEMS.items() if e["returns"] == "pager" and id_path(e) is None}
    assert listed == {
        "agent errors", "asset events", "asset history", "code-location history",
        "integration connection-logs", "integration connection-schemas", "organization user-counts", "run-events get",
    }  # fmt: skip


def test_every_exception_is_a_model_of_a_command():
    assert IDS.keys() <= {entry.get("model") for entry in LEAVES.values()}


@pytest.mark.parametrize(
    ("words", "out"),
    [
        ("user list", "1\n2\n"),
        ("asset list", "path-1/path-2\npath-3/path-4\n"),
        ("job get name-1", "name-1\n"),
        ("run tag-keys", "keys-1\nkeys-2\n"),
        ("favorite list", "path-1/path-2\npath-3/path-4\n"),
        ("team create new", "id-1\n"),
        ("discover --filter jobs", "name-1\n"),
    ],
)
def test_ids_of_other_things(run, words, out):
    done = run(*words.split(), "-q")
    assert done.out.startswith(out), done.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("-q", "--json"), "--quiet and --json"),
        (("-q", "--format", "csv"), "--quiet and --format csv"),
        (("-q", "--fields", "id"), "--quiet and --fields"),
        (("-q", "--web"), "--quiet and --web"),
        (("--web", "--json"), "--web and --json"),
        (("--web", "--jq", "."), "--web and --jq"),
        (("--jq", ".", "--format", "yaml"), "can be json or jsonl, not yaml"),
        (("--jq", ".items["), "column 7 (see dplus"),
        (("--jq", "nope(1)"), "nope/1 is not defined"),
    ],
)
def test_what_is_refused_before_anything_is_sent(scripted, server, more, says):
    done = scripted("run", "list", *more)
    text = done.error["error"] if done.err.startswith("{") else done.err
    assert (done.code, done.out, server.received) == (2, "", [])
    assert says in text


def test_jq_is_said_to_be_missing(scripted, server, monkeypatch):
    monkeypatch.setitem(sys.modules, "jq", None)
    done = scripted("run", "list", "--jq", ".")
    assert (done.code, server.received) == (2, [])
    assert "pip install 'dagster-plus-sdk[jq]'" in done.error["error"]


@pytest.mark.parametrize(
    ("more", "out"),
    [
        ((".items[].id",), f"{payloads.RUN_ID}\n{OTHER}\n"),
        ((".items | length",), "2\n"),
        (("[.has_more, .cursor]",), "[false, null]\n"),
        ((".cursor",), "\n"),
        (("empty",), ""),
        ((".items[0] | {id}", "--json"), f'{{"id": "{payloads.RUN_ID}"}}\n'),
        ((".id", "--format", "jsonl"), f"{payloads.RUN_ID}\n{OTHER}\n"),
        ((".items[0]", "--fields", "status"), '{"status": "SUCCESS"}\n'),
    ],
)
def test_what_jq_makes_of_a_list(scripted, server, more, out):
    pytest.importorskip("jq")
    server.data(RUNS)
    assert scripted("run", "list", "--jq", *more).out == out


@pytest.mark.parametrize(
    ("words", "data", "expression", "out"),
    [
        ("run get x", payloads.get_run(), ".status", "SUCCESS\n"),
        ("run count", {"runsOrError": {"__typename": "Runs", "count": 3}}, ".count + 1", "4\n"),
        ("graphql {version}", {"version": "1.13"}, ".version", "1.13\n"),
        ("run delete x --yes", {"deleteRun": {"__typename": "DeletePipelineRunSuccess", "runId": "x"}}, ".run_id", "x\n"),
    ],
)  # fmt: skip
def test_what_jq_makes_of_other_results(scripted, server, words, data, expression, out):
    pytest.importorskip("jq")
    server.data(data)
    assert scripted(*words.split(), "--jq", expression).out == out


def test_an_expression_that_does_not_fit(scripted, server):
    pytest.importorskip("jq")
    server.data(RUNS)
    done = scripted("run", "list", "--jq", ".items.id")
    assert (done.code, done.error["code"]) == (1, "JQ_ERROR")
    assert "Cannot index array" in done.error["error"]


def test_a_text_moves_no_cursor(scripted, server, terminal):
    pytest.importorskip("jq")
    server.data(payloads.get_run(mode="a\x1b[2Jb"))
    assert scripted("run", "get", "x", "--jq", ".mode").out == "a [2Jb\n"


@pytest.fixture
def opened(monkeypatch):
    """The pages that a browser was asked for."""
    pages = []
    monkeypatch.setenv("BROWSER", "firefox")
    monkeypatch.setattr("webbrowser.open", lambda url: pages.append(url) or True)
    return pages


@pytest.fixture
def no_display(monkeypatch):
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("webbrowser.open", None)  # nobody asks


def test_the_page_of_a_run(scripted, server, opened):
    server.data(payloads.get_run())
    done = scripted("run", "get", "x", "--web")
    url = f"{server.url}/runs/{payloads.RUN_ID}"
    assert (done.out, opened) == ("", [url])
    assert done.err == f"Opening {url} in your browser\n"


@pytest.mark.usefixtures("no_display")
def test_the_address_where_there_is_no_browser(scripted, server):
    server.data(payloads.get_run())
    done = scripted("run", "get", "x", "--web")
    assert (done.out, done.err) == (f"{server.url}/runs/{payloads.RUN_ID}\n", "")


def test_the_address_where_the_browser_does_not_start(scripted, server, opened, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    assert scripted("run", "list", "--web").out == f"{server.url}/runs\n"


def test_for_the_page_of_a_list_nothing_is_sent(scripted, server, opened):
    assert scripted("run", "list", "--web").code == 0
    assert (opened, server.received) == ([f"{server.url}/runs"], [])


def test_the_page_of_what_was_launched(scripted, server, opened):
    server.data(payloads.jobs(payloads.job("daily")), payloads.launched())
    done = scripted("run", "create", "--job", "daily", "--web")
    assert (done.code, done.out) == (0, ""), done.err
    assert opened == [f"{server.url}/runs/{payloads.RUN_ID}"]


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("path", sorted(LEAVES))
def test_every_command_has_a_page_or_refuses(run, answering, path, tmp_path):
    entry = LEAVES[path]
    if web.list_page(entry) or web.has_page(entry):
        return
    before = len(answering.received)
    done = run(*words_of(path, entry, tmp_path), "--web")
    assert (done.code, done.out, len(answering.received)) == (2, "", before)
    assert "no web page" in done.err


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("asset get path-1/path-2", "/assets/path-1/path-2"),
        ("asset list", "/assets"),
        ("backfill get name-1", "/runs/b/name-1"),
        ("backfill list", "/runs?view=backfills"),
        ("check get path-1/path-2 name-1", "/assets/path-1/path-2?view=checks&checkDetail=name-1"),
        ("code-location get name-1", "/locations/name-1@name-1"),
        ("job get name-1", "/locations/name-1@name-1/jobs/name-1"),
        ("schedule get name-1", "/locations/name-1@name-1/schedules/name-1"),
        ("sensor get name-1", "/locations/name-1@name-1/sensors/name-1"),
    ],
)
def test_pages(run, answering, words, path):
    done = run(*words.split(), "--web")
    assert done.out == f"{answering.url}{path}\n", done.err


def test_every_page_of_a_list_is_that_of_a_command():
    listed = {f"{e.get('attribute')}.{e.get('method')}" for e in LEAVES.values()}
    assert web.LISTS.keys() <= listed


@pytest.mark.parametrize(
    ("platform", "environ", "has"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "w"}, True),
        ("linux", {"BROWSER": "lynx"}, True),
        ("darwin", {}, True),
        ("win32", {"SSH_CONNECTION": "a"}, False),
    ],
)
@pytest.mark.usefixtures("no_display")
def test_where_there_is_a_browser(monkeypatch, platform, environ, has):
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert web.has_browser() is has


def test_errors_are_json_with_jq(scripted, server):
    pytest.importorskip("jq")
    server.data({"runOrError": payloads.error("RunNotFoundError", runId="x")})
    done = scripted("run", "get", "x", "--jq", ".id")
    assert (done.code, done.error["code"]) == (1, "RUN_NOT_FOUND")
    assert json.loads(scripted("run", "nope", "--jq", ".").err)["code"] == "USAGE_ERROR"


VALUES = sorted(path for path, entry in LEAVES.items() if entry.get("returns") == "value")


@pytest.mark.parametrize("path", VALUES)
def test_values_in_every_format(run, path, tmp_path):
    words = words_of(path, LEAVES[path], tmp_path)
    whole = json.loads(run(*words, "--json").out)
    assert isinstance(whole, dict)
    assert yaml.safe_load(run(*words, "--format", "yaml").out) == whole
    line = run(*words, "--format", "jsonl").out
    assert (json.loads(line), line.count("\n")) == (whole, 1)
    head, *_ = csv.reader(io.StringIO(run(*words, "--format", "csv").out))
    assert head == [LEAVES[path]["method"]]
    assert run(*words, "--format", "tsv").out.count("\n") == 1
