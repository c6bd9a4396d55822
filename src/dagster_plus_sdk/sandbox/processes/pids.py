"""Telling a process from another that has its id later."""

# Imported by every command line that looks for a sandbox: names, not Path objects.
# ruff: noqa: PTH112, PTH123

from __future__ import annotations

import os

PROC = "/proc"


def start_time(pid: int) -> str:
    """Return when a process started, in the kernel's ticks; an empty string if it is gone or a zombie.

    Where the system does not tell (there is no /proc), it is ``runs`` for every process that does.
    """
    if not os.path.isdir(PROC):
        return _runs(pid)
    try:
        with open(f"{PROC}/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in b"ZX" else fields[19].decode()


def _runs(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass  # it is another user's
    return "runs"
