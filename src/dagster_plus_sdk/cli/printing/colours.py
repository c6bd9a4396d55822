"""Colours: what went well, what did not, and what is under way; on a terminal that shows them, for people who want them."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

#: Parts of states by the colour that they have; the first that fits stands.
_COLOURS = (
    (31, "FAIL", "ERROR", "MISSED", "UNHEALTHY", "DEGRADED", "DISABLED", "OVERDUE", "DELETED"),
    (33, "CANCEL", "QUEUED", "START", "REQUESTED", "INACTIVE", "PROGRESS", "LOADING", "WARNING", "PENDING", "NOT_",
     "UNKNOWN", "SKIPPED", "STOP", "MISSING", "RETRY"),
    (32, "SUCCESS", "SUCCEED", "COMPLETED", "LOADED", "ACTIVE", "RUNNING", "HEALTHY", "PASS", "EXECUTED", "MATERIALIZED", "SENT"),
)  # fmt: skip
#: The colours of a difference, by how its lines begin; the first that fits stands.
_CHANGES = (("---", 1), ("+++", 1), ("@@", 36), ("-", 31), ("+", 32))
#: What paths of states end in.
_STATES = ("status", "health")
#: A line of a text that says how a thing stands.
_LINE = re.compile(r"^( *(?:\w+ )*(?:[Ss]tatus|[Hh]ealth): )([A-Z][A-Z_]+)$", re.MULTILINE)


def are_wanted(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that shows colours, and nobody has said that there should be none."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ


def of_cell(path: str, text: str) -> str:
    """Return a cell of a table with its colour, where its column has states."""
    return of_state(text) if path.endswith(_STATES) else text


def of_text(text: str) -> str:
    """Return a text with the colours of the states in it."""
    return _LINE.sub(lambda found: found[1] + of_state(found[2]), text)


def of_state(text: str) -> str:
    """Return a state with its colour, if it has one."""
    for colour, *parts in _COLOURS:
        if any(part in text for part in parts):
            return _in(colour, text)
    return text


def of_difference(text: str) -> str:
    """Return a difference, in the form of ``diff -u``, with the colours of its lines."""
    return "".join(map(_of_change, text.splitlines(keepends=True)))


def _of_change(line: str) -> str:
    text = line.rstrip("\n")
    colour = next((colour for start, colour in _CHANGES if line.startswith(start)), None)
    return line if colour is None else _in(colour, text) + line[len(text) :]


def _in(colour: int, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"
