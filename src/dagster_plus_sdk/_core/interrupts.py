"""Exceptions that come while something is sent, and are no failure of it."""

from __future__ import annotations

import sys

#: What is sent with: beside Python's own, their exceptions say that sending failed.
_LIBRARIES = frozenset(
    {"anyio", "h11", "h2", "httpcore", "httpx", "python_socks", "socksio", "uvloop", "websockets"}
)


def is_interrupt(error: BaseException) -> bool:
    """Tell whether an exception is somebody else's: Ctrl-C, a cancellation, or what the handler of a signal raises.

    Orchestrators end their tasks with an exception of their own, in the middle of whatever a task does. It must not pass for a
    connection that broke: that would be sat out.
    """
    kind = type(error)
    if kind is Exception or not issubclass(kind, Exception):
        return True
    own, *bases = [each.__module__.partition(".")[0] for each in kind.__mro__]
    return own not in sys.stdlib_module_names and _LIBRARIES.isdisjoint({own, *bases})
