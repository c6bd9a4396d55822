"""Times and durations as people write them; the clock stands still."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_plus_sdk.cli.params import times
from dagster_plus_sdk.cli.params.times import seconds_in, time_of

NOW = datetime(2024, 5, 1, 12, 30, 15, 500, tzinfo=timezone.utc)
MIDNIGHT = datetime(2024, 5, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(times, "now", lambda: NOW)


def test_the_clock_is_in_utc(monkeypatch):
    monkeypatch.undo()
    assert times.now().tzinfo is timezone.utc


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("now", NOW),
        ("Today", MIDNIGHT),
        ("yesterday", MIDNIGHT - DAY),
        ("tomorrow", MIDNIGHT + DAY),
        ("2h", NOW - 2 * HOUR),
        ("90s", NOW - timedelta(seconds=90)),
        ("30m", NOW - HOUR / 2),
        ("3d", NOW - 3 * DAY),
        ("1w", NOW - 7 * DAY),
        ("1h30m", NOW - 1.5 * HOUR),
        ("2h ago", NOW - 2 * HOUR),
        ("2 hours ago", NOW - 2 * HOUR),
        ("-2h", NOW - 2 * HOUR),
        ("in 2h", NOW + 2 * HOUR),
        ("+2h", NOW + 2 * HOUR),
        ("2024-05-01", MIDNIGHT),
        ("2024-05-01T12:00Z", MIDNIGHT + 12 * HOUR),
        ("2024-05-01 12:00:00 +0200", MIDNIGHT + 10 * HOUR),
        ("2024-05-01t12:00:00z", MIDNIGHT + 12 * HOUR),
        ("2024-05-01T12:00:00-02", MIDNIGHT + 14 * HOUR),
        ("2024-05-01T12:00:00.5+00:00", MIDNIGHT + 12 * HOUR + timedelta(seconds=0.5)),
        ("2024-05-01T12:00:00.123456789Z", MIDNIGHT + 12 * HOUR + timedelta(microseconds=123456)),
        ("1700000000", 1700000000.0),
        ("0", 0.0),
        ("1e9", 1e9),
    ],
)
def test_times(text, wanted):
    assert time_of(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("2h", NOW + 2 * HOUR), ("2h ago", NOW - 2 * HOUR), ("tomorrow", MIDNIGHT + DAY)],
)
def test_times_to_come(text, wanted):
    assert time_of(text, ahead=True) == wanted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "'' is no time: write 2h (ago), 'in 2h', now"),
        ("soon", "is no time: write"),
        ("2x", "is no time: write"),
        ("30m1h", "is no time: write"),
        ("1M", "is no time: write"),
        ("h", "is no time: write"),
        ("in 2h ago", "is both before and after now"),
        ("+-2h", "is both before and after now"),
        ("2024-05-01T12:00:00", "has no offset|no time with an offset"),
        ("2024-13-01", "is no time that there is: month must be in 1..12"),
        ("2023-02-29", "is no time that there is"),
        ("2024-05-01T24:00Z", "is no time that there is: hour"),
        ("2024-05-01T12:00+25:00", "the offset must be less than a day"),
        ("1700000000000", "are they milliseconds?"),
        ("-5", "are no epoch seconds"),
        ("nan", "are no epoch seconds"),
        ("inf", "are no epoch seconds"),
        ("20240501", "may be a date: write 2024-05-01"),
        ("9999999w", "too far away"),
        ("in 9999999w", "too far away"),
        ("99999999999999999999d", "too far away"),
        ("0001-01-01T00:00+01:00", "too far away"),
        ("1_000", "is no time: write"),
        ("٣h", "is no time: write"),
    ],
)
def test_no_times(text, says):
    with pytest.raises(ValueError, match="|".join(map(re.escape, says.split("|")))):
        time_of(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0", 0),
        ("90", 90),
        ("1.5", 1.5),
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("1.5h", 5400),
        ("1d", 86400),
        ("2 weeks", 1209600),
        ("10 minutes 5 seconds", 605),
    ],
)
def test_durations(text, wanted):
    assert seconds_in(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "-1", "-5m", "nan", "inf", "5 m 5", "m", "5mm", "1e999", "2h ago"]
)
def test_no_durations(text):
    with pytest.raises(ValueError, match="write 90, 90s, 5m, 1h30m, 3d or 1w"):
        seconds_in(text)


OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
NAIVE = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001 - as hypothesis takes them
AWARE = st.datetimes(*NAIVE, timezones=OFFSETS)


@given(AWARE)
def test_what_python_writes_is_read(time):
    assert time_of(time.isoformat()) == time
    assert time_of(time.isoformat(" ")) == time


@given(st.lists(st.integers(0, 99), min_size=5, max_size=5).filter(any))
def test_parts_of_a_duration_add_up(parts):
    text = "".join(f"{n}{unit}" for n, unit in zip(parts, "wdhms", strict=True))
    wanted = sum(n * by for n, by in zip(parts, (604800, 86400, 3600, 60, 1), strict=True))
    assert seconds_in(text) == wanted


@given(st.text(), st.sampled_from([time_of, seconds_in]))
def test_nothing_else_is_raised(text, read):
    with suppress(ValueError):
        assert read(text) is not None
