"""Conditions of client-side filters."""

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from dagster_plus_sdk import InvalidInputError
from dagster_plus_sdk._core.filters import among, glob, within

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)


def thing(name=None, at=None):
    return SimpleNamespace(name=name, at=at)


def test_what_was_not_asked_for_is_no_condition():
    assert among(None, id, "x") is None
    assert glob(None, str) is None
    assert within(None, None, lambda item: item) is None


@pytest.mark.parametrize(("values", "kept"), [("a", "a"), (["a", "c"], "ac"), ("d", "")])
def test_one_value_or_several(values, kept):
    keep = among(values, lambda item: item.name, "name")
    assert "".join(n for n in "abc" if keep(thing(n))) == kept
    with pytest.raises(InvalidInputError, match="name is empty"):
        among([], id, "name")


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        ("orders/*", ["orders/a"]),
        ("*A", ["orders/a", "sAlsa"]),
        ("s?lsa", ["sAlsa"]),
        ("orders", []),
    ],
)
def test_patterns(pattern, kept):
    keep = glob(pattern, lambda item: item.name)
    assert [n for n in ("orders/a", "sAlsa", None, "b") if keep(thing(n))] == kept


def test_a_pattern_may_fit_one_of_several_texts():
    keep = glob("b*", lambda item: item.name, lambda item: item.at)
    assert keep(thing("a", "bc"))
    assert not keep(thing("a", "a"))


@pytest.mark.parametrize(
    ("after", "before", "kept"),
    [
        (NOON, None, True),
        (None, NOON, False),
        (None, NOON.timestamp() + 1, True),
        (NOON.timestamp() + 1, None, False),
        (0, NOON.timestamp() * 2, True),
    ],
)
def test_times(after, before, kept):
    keep = within(after, before, lambda item: item.at)
    assert keep(thing(at=NOON)) is kept
    assert not keep(thing(at=None))


def test_times_need_a_timezone():
    with pytest.raises(InvalidInputError, match="created_after needs a timezone"):
        within(datetime(2024, 5, 1), None, id, names=("created_after", "created_before"))  # noqa: DTZ001


def test_patterns_are_not_empty():
    with pytest.raises(InvalidInputError, match="a pattern must be a text that is not empty"):
        glob("", str)


@pytest.mark.parametrize("before", [NOON, 0])
def test_periods_in_which_nothing_lies(before):
    with pytest.raises(InvalidInputError, match="after must be earlier than before"):
        within(NOON, before, id)
