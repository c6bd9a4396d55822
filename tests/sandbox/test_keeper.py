from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from dagster_plus_sdk.sandbox.processes import keeper

SLEEP = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"]
# Ignores SIGTERM, and says when it does.
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""


@pytest.fixture
def tree():
    """A process that has a child; both sleep."""
    code = f"import subprocess; print(subprocess.Popen({SLEEP!r}).pid, flush=True); " + SLEEP[-1]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        yield process.pid, child
        keeper.end(lambda: keeper.descendants(process.pid), grace=0)
        process.kill()


@pytest.mark.parametrize("proc", ["/proc", "/nonexistent"])
def test_descendants_are_found_with_and_without_proc(tree, monkeypatch, proc):
    monkeypatch.setattr(keeper, "PROC", proc)
    root, child = tree

    assert keeper.descendants(root) == [child]
    assert {root, child} <= set(keeper.descendants(os.getpid()))
    assert keeper.descendants(child) == []


def test_end_kills_what_ignores_the_polite_signal():
    with subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        begin = time.monotonic()

        keeper.end(lambda: [process.pid] if process.poll() is None else [], grace=0.2)

        assert time.monotonic() - begin >= 0.2
        assert process.returncode == -signal.SIGKILL


def test_end_is_polite_first():
    with subprocess.Popen(SLEEP) as process:
        keeper.end(lambda: [process.pid] if process.poll() is None else [], grace=5)

    assert process.returncode == -signal.SIGTERM


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Run `keep` in this process, for children that the test may know, and no others."""
    started: list[subprocess.Popen[bytes]] = []
    start = keeper.start

    def note(*arguments):
        started.append(start(*arguments))
        return started[-1]

    monkeypatch.setattr(keeper, "start", note)
    monkeypatch.setattr(
        keeper, "descendants", lambda _: [p.pid for p in started if p.poll() is None]
    )
    # Other children of this process are not for `keep` to reap.
    monkeypatch.setattr(
        keeper,
        "reap",
        lambda: iter([(p.pid, p.returncode) for p in started if p.poll() is not None]),
    )
    monkeypatch.setattr(keeper.signal, "signal", lambda *_: None)
    read, write = os.pipe()
    folder = tmp_path / "runtime"
    folder.mkdir()

    def keep(argv, **changes):
        child = {"argv": argv, "env": {"WORD": "hello"}, "cwd": str(tmp_path)}
        spec = {
            "children": {"one": child},
            "log": str(tmp_path / "log"),
            "grace": 60,
            "parent": os.getppid(),
            "remove": str(folder),
        }
        keeper.keep({**spec, **changes}, read)
        return started

    keep.write = write
    keep.folder = folder
    yield keep
    os.close(read)
    os.close(write)


def messages(capfd) -> list[dict[str, object]]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_keep_ends_its_children_when_told_to(kept, capfd):
    os.write(kept.write, b"\n")

    (process,) = kept(SLEEP)

    assert process.returncode == -signal.SIGTERM
    assert messages(capfd) == [{"started": {"one": process.pid}}]
    assert not kept.folder.exists()


def test_keep_ends_when_its_parent_is_another(kept, capfd):
    (process,) = kept(SLEEP, parent=os.getpid())

    assert process.returncode == -signal.SIGTERM
    assert messages(capfd) == [{"started": {"one": process.pid}}]


def test_keep_tells_which_child_ended(kept, capfd, monkeypatch, tmp_path):
    def say(**message):
        said.append(message)
        if "ended" in message:
            os.write(kept.write, b"\n")

    said: list[dict[str, object]] = []
    monkeypatch.setattr(keeper, "say", say)

    kept([sys.executable, "-c", "import os; print(os.environ['WORD'], os.getcwd()); exit(3)"])

    assert said[-1] == {"ended": ["one", 3]}
    assert (tmp_path / "log").read_text() == f"hello {tmp_path}\n"


def test_keep_tells_what_cannot_be_started(kept, capfd):
    kept(["/nonexistent/python"], remove=None)

    (message,) = messages(capfd)
    assert "/nonexistent/python" in message["error"]
    assert kept.folder.exists()


def test_reap_yields_ids_and_codes(monkeypatch):
    answers = iter([(7, 0x0300), (8, signal.SIGKILL), (0, 0)])
    monkeypatch.setattr(keeper.os, "waitpid", lambda *_: next(answers))

    assert list(keeper.reap()) == [(7, 3), (8, -signal.SIGKILL)]


def test_reap_ends_without_children(monkeypatch):
    def none(*_):
        raise ChildProcessError

    monkeypatch.setattr(keeper.os, "waitpid", none)

    assert list(keeper.reap()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_process_options_are_set():
    import ctypes

    value = ctypes.c_int()
    read_pdeathsig = 2
    keeper.set_process_option(keeper.PR_SET_PDEATHSIG, signal.SIGURG)
    ctypes.CDLL(None).prctl(read_pdeathsig, ctypes.byref(value), 0, 0, 0)
    keeper.set_process_option(keeper.PR_SET_PDEATHSIG, 0)

    assert value.value == signal.SIGURG


def test_main_prepares_and_keeps(monkeypatch):
    calls = []
    monkeypatch.setattr(keeper.signal, "signal", lambda *call: calls.append(call))
    monkeypatch.setattr(keeper, "set_process_option", lambda *call: calls.append(call))
    monkeypatch.setattr(keeper, "keep", calls.append)
    read, write = os.pipe()
    os.write(write, b'{"grace": 1}\nmore')
    os.close(write)
    with os.fdopen(read) as file:
        monkeypatch.setattr(keeper.sys, "stdin", file)
        keeper.main()

    assert calls[0] == (signal.SIGINT, signal.SIG_IGN)
    assert calls[2] == (keeper.PR_SET_CHILD_SUBREAPER, 1)
    assert calls[3] == {"grace": 1}
    with pytest.raises(SystemExit):
        calls[1][1](signal.SIGTERM, None)
