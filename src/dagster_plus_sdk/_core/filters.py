"""Conditions of client-side filters; None stands for one that was not asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .inputs import period, several, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

T = TypeVar("T")


def among(values: object, of: Callable[[T], object], what: str) -> Callable[[T], bool] | None:
    """Return a condition: the item has one of these values; one value or several.

    Raises:
        InvalidInputError: No value at all is named.
    """
    wanted = several(values, what)
    return None if wanted is None else lambda item: of(item) in wanted


def glob(
    pattern: str | Iterable[str] | None, *of: Callable[[T], str | None]
) -> Callable[[T], bool] | None:
    """Return a condition: one of the item's texts matches a pattern with ``*``, ``?`` and ``[...]``, or one of several, in any case.

    Raises:
        InvalidInputError: A pattern is empty, or there is none.
    """
    given = several(pattern, "pattern")
    if given is None:
        return None
    from fnmatch import fnmatchcase

    lowered = [text(one, "a pattern").lower() for one in given]

    def matches(item: T) -> bool:
        return any(fnmatchcase((get(item) or "").lower(), one) for get in of for one in lowered)

    return matches


def within(
    after: datetime | float | None,
    before: datetime | float | None,
    of: Callable[[T], datetime | None],
    *,
    names: tuple[str, str] = ("after", "before"),
) -> Callable[[T], bool] | None:
    """Return a condition: the item's time is not before ``after``, and before ``before``; one without a time never is.

    Args:
        after: An aware datetime, or epoch seconds (UTC).
        before: An aware datetime, or epoch seconds (UTC).
        of: Returns the item's time.
        names: The arguments' names, for the errors.

    Raises:
        InvalidInputError: A datetime has no timezone, or nothing lies between the two.
    """
    start, end = period(after, before, names)
    if start is None and end is None:
        return None

    def inside(item: T) -> bool:
        time = of(item)
        if time is None:
            return False
        at = time.timestamp()
        return (start is None or start <= at) and (end is None or at < end)

    return inside
