from __future__ import annotations

import os
import signal
import sys
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dagster_plus_sdk.sandbox import SandboxError
from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes import keeper
from dagster_plus_sdk.sandbox.processes.group import ProcessGroup

if TYPE_CHECKING:
    import subprocess

# A child that has a child of its own in another session: what a signal to its group does not reach.
FAMILY = """
import subprocess, sys, time
p = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
open(sys.argv[1], "w").write(str(p.pid))
time.sleep(600)
"""
PARENT = """
import os, sys, time
from dagster_plus_sdk.sandbox.processes import find
find.MARK = {mark!r}
from dagster_plus_sdk.sandbox.processes.group import ProcessGroup
argv = [sys.executable, "-c", {family!r}, {file!r}]
child = {{"argv": argv, "env": {{}}, "cwd": "/"}}
group = ProcessGroup({{"one": child}}, log={log!r}, name="test", grace=0.1)
group.start()
while not (os.path.exists({file!r}) and os.path.getsize({file!r})):
    time.sleep(0.01)
print(group.keeper_pid, group.pids["one"])
{then}
"""


@pytest.fixture(autouse=True)
def own_mark(monkeypatch):
    """A mark of this test's own: whoever starts a sandbox on this machine ends what the usual mark says is an orphan."""
    monkeypatch.setattr(processes, "MARK", f"GROUP_OF_A_TEST_{os.getpid()}")
    return processes.MARK


