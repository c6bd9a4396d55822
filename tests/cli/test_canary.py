"""The token is seen nowhere: every command, against servers that refuse, fail and repeat what they are sent."""

from __future__ import annotations

import json
from itertools import cycle

import pytest
from kit.answer_server import answer
from kit.canary import TOKEN
from kit.command_lines import leaves, words_of
from kit.server import Reply

LEAVES = leaves()
#: They start things on this machine, print a token that is asked for, or follow what never ends here.
APART = {"auth login", "auth logout", "completion", "deployment use", "backfill watch", "run watch"}
PATHS = [
    *sorted(p for p in LEAVES.keys() - APART if not p.startswith(("sandbox ", "config "))),
    "config show",
    "config profiles",
]

#: How loud a command is, and where its token is from; each command meets one of both, another one at each server.
LOUD = (
    "", "--json", "--debug", "--view-graphql", "--debug --view-graphql --json",
    "-q", "--web", "--dry-run", "--format csv",
)  # fmt: skip
WAYS = ("environment", "option", "word", "profile", "file")


def refused(received):
    """Fail as Dagster does, with all that came in every text."""
    sent = json.loads(received.body or "{}")
    said = json.dumps(received.headers) + json.dumps(sent.get("variables"))
    if "query" not in sent:
        return Reply({"error": said}, 500)
    told = {"__typename": "PythonError", "message": said, "className": said, "stack": [said]}
    data = answer(sent["query"], sent.get("variables") or {}, sent.get("operationName"))
    return Reply({"data": dict.fromkeys(data, told)})


def echo(status, kind=None, **headers):
    """Make an answer that repeats the headers: as an error of GraphQL, or as a text."""

    def reply(received):
        said = json.dumps(received.headers)
        token = received.headers.get("dagster-cloud-api-token", "")
        body = {"errors": [{"message": said, "path": [said], "extensions": {"trace_id": said}}]}
        where = {name: value.format(token) for name, value in headers.items()}
        return Reply(body if kind is None else kind + said.encode(), status, where)

    return reply


SERVERS = {
    "refused": refused,
    "graphql": echo(200, **{"X-Request-Id": "{}"}),
    "401": echo(401, b"who is "),
    "500": echo(500, b"<html>"),
    "garbage": echo(200, b"\xff{\x00"),
    "redirect": echo(302, b"", Location="http://127.0.0.1:9/{}?token={}"),
    "closed": Reply(b"{", fault="truncate"),
}


@pytest.fixture
def unfit():
    """Here servers give answers that do not fit."""


@pytest.fixture
def home(monkeypatch, tmp_path):
    """Everything that a command writes is below here; it tries again at once."""
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("DG_CLI_CONFIG", str(tmp_path / "dg.toml"))
    monkeypatch.setenv("BROWSER", "true")
    monkeypatch.setattr("dagster_plus_sdk._sync.transport.sleep", lambda _: None)
    monkeypatch.setattr("dagster_plus_sdk._sync.polling.LOOKUP_SECONDS", 0.1)
    return tmp_path


@pytest.fixture
def told(dplus, server, home, monkeypatch):
    """Runs a command with the token from somewhere; returns what can be seen of that, and where."""
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)

    def run(way, *words):
        place = ["--url", server.url, "-o", "acme"]
        table = {"profile": "dagster_plus_sdk.profiles.p", "file": "cli.plus"}.get(way)
        keys = {"organization": "acme", "url": server.url, "user_token": TOKEN}
        lines = [f"{name} = {json.dumps(value)}" for name, value in keys.items()]
        (home / "dg.toml").write_text("\n".join([f"[{table}]", *lines]) if table else "")
        if way == "environment":
            monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", TOKEN)
        else:
            monkeypatch.delenv("DAGSTER_CLOUD_API_TOKEN", raising=False)
        place += {"option": ["--api-token", TOKEN], "word": [f"--api-token={TOKEN}"]}.get(way, [])
        done = dplus(*words, *({"profile": ["--profile", "p"], "file": []}.get(way, place)))
        files = [path for path in home.rglob("*") if path.is_file() and path.name != "dg.toml"]
        seen = {str(path): path.read_bytes().decode("latin-1") for path in files}
        return {"out": done.out, "err": done.err, "pages": str(opened), **seen}

    return run


@pytest.mark.parametrize("name", SERVERS)
def test_a_token_is_seen_nowhere(told, server, home, name):
    server.reply(SERVERS[name])
    start = list(SERVERS).index(name)
    # The lengths have no common divisor: all pairs come.
    combined = zip(cycle(LOUD[start:] + LOUD[:start]), cycle(WAYS))
    folder = home / "documents"
    folder.mkdir()
    # Each command meets every third server: all of them would take three times as long.
    paths = PATHS[start % 3 :: 3]
    for path, (loud, way) in zip(paths, combined, strict=False):
        words = words_of(path, LEAVES[path], folder)
        if any(given["name"] == "timeout" for given in LEAVES[path]["params"]):
            words += ["--timeout", "0.1"]  # what waits sits faults out
        seen = told(way, *words, *loud.split())
        found = {where: text for where, text in seen.items() if TOKEN in text}
        assert not found, f"{path} {loud} ({way}): {found}"
        assert "--debug shows where" not in seen["err"], f"{path} {loud} ({way}): {seen['err']}"
    sent = [TOKEN in json.dumps(received.headers) for received in server.received]
    assert sum(sent) > len(paths) / 2, "hardly any command has sent the token"


def repeating(received):
    """Answer with the token as data, which is printed as it is."""
    return Reply({"data": {"version": received.headers["dagster-cloud-api-token"]}})


@pytest.mark.parametrize("way", WAYS)
def test_a_token_that_is_seen_is_found(told, server, way):
    server.reply(repeating)
    assert TOKEN in told(way, "graphql", "{ version }")["out"]


@pytest.mark.parametrize(
    "line", ["dplus run get ", "dplus job get na", "dplus --api-token {} run get "]
)
def test_completion_shows_no_token(dplus, server, home, monkeypatch, line):
    server.reply(refused)
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", TOKEN)
    monkeypatch.setenv("DAGSTER_CLOUD_URL", server.url)
    monkeypatch.setenv("DAGSTER_CLOUD_ORGANIZATION", "acme")
    monkeypatch.setenv("_DPLUS_COMPLETE", "bash_complete")
    monkeypatch.setenv("_DPLUS_LINE", line.format(TOKEN))
    done = dplus()
    files = [path.read_text() for path in home.rglob("*.json")]
    assert server.received
    assert TOKEN not in "".join([done.out, done.err, *files])
