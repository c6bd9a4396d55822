"""Values over time: the starts of hours, days, weeks and months (UTC), and many values become one."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from statistics import fmean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HOUR = 3600.0
DAY = 24 * HOUR


def bucket_start(time: float, granularity: str) -> float:
    """Return the start of the hour, day, week (Monday) or month that a time is in."""
    at = datetime.fromtimestamp(time, timezone.utc).replace(minute=0, second=0, microsecond=0)
    if granularity != "HOURLY":
        at = at.replace(hour=0)
    if granularity == "WEEKLY":
        at -= timedelta(days=at.weekday())
    if granularity == "MONTHLY":
        at = at.replace(day=1)
    return at.timestamp()


def next_start(start: float, granularity: str) -> float:
    """Return the start of the bucket behind one."""
    if granularity == "MONTHLY":
        return bucket_start(start + 32 * DAY, granularity)
    return start + {"HOURLY": HOUR, "DAILY": DAY, "WEEKLY": 7 * DAY}[granularity]


def bucket_starts(after: float, before: float, granularity: str) -> list[float]:
    """Return the starts of all buckets that a window of time touches."""
    starts = [bucket_start(after, granularity)]
    while (start := next_start(starts[-1], granularity)) < before:
        starts.append(start)
    return starts


def _percentile(share: float) -> Callable[[Sequence[float]], float]:
    return lambda values: sorted(values)[math.ceil(share * len(values)) - 1]


#: How values, in the order of time, become one.
AGGREGATES: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "AVERAGE": fmean,
    "MIN": min,
    "MAX": max,
    "LATEST": lambda values: values[-1],
    **{f"P{share}": _percentile(share / 100) for share in (75, 90, 95, 99)},
}


def bucketed(
    points: Iterable[tuple[float, float]], starts: Sequence[float], granularity: str, function: str
) -> list[float | None]:
    """Return a value per bucket, and None for one without any.

    Args:
        points: Times and values, oldest first.
        starts: The starts of the buckets.
        granularity: Their length.
        function: One of `AGGREGATES`.
    """
    found: dict[float, list[float]] = {}
    for time, value in points:
        found.setdefault(bucket_start(time, granularity), []).append(value)
    return [AGGREGATES[function](found[start]) if start in found else None for start in starts]
