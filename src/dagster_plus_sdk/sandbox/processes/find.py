"""Finding and ending processes that a killed keeper or parent left behind.

Every process below a keeper inherits a mark in its environment that names the process it belongs to. Linux shows the
environment in /proc; where there is no /proc, process groups are ended instead.
"""

# /proc is read a thousand times: names, not Path objects.
# ruff: noqa: PTH123, PTH208

from __future__ import annotations

import contextlib
import os
import signal
import time

from . import keeper
from .pids import start_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MARK = "DAGSTER_PLUS_SANDBOX"


def mark(name: str) -> str:
    """Return a mark that says: belongs to this process, and in it to `name`."""
    pid = os.getpid()
    return f"{pid}:{start_time(pid)}:{name}"


def marked() -> dict[int, str]:
    """Return the mark of each process that carries one, by process id. Zombies carry none."""
    found: dict[int, str] = {}
    for entry in os.listdir(keeper.PROC) if keeper.has_proc() else ():
        # Other users' processes cannot be read, and a process may end meanwhile.
        with contextlib.suppress(OSError, ValueError):
            pid = int(entry)
            with open(f"{keeper.PROC}/{pid}/environ", "rb") as file:
                for variable in file.read().split(b"\0"):
                    if variable.startswith(MARK.encode() + b"="):
                        found[pid] = variable.decode().partition("=")[2]
    return found


def is_orphaned(a_mark: str) -> bool:
    """Tell whether the process that a mark names has ended."""
    pid, _, rest = a_mark.partition(":")
    return not pid.isdigit() or start_time(int(pid)) != rest.partition(":")[0]


def sweep(belongs: Callable[[str], bool]) -> list[int]:
    """Kill the processes whose mark `belongs` accepts, and return their ids when they are gone."""

    def left() -> list[int]:
        pids = [pid for pid, value in marked().items() if pid != me and belongs(value)]
        ended.update(pids)
        return pids

    me, ended = os.getpid(), set[int]()
    keeper.end(left, grace=0)
    return sorted(ended)


def sweep_mark(a_mark: str) -> list[int]:
    """Kill the processes with this mark. See `sweep`."""
    return sweep(lambda value: value == a_mark)


def sweep_orphans() -> list[int]:
    """Kill what was left behind by processes that were killed together with their keepers. See `sweep`."""
    return sweep(is_orphaned)


def kill_groups(leaders: Iterable[int]) -> None:
    """Kill process groups: the way without /proc."""
    for leader in leaders:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def wait_gone(pids: Iterable[int], timeout: float) -> bool:
    """Wait until none of the processes runs; tell whether that came about within `timeout` seconds."""
    end = time.monotonic() + timeout
    left = set(pids)
    while left := {pid for pid in left if start_time(pid)}:
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
