"""The keeper: starts processes and ends them, with all their descendants, when its parent ends.

Run as ``python -I -S keeper.py``: it needs nothing but the standard library and starts in 30 ms. It reads one line of
JSON from its standard input, a `Spec`, and then watches that pipe, which the system closes when the parent dies, kill -9
included. It tells what happens in lines of JSON: first ``{"started": {name: pid}}``, then ``{"ended": [name, code]}``
for each child that ends by itself. Should the keeper itself be killed, the kernel kills its children (on Linux), and the
parent ends what is left.
"""

# What pathlib imports would make up half of the start.
# ruff: noqa: PTH112, PTH123, PTH208

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypedDict

    class Child(TypedDict):
        """A process to start: its command, the variables added to its environment, and its folder."""

        argv: list[str]
        env: dict[str, str]
        cwd: str

    class Spec(TypedDict):
        """What the parent, which has this process id, asks for."""

        children: dict[str, Child]
        log: str  # the file for all their output
        grace: float  # seconds between SIGTERM and SIGKILL
        parent: int
        remove: str | None  # a folder to remove in the end


PROC = "/proc"
# A fork of the parent holds the pipe open after the parent's end, so the parent is looked at as well.
LOOK_EVERY = 0.2
KILL_FOR = 5.0
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def has_proc() -> bool:
    """Tell whether this system shows its processes in /proc, as Linux does."""
    return os.path.isdir(PROC)


def parents() -> dict[int, int]:
    """Return the parent of each process that runs on this machine, by process id."""
    if not has_proc():
        lines = subprocess.run(
            ["/bin/ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, check=False
        ).stdout.splitlines()
        rows = map(bytes.split, lines)
        return {int(pid): int(parent) for pid, parent, *state in rows if state[0][:1] != b"Z"}
    found: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir(PROC)):
        # A process may end while it is looked at.
        with contextlib.suppress(OSError), open(f"{PROC}/{name}/stat", "rb") as file:
            # The second field is the command in parentheses, which may hold spaces and parentheses.
            state, parent = file.read().rpartition(b")")[2].split()[:2]
            if state != b"Z":
                found[int(name)] = int(parent)
    return found


def descendants(root: int) -> list[int]:
    """Return the ids of the processes below `root`."""
    children: dict[int, list[int]] = {}
    for pid, parent in parents().items():
        children.setdefault(parent, []).append(pid)
    found = list(children.get(root, ()))
    for pid in found:
        found += children.get(pid, ())
    return found


def end(find: Callable[[], list[int]], grace: float) -> None:
    """End processes: politely, and those that are left after `grace` seconds for certain.

    Args:
        find: Tells which are left. Those that start meanwhile are ended too.
        grace: Seconds between SIGTERM and SIGKILL.
    """
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, KILL_FOR)):
        until = time.monotonic() + seconds
        signalled: set[int] = set()
        while time.monotonic() < until and (left := find()):
            for pid in set(left) - signalled:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
            signalled.update(left)
            time.sleep(0.01)


def reap() -> Iterator[tuple[int, int]]:
    """Yield the id and exit code of each child that has ended."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            yield pid, os.waitstatus_to_exitcode(status)


def set_process_option(option: int, value: int) -> None:
    """Set an option of this process that Linux alone knows."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def start(child: Child, log: int, keeper: int) -> subprocess.Popen[bytes]:
    """Start a child that the kernel kills when this process ends."""

    def tie() -> None:
        # The signal comes when the thread that forked ends: here the main thread.
        set_process_option(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != keeper:
            os._exit(1)

    return subprocess.Popen(  # noqa: S603
        child["argv"],
        env={**os.environ, **child["env"]},
        cwd=child["cwd"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=tie,  # noqa: PLW1509 - this process has one thread
        start_new_session=True,
    )


def say(**message: object) -> None:
    """Tell the parent something, if it still listens."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(message).encode() + b"\n")


def watch(names: Mapping[int, str], lifeline: int, parent: int) -> None:
    """Return when the parent says so or has ended. Tell it meanwhile which of its children end."""
    while os.getppid() == parent:
        for pid, code in reap():
            if pid in names:
                say(ended=[names[pid], code])
        if select.select([lifeline], [], [], LOOK_EVERY)[0]:
            return


def keep(spec: Spec, lifeline: int = 0) -> None:
    """Start the children, wait until the parent ends or writes into the lifeline, and end everything."""
    me = os.getpid()
    log = os.open(spec["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def left() -> list[int]:
        for _ in reap():
            pass
        return descendants(me)

    try:
        started = {name: start(child, log, me) for name, child in spec["children"].items()}
        say(started={name: process.pid for name, process in started.items()})
        watch({process.pid: name for name, process in started.items()}, lifeline, spec["parent"])
    except OSError as error:
        say(error=str(error))
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end(left, spec["grace"])
        if spec["remove"]:
            shutil.rmtree(spec["remove"], ignore_errors=True)


def leave(_number: int, _frame: object) -> None:
    """Take a signal as the wish to end."""
    sys.exit()


def main() -> None:
    """Keep what the line on the standard input says."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, leave)  # `keep` cleans up on its way out
    set_process_option(PR_SET_CHILD_SUBREAPER, 1)  # orphans below us become our children
    keep(json.loads(sys.stdin.buffer.readline()))


if __name__ == "__main__":
    main()
