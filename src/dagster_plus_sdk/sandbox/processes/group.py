"""The parent's side of the keeper: processes that end with this one."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading

from ..._core.errors import DagsterPlusError
from . import find as processes
from . import keeper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

    from .keeper import Child, Spec


class SandboxError(DagsterPlusError):
    """Something on this machine did not start, or ended early; its log says why."""

    code: str = "SANDBOX_ERROR"
    status_code: int = 500


class ProcessGroup:
    """Named processes that end, with all their descendants, when this process does.

    They end at `stop`, when this process ends in any way (kill -9 included), and when their keeper is killed. If this
    process and the keeper are killed at the same moment, the next start of a group on this machine ends what is left.

    Args:
        children: The processes to start, by name.
        log: The file that takes the output of all of them.
        name: What the group is, for the mark in its processes' environment.
        grace: Seconds between SIGTERM and SIGKILL.
        remove: A folder to remove when the group has ended.

    Attributes:
        pids: The process id of each child.
        ended: The exit code of each child that ended by itself; negative: the signal that ended it.
    """

    def __init__(
        self,
        children: Mapping[str, Child],
        *,
        log: str,
        name: str,
        grace: float = 0.5,
        remove: str | None = None,
    ) -> None:
        self.pids: dict[str, int] = {}
        self.ended: dict[str, int] = {}
        self._mark = processes.mark(name)
        self._owner = os.getpid()
        self._remove = remove
        self._keeper: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._spec: Spec = {
            "children": {
                child_name: {**child, "env": {**child["env"], processes.MARK: self._mark}}
                for child_name, child in children.items()
            },
            "log": log,
            "grace": grace,
            "parent": self._owner,
            "remove": remove,
        }

    @property
    def keeper_pid(self) -> int:
        """The process id of the keeper; 0 when there is none."""
        return self._keeper.pid if self._keeper else 0

    @property
    def alive(self) -> bool:
        """Whether the keeper runs. It and the children end together."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Start the processes.

        Raises:
            SandboxError: A command could not be started.
        """
        processes.sweep_orphans()
        self._keeper = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", keeper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for this process to handle
        )
        atexit.register(self.stop)
        assert self._keeper.stdin
        assert self._keeper.stdout
        with contextlib.suppress(BrokenPipeError):
            self._keeper.stdin.write(json.dumps(self._spec).encode() + b"\n")
        answer = json.loads(self._keeper.stdout.readline() or b"{}")
        if "started" not in answer:
            self.stop()
            raise SandboxError(f"no process was started: {answer.get('error', 'the keeper ended')}")
        self.pids = answer["started"]
        self._thread = threading.Thread(
            target=self._listen, args=(self._keeper,), name="dagster-plus-keeper", daemon=True
        )
        self._thread.start()

    def _listen(self, kept: subprocess.Popen[bytes]) -> None:
        """Note which children end; when the keeper ends, end what it left."""
        assert kept.stdout
        for line in kept.stdout:
            message = json.loads(line)
            if "ended" in message:
                name, code = message["ended"]
                self.ended[name] = code
        if kept.wait() and not keeper.has_proc():
            processes.kill_groups(self.pids.values())
        processes.sweep_mark(self._mark)

    def stop(self) -> None:
        """End the processes and wait until they are gone. Does nothing when there are none."""
        kept = self._keeper
        if kept is None:
            return
        assert kept.stdin
        assert kept.stdout
        # In a fork of the process that started the group, only the fork's copies of the pipes are closed.
        if os.getpid() == self._owner:
            self._end(kept, kept.stdin)
        kept.stdin.close()
        kept.stdout.close()
        self._keeper = self._thread = None
        atexit.unregister(self.stop)

    def _end(self, kept: subprocess.Popen[bytes], lifeline: IO[bytes]) -> None:
        """Tell the keeper to end everything, and wait until it has."""
        # A line, and not the end of the pipe alone: a fork of this process may hold the pipe open.
        with contextlib.suppress(OSError, ValueError):
            lifeline.write(b"\n")
        try:
            kept.wait(self._spec["grace"] + 2 * keeper.KILL_FOR)
        except subprocess.TimeoutExpired:
            kept.kill()
            kept.wait()
        if self._thread:
            self._thread.join()
        if self._remove:
            shutil.rmtree(self._remove, ignore_errors=True)
