"""The command as a process: whatever happens to its streams, its surroundings or its code, there is a message and no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from kit import payloads
from kit.canary import TOKEN
from kit.server import Reply
from kit.terminal import OnTerminal, until

COMMAND = f'"{sys.executable}" -m dagster_plus_sdk'
posix = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell, and devices of Linux")


@pytest.fixture
def shell(server, tmp_path, monkeypatch):
    """Runs a line of shell, with ``dplus`` for the command."""
    server.data(payloads.runs(*(f"{n:08d}" for n in range(20))))
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)

    def run(line: str, **env: str) -> subprocess.CompletedProcess[str]:
        whole = {**os.environ, "DAGSTER_GRAPHQL_URL": server.url, **env}
        script = f'dplus() {{ {COMMAND} "$@"; }}\n{line}'
        return subprocess.run(
            ["bash", "-c", script], env=whole, cwd=tmp_path, capture_output=True, check=False,
            timeout=120, encoding="utf-8", errors="backslashreplace",
        )  # fmt: skip

    return run


#: The line, the exit code, and what stderr says (a line of it; nothing for None).
LINES = [
    ("dplus run list --help | head -0; exit ${PIPESTATUS[0]}", 0, None),
    ("dplus run list --json | true; exit ${PIPESTATUS[0]}", 0, None),
    ("dplus run nope 2>&1 | true; exit ${PIPESTATUS[0]}", 2, None),
    ("dplus run list --limit 1 2>&1 | true; exit ${PIPESTATUS[0]}", 0, None),
    ("{ dplus run list --limit 1 2>&1 >&3 | true; } 3>out; test -s out", 0, None),
    ("dplus run list >&-", 0, None),
    ("dplus run nope >&- 2>&-", 2, None),
    ("dplus run list <&- >&- 2>&-", 0, None),
    ("dplus graphql - <&-", 2, "dplus: "),
    ("dplus run list >/dev/full", 1, "dplus: the output cannot be written: No space left on device"),
    ("dplus --help >/dev/full", 1, "dplus: the output cannot be written: No space left on device"),
    ("dplus run nope 2>/dev/full", 2, None),
    ("dplus run list >/dev/full 2>&1", 1, None),
    ("mkdir gone; cd gone; rmdir ../gone; dplus run list >/dev/null", 0, None),
    (f"env LC_ALL=xx_YY.UTF-8 {COMMAND} run list --limit all >/dev/null", 0, None),
    ("HOME=/proc/nothing XDG_STATE_HOME= dplus run list --limit all >/dev/null", 0, None),
    (f"env -u HOME {COMMAND} run list --limit all >/dev/null", 0, None),
    ("echo '[broken' >dg.toml; DAGSTER_GRAPHQL_URL= DG_CLI_CONFIG=dg.toml dplus run list", 2,
     "dplus: dg.toml cannot be understood: syntax error at line 1"),
    ("printf '\\xff\\xfe' >dg.toml; DAGSTER_GRAPHQL_URL= DG_CLI_CONFIG=dg.toml dplus run list", 2,
     "dplus: dg.toml cannot be read: it is not UTF-8 text"),
    ("dplus $'\\xff'", 2, r"dplus: no command '\udcff'"),
    ("dplus run get $'\\xff' >/dev/null", 0, None),
    ("dplus run list --url $'http://\\xff'", 2, "dplus: url (option)"),
    ("dplus graphql @$'\\xff'", 2, "dplus: ? cannot be read"),
    ("dplus run create --job a --config-yaml $'{a: \"\\xff\"}'", 2, "dplus: "),
]  # fmt: skip


@posix
@pytest.mark.parametrize(("line", "code", "says"), LINES, ids=[line[:50] for line, *_ in LINES])
def test_lines_of_shell(shell, server, line, code, says):
    if "run get" in line:
        server.replies.clear()
        server.data(payloads.get_run())
    done = shell(line)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done
    if says is None:
        assert done.stderr == ""
    else:
        assert done.stderr.startswith(says)
        assert done.stderr.count("\n") == 1


#: What is broken before the command begins, and what is told.
BROKEN = [
    ("raise KeyboardInterrupt", 130, "interrupted"),
    ("raise SystemExit(7)", 7, None),
    ("raise SystemExit('gone')", 1, "gone"),
    ("raise MemoryError", 1, "not enough memory"),
    ("def f(): f()\nf()", 1, "nested too deeply"),
    ("raise ValueError('a bug')", 1, "ValueError: a bug"),
    ("raise OSError(13, 'Permission denied', 'x.yaml')", 1, "x.yaml: Permission denied"),
    ("raise GeneratorExit", 1, "GeneratorExit"),
    ("'\\udcff'.encode()", 2, "is not valid UTF-8"),
    ("import warnings; warnings.warn('old', stacklevel=1); raise ValueError('w')", 1, "ValueError: w"),
    ("import threading; raise ImportError('no such thing')", 1, "ImportError: no such thing"),
]  # fmt: skip
#: Where it breaks: while the command is imported, in a command, and while the answer's model is loaded aside.
PLACES = {"import": "dagster_plus_sdk.cli.tree", "command": "dagster_plus_sdk.cli.invoke"}
MAIN = """
import sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            {code}
sys.meta_path.insert(0, Broken())
sys.argv = ["dplus", "run", "list", *sys.argv[1:]]
from dagster_plus_sdk.cli import main
sys.exit(main())
"""


def broken(place: str, code: str, *words: str) -> subprocess.CompletedProcess[str]:
    text = code.replace("\n", "\n            ")
    script = MAIN.format(module=PLACES[place], code=text)
    env = {
        **os.environ,
        "DAGSTER_GRAPHQL_URL": "http://127.0.0.1:1",
        "DAGSTER_CLOUD_API_TOKEN": TOKEN,
    }
    return subprocess.run(
        [sys.executable, "-c", script, *words],
        env=env, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(("code", "exit_code", "says"), BROKEN, ids=[c[:30] for c, *_ in BROKEN])
def test_whatever_is_raised(code, exit_code, says):
    done = broken("command", code)
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == (says is not None)
    assert (says or "") in done.stderr


@pytest.mark.parametrize(
    ("code", "exit_code", "says"), BROKEN[:4], ids=[c[:30] for c, *_ in BROKEN[:4]]
)
def test_whatever_is_raised_by_an_import(code, exit_code, says):
    done = broken("import", code)
    text = {"not enough memory": "MemoryError: (--debug shows where)"}.get(says, says)
    assert (done.returncode, done.stdout) == (exit_code, "")
    assert done.stderr.startswith(f"dplus: {text}") if says else done.stderr == ""
    assert done.stderr.count("\n") == (says is not None)


@pytest.mark.parametrize("words", [("--json",), ("--format", "jsonl")], ids=str)
def test_whatever_is_raised_is_json_where_that_was_asked_for(words):
    done = broken("command", "raise ValueError('a bug')", *words)
    assert json.loads(done.stderr)["code"] == "INTERNAL_ERROR"


@pytest.mark.parametrize("place", PLACES)
def test_debug_shows_where_and_no_secret(place):
    done = broken(place, f"raise ValueError('with {TOKEN} inside')", "--debug")
    assert "Traceback" in done.stderr
    assert "find_spec" in done.stderr
    assert done.returncode == 1
    assert TOKEN not in done.stderr
    assert "with *** inside" in done.stderr


@posix
@pytest.mark.parametrize("again", [1, 3])
def test_ctrl_c(server, again):
    ended = threading.Event()
    server.reply(lambda _: ended.wait(60) and Reply({"data": None}))
    env = {**os.environ, "DAGSTER_GRAPHQL_URL": server.url}
    command = [sys.executable, "-m", "dagster_plus_sdk", "run", "list"]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as done:
        until(lambda: server.received)
        for _ in range(again):
            done.send_signal(signal.SIGINT)
            time.sleep(0.02)
        out, err = done.communicate(timeout=60)
    ended.set()
    assert (out, "Traceback" in err) == ("", False)
    # The second one may come when the command has ended already, and then ends the rest of it.
    assert done.returncode in ((130,) if again == 1 else (130, -signal.SIGINT))


def test_a_server_that_is_not_there():
    begun = time.monotonic()
    code, out, lines = OnTerminal("run", "list", url="http://127.0.0.1:1").end()
    url = "http://127.0.0.1:1/graphql"
    assert (code, out) == (1, "")
    assert lines[0] == f"dplus: cannot reach {url}, trying again"
    assert lines[1].startswith(f"dplus: {url} cannot be reached")
    assert time.monotonic() - begun < 60


#: A command in which something is raised where nothing can be: while an object goes.
UNRAISABLE = """
import _thread, sys, time
start = _thread.start_new_thread
def slowly(*given):  # whoever does this is still where nothing can be raised
    start(*given)
    time.sleep({stands})
