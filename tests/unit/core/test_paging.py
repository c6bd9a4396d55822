"""Positions, their tokens, and what a plan refuses."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_plus_sdk._core.errors import InvalidInputError
from dagster_plus_sdk._core.paging import Page, Plan, Position, one_more

SERVER_CURSORS = st.one_of(
    st.none(), st.text(min_size=1).filter(lambda text: not text.startswith("dps1."))
)


@given(cursor=SERVER_CURSORS, used=st.integers(0, 10**6))
def test_a_token_names_its_position(cursor, used):
    token = Position(cursor, used).token()
    again = Position.parse(token)
    assert (again.cursor, again.used) == (cursor, used)
    assert used == 0 or set(token) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


@pytest.mark.parametrize("start", [None, ""])
def test_the_beginning(start):
    position = Position.parse(start)
    assert (position.cursor, position.used, position.token()) == (None, 0, None)


def _token(value):
    packed = value if isinstance(value, bytes) else json.dumps(value).encode()
    return "dps1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "dps1.",
        "dps1.!",
        "dps1.a",
        "dps1.é",
        _token(b"\xff\xfe"),
        _token(b"[null, 1"),
        _token({}),
        _token(7),
        _token([None]),
        _token([None, 0]),
        _token([None, -1]),
        _token([None, "1"]),
        _token([None, 1.5]),
        _token([5, 1]),
        _token([None, 1, 2]),
        Position("c", 3).token()[:-2],
    ],
)
def test_a_damaged_token_is_refused_before_anything_is_sent(token):
    with pytest.raises(InvalidInputError, match="damaged; use one as it was given out"):
        Plan(cursor=token)


def test_a_sound_token_is_taken():
    position = Position.parse(_token(["c", 3]))
    assert (position.cursor, position.used) == ("c", 3)
    assert Plan(cursor=_token(["c", 3])).cursor == _token(["c", 3])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"limit": -1}, "limit must be 0 or more, not -1"),
        ({"page_size": 0}, "page_size must be 1 to 1000, not 0"),
        ({"page_size": 1001}, "page_size must be 1 to 1000, not 1001"),
        ({"page_size": 6, "max_page_size": 5}, "page_size must be 1 to 5, not 6"),
    ],
)
def test_what_cannot_be(options, says):
    with pytest.raises(InvalidInputError, match=says):
        Plan(**options)


@pytest.mark.parametrize("options", [{"limit": 0}, {"page_size": 1}, {"page_size": 1000}, {}])
def test_what_can_be(options):
    plan = Plan(**options)
    assert {name: getattr(plan, name) for name in options} == options


@pytest.mark.parametrize(
    ("plan", "left", "skip", "size"),
    [
        (Plan(), None, 0, 100),
        (Plan(), 30, 0, 30),
        (Plan(), 30, 5, 35),
        (Plan(), None, 950, 1000),
        (Plan(page_size=7), 30, 5, 7),
        (Plan(where=bool), 30, 5, 1000),
        (Plan(where=bool, max_page_size=50), None, 0, 50),
        (Plan(where=bool, page_size=9), None, 0, 9),
    ],
)
def test_how_many_are_asked_for(plan, left, skip, size):
    assert plan.request_size(left, 100, skip) == size


def test_a_page_shows_its_counts():
    page = Page([1, 2], cursor="c", has_more=True, total=9)
    assert (len(page), page.cursor, page.total) == (2, "c", 9)
    assert repr(page) == "Page(2 items, has_more=True)"


def test_one_more_tells_whether_there_is_more():
    full, last = one_more([1, 2, 3], 2, total=9), one_more([1, 2], 2)
    assert (full.items, full.has_more, full.total) == ([1, 2], True, 9)
    assert (last.items, last.has_more, last.total) == ([1, 2], False, None)


def test_a_list_that_was_cut_by_the_server_may_go_on():
    """Asked for 1001, such a server gives 1000."""
    batch = one_more(range(1000), 1000)
    assert (len(batch.items), batch.has_more) == (1000, True)
    assert not one_more(range(999), 1000).has_more
