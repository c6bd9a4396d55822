"""Whoever reads the output: whether it is still there."""

from __future__ import annotations

import sys

#: Milliseconds that a reader has to go when it has got the first page.
_MOMENT = 50


def see_whether_anyone_reads(*, patiently: bool) -> None:
    """Ask for no further page when the reader has gone, as ``head`` does; the first time give it a moment to go.

    Raises:
        BrokenPipeError: It has.
    """
    import select

    if not hasattr(select, "poll"):  # Windows: the next page's writing says it
        return
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)  # errors are told in any case
        events = poll.poll(_MOMENT if patiently and _is_pipe() else 0)
    except (OSError, ValueError):  # no descriptor
        return
    if any(event & select.POLLERR for _, event in events):
        raise BrokenPipeError


def _is_pipe() -> bool:
    """Tell whether another program reads the output."""
    import os
    import stat

    mode = os.fstat(sys.stdout.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
