"""Captured logs: raw in a pipe, harmless on a terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest
from kit.payloads import RUN_ID
from kit.server import Reply

from dagster_plus_sdk.cli.running import logs
from dagster_plus_sdk.cli.running.logs import without_moves

#: What a run's processes wrote: by the name of the log its steps, stdout and stderr.
ONE = {"f": (["load"], "\x1b[31mred\x1b[0m é\ttab\r\n\x1b[2Jgone", "warned\n")}
TWO = {"f": (["load"], "one\n", ""), "g": (["clean", "dry"], "two\n", "oh\n")}


class Captured:
    """A run that has ended, with its logs."""

    def __init__(self, server, logs):
        self.logs = logs
        server.reply(self.answer)

    def answer(self, received):
        variables = received.variables
        if "logKey" in variables:
            _, out, err = self.logs[variables["logKey"][-1]]
            if variables.get("cursor"):
                out = err = ""
            log = {"logKey": variables["logKey"], "stdout": out, "stderr": err, "cursor": "9:9"}
            return Reply({"data": {"capturedLogs": log}})
        events = [
            {
                "__typename": "LogsCapturedEvent",
                "runId": RUN_ID,
                "message": "",
                "level": "DEBUG",
                "timestamp": "1700000000000",
                "stepKey": None,
                "eventType": "LOGS_CAPTURED",
                "fileKey": name,
                "stepKeys": steps,
                "pid": 1,
                "externalUrl": None,
                "externalStdoutUrl": None,
                "externalStderrUrl": None,
                "shellCmd": None,
            }
            for name, (steps, _, _) in self.logs.items()
        ]
        after = variables.get("afterCursor")
        page = {
            "__typename": "EventConnection",
            "events": [] if after else events,
            "cursor": "c",
            "hasMore": False,
        }
        state = {"__typename": "Run", "id": RUN_ID, "status": "SUCCESS"}
        return Reply({"data": {"logsForRun": page, "runOrError": state}})


def test_in_a_pipe_it_is_what_it_was_to_the_byte(server):
    Captured(server, ONE)
    command = [sys.executable, "-m", "dagster_plus_sdk", "log", "get", RUN_ID, "--url", server.url]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    _, out, err = ONE["f"]
    assert (done.stdout, done.stderr) == ((out + err).encode(), b"")


def test_on_a_terminal_colours_stay_and_the_rest_goes(scripted, server, terminal):
    Captured(server, ONE)
    done = scripted("log", "get", RUN_ID)
    assert (done.code, done.out) == (0, "\x1b[31mred\x1b[0m é\ttab\ngonewarned\n")


@pytest.mark.parametrize(
    "words", [["--stream", "stderr"], ["--stream", "STDERR", "--step", "load"]]
)
def test_one_stream(scripted, server, words):
    Captured(server, ONE)
    assert scripted("log", "get", RUN_ID, *words).out == "warned\n"


def test_several_processes(scripted, server):
    Captured(server, TWO)
    assert scripted("log", "get", RUN_ID).out == "one\ntwo\noh\n"
    assert scripted("log", "get", RUN_ID, "--step", "dry").out == "two\noh\n"


def test_several_processes_on_a_terminal(scripted, server, terminal):
    Captured(server, TWO)
    text = "==> load <==\none\n\n==> clean <==\ntwo\noh\n"
    assert scripted("log", "get", RUN_ID).out == text


def test_as_json(scripted, server):
    Captured(server, ONE)
    assert scripted("log", "get", RUN_ID, "--json").json["stderr"] == "warned\n"


@pytest.mark.parametrize(
    ("logs", "words", "steps"),
    [(ONE, (), "load\n"), (TWO, (), "load\nclean\n"), (TWO, ("--step", "dry"), "dry\n")],
)
def test_its_step_is_a_field(scripted, server, logs, words, steps):
    Captured(server, logs)
    done = scripted("log", "get", RUN_ID, *words, "--fields", "step", "--format", "tsv")
    assert (done.code, done.out) == (0, steps), done.err


def test_several_as_json(scripted, server):
    Captured(server, TWO)
    items = scripted("log", "get", RUN_ID, "--json").json["items"]
    assert [(i["step"], i["stdout"]) for i in items] == [("load", "one\n"), ("clean", "two\n")]
    done = scripted("log", "get", RUN_ID, "--format", "jsonl", "--fields", "stdout")
    assert done.out == '{"stdout": "one\\n"}\n{"stdout": "two\\n"}\n'


def test_nothing_captured_and_no_such_stream(scripted, server):
    Captured(server, {})
    done = scripted("log", "get", RUN_ID, "--json")
    assert (done.code, done.error["code"]) == (1, "CAPTURED_LOG_NOT_FOUND")
    assert done.error["run_id"] == RUN_ID
    assert scripted("log", "get", RUN_ID, "--stream", "both").code == 2


def test_following_one_process_is_raw(scripted, server):
    Captured(server, ONE)
    done = scripted("log", "follow", RUN_ID)
    assert (done.code, done.out) == (0, "".join(ONE["f"][1:]))


def test_following_several_processes_says_whose_line_it_is(scripted, server):
    Captured(server, {"f": (["load"], "one\nhalf", ""), "g": (["clean", "dry"], "two\n", "oh")})
    lines = scripted("log", "follow", RUN_ID).out.splitlines()
    assert sorted(lines) == ["[clean] oh", "[clean] two", "[load] half", "[load] one"]


def test_a_second_process_begins_on_a_line_of_its_own(monkeypatch):
    known = iter([{"f": "load"}, {"f": "load", "g": "clean"}])
    monkeypatch.setattr(logs, "_captured", lambda _client, _run_id: next(known))
    prefixes = logs._Prefixes(None, RUN_ID)
    texts = [("f", "no end"), ("g", "one\n"), ("f", ", or is it\n"), ("g", "two")]
    shown = "".join(prefixes.before(*text) for text in texts) + prefixes.rest()
    assert shown == "no end\n[clean] one\n[load] , or is it\n[clean] two\n"


def test_following_as_json(scripted, server):
    Captured(server, TWO)
    done = scripted("log", "follow", RUN_ID, "--json", "--fields", "stdout")
    assert (done.code, done.out.count("\n")) == (0, 2)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\tc\n", "a\nb\tc\n"),
        ("\x1b[1;38;5;200mx\x1b[m", "\x1b[1;38;5;200mx\x1b[m"),
        ("50%\r100%", "50%\n100%"),
        ("\x1b[2J\x1b[10;10Hx\x1b[K", "x"),
        ("\x1b]0;title\x07x\x1b]52;c;aGk=\x1b\\y", "xy"),
        ("\x1b]8;;https://x\x07link\x1b]8;;\x07", "link"),
        ("\x1bPq payload\x1b\\x", "x"),
        ("\x1bcx\x1b(0y\x1b7", "xy"),
        ("a\x07b\x08c\x7fd\x9b2Je\x00", "abcd2Je"),
        ("\x1b]0;never ends", ""),
        ("\x1b", ""),
    ],
)
def test_what_a_terminal_acts_upon(text, shown):
    assert without_moves(text) == shown
