"""Finding a thing by its name in a list, and errors that say what there is instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .error_types import code_of
from .errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


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
    describe: Callable[[T], str],
    id_of: Callable[[T], str] | None = None,
) -> T:
    """Return the one item with that name, or with that id.

    Args:
        items: All of the kind.
        what: The kind, such as ``team``, for the errors.
        name: The name that is looked for; or the id, where items have one.
        name_of: Returns an item's name.
        describe: Returns what tells an item from others of the same name, such as ``id="7"``.
        id_of: Returns an item's id, which goes before names.

    Raises:
        NotFoundError: There is none; the message names similar ones.
        InvalidInputError: There are several; the message lists them.
    """
    named = [(name_of(item), item) for item in items]
    found = [item for _, item in named if id_of is not None and id_of(item) == name]
    found = found or [item for known, item in named if known == name]
    if len(found) == 1:
        return found[0]
    if not found:
        raise not_found(what, name, [known for known, _ in named if known])
    raise InvalidInputError(
        f"{name!r} names more than one {what}; say which: {', '.join(map(describe, found))}",
        code="AMBIGUOUS_NAME",
    )