_thread.start_new_thread = slowly
class Deaf:
    def __del__(self):
        raise {error}
def run(words):
    Deaf()
    for _ in range({waits}):  # a signal just before a wait does not end it
        time.sleep(0.1)
    return 0
from dagster_plus_sdk.cli import app, command
app.run = run
sys.argv = ["dplus", *{words}]
command()
"""


@pytest.mark.parametrize(
    ("error", "stands", "words", "code", "says"),
    [
        ("KeyboardInterrupt", 0, [], 130, "dplus: interrupted"),
        ("KeyboardInterrupt", 0.3, [], 130, "dplus: interrupted"),
        ("KeyboardInterrupt", 0, ["--debug"], 130, "dplus: interrupted"),
        ("ValueError", 0, [], 0, ""),
        ("ValueError('a bug')", 0, ["--debug"], 0, "ValueError: a bug"),
    ],
)
def test_of_what_cannot_be_raised_ctrl_c_is_not_lost(error, stands, words, code, says):
    waits = 6000 if "Key" in error else 0
    script = UNRAISABLE.format(error=error, stands=stands, words=words, waits=waits)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.splitlines()[-1:] == [says][: says != ""]
    assert ("Traceback" in done.stderr) == bool(words)


@pytest.mark.parametrize(
    "name",
    [
        "app",
        "process",
        "completion.completing",
        "completion.live",
        "failures.suggest",
        "impatience",
    ],
)
def test_nothing_is_imported_that_windows_lacks(name):
    script = f"""
import sys
for missing in ("fcntl", "pty", "pwd", "termios", "resource", "grp"):
    sys.modules[missing] = None
import signal
del signal.SIGPIPE, signal.SIGHUP
import os
del os.getuid, os.fork
import dagster_plus_sdk.cli.{name}
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


ENDING = """
import atexit, sys
{before}
atexit.register(print, "at the end")
sys.argv = ["dplus", *{words}]
from dagster_plus_sdk.cli import command
try:
    command()
except SystemExit as end:
    print("as usual")
    raise
"""


@pytest.mark.parametrize(
    ("before", "words", "code", "shown"),
    [
        ("", ["--version"], 0, ["at the end"]),
        ("", ["run", "get"], 2, ["at the end"]),
        ("sys.setprofile(lambda *_: None)", ["--version"], 0, ["as usual", "at the end"]),
    ],
)
def test_the_end_of_a_process(before, words, code, shown):
    """What is registered for it is done; Python's own end is for who profiles."""
    script = ENDING.format(before=before, words=words)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=env
    )
    lines = [line for line in done.stdout.splitlines() if not line.startswith("dplus ")]
    assert (done.returncode, lines) == (code, shown)
