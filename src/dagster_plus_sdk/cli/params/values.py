"""From what click has read to the values that the facade takes."""

from __future__ import annotations

import click

from .files import DASH, expanded, on_stdin, records, secret_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def value_of(entry: dict[str, Any], value: Any) -> Any:
    """Return what the facade takes for what click has read.

    Returns:
        The value; None where the option was not given.

    Raises:
        click.UsageError: It cannot be, or cannot be read.
    """
    kind = entry["kind"]
    is_left_out = (
        value is None
        or (kind in ("list", "range", "tags") and not value)
        or (kind == "flag" and not value and "default" not in entry)
    )
    read = _READ.get(kind)
    return None if is_left_out else value if read is None else read(entry, value)


def _words(_entry: dict[str, Any], value: Any) -> list[str]:
    """Join lists; an argument that takes one word comes as its list, all else as several lists."""
    return [w for words in value for w in ([words] if isinstance(words, str) else words)]


def _merged(entry: dict[str, Any], value: Any) -> dict[str, str]:
    """Join mappings.

    Raises:
        click.UsageError: A key has several values.
    """
    found: dict[str, str] = {}
    for key, text in ((key, text) for tags in value for key, text in tags.items()):
        if found.setdefault(key, text) != text:
            raise click.UsageError(
                f"{entry['options'][0]} {key} has two values: {found[key]!r} and {text!r}"
            )
    return found


def _range(_entry: dict[str, Any], value: Any) -> list[str]:
    """Return the ends of a range: two values, or one with two dots or a comma between its halves.

    Raises:
        click.UsageError: There are no two ends, or it cannot be told where the first one ends.
    """
    if len(value) == 1:
        text = value[0]
        value = text.split(".." if ".." in text else ",")
    if len(value) != 2 or not all(value):  # noqa: PLR2004
        raise click.UsageError(
            "a range of partitions is FIRST..LAST, or --partition-range FIRST --partition-range LAST"
        )
    return list(value)


def _document(entry: dict[str, Any], value: str) -> Any:
    """Return a document for the facade: a file's path, a text that begins with a brace, or what stdin has."""
    from pathlib import Path

    if value == DASH:
        return on_stdin(entry)
    is_text = value.lstrip().startswith("{") and entry.get("of") != "bytes"
    return value if is_text else Path(expanded(value))


#: How the facade's value comes from click's, by kind; of all other kinds it is the same.
_READ: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "config": _document,
    "range": _range,
    "list": _words,
    "records": records,
    "secret": lambda entry, word: secret_of(word, entry["name"]),
    "tags": _merged,
}
