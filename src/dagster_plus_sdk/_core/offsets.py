"""Lists whose cursor is a number: how many items stand before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .errors import InvalidInputError
from .paging import Batch, is_cut

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def offset_of(cursor: str | None) -> int:
    """Return how many items stand before a place.

    Raises:
        InvalidInputError: The cursor is no such number.
    """
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal()):
        raise InvalidInputError(f"the cursor must be one of this list, not {cursor!r}")
    return int(cursor)


def offset_batch(items: Sequence[T], offset: int, size: int) -> Batch[T]:
    """Return a batch of items that were asked for with one more than is wanted.

    Args:
        items: Those behind the offset; at most ``size + 1``.
        offset: How many stand before.
        size: How many are wanted.
    """
    kept = items[:size]
    behind = offset + len(kept)
    return Batch(kept, cursor=str(behind) if behind else None, has_more=is_cut(len(items), size))
