"""Users, teams and tokens, found by what people know of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dagster_plus_sdk import errors
from dagster_plus_sdk._core.people import (
    email,
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


def test_tokens_without_a_time_come_first():
    from datetime import datetime, timezone

    def token(number, year):
        time = year and datetime(year, 1, 1, tzinfo=timezone.utc)
        return SimpleNamespace(id=number, created_at=time)

    listed = [token(1, 2024), token(2, 2023), token(3, None)]
    assert [t.id for t in oldest_first(listed)] == [3, 2, 1]
