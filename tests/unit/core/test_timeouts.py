"""Limits of one attempt."""

from __future__ import annotations

import pytest

from dagster_plus_sdk._core.errors import InvalidInputError
from dagster_plus_sdk._core.timeouts import Timeout


def limits(timeout):
    return timeout.read, timeout.connect, timeout.write, timeout.pool


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, (60.0, 5.0, 30.0, 10.0)),
        (2, (2, 2, 2, 2)),
        (7.5, (7.5, 5.0, 7.5, 7.5)),
        (300, (300, 5.0, 30.0, 10.0)),
        (Timeout(None, connect=1), (None, 1, 30.0, 10.0)),
    ],
)
def test_limits(given, expected):
    assert limits(Timeout.of(given)) == expected


def test_a_timeout_stays_itself():
    timeout = Timeout(1)
    assert Timeout.of(timeout) is timeout
    assert repr(timeout) == "Timeout(connect=5.0, pool=10.0, read=1, write=30.0)"


@pytest.mark.parametrize("name", ["read", "connect", "write", "pool"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_limits_that_cannot_be(name, value):
    with pytest.raises(InvalidInputError, match=f"the {name} timeout must be more than 0 s"):
        Timeout(**{name: value})


def test_within_a_deadline():
    assert limits(Timeout().within(8)) == (8, 5.0, 8, 8)
    assert limits(Timeout(None, connect=None).within(8)) == (8, 8, 8, 8)
    assert limits(Timeout().within(600)) == limits(Timeout())


@pytest.mark.parametrize(
    ("read", "seconds", "found"),
    [
        (60, 120, (120, 1, 20, 30)),
        (60, 5, (5, 1, 5, 5)),
        (60, None, (None, 1, 20, 30)),
        (None, 25, (25, 1, 20, 25)),
    ],
)
def test_reading_for_another_time(read, seconds, found):
    assert limits(Timeout(read, connect=1, write=20, pool=30).reading(seconds)) == found
