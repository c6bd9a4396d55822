"""Positions in a list, and the tokens that name them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Generic, TypeVar

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

_PREFIX = "dps1."

#: What some servers give at most, whatever they are asked for, and without saying so: Dagster's lists of ticks do.
_CAP = 1000


class Batch(Generic[T]):
    """What the server gave for one request.

    Args:
        items: In the server's order.
        cursor: Where the next request goes on; also after the last item, where the server gives one.
        has_more: Whether there is more behind it.
        total: How many items the whole list has, where the server counts.
    """

    __slots__ = ("cursor", "has_more", "items", "total")

    def __init__(
        self,
        items: Sequence[T],
        *,
        cursor: str | None = None,
        has_more: bool = False,
        total: int | None = None,
    ) -> None:
        self.items: Sequence[T] = items
        self.cursor: str | None = cursor
        self.has_more: bool = has_more
        self.total: int | None = total


def one_more(items: Sequence[T], size: int, *, total: int | None = None) -> Batch[T]:
    """Return the batch of a list that does not say whether there is more: one item more was asked for than is wanted.

    Args:
        items: What came for a limit of ``size + 1``.
        size: How many are wanted.
        total: How many items the whole list has, where the server counts.
    """
    return Batch(items[:size], has_more=is_cut(len(items), size), total=total)


def is_cut(count: int, size: int) -> bool:
    """Tell whether there may be more of a list behind what came of it.

    Args:
        count: How many items came for a limit of ``size + 1``.
        size: How many were wanted.
    """
    return count > size or count >= _CAP


class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: What is on it, after client-side filters.
        cursor: Give it to ``cursor=`` to go on behind this page's last item.
        has_more: Whether more items may follow; exact where the server says so.
        total: How many items the whole list has, where the server counts; else None.
    """

    __slots__ = ("cursor", "has_more", "items", "total")

    def __init__(
        self, items: list[T], *, cursor: str | None, has_more: bool, total: int | None = None
    ) -> None:
        self.items: list[T] = items
        self.cursor: str | None = cursor
        self.has_more: bool = has_more
        self.total: int | None = total

    def __len__(self) -> int:
        """Return the number of items on this page."""
        return len(self.items)

    def __repr__(self) -> str:
        """Show the counts."""
        return f"Page({len(self.items)} items, has_more={self.has_more})"


class Position:
    """A place in a list: behind the first ``used`` items that the server gives from its ``cursor`` on."""

    __slots__ = ("cursor", "used")

    def __init__(self, cursor: str | None = None, used: int = 0) -> None:
        self.cursor: str | None = cursor
        self.used: int = used

    def token(self) -> str | None:
        """Return the text that names this place; a server cursor stands for itself."""
        if not self.used:
            return self.cursor
        packed = json.dumps([self.cursor, self.used], separators=(",", ":")).encode()
        return _PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, token: str | None) -> Position:
        """Read a token of ours, or take a raw server cursor.

        Raises:
            InvalidInputError: A token of ours is damaged.
        """
        if token is None or not token.startswith(_PREFIX):
            return cls(token or None)
        text = token[len(_PREFIX) :]
        try:
            cursor, used = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, TypeError):
            cursor, used = None, -1
        valid = (cursor is None or isinstance(cursor, str)) and isinstance(used, int) and used > 0
        if not valid:
            raise InvalidInputError(f"the cursor {token!r} is damaged; use one as it was given out")
        return cls(cursor, used)


class Plan(Generic[T]):
    """How a list is to be walked: what its caller asked for, checked.

    Args:
        limit: How many items in all; None for every one.
        page_size: How many to ask for at once; None for what suits.
        max_page_size: The most that the server gives at once.
        cursor: Where to begin: a token that was handed out, or a server cursor.
        where: A client-side filter; nothing that matches is lost at a page's border.
        cursor_of: The server cursor behind an item, for lists where each item has one.
    """

    __slots__ = ("cursor", "cursor_of", "limit", "max_page_size", "page_size", "where")

    def __init__(
        self,
        *,
        limit: int | None = None,
        page_size: int | None = None,
        max_page_size: int = 1000,
        cursor: str | None = None,
        where: Callable[[T], bool] | None = None,
        cursor_of: Callable[[T], str] | None = None,
    ) -> None:
        if limit is not None and limit < 0:
            raise InvalidInputError(f"limit must be 0 or more, not {limit}")
        if page_size is not None and not 0 < page_size <= max_page_size:
            raise InvalidInputError(f"page_size must be 1 to {max_page_size}, not {page_size}")
        Position.parse(cursor)
        self.limit: int | None = limit
        self.page_size: int | None = page_size
        self.max_page_size: int = max_page_size
        self.cursor: str | None = cursor
        self.where: Callable[[T], bool] | None = where
        self.cursor_of: Callable[[T], str] | None = cursor_of

    def request_size(self, left: int | None, default: int, skip: int) -> int:
        """Return how many items to ask for, when ``left`` are wanted and ``skip`` have been used."""
        if self.page_size is not None:
            return self.page_size
        if self.where is not None:
            return self.max_page_size
        wanted = default if left is None else min(left, default)
        return min(wanted + skip, self.max_page_size)

    def first_only(self) -> Plan[T]:
        """Return the same plan for one item."""
        return Plan(
            limit=1 if self.limit is None else min(1, self.limit),
            page_size=self.page_size,
            max_page_size=self.max_page_size,
            cursor=self.cursor,
            where=self.where,
            cursor_of=self.cursor_of,
        )

    def select(self, batch: Batch[T], start: Position, left: int | None) -> Selection[T]:
        """Pick what a batch that was asked for at ``start`` has for the caller."""
        hits: list[tuple[T, Position]] = []
        more = False
        for index, item in enumerate(batch.items):
            if index < start.used or (self.where is not None and not self.where(item)):
                continue
            if left is not None and len(hits) == left:
                more = True
                break
            hits.append((item, self._behind(batch, start, index)))
        return Selection(hits, self._end(batch, start), batch, limited=more)

    def _behind(self, batch: Batch[T], start: Position, index: int) -> Position:
        if self.cursor_of is not None:
            return Position(self.cursor_of(batch.items[index]))
        if index + 1 == len(batch.items) and batch.cursor is not None:
            return Position(batch.cursor)
        return Position(start.cursor, index + 1)

    def _end(self, batch: Batch[T], start: Position) -> Position:
        """Return the place behind the whole batch."""
        surplus = max(0, start.used - len(batch.items))
        if batch.cursor is not None:
            return Position(batch.cursor, surplus)
        if self.cursor_of is not None and batch.items:
            return Position(self.cursor_of(batch.items[-1]))
        return Position(start.cursor, max(start.used, len(batch.items)))


class Selection(Generic[T]):
    """What a plan picked from a batch: items with the places behind them."""

    __slots__ = ("end", "has_more", "hits", "limited", "total")

    def __init__(
        self, hits: list[tuple[T, Position]], end: Position, batch: Batch[T], *, limited: bool
    ) -> None:
        self.hits: list[tuple[T, Position]] = hits
        self.end: Position = end
        self.limited: bool = limited
        self.has_more: bool = limited or batch.has_more
        self.total: int | None = batch.total
