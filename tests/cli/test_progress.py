"""The line that says what a command waits for: there in time, and gone without a trace."""

from __future__ import annotations

import io
import re
import signal
import sys
import threading

import pytest
from kit import payloads
from kit.payloads import RUN_ID
from kit.server import Reply
from kit.terminal import OnTerminal, screen_of, until

from dagster_plus_sdk.cli.printing import output, progress
from dagster_plus_sdk.cli.printing.output import tell, write


class Terminal(io.StringIO):
    """What a terminal is sent; ``screen`` is what then stands there."""

    def isatty(self):
        return True

    @property
    def screen(self):
        return screen_of(self.getvalue())


class Standing:
    """Stands for ``sys``, with another stderr."""

    def __init__(self, stderr):
        self.stderr = stderr

    def __getattr__(self, name):
        return getattr(sys, name)


@pytest.fixture
def stderr(monkeypatch):
    """A terminal for stderr, and a person of little patience."""
    found = Terminal()
    # Between a test's fixtures and the test pytest puts its own stderr in place.
    for module in (progress, output):
        monkeypatch.setattr(module, "sys", Standing(found))
    monkeypatch.setattr(progress, "_PATIENCE", 0.05)
    monkeypatch.setattr(progress, "_BEAT", 0.02)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    return found


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "dplus-progress"]


def test_a_quick_command_shows_nothing(stderr, monkeypatch):
    monkeypatch.setattr(progress, "_PATIENCE", 60.0)
    with progress.shown():
        assert threads()
    assert (stderr.getvalue(), threads()) == ("", [])


def test_the_line_says_what_is_waited_for_and_goes(stderr):
    with progress.shown():
        until(lambda: re.search(r"waiting for the server, \d+ s$", stderr.screen[-1]))
        progress.say("waiting for run abc")
        until(lambda: re.fullmatch(r"[-|/\\] waiting for run abc, \d+ s", stderr.screen[-1]))
    assert (stderr.screen, threads()) == ([""], [])


def test_what_is_printed_has_its_own_line(stderr, capsys, monkeypatch):
    with progress.shown():
        for text in ("one", "two"):
            until(lambda: "waiting" in stderr.screen[-1])
            tell(text)
        until(lambda: "waiting" in stderr.screen[-1])
        monkeypatch.setattr(progress, "_PATIENCE", 60.0)  # it would be back at once
        write("result")
        assert stderr.screen == ["one", "two", ""]
    assert stderr.screen == ["one", "two", ""]
    assert capsys.readouterr().out == "result\n"


def test_an_error_ends_it_too(stderr):
    def interrupted():
        with progress.shown():
            until(lambda: "waiting" in stderr.screen[-1])
            stderr.write("^C")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (stderr.screen, threads()) == ([""], [])


