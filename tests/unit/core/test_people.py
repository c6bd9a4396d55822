"""Users, teams and tokens, found by what people know of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dagster_plus_sdk import errors
from dagster_plus_sdk._core.people import (
    by_id_or_name,
    email,
    looks_like_id,
    oldest_first,
    user_key,
)


@pytest.mark.parametrize(
    ("given", "key"), [(7, 7), ("7", 7), (" a@b.c ", "a@b.c"), ("a@b@c.d", "a@b@c.d")]
)
def test_what_names_a_user(given, key):
    assert user_key(given) == key


@pytest.mark.parametrize("given", ["", "ada", "@b.c", "ada@", None, True])
def test_what_names_no_user(given):
    with pytest.raises(errors.InvalidInputError):
        user_key(given)


def test_an_address_is_no_number():
    with pytest.raises(errors.InvalidInputError, match="'7' is no e-mail address"):
        email("7")


@pytest.mark.parametrize(
    ("text", "is_id"),
    [
        ("0f0f0f0f11114222833344445555666F", True),
        ("0f0f0f0f-1111-4222-8333-444455556666", True),
        ("0f0f0f0f11114222833344445555666", False),
        ("0f0f0f0f11114222833344445555666g", False),
        ("data", False),
    ],
)
def test_the_form_of_ids(text, is_id):
    assert looks_like_id(text) is is_id


def test_an_id_goes_before_a_name():
    items = [SimpleNamespace(id="1", name="2"), SimpleNamespace(id="2", name="1")]

    def find(value, extra=()):
        return by_id_or_name(
            [*items, *extra], "team", value, ids_of=lambda i: [i.id], name_of=lambda i: i.name
        )

    assert find("2") is items[1]
    same = [SimpleNamespace(id="8", name="data"), SimpleNamespace(id="9", name="data")]
    with pytest.raises(errors.InvalidInputError, match='say which: id="8", id="9"'):
        find("data", same)
    with pytest.raises(errors.NotFoundError, match="no team 'dat'; did you mean 'data'"):
        find("dat", same)


def test_tokens_without_a_time_come_first():
    from datetime import datetime, timezone

    def token(number, year):
        time = year and datetime(year, 1, 1, tzinfo=timezone.utc)
        return SimpleNamespace(id=number, created_at=time)

    listed = [token(1, 2024), token(2, 2023), token(3, None)]
    assert [t.id for t in oldest_first(listed)] == [3, 2, 1]
