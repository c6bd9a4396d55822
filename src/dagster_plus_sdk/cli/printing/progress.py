"""One line on stderr that says what a command waits for, where a person may wonder: on a terminal, from a second on.

Whatever is printed takes the line away first (``output`` sees to it), so nothing of it is left behind. It has no colours, and
needs no library: a carriage return is all.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import TextIO

#: Seconds of silence before the line appears, and between two of its pictures.
_PATIENCE, _BEAT = 1.0, 0.25

_FRAMES = "|/-\\"
#: What a terminal shows of Ctrl-C.
_CTRL_C = "^C"


class Progress:
    """The line, and the thread that draws it.

    Args:
        stream: The terminal.
        text: What is waited for.
    """

    def __init__(self, stream: TextIO, text: str) -> None:
        import threading

        self._stream = stream
        self._text = text
        self._since = self._quiet_since = monotonic()
        self._drawn = 0
        self._frame = 0
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dplus-progress", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Wait for something else from now on."""
        with self._lock:
            self._text = text
            self._since = monotonic()

    @contextmanager
    def paused(self) -> Generator[None, None, None]:
        """Take the line away for what is printed meanwhile."""
        with self._lock:
            self._erase()
            try:
                yield
            finally:
                self._quiet_since = monotonic()

    def stop(self) -> None:
        """Take the line away for good, and end the thread."""
        self._over.set()
        self._thread.join()
        with self._lock:
            self._erase()

    def _run(self) -> None:
        pause = _PATIENCE
        while not self._over.wait(pause):
            with self._lock:
                left = self._quiet_since + _PATIENCE - monotonic()
                if left <= 0:
                    self._draw()
            pause = left if left > 0 else _BEAT

    def _draw(self) -> None:
        from shutil import get_terminal_size

        from .text import cell

        frame = _FRAMES[self._frame % len(_FRAMES)]
        self._frame += 1
        line = cell(f"{frame} {self._text}, {monotonic() - self._since:.0f} s")
        # A line that fills the terminal would break, and could not be taken back; Ctrl-C is shown behind it.
        line = line[: max(0, get_terminal_size().columns - 1 - len(_CTRL_C))]
        self._put("\r" + line.ljust(self._drawn))
        self._drawn = len(line)

    def _erase(self) -> None:
        if self._drawn:
            self._put("\r" + " " * (self._drawn + len(_CTRL_C)) + "\r")
            self._drawn = 0

    def _put(self, text: str) -> None:
        from contextlib import suppress

        with suppress(OSError, ValueError):  # nobody looks any more
            self._stream.write(text)
            self._stream.flush()


_current: Progress | None = None


def is_wanted() -> bool:
    """Tell whether a person sees stderr, on a terminal that can go back in a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def shown(text: str = "waiting for the server") -> Generator[None, None, None]:
    """Show that a command works, if it takes long enough and somebody looks."""
    global _current  # noqa: PLW0603 - one terminal, one line
    if _current is not None or not is_wanted():
        yield
        return
    _current = Progress(sys.stderr, text)
    try:
        yield
    finally:
        stop()


def stop() -> None:
    """End the line before its command: what follows draws for itself."""
    global _current  # noqa: PLW0603
    if _current is not None:
        _current.stop()
        _current = None


def say(text: str) -> None:
    """Say what is waited for from now on."""
    if _current is not None:
        _current.say(text)


@contextmanager
def paused() -> Generator[None, None, None]:
    """Print something; the line, if there is one, is out of the way."""
    if _current is None:
        yield
        return
    with _current.paused():
        yield
