"""Streams that cannot say everything: what they cannot is replaced, and nothing breaks."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest
from kit import payloads

TEXT = "Umsätze 🚀 レポート"
LIMITED = [
    ({"PYTHONIOENCODING": "ascii"}, "ascii", "Ums?tze ? ????"),
    ({"PYTHONIOENCODING": "cp1252"}, "cp1252", "Umsätze ? ????"),
    ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii", "Ums?tze ? ????"),
    ({"LC_ALL": "C", "PYTHONUTF8": "1"}, "utf-8", TEXT),
]
CLEAN = ("PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS", "LINES", "NO_COLOR")


def env_of(changes):
    return {k: v for k, v in os.environ.items() if k not in CLEAN} | changes


def dplus(server, *words, env, **options):
    command = [sys.executable, "-m", "dagster_plus_sdk", *words, "--url", server.url]
    return subprocess.run(command, env=env_of(env), timeout=60, check=False, **options)


@pytest.mark.parametrize(("env", "encoding", "shown"), LIMITED)
def test_what_an_encoding_has_not_is_replaced(server, env, encoding, shown):
    server.data(payloads.jobs(payloads.job("daily", description=TEXT)))
    done = dplus(server, "job", "list", "--format", "table", env=env, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding).splitlines()[1].endswith(f"  {shown}")


def test_an_error_is_replaced_too(server):
    server.data({"runOrError": payloads.error("RunNotFoundError", TEXT, runId="x")})
    env = {"PYTHONIOENCODING": "ascii"}
    done = dplus(server, "run", "get", "x", "--json", env=env, capture_output=True)
    assert (done.returncode, json.loads(done.stderr)["error"]) == (1, "Ums?tze ? ????")


def on_terminal(server, *words, columns, env):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    done = dplus(server, *words, env=env, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    with os.fdopen(ours, "rb") as terminal:
        return done, terminal.read1().decode()


@pytest.mark.parametrize(
    ("env", "colour", "ellipsis"),
    [
        ({"TERM": "xterm"}, True, "…"),
        ({"TERM": "xterm", "NO_COLOR": "1", "PYTHONIOENCODING": "ascii"}, False, "..."),
        ({"TERM": "dumb"}, False, "…"),
    ],
)
def test_a_narrow_terminal(server, env, colour, ellipsis):
    server.data(payloads.runs(payloads.RUN_ID, jobName="a_long_name_of_a_job"))
    env = {"PYTHONIOENCODING": "utf-8", **env}
    done, shown = on_terminal(server, "run", "list", columns=60, env=env)
    assert ("\x1b[32mSUCCESS\x1b[0m" in shown) is colour
    head, line = re.sub(r"\x1b\[\d*m", "", shown).splitlines()
    assert head.split() == ["ID", "STATUS", "JOB"]
    assert (len(line), line.endswith(ellipsis)) == (60, True)
    assert done.stderr.startswith(b"dplus: no room for CREATED;")


def test_a_text_has_colours_on_a_terminal_only(server):
    server.data(payloads.get_run(status="FAILURE"))
    env = {"TERM": "xterm"}
    _, shown = on_terminal(server, "run", "get", "x", columns=80, env=env)
    assert "Status: \x1b[31mFAILURE\x1b[0m\r\n" in shown
    done = dplus(server, "run", "get", "x", env=env, capture_output=True)
    assert b"Status: FAILURE\n" in done.stdout
