"""Lets the Dagsters that are started here do the same in less time."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from unittest.mock import patch

from dagster_plus_sdk.sandbox import Dagster, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

Server = TypeVar("Server", Dagster, Sandbox)

FOLDER = Path(__file__).with_name("hurried")


@contextmanager
def hurried(backfill_seconds: float | None = None) -> Iterator[None]:
    """Let what is started in this block read ``hurried/sitecustomize.py`` first.

    Args:
        backfill_seconds: How often a daemon looks at backfills; Dagster's 30 s leave others the time to change them.
    """
    paths = [str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    more = {} if backfill_seconds is None else {"KIT_BACKFILL_SECONDS": str(backfill_seconds)}
    with patch.dict(os.environ, PYTHONPATH=os.pathsep.join(paths), **more):
        yield


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a `Dagster` or a `Sandbox` that is hurried, and stop it at the end of the block."""
    with hurried():
        server.start()
    try:
        yield server
    finally:
        server.stop()
