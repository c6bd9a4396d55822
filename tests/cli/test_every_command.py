"""Every command once, with what it requires, against a server that answers from the schema."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from kit.answer_server import AnswerServer
from kit.command_lines import MORE, leaves, words_of
from kit.server import Reply

LEAVES = leaves()

#: What no server answers: they start, end and store things on this machine, or watch what must change; tests of their own run them.
HERE = {
    "auth login",
    "auth logout",
    "backfill watch",
    "completion",
    "deployment use",
    "run watch",
    *(path for path in LEAVES if path.startswith("config ")),
    *(path for path in LEAVES if path.startswith("sandbox ")),
}

#: Commands that end otherwise, because of what the server's answers say: with which exit code, and the code of their error.
ENDS = {
    # Its assets are in several code locations.
    "asset materialize": (2, "INVALID_INPUT"),
    "asset observe": (2, "INVALID_INPUT"),
    # Its backfills have succeeded.
    "backfill cancel": (1, "BACKFILL_HAS_ENDED"),
    "backfill resume": (1, "BACKFILL_HAS_ENDED"),
    # Its document of code locations has no list of them.
    "code-location plan": (1, "INTERNAL_ERROR"),
    "code-location update": (1, "INTERNAL_ERROR"),
    # Each piece of a log is followed by more, at a place that stays the same.
    "log follow": (1, "PAGINATION_ERROR"),
    "log get": (1, "PAGINATION_ERROR"),
}

#: Lists in which it has nothing, or nothing that counts.
EMPTY = {
    "asset follow",
    "code-location follow",
    "insights metric-types-of-asset",
    "insights metric-types-of-job",
    "run validate",
}

#: What is printed as it comes: a line of JSON for each thing.
LINES = {"asset follow", "backfill follow", "code-location follow", "run-events follow"}
#: What has printed something before it ends so.
BEGUN = {"log follow"}


@pytest.fixture(scope="module")
def plus():
    with AnswerServer() as server:
        presigned = Reply({"url": f"{server.url}/bucket", "fields": {"key": "a"}})
        for place in ("gen_artifact_get", "gen_artifact_post"):
            server.places[f"/{place}"] = presigned
        for place in ("bucket", "remove_idp_metadata", "upload_idp_metadata"):
            server.places[f"/{place}"] = Reply(b"SUCCESS")
        yield server


@pytest.fixture
def check(dplus, plus, tmp_path, no_pauses):
    """Runs a command, and sees to it that it ends as one must."""

    def run(path: str, *more: str):
        before = len(plus.received)
        words = words_of(path, LEAVES[path], tmp_path)
        done = dplus(*words, *more, "--url", plus.url, "--api-token", "user:x:1", "-o", "acme")
        says = f"{' '.join(words)} -> {done.code}\n{done.out}\n{done.err}"
        assert done.code == ENDS.get(path, (0,))[0], says
        # What nobody foresaw is told with this advice.
        assert "--debug shows where" not in done.err, says
        assert "Traceback" not in done.err, says
        assert len(plus.received) > before, says
        return done, says

    return run


@pytest.mark.parametrize("path", sorted(LEAVES.keys() - HERE))
def test_for_people(check, path):
    done, says = check(path)
    if path in ENDS:
        assert (done.err[:7], done.err.count("\n")) == ("dplus: ", 1), says
        assert (done.out != "") == (path in BEGUN), says
    else:
        assert (done.out.strip() == "") == (path in EMPTY), says
        assert "object at 0x" not in done.out, says


@pytest.mark.parametrize("path", sorted(LEAVES.keys() - HERE))
def test_as_json(check, path):
    done, says = check(path, "--json")
    if path in ENDS:
        assert done.error["code"] == ENDS[path][1], says
        return
    for text in done.out.splitlines() if path in LINES else [done.out]:
        assert isinstance(json.loads(text), dict), says


def test_the_exceptions_are_commands():
    assert LEAVES.keys() >= HERE | EMPTY | LINES | BEGUN | ENDS.keys() | MORE.keys()


@pytest.mark.parametrize(
    ("path", "broken", "says"),
    [
        ("run get", {"method": "gat"}, "AttributeError"),
        ("user list", {"returns": "value"}, "object at 0x"),
        ("user list", {"returns": "model"}, "dplus: "),
        ("team get", {"params": []}, "TypeError"),
    ],
)
def test_a_command_that_breaks_is_found(check, monkeypatch, path, broken, says):
    noun, verb = path.split()
    entry = LEAVES[path] | broken
    monkeypatch.setitem(LEAVES, path, entry)
    table = import_module(f"dagster_plus_sdk.cli._commands.{noun}s").VERBS
    monkeypatch.setitem(table, verb, entry)
    with pytest.raises(AssertionError, match=says):
        test_for_people(check, path)
