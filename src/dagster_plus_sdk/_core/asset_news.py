"""What is new in an asset's history since it was read last."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from .inputs import seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .asset_events import AssetEvent

#: Events of runs, as Dagster+'s subscription names them, by the selector of histories.
SELECTED: Any = {
    "MATERIALIZATION": "ASSET_MATERIALIZATION",
    "OBSERVATION": "ASSET_OBSERVATION",
    "FAILED_TO_MATERIALIZE": "ASSET_FAILED_TO_MATERIALIZE",
}

#: Seconds that are read again each time: events carry the time of the process that logged them, and may be stored later
#: than one with a later time.
OVERLAP = 10.0

_Print = tuple[Any, ...]


class History:
    """The place in an asset's history up to which all was given out.

    The API gives events no ids: they are told apart by what they say, and those that say the same are counted.

    Args:
        after: Where to begin; None for behind the newest event.

    Attributes:
        since: The time, in epoch seconds (UTC), after which events are read; None for all.
        has_begun: Whether the place is known.
    """

    __slots__ = ("_newest", "_seen", "has_begun", "since")

    def __init__(self, after: datetime | float | None = None) -> None:
        self.since: float | None = seconds(after, "after")
        self.has_begun: bool = after is not None
        self._newest: _Print | None = None
        self._seen: Counter[_Print] = Counter()

    def begin(self, newest: AssetEvent | None) -> None:
        """Begin behind an event, the newest one; None where there is none."""
        self.has_begun = True
        if newest is not None:
            self._newest = _print(newest)
            self.since = self._newest[0] - OVERLAP

    def news(self, listed: Sequence[AssetEvent]) -> list[AssetEvent]:
        """Return the new ones of the events since ``since``, oldest first, and move the place behind them.

        Args:
            listed: All of them, newest first.
        """
        prints = [_print(event) for event in listed]
        if self._newest in prints:
            self._seen = Counter(prints[prints.index(self._newest) :])
        self._newest = None
        found: list[AssetEvent] = []
        met: Counter[_Print] = Counter()
        for event, its in zip(reversed(listed), reversed(prints), strict=True):
            met[its] += 1
            if met[its] > self._seen[its]:
                found.append(event)
        self._seen |= met
        if prints:
            start = max(its[0] for its in prints) - OVERLAP
            self.since = start if self.since is None else max(self.since, start)
            self._seen = Counter({k: n for k, n in self._seen.items() if k[0] >= self.since})
        return found


def _print(event: Any) -> _Print:
    """Return what tells an event from others of its asset."""
    named = (getattr(event, name, None) for name in ("run_id", "step_key", "partition", "message"))
    at = getattr(event, "timestamp", None)
    return (at.timestamp() if at is not None else 0.0, event.typename__, *named)
