"""What every Python runs first that a Dagster of the tests starts: it lets that Dagster import and wait less.

Its folder is on the ``PYTHONPATH`` of those processes only (`kit.hurry`). What it changes has no setting in Dagster.
"""

from __future__ import annotations

import multiprocessing
import os
import sys

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


words = sys.orig_argv
if words[1:5] == ["-m", "dagster", "api", "grpc"]:
    fork_runs()
elif "dagster-daemon" in words and "KIT_BACKFILL_SECONDS" in os.environ:
    look_at_backfills_every(float(os.environ["KIT_BACKFILL_SECONDS"]))
