"""Checks of what a caller gives."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from dagster_plus_sdk import LogLevel, RunStatus
from dagster_plus_sdk._core.errors import InvalidInputError
from dagster_plus_sdk._core.inputs import (
    all_of,
    member,
    members,
    one_of,
    period,
    seconds,
    several,
    tag_list,
    text,
)


def test_names():
    assert text("a b", "x") == "a b"
    for value in ("", "  ", None, 5, b"a"):
        with pytest.raises(
            InvalidInputError, match="the job must be a text that is not empty, not"
        ):
            text(value, "the job")


@pytest.mark.parametrize("value", [LogLevel.ERROR, "ERROR", "error", " Error "])
def test_members_by_name(value):
    assert member(LogLevel, value, "level") is LogLevel.ERROR


@pytest.mark.parametrize("value", ["ERR", "", None, 3])
def test_members_that_do_not_exist(value):
    with pytest.raises(InvalidInputError) as caught:
        member(LogLevel, value, "level")
    choices = "choose from CRITICAL, DEBUG, ERROR, INFO, WARNING"
    assert caught.value.message == f"level cannot be {value!r}; {choices}"


def test_a_value_that_a_server_sent_may_be_sent_back():
    newer = RunStatus("DREAMING")
    assert members(RunStatus, [newer, "success"], "status") == ["DREAMING", "SUCCESS"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (None, None),
        ("error", ["ERROR"]),
        (("ERROR", LogLevel.INFO), ["ERROR", "INFO"]),
        ({"INFO"}, ["INFO"]),
    ],
)
def test_one_or_several(values, found):
    assert members(LogLevel, values, "level") == found


def test_several():
    assert several("abc", "x") == ["abc"]
    assert several(iter("ab"), "x") == ["a", "b"]
    for nothing in ([], (), set(), iter(())):
        with pytest.raises(InvalidInputError, match="x is empty; leave it out to get all"):
            several(nothing, "x")
    with pytest.raises(InvalidInputError, match="x must be a text or a list, not 5"):
        several(5, "x")


NOON = datetime(2024, 5, 1, 12, 0, 0, 250_000, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("value", "epoch"),
    [
        (None, None),
        (NOON, 1714564800.25),
        (NOON.astimezone(timezone(timedelta(hours=5))), 1714564800.25),
        (1714564800, 1714564800.0),
        (0, 0.0),
    ],
)
def test_times(value, epoch):
    assert seconds(value, "created_after") == epoch


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (NOON.replace(tzinfo=None), "created_after needs a timezone: 2024-05-01T12:00:00.250000"),
        (date(2024, 5, 1), "created_after must be an aware datetime or epoch seconds"),
        (float("nan"), "created_after must be an aware datetime or epoch seconds, not nan"),
        (float("inf"), "created_after must be an aware datetime or epoch seconds, not inf"),
        ("yesterday", "created_after must be an aware datetime or epoch seconds, not 'yesterday'"),
    ],
)
def test_times_that_may_be_any(value, says):
    with pytest.raises(InvalidInputError, match=says):
        seconds(value, "created_after")


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        ((None, None), (None, None)),
        ((NOON, None), (1714564800.25, None)),
        ((None, 5), (None, 5.0)),
        ((5, NOON), (5.0, 1714564800.25)),
    ],
)
def test_periods(ends, found):
    assert period(*ends) == found


@pytest.mark.parametrize("ends", [(NOON, NOON), (5, 4), (NOON, 0)])
def test_periods_in_which_nothing_lies(ends):
    with pytest.raises(InvalidInputError, match="sent_after must be earlier than sent_before"):
        period(*ends, ("sent_after", "sent_before"))


def test_tags():
    assert tag_list(None) == tag_list({}) == []
    assert tag_list({"team": "shop", "note": ""}) == [
        {"key": "team", "value": "shop"},
        {"key": "note", "value": ""},
    ]
    with pytest.raises(InvalidInputError, match="the value of tag 'n' must be text, not 5"):
        tag_list({"n": 5})
    with pytest.raises(InvalidInputError, match="a tag's key must be a text that is not empty"):
        tag_list({" ": "v"})


# Filters


def test_filters_are_joined():
    assert all_of() is None
    assert all_of(None, None) is None
    assert all_of(None, str.isupper) is str.isupper
    both = all_of(str.isupper, None, str.isalpha)
    assert [both(word) for word in ("AB", "A1", "ab")] == [True, False, False]


def test_one_of_several():
    assert one_of(run=None, asset="a") == ("asset", "a")
    assert one_of(run="", asset=None) == ("run", "")
    for given, said in (({"a": None, "b": None}, "none"), ({"a": 1, "b": 2}, "a, b")):
        with pytest.raises(InvalidInputError, match=f"give exactly one of a, b, not {said}"):
            one_of(**given)
