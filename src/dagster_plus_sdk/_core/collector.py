"""A rest for the garbage collector, while much is made of which all is kept: it would look through it for nothing."""

from __future__ import annotations

import gc
import os
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Resting"]

_pausing = threading.Lock()


def _renew_lock() -> None:
    """Give a forked child a free lock: the thread that held it stays in the parent."""
    global _pausing  # noqa: PLW0603 - the child's own
    if _pausing.locked():
        gc.enable()
    _pausing = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


class Resting:
    """A block in which the collector rests, unless it does already: by itself, or for another thread."""

    __slots__ = ("_held",)

    def __enter__(self) -> None:
        lock = _pausing
        self._held = lock if gc.isenabled() and lock.acquire(blocking=False) else None
        if self._held:
            gc.disable()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._held:
            gc.enable()
            self._held.release()
