"""Lists whose cursor is a number."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import errors
from dagster_plus_sdk._core.offsets import offset_batch, offset_of


@pytest.mark.parametrize(("cursor", "offset"), [(None, 0), ("0", 0), ("17", 17)])
def test_offsets(cursor, offset):
    assert offset_of(cursor) == offset


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "abc", "²"])
def test_cursors_of_other_lists(cursor):
    with pytest.raises(errors.InvalidInputError, match="must be one of this list"):
        offset_of(cursor)


@pytest.mark.parametrize(
    ("items", "kept", "cursor", "more"),
    [
        ([1, 2, 3], [1, 2], "12", True),
        ([1, 2], [1, 2], "12", False),
        ([1], [1], "11", False),
        ([], [], "10", False),
    ],
)
def test_batches(items, kept, cursor, more):
    batch = offset_batch(items, 10, 2)
    assert (batch.items, batch.cursor, batch.has_more) == (kept, cursor, more)


def test_an_empty_list_has_no_cursor():
    assert offset_batch([], 0, 2).cursor is None


def test_a_list_that_was_cut_by_the_server_may_go_on():
    batch = offset_batch(range(1000), 0, 1000)
    assert (batch.cursor, batch.has_more) == ("1000", True)
