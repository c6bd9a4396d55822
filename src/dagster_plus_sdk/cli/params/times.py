"""Times and durations as people write them."""

from __future__ import annotations

import re
from math import isfinite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

#: How a time and a duration can be written, for errors.
TIMES = (
    "2h (ago), 'in 2h', now, today, yesterday, 2024-05-01 (UTC), 2024-05-01T12:00:00Z, "
    "2024-05-01T12:00:00+02:00, or epoch seconds"
)
DURATIONS = "90, 90s, 5m, 1h30m, 3d or 1w"

_UNITS = (("w", "week", 604800), ("d", "day", 86400), ("h", "hour", 3600), ("m", "min(?:ute)?", 60))
_SPAN = re.compile(
    "".join(rf"(?:(\d+(?:\.\d+)?)\s*(?:{short}|{long}s?)\s*)?" for short, long, _ in _UNITS)
    + r"(?:(\d+(?:\.\d+)?)\s*(?:s|sec(?:ond)?s?))?",
    re.ASCII,
)
_LENGTHS = (*(length for *_, length in _UNITS), 1)
_RELATIVE = re.compile(r"(?P<ahead>in\s+|\+)?(?P<back>-)?(?P<span>\d.*?)(?P<ago>\s+ago)?", re.ASCII)
_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
#: The words for the start of a day, by how many days it is away.
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
#: The end of the year 9999: what is more are no seconds.
_LAST = 253402300799


def now() -> datetime:
    """Return the time, in UTC; tests put their own in its place."""
    from datetime import datetime, timezone

    return datetime.now(timezone.utc)


def seconds_in(text: str) -> float:
    """Return how long a duration is: a number of seconds, or numbers with units from long to short.

    Raises:
        ValueError: It is none; the message says what can be.
    """
    text = text.strip()
    found = _number(text)
    if found is None:
        match = _SPAN.fullmatch(text)
        if not text or match is None:
            raise ValueError(f"{text!r} is no duration: write {DURATIONS}")
        found = sum(float(n) * by for n, by in zip(match.groups(), _LENGTHS, strict=True) if n)
    if not (isfinite(found) and found >= 0):
        raise ValueError(f"{text!r} is no number of seconds from 0: write {DURATIONS}")
    return found


def time_of(text: str, *, ahead: bool = False) -> datetime | float:
    """Return the time that is meant: aware, or epoch seconds.

    Args:
        text: Such as ``2h`` (ago), ``in 2h``, ``now``, ``yesterday``, ``2024-05-01`` (UTC), RFC 3339, or a number of epoch seconds.
        ahead: Whether a duration alone is a time to come.

    Raises:
        ValueError: It is none; the message says what can be.
    """
    text = text.strip()
    seconds = _number(text)
    if seconds is not None:
        return _epoch(text, seconds)
    try:
        named = _named(text.lower())
        date = _DATE.fullmatch(text)
        return named or (_date(text, date) if date else _relative(text, ahead=ahead))
    except OverflowError:
        raise ValueError(f"{text!r} is too far away: the years are 1 to 9999") from None


def _number(text: str) -> float | None:
    """Return a number without the digits of other scripts and without underscores; None for what is none."""
    if "_" in text or not text.isascii():
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _epoch(text: str, seconds: float) -> float:
    if not 0 <= seconds <= _LAST:
        why = ": are they milliseconds?" if _LAST < seconds < _LAST * 1000 else ""
        raise ValueError(f"{text!r} are no epoch seconds{why}" + (why and f" Write {TIMES}"))
    if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])", text):
        raise ValueError(f"{text!r} may be a date: write {text[:4]}-{text[4:6]}-{text[6:]}")
    return seconds


def _named(word: str) -> datetime | None:
    from datetime import timedelta

    if word == "now":
        return now()
    if word not in _DAYS:
        return None
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=_DAYS[word])


def _date(text: str, match: re.Match[str]) -> datetime:
    from datetime import datetime, timedelta, timezone

    *parts, fraction, offset = match.groups()
    if parts[3] is not None and offset is None:
        raise ValueError(
            f"{text!r} is no time with an offset: {text}Z is UTC, {text}+02:00 is east of it"
        )
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    micros = int((fraction or "0").ljust(6, "0")[:6])
    try:
        found = datetime(year, month, day, hour, minute, second, micros, timezone.utc)
        digits = re.sub(r"\D", "", offset or "").ljust(4, "0")
        hours, minutes = int(digits[:2]), int(digits[2:])
        if hours > 23 or minutes > 59:  # noqa: PLR2004
            raise ValueError("the offset must be less than a day")  # noqa: TRY301 - all leave in one way
    except ValueError as error:
        raise ValueError(f"{text!r} is no time that there is: {error}") from None
    east = timedelta(hours=hours, minutes=minutes)
    return found + east if (offset or "").startswith("-") else found - east


def _relative(text: str, *, ahead: bool) -> datetime:
    from datetime import timedelta

    match = _RELATIVE.fullmatch(text)
    span = _SPAN.fullmatch(match["span"]) if match else None
    if match is None or span is None:
        raise ValueError(f"{text!r} is no time: write {TIMES}")
    is_past = bool(match["back"] or match["ago"])
    if is_past and match["ahead"]:
        raise ValueError(f"{text!r} is both before and after now: write {TIMES}")
    away = timedelta(seconds=seconds_in(match["span"]))
    return now() + away if match["ahead"] or (ahead and not is_past) else now() - away
