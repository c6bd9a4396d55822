"""Change keys in the text of a TOML file, and leave every other character of it as it is.

The text is cut into statements, which is all of TOML's grammar that has to be known; keys are read by the parser itself, and
so is the result: only a text in which exactly the wanted keys have changed is handed out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .reading import is_table, parse_toml
from .text_changes import UnsafeEditError, applied, same, without

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

#: Strings whose ends must be found, the long ones first; then comments and brackets.
_TOKEN = re.compile(
    r'"""(?:\\.|(?!""")[\s\S])*"{3,5}|' r"'''(?:(?!''')[\s\S])*'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|(?P<comment>#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)"
)  # fmt: skip
_KEY = re.compile(r"""\s*(?:(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[\w-]+)[ \t]*\.?[ \t]*)+=[ \t]*""")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class _Statement(NamedTuple):
    """A header, or a key with its value: whole lines of the text.

    Attributes:
        start: Where its first line begins.
        value_start: Where the value begins.
        value_end: Where what is no comment ends.
        end: Where the line after it begins.
        table: The table whose header stands before; its own, of a header.
        path: The table's names and the key's; None of a header.
    """

    start: int
    value_start: int
    value_end: int
    end: int
    table: tuple[str, ...]
    path: tuple[str, ...] | None


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
    for key, value in changes.items():
        found = next((s for s in _statements(text) if s.path == (*place, key)), None)
        if value is None:
            text = text if found is None else text[: found.start] + text[found.end :]
        elif found is not None:
            text = text[: found.value_start] + quoted(value) + text[found.value_end :]
        else:
            text = _inserted(text, place, key, value)
    return _checked(text, wanted)


def remove(text: str, table: Sequence[str]) -> str:
    """Return the text without a table and all that is in it; comments stay.

    Args:
        text: The file's text.
        table: The names that lead to the table.

    Raises:
        UnsafeEditError: The text is written so that this cannot be done by lines.
    """
    place = tuple(table)
    wanted = without(parse(text), place)
    for statement in reversed(list(_statements(text))):
        if (statement.path or statement.table)[: len(place)] == place:
            text = text[: statement.start] + text[statement.end :]
    return _checked(text, wanted)


def parse(text: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises:
        UnsafeEditError: It is none.
    """
    found, problem = parse_toml(text)
    if problem or not is_table(found):
        raise UnsafeEditError
    return found


def quoted(value: str) -> str:
    """Return a text as TOML and YAML both have it: JSON's escapes are a part of theirs."""
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _checked(text: str, wanted: dict[str, Any]) -> str:
    if not same(parse(text), wanted):
        raise UnsafeEditError
    return text


def _inserted(text: str, place: tuple[str, ...], key: str, value: str) -> str:
    """Return the text with a new key behind the last one of its table, or with a new table at its end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    statements = list(_statements(text))
    below = [s for s in statements if s.table == place]
    dotted = [s for s in statements if s.path and s.path[:-1] == place]
    last = (below or dotted)[-1:]
    if last:
        prefix = place[len(last[0].table) :]
        indent = re.match(r"[ \t]*", text[last[0].start :])
        at, before = last[0].end, indent[0] if indent and last[0].path else ""
    elif place:
        prefix, at, before = (), len(text), f"[{_dotted(place)}]{newline}"
        if text.strip():
            before = newline + before
    else:
        first = next((s.start for s in statements if s.path is None), len(text))
        prefix, at, before = (), first, ""
    if at and text[at - 1] != "\n":
        before = newline + before
    line = f"{before}{_dotted((*prefix, key))} = {quoted(value)}{newline}"
    return text[:at] + line + text[at:]


def _dotted(names: Sequence[str]) -> str:
    return ".".join(name if _BARE.fullmatch(name) else quoted(name) for name in names)


def _statements(text: str) -> Iterator[_Statement]:
    """Cut the text into statements, each with the names that it is about."""
    table: tuple[str, ...] = ()
    for start, value_end, end in _cut(text):
        source = text[start:value_end]
        if source.lstrip().startswith("["):
            table = _names(source)
            yield _Statement(start, start, value_end, end, table, None)
        elif found := _KEY.match(source):
            path = (*table, *_names(found[0] + "0"))
            yield _Statement(start, start + found.end(), value_end, end, table, path)
        else:
            raise UnsafeEditError


def _names(source: str) -> tuple[str, ...]:
    """Return the names of a header, or of a key with a number behind it."""
    names: list[str] = []
    found: Any = parse(source)
    while is_table(found) and found:
        name, found = next(iter(found.items()))
        names.append(name)
    # A table of an array is no table that a key could be meant for.
    return (*names, "[]") if isinstance(found, list) else tuple(names)


def _cut(text: str) -> Iterator[tuple[int, int, int]]:
    """Find where statements begin, what is no comment in them ends, and they end: lines, but for strings and brackets that have several."""
    start = depth = 0
    code_end = -1
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        kind = found.lastgroup if found else None
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        upto = found.end() if found else at + 1
        if kind == "end" and depth <= 0:
            if code_end > start:
                yield start, code_end, upto
            start = code_end = upto
            depth = 0
        elif kind not in ("comment", "end") and not text[at:upto].isspace():
            code_end = upto
        at = upto
    if code_end > start:
        yield start, code_end, len(text)