def open_files() -> set[tuple[str, str]]:
    """Return the descriptors of this process, each with what it leads to."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of the folder itself
            found.add((descriptor.name, str(descriptor.readlink())))
    return found


@pytest.fixture
def group(tmp_path):
    """Make a group of one Python process."""
    made = []

    def make(code: str, *arguments: str, **options) -> ProcessGroup:
        argv = [sys.executable, "-c", code, *arguments]
        child = {"argv": argv, "env": {"WORD": "hello"}, "cwd": str(tmp_path)}
        options = {"log": str(tmp_path / "log"), "name": "test", "grace": 0.1, **options}
        made.append(ProcessGroup({"one": child}, **options))
        return made[-1]

    yield make
    for each in made:
        each.stop()


def grandchild(file, until) -> int:
    return int(until(lambda: file.exists() and file.read_text()))


def test_stop_ends_everything_and_leaves_nothing_open(group, tmp_path, until):
    file = tmp_path / "pid"
    one = group(FAMILY, str(file), remove=str(tmp_path / "nothing"))
    # What earlier tests left may go meanwhile.
    open_before, threads_before = open_files(), set(threading.enumerate())

    one.start()
    pids = [one.keeper_pid, *one.pids.values(), grandchild(file, until)]
    assert all(map(processes.start_time, pids))
    assert one.alive
    assert "dagster-plus-keeper" in {thread.name for thread in threading.enumerate()}
    one.stop()

    assert not any(map(processes.start_time, pids))
    assert not one.alive
    assert one.keeper_pid == 0
    assert open_files() <= open_before
    assert set(threading.enumerate()) <= threads_before
    one.stop()


def test_a_child_that_ends_is_noted_and_its_output_logged(group, tmp_path, until):
    one = group("import os, sys; print(os.environ['WORD']); sys.exit(4)")

    one.start()

    assert until(lambda: one.ended) == {"one": 4}
    assert (tmp_path / "log").read_text() == "hello\n"
    assert one.alive


def test_what_a_killed_child_left_ends_with_the_group(group, tmp_path, until):
    file = tmp_path / "pid"
    one = group(FAMILY, str(file))
    one.start()
    orphan = grandchild(file, until)

    os.kill(one.pids["one"], signal.SIGKILL)
    assert until(lambda: one.ended) == {"one": -signal.SIGKILL}
    assert processes.start_time(orphan)
    one.stop()

    assert not processes.start_time(orphan)


def test_a_command_that_is_not_there(group, tmp_path):
    one = group("")
    one._spec["children"]["one"]["argv"] = ["/nonexistent/python"]

    with pytest.raises(SandboxError, match="/nonexistent/python"):
        one.start()

    assert one.keeper_pid == 0


def test_a_keeper_that_ends_at_once(group, monkeypatch):
    monkeypatch.setattr(keeper, "__file__", os.devnull)

    with pytest.raises(SandboxError, match="the keeper ended"):
        group("").start()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_end_of_the_keeper_ends_everything(group, tmp_path, until, number):
    file = tmp_path / "pid"
    one = group(FAMILY, str(file))
    one.start()
    pids = [*one.pids.values(), grandchild(file, until)]

    os.kill(one.keeper_pid, number)

    assert processes.wait_gone(pids, 30)
    until(lambda: not one.alive)


def test_a_killed_keeper_without_proc(group, monkeypatch, until):
    one = group("import time; time.sleep(600)")
    one.start()
    killed = []
    monkeypatch.setattr(keeper, "PROC", "/nonexistent")
    monkeypatch.setattr(processes, "kill_groups", killed.extend)

    os.kill(one.keeper_pid, signal.SIGKILL)
    until(lambda: not one.alive)

    assert killed == list(one.pids.values())


def test_a_keeper_that_does_not_end_is_killed(group, monkeypatch):
    one = group("import time; time.sleep(600)")
    one.start()
    monkeypatch.setattr(keeper, "KILL_FOR", 0.1)
    os.kill(one.keeper_pid, signal.SIGSTOP)

    one.stop()

    assert processes.wait_gone(one.pids.values(), 30)


@pytest.fixture
def parent(run_python, tmp_path, until, own_mark):
    """Start a process that has a group; return it and the ids of what it started."""

    def start(then: str) -> tuple[subprocess.Popen[str], list[int]]:
        file = tmp_path / "pid"
        names = {"family": FAMILY, "file": str(file), "log": str(tmp_path / "log"), "then": then}
        names["mark"] = own_mark
        process = run_python(PARENT.format(**names))
        assert process.stdout
        pids = [int(pid) for pid in process.stdout.readline().split()]
        return process, [*pids, grandchild(file, until)]

    return start


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_end_of_the_parent_ends_everything(parent, number):
    process, pids = parent("time.sleep(600)")

    process.send_signal(number)

    assert processes.wait_gone([process.pid, *pids], 30)


def test_a_parent_that_forgot_to_stop_ends_everything_before_it_ends(parent):
    process, pids = parent("")

    assert process.wait(60) == 0

    assert not any(map(processes.start_time, pids))


def test_a_fork_of_the_parent_does_not_keep_it_all_alive(parent):
    # The fork holds the parent's end of the pipe open.
    process, pids = parent("os.fork() or (print(os.getpid()), time.sleep(600))")
    fork = int(process.stdout.readline())
    process.wait(60)

    assert processes.wait_gone(pids, 30)

    assert processes.start_time(fork)
    os.kill(fork, signal.SIGKILL)


def test_a_stop_in_a_fork_leaves_the_group_alone(parent):
    process, pids = parent(
        "if os.fork() == 0: group.stop(); os._exit(0)\nos.wait(); print('ended'); time.sleep(600)"
    )
    assert process.stdout.readline() == "ended\n"
    time.sleep(2 * keeper.LOOK_EVERY)

    assert all(map(processes.start_time, pids))


def test_the_next_start_ends_what_a_killed_parent_and_keeper_left(parent, group):
    process, pids = parent("time.sleep(600)")
    # A stopped process cannot end what it started before it is killed itself.
    os.kill(pids[0], signal.SIGSTOP)
    process.kill()
    os.kill(pids[0], signal.SIGKILL)
    assert processes.wait_gone(pids[:2], 30)
    assert processes.start_time(pids[2])

    group("").start()

    assert processes.wait_gone(pids, 30)


def test_no_warning_is_given(group):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = group("import time; time.sleep(600)")
        one.start()
        one.stop()
    assert one.ended == {}
