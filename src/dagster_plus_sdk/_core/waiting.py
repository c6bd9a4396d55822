"""What the async client waits with, and its sync twin; the generated code picks by name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


async def asleep(seconds: float) -> None:
    """Wait, and let other tasks run."""
    import asyncio

    await asyncio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def arunning_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that connections of this call belong to."""
    import asyncio

    return asyncio.get_running_loop()


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return None: connections of the sync client belong to no loop."""
    return None
