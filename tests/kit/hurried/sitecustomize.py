"""What every Python runs first that a Dagster of the tests starts: it lets that Dagster import and wait less.

Its folder is on the ``PYTHONPATH`` of those processes only (`kit.hurry`). What it changes has no setting in Dagster.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading

# The code server starts a process for each run, which imports everything anew: 2 to 4 s of a processor.
PRELOAD = ["dagster._grpc.server", "dagster._cli", "dagster_plus_sdk.sandbox.demo.definitions"]


def fork_runs() -> None:
    """Let the runs be forked from a process that has imported Dagster and the demo project."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    multiprocessing.get_context = lambda method=None: context


def look_at_backfills_every(seconds: float) -> None:
    """Let the daemon look more often than every 30 s: its loop asks for this name."""
    from dagster._daemon import controller

    controller.DEFAULT_DAEMON_INTERVAL_SECONDS = seconds


class Wakeful:
    """The event at which the daemon ends: who waits for it goes on, too, when there is a file, which is removed.

    Args:
        event: The event.
        file: The file.
    """

    def __init__(self, event: threading.Event, file: Path) -> None:
        self._event = event
        self._file = file

    def __getattr__(self, name: str) -> object:
        return getattr(self._event, name)

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not self._event.wait(max(0.0, min(0.1, end - time.monotonic()))):
            if self._file.exists():
                self._file.unlink()
                return False
            if time.monotonic() >= end:
                return False
        return True


def look_at_backfills_when_asked(file: Path) -> None:
    """Let the daemon look as soon as there is a file, which it removes."""
    from dagster._daemon import daemon

    loop = daemon.execute_backfill_iteration_loop

    def wakeful(context, logger, event, *more, **options):
        return loop(context, logger, Wakeful(event, file), *more, **options)

    daemon.execute_backfill_iteration_loop = wakeful


words = sys.orig_argv
if words[1:5] == ["-m", "dagster", "api", "grpc"]:
    fork_runs()
elif "dagster-daemon" in words and "KIT_BACKFILL_SECONDS" in os.environ:
    look_at_backfills_every(float(os.environ["KIT_BACKFILL_SECONDS"]))
elif "dagster-daemon" in words:
    look_at_backfills_when_asked(Path(os.environ["DAGSTER_HOME"], "look-at-backfills"))
