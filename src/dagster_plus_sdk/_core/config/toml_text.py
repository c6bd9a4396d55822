"""Change keys in the text of a TOML file, and leave every other character of it as it is.

The parser itself finds where statements, keys and values end, so there is no second grammar that could differ from it; and it
reads the result: only a text in which exactly the wanted keys have changed is handed out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .reading import is_table, parse_toml
from .text_changes import applied, checked, newline_of, quoted, table_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class _Statement(NamedTuple):
    """A header, or a key with its value: whole lines of the text, up to the line behind them."""

    start: int
    value_start: int
    value_end: int
    end: int
    #: The table whose header stands before; its own, of a header.
    table: tuple[str, ...]
    #: The key's names below that table; none of a header.
    key: tuple[str, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """All names that lead to it."""
        return self.table + self.key


def edit(text: str, table: Sequence[str], changes: Mapping[str, str | None]) -> str:
    """Return the text with keys of a table set or removed.

    Args:
        text: The file's text.
        table: The names that lead to the table.
        changes: Keys with their new values; None removes one.

    Returns:
        The new text.

    Raises:
        UnsafeEditError: The text is written so that this cannot be done by lines.
    """
    place = tuple(table)
    wanted = applied(parse(text), place, changes)
    statements = list(_statements(text))
    there = {s.key[-1]: s for s in statements if s.key and s.path[:-1] == place}
    edits = [
        (s.start, s.end, "") if value is None else (s.value_start, s.value_end, quoted(value))
        for key, value in changes.items()
        if (s := there.get(key)) is not None
    ]
    new = {key: value for key, value in changes.items() if value is not None and key not in there}
    if new:
        edits.append(_insertion(text, statements, place, new))
    return checked(_rewritten(text, edits), parse, wanted)


def remove(text: str, table: Sequence[str]) -> str:
    """Return the text without a table and all that is in it; comments stay.

    Args:
        text: The file's text.
        table: The names that lead to the table.

    Raises:
        UnsafeEditError: The text is written so that this cannot be done by lines.
    """
    *above, name = place = tuple(table)
    wanted = applied(parse(text), above, {name: None})
    gone = [s for s in _statements(text) if s.path[: len(place)] == place]
    return checked(_rewritten(text, [(s.start, s.end, "") for s in gone]), parse, wanted)


def parse(text: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises:
        UnsafeEditError: It is none.
    """
    return table_of(*parse_toml(text))


def _rewritten(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _insertion(
    text: str,
    statements: Sequence[_Statement],
    place: tuple[str, ...],
    values: Mapping[str, str],
) -> tuple[int, int, str]:
    """Return where new keys go, and their lines: behind the last one of their table, or in a new table at the end."""
    newline = newline_of(text)
    below = [s for s in statements if s.table == place]
    last = below or [s for s in statements if s.key and s.path[:-1] == place]
    prefix: Sequence[str] = ()
    before = indent = ""
    if last:
        at, prefix = last[-1].end, place[len(last[-1].table) :]
        indent = re.findall(r"^[ \t]*", text[last[-1].start :])[0] if last[-1].key else ""
    elif place:
        at, before = len(text), f"[{_dotted(place)}]{newline}"
        before = newline + before if text.strip() else before
    else:
        at = next((s.start for s in statements if not s.key), len(text))
    if at and text[at - 1] != "\n":
        before = newline + before
    lines = [
        f"{indent}{_dotted((*prefix, key))} = {quoted(value)}{newline}"
        for key, value in values.items()
    ]
    return at, at, before + "".join(lines)


def _dotted(names: Sequence[str]) -> str:
    return ".".join(name if _BARE.fullmatch(name) else quoted(name) for name in names)


def _statements(text: str) -> Iterator[_Statement]:
    """Cut the text into statements, each with the names that it is about."""
    table: tuple[str, ...] = ()
    start, lines = 0, ""
    for line in re.findall(r".*\n|.+", text):
        lines += line
        said, problem = parse_toml(lines)
        if problem:  # it goes on in the next line
            continue
        if said:
            yield (found := _statement(lines, start, table))
            table = found.table
        start, lines = start + len(lines), ""


def _statement(lines: str, start: int, table: tuple[str, ...]) -> _Statement:
    code = _code(lines)
    ends = start + len(code), start + len(lines)
    if code.lstrip().startswith("["):
        return _Statement(start, start, *ends, _names(code), ())
    # The key ends at the first sign behind which a number can stand.
    keys = ((sign.end(), _names(code[: sign.end()] + "0")) for sign in re.finditer("=", code))
    at, key = next((at, key) for at, key in keys if key)
    return _Statement(start, ends[0] - len(code[at:].lstrip()), *ends, table, key)


def _code(lines: str) -> str:
    """Return a statement without a comment behind it: what says something up to a hash, which then is in no string."""
    parts = (lines[: hash_.start()] for hash_ in re.finditer("#", lines))
    return next((part for part in parts if parse_toml(part)[0]), lines).rstrip()


def _names(source: str) -> tuple[str, ...]:
    """Return the names of a header, or of a key with a number behind it; none of what is no TOML."""
    names: list[str] = []
    found = parse_toml(source)[0]
    while is_table(found) and found:
        name, found = next(iter(found.items()))
        names.append(name)
    # A table of an array is no table that a key could be meant for.
    return (*names, "[]") if isinstance(found, list) else tuple(names)
