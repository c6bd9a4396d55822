"""What a change of some keys makes of a document, whatever it is written in; and whether a text says just that."""

from __future__ import annotations

import json

from ..errors import ConfigurationError
from .reading import is_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, TypeGuard


class UnsafeEditError(ConfigurationError):
    """A configuration file is written so that it cannot be changed without touching more than was asked for."""

    def __init__(
        self, message: str = "it is written in a way that only a person can change"
    ) -> None:
        super().__init__(message)


def table_of(found: object, problem: str) -> dict[str, Any]:
    """Return what a parser has read.

    Raises:
        UnsafeEditError: There is a problem, or it is no table.
    """
    if problem or not is_table(found):
        raise UnsafeEditError
    return found


def applied(
    document: Mapping[str, Any], table: Sequence[str], changes: Mapping[str, str | None]
) -> dict[str, Any]:
    """Return what a document is to say after a change.

    Args:
        document: What it says before.
        table: The names that lead to the table.
        changes: Keys with their new values; None removes one.

    Raises:
        UnsafeEditError: On the way to the table there is something else.
    """
    if not table:
        changed = {**document, **{k: v for k, v in changes.items() if v is not None}}
        return {k: v for k, v in changed.items() if changes.get(k, "") is not None}
    name, *rest = table
    below = table_of(document.get(name, {}), "")
    return {**document, name: applied(below, rest, changes)}


def checked(text: str, parse: Callable[[str], dict[str, Any]], wanted: dict[str, Any]) -> str:
    """Return a text that says what is wanted; empty tables and the order of keys do not count.

    Raises:
        UnsafeEditError: It says something else.
    """
    if repr(_plain(parse(text))) != repr(_plain(wanted)):
        raise UnsafeEditError
    return text


def quoted(value: str) -> str:
    """Return a text as TOML and YAML both have it: JSON's escapes are a part of theirs."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def newline_of(text: str) -> str:
    """Return what ends the lines of a text."""
    return "\r\n" if "\r\n" in text else "\n"


def _plain(value: Any) -> object:
    """Return a value that is written alike if it is alike, not-a-number and true beside 1 included."""
    if is_table(value):
        parts = {key: _plain(value[key]) for key in sorted(value, key=repr)}
        return {key: part for key, part in parts.items() if part != {}}
    return [_plain(entry) for entry in value] if _is_list(value) else value


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
