"""Checks of what a caller gives, before anything is sent."""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .._generated.input_types import ExecutionTag
    from .enums import OpenStrEnum

T = TypeVar("T")
E = TypeVar("E", bound="OpenStrEnum")


def text(value: Any, what: str) -> str:
    """Return a name that is not empty.

    Raises:
        InvalidInputError: It is empty, or no text.
    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError(f"{what} must be a text that is not empty, not {value!r}")
    return value


def member(enum: type[E], value: E | str, what: str) -> E:
    """Return an enum's member by name, in any case.

    Raises:
        InvalidInputError: There is no such member; the message lists those that there are.
    """
    if isinstance(value, enum):
        return value
    found = enum.__members__.get(str(value).strip().upper())
    if found is None:
        raise InvalidInputError(
            f"{what} cannot be {value!r}; choose from {', '.join(sorted(enum.__members__))}"
        )
    return found


def members(enum: type[E], values: E | str | Iterable[E | str] | None, what: str) -> list[E] | None:
    """Return members for one name or several; None for None.

    Raises:
        InvalidInputError: There is no such member, or none at all is named.
    """
    listed: list[E | str] | None = several(values, what)
    return None if listed is None else [member(enum, value, what) for value in listed]


def several(values: Any, what: str) -> list[Any] | None:
    """Return a list of one value or several; None for None.

    Raises:
        InvalidInputError: It is empty: to a server an empty filter is none, which is seldom what is meant. Or it is no list.
    """
    if values is None:
        return None
    if not isinstance(values, str) and not hasattr(values, "__iter__"):
        raise InvalidInputError(f"{what} must be a text or a list, not {values!r}")
    listed = [values] if isinstance(values, str) else list(values)
    if not listed:
        raise InvalidInputError(f"{what} is empty; leave it out to get all, or name at least one")
    return listed


def seconds(value: datetime | float | None, what: str) -> float | None:
    """Return epoch seconds of a time.

    Args:
        value: An aware datetime, or epoch seconds.
        what: The argument's name, for the error.

    Raises:
        InvalidInputError: The datetime has no timezone, or it is no time at all.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidInputError(
                f"{what} needs a timezone: {value.isoformat()} may be any of many times; "
                "write datetime(..., tzinfo=timezone.utc)"
            )
        return value.timestamp()
    if value is None:
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if not isfinite(found):
        raise InvalidInputError(f"{what} must be an aware datetime or epoch seconds, not {value!r}")
    return found


def period(
    after: datetime | float | None,
    before: datetime | float | None,
    names: tuple[str, str] = ("after", "before"),
) -> tuple[float | None, float | None]:
    """Return epoch seconds of the ends of a period; None for an end that is open.

    Args:
        after: Its start: an aware datetime, or epoch seconds.
        before: Its end.
        names: The arguments' names, for the errors.

    Raises:
        InvalidInputError: An end is no time, or nothing lies between them.
    """
    start, end = seconds(after, names[0]), seconds(before, names[1])
    if start is not None and end is not None and start >= end:
        raise InvalidInputError(f"{names[0]} must be earlier than {names[1]}")
    return start, end


def tag_list(tags: Mapping[str, Any] | None) -> list[ExecutionTag]:
    """Return tags in the API's form.

    Raises:
        InvalidInputError: A key is empty, or a key or value is no text.
    """
    out: list[ExecutionTag] = []
    for key, value in (tags or {}).items():
        if not isinstance(value, str):
            raise InvalidInputError(f"the value of tag {key!r} must be text, not {value!r}")
        out.append({"key": text(key, "a tag's key"), "value": value})
    return out


def all_of(*conditions: Callable[[T], bool] | None) -> Callable[[T], bool] | None:
    """Return one filter for several; None where there is none."""
    given = [c for c in conditions if c is not None]
    if len(given) <= 1:
        return given[0] if given else None
    return lambda item: all(condition(item) for condition in given)


def one_of(**given: Any) -> tuple[str, Any]:
    """Return name and value of the one argument that is not None.

    Raises:
        InvalidInputError: None is given, or more than one.
    """
    found = [(name, value) for name, value in given.items() if value is not None]
    if len(found) != 1:
        names = ", ".join(name for name, _ in found) or "none"
        raise InvalidInputError(f"give exactly one of {', '.join(given)}, not {names}")
    return found[0]
