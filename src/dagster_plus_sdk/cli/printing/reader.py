"""Whoever reads the output: whether it is still there, and how it goes on."""

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


def tell_more(cursor: str | None, what: str = "is more") -> None:
    """Say how a list goes on, as a shell takes it: a cursor may have any characters."""
    from shlex import quote

    from .output import tell

    tell(f"dplus: there {what}; go on with --cursor {quote(str(cursor))}")


def _is_pipe() -> bool:
    import os
    import stat

    mode = os.fstat(sys.stdout.fileno()).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