def test_it_is_as_wide_as_the_terminal_at_most(stderr, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    with progress.shown("waiting for something with a long name"):
        until(lambda: stderr.screen[-1])
        assert len(stderr.screen[-1] + "^C") <= 19
    assert stderr.screen == [""]


def test_there_is_one_line_only(stderr):
    with progress.shown(), progress.shown("inner"):
        assert len(threads()) == 1
    assert threads() == []


@pytest.mark.parametrize("why", ["no terminal", "dumb"])
def test_where_nobody_looks_there_is_no_thread(stderr, monkeypatch, why):
    if why == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    else:
        monkeypatch.setattr(progress, "sys", Standing(io.StringIO()))
    with progress.shown():
        assert threads() == []
        progress.say("nothing")


def test_a_terminal_that_is_gone_breaks_nothing(stderr, monkeypatch):
    def gone(text):
        tried.append(text)
        raise OSError

    tried = []
    monkeypatch.setattr(stderr, "write", gone)
    with progress.shown():
        until(lambda: len(tried) > 1)
    assert threads() == []


@pytest.fixture
def answer(server):
    """Set it, and the server gives its answer."""
    is_due = threading.Event()
    server.reply(lambda _: is_due.wait(60) and Reply({"data": payloads.get_run()}))
    return is_due


@pytest.mark.parametrize("whole", [False, True])
def test_on_a_real_terminal(server, answer, whole):
    words = () if whole else ("--json",)
    command = OnTerminal("run", "get", RUN_ID, *words, url=server.url, whole=whole)
    command.read(re.compile(r"waiting for the server, [1-9]\d* s"))
    answer.set()
    code, out, screen = command.end()
    assert code == 0
    if whole:
        assert (screen[0], screen[-1]) == (f"Run ID: {RUN_ID}", "")
        assert "waiting" not in "".join(screen)
    else:
        assert (out[:1], screen) == ("{", [""])


#: Commands that wait, and what they say after Ctrl-C.
WAITING = {
    f"run wait {RUN_ID}": f"run {RUN_ID} goes on; see it with: dplus run watch {RUN_ID}",
    f"run wait-many {RUN_ID} b": f"2 runs go on; see them with: dplus run wait-many {RUN_ID} b",
    f"run watch {RUN_ID}": f"run {RUN_ID} goes on; see it with: dplus run watch {RUN_ID}",
    f"run-events follow {RUN_ID}": f"run {RUN_ID} goes on; see it with: dplus run-events follow {RUN_ID}",
    f"log follow {RUN_ID}": f"run {RUN_ID} goes on; see it with: dplus log follow {RUN_ID}",
    "run create --job daily": f"run {RUN_ID} goes on; see it with: dplus run watch {RUN_ID}",
    f"run reexecute {RUN_ID}": f"run {RUN_ID} goes on; see it with: dplus run watch {RUN_ID}",
    "asset materialize a": f"run {RUN_ID} goes on; see it with: dplus run watch {RUN_ID}",
    "asset observe o": f"run {RUN_ID} goes on; see it with: dplus run watch {RUN_ID}",
}


def going_on(received):
    """Answers all that the waiting commands ask; the run never ends."""
    variables = received.variables
    going = {"__typename": "Run", "id": RUN_ID, "status": "STARTED"}
    ids = variables.get("filter", {}).get("runIds", [RUN_ID])
    places = [
        payloads.asset_place("a"),
        payloads.asset_place("o", isMaterializable=False, isObservable=True),
    ]
    wanted = [key["path"] for key in variables.get("assetKeys") or ()]
    events = payloads.event_page([], cursor="c")
    data = {
        "FindAssets": {"assetNodes": [p for p in places if p["key"]["path"] in wanted]},
        "FindJobs": payloads.jobs(payloads.job("daily")),
        "GetRun": payloads.get_run(status="STARTED"),
        "LaunchRun": payloads.launched(status="STARTING"),
        "ReexecuteRun": {"launchRunReexecution": payloads.launched(status="STARTING")["launchRun"]},
        "ListRequiredAssetKeys": {"assetNodeAdditionalRequiredKeys": []},
        "ListRuns": payloads.runs(*ids, status="STARTED"),
        "PollCapturedLogs": {"runOrError": going, "logsForRun": events},
        "PollRunEvents": {"runOrError": going, "logsForRun": events},
    }
    return Reply({"data": data[received.operation]})


#: The operation of each command that is asked again and again.
POLLS = ("ListRuns", "PollRunEvents", "PollCapturedLogs")


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("line", WAITING)
def test_the_run_never_ends(scripted, server, line):
    """In this process, where the fixture ``unfit`` sees to it that the answers fit."""
    server.reply(going_on)
    assert scripted(*line.split(), "--timeout", "60").code == 6


@pytest.mark.parametrize("line", WAITING)
def test_ctrl_c_leaves_what_is_waited_for(server, line):
    server.reply(going_on)
    command = OnTerminal(*line.split(), url=server.url)
    until(lambda: set(POLLS) & set(server.operations))
    command.process.send_signal(signal.SIGINT)
    code, out, screen = command.end()
    assert (code, out) == (130, "")
    assert screen[-2:] == ["dplus: " + WAITING[line], ""]
    assert not {"TerminateRuns", "TerminateRun"} & set(server.operations)


def test_ctrl_c_behind_the_line(server):
    server.reply(going_on)
    command = OnTerminal("run", "wait", RUN_ID, url=server.url)
    command.read(re.compile(rf"waiting for run {RUN_ID}, [1-9]\d* s"))
    command.process.send_signal(signal.SIGINT)
    code, _, screen = command.end()
    assert (code, len(screen)) == (130, 2)
    assert screen[0].startswith("dplus: run ")
