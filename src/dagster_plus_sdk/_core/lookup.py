"""Finding a thing by its name in a list, and errors that say what there is instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .error_types import code_of
from .errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")

_HEX = frozenset("0123456789abcdef")
_ID_DIGITS = 32


def not_found(
    what: str,
    name: object,
    known: Iterable[str] = (),
    *,
    where: str = "",
    typename: str | None = None,
    operation: str | None = None,
) -> NotFoundError:
    """Return the error for something that does not exist.

    Args:
        what: Its kind, such as ``team``.
        name: What was asked for.
        known: The names that there are; similar ones are shown.
        where: Where it was looked for, with a leading space.
        typename: The API's own error for it; the code follows from it, or else from the kind: ``TEAM_NOT_FOUND``.
        operation: The operation that was sent.
    """
    from difflib import get_close_matches

    similar = get_close_matches(str(name), sorted(set(known)), n=3)
    hint = f"; did you mean {' or '.join(map(repr, similar))}?" if similar else ""
    code = code_of(typename) if typename else f"{what.upper().replace(' ', '_')}_NOT_FOUND"
    return NotFoundError(
        f"There is no {what} {name!r}{where}{hint}",
        code=code,
        operation=operation,
        typename=typename,
    )


def only(
    items: Iterable[T],
    what: str,
    name: str,
    *,
    name_of: Callable[[T], str | None],
    ids_of: Callable[[T], Sequence[str]] = lambda _: (),
    describe: Callable[[T], str] | None = None,
) -> T:
    """Return the one item with that name, or with that id.

    Args:
        items: All of the kind.
        what: The kind, such as ``team``, for the errors.
        name: The name that is looked for; or the id, where items have one.
        name_of: Returns an item's name.
        ids_of: Returns an item's ids, which go before names.
        describe: Returns what tells an item from others of the same name; else that is its first id: ``id="7"``.

    Raises:
        NotFoundError: There is none; the message names similar ones.
        InvalidInputError: There are several; the message lists them.
    """
    listed = list(items)
    found = [item for item in listed if name in ids_of(item)]
    found = found or [item for item in listed if name_of(item) == name]
    if len(found) == 1:
        return found[0]
    if not found:
        raise not_found(what, name, filter(None, map(name_of, listed)))
    which = map(describe or (lambda item: f'id="{ids_of(item)[0]}"'), found)
    raise InvalidInputError(
        f"{name!r} names more than one {what}; say which: {', '.join(which)}",
        code="AMBIGUOUS_NAME",
    )


def looks_like_id(value: str) -> bool:
    """Tell whether a text has the form of the API's ids: 32 hexadecimal digits, with hyphens or without."""
    digits = value.replace("-", "").lower()
    return len(digits) == _ID_DIGITS and _HEX.issuperset(digits)
