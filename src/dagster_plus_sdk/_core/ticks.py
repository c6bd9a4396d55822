"""Places in the list of a schedule's or sensor's ticks, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import InvalidInputError

if TYPE_CHECKING:
    from .._generated.models import Tick

#: The most ticks that a server gives at once, less the one by which we know that there are more.
MAX_PAGE_SIZE = 999


def tick_cursor(tick: Tick) -> str:
    """Return the place behind a tick: its id, and its time, by which the server goes on."""
    return f"{tick.id}:{tick.timestamp.timestamp()!r}"


def time_of_cursor(cursor: str | None) -> float | None:
    """Return the time in a tick's cursor, in epoch seconds (UTC).

    Raises:
        InvalidInputError: There is none.
    """
    if cursor is None:
        return None
    try:
        return float(cursor.partition(":")[2])
    except ValueError:
        raise InvalidInputError(
            f"the cursor {cursor!r} names no tick; use one as it was given out, or id:epoch-seconds"
        ) from None


def earlier(*times: float | None) -> float | None:
    """Return the earliest of some times; None where none is given."""
    given = [time for time in times if time is not None]
    return min(given) if given else None
