from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes import keeper

pytestmark = pytest.mark.skipif(not keeper.has_proc(), reason="needs /proc")

SLEEP = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"]


@pytest.fixture(autouse=True)
def own_mark(monkeypatch):
    """A mark of this test's own: whoever starts a sandbox on this machine ends what the usual mark says is an orphan."""
    monkeypatch.setattr(processes, "MARK", f"SLEEPER_OF_A_TEST_{os.getpid()}")


@pytest.fixture
def sleeper():
    """Start a process with a mark."""
    started = []

    def start(a_mark: str | None, **options) -> subprocess.Popen[bytes]:
        env = {**os.environ, **({processes.MARK: a_mark} if a_mark else {})}
        started.append(subprocess.Popen(SLEEP, env=env, **options))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def gone_pid() -> int:
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", ""]) as process:
        pass
    return process.pid


def test_a_sweep_ends_what_carries_the_mark_and_nothing_else(sleeper):
    mine = processes.mark("/one/home")
    marked, other, unmarked = sleeper(mine), sleeper(processes.mark("/two")), sleeper(None)

    assert processes.sweep_mark(mine) == [marked.pid]

    assert marked.wait(60) == -9
    assert other.poll() is None
    assert unmarked.poll() is None
    assert processes.sweep_mark(mine) == []


def test_orphans_are_what_an_ended_process_left(sleeper):
    orphan, mine = sleeper(f"{gone_pid()}:12:/home"), sleeper(processes.mark("/home"))

    assert orphan.pid in processes.sweep_orphans()

    assert orphan.wait(60) == -9
    assert mine.poll() is None


@pytest.mark.parametrize(
    ("a_mark", "orphaned"),
    [
        ("", True),
        ("no number:1:/home", True),
        # The number of an ended process, given to another one later.
        (f"{os.getpid()}:1:/home", True),
        (processes.mark("/a:home"), False),
    ],
    ids=["none", "no number", "number reused", "alive"],
)
def test_a_mark_names_a_process_by_number_and_start(a_mark, orphaned):
    assert processes.is_orphaned(a_mark) is orphaned


def test_a_zombie_has_ended(sleeper):
    process = sleeper(None)
    assert processes.start_time(process.pid)

    process.kill()

    assert processes.wait_gone([process.pid], 30)
    assert not processes.wait_gone([os.getpid()], 0.05)


def test_groups_are_ended_without_proc(sleeper, monkeypatch):
    leader = sleeper(None, start_new_session=True)
    monkeypatch.setattr(keeper, "PROC", "/nonexistent")
    assert processes.marked() == {}
    assert processes.sweep_mark(processes.mark("/home")) == []

    processes.kill_groups([leader.pid, gone_pid()])

    assert leader.wait(60) == -9
