"""Exceptions that are no errors of the API: what they mean to a person."""

from __future__ import annotations

import errno

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FULL = frozenset({errno.EFBIG, errno.EIO, errno.ENOSPC})
_WHERE = "(--debug shows where)"
#: What an exception means that has no message for people; the first that fits stands.
_MEANINGS: tuple[tuple[type[BaseException], str], ...] = (
    (MemoryError, "there is not enough memory; ask for less, as with --limit"),
    (RecursionError, "what was given or received is nested too deeply"),
)


class UnwritableError(Exception):
    """Standard output takes no more: a full disk, most of the time."""


def written(error: BaseException) -> BaseException:
    """Return the error that standard output takes nothing where that is what went wrong, and else the error itself.

    Args:
        error: What was raised; one of the system may come from any file.
    """
    if not isinstance(error, (OSError, ValueError)):
        return error
    import sys

    from ..process import hush

    # Of what has no buffer nothing is left to flush; the errors of other files have a name, or are told by who writes them.
    full = isinstance(error, OSError) and error.errno in _FULL and error.filename is None
    refused = error if full else None
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as again:
        refused = again
    if refused is None:
        return error
    hush(sys.stdout)
    reason = getattr(refused, "strerror", None) or refused
    unwritable = UnwritableError(f"the output cannot be written: {reason}")
    unwritable.__cause__ = error
    return unwritable


def described(error: BaseException) -> dict[str, Any]:
    """Return what an error's JSON says."""
    status = 500
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        text, code, status = (
            f"{error.object[error.start : error.end]!r} is not valid UTF-8",
            "USAGE_ERROR",
            400,
        )
    elif isinstance(error, UnwritableError):
        text, code = str(error), "OUTPUT_FAILED"
    elif isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename is not None else ""
        text, code = f"{name}{error.strerror} {_WHERE}", "SYSTEM_ERROR"
    else:
        known = (text for kind, text in _MEANINGS if isinstance(error, kind))
        text = next(known, f"{type(error).__name__}: {error}".rstrip(": "))
        text, code = f"{text} {_WHERE}", "INTERNAL_ERROR"
    return {"error": text, "code": code, "status_code": status}
