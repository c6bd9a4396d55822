"""How values read: as one short line, as lines, as JSON, YAML or CSV. Nothing is printed here."""

from __future__ import annotations

from datetime import datetime, timezone
from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, cast

    from .columns import Column
else:

    def cast(_type: str, value: Any) -> Any:
        """Stand in for ``typing.cast``."""
        return value


#: What breaks a line, or turns the order of what follows it around, beyond the controls of a terminal.
_TURNING = (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
#: What begins an escape sequence on a terminal, and what breaks a line or a column.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *_TURNING), " ")
#: Those that JSON need not escape.
_ESCAPES = {code: f"\\u{code:04x}" for code in _CONTROLS if code >= 127}  # noqa: PLR2004 - DEL
_INDENT = "  "
#: From here on a value of several parts has a line for each.
_WIDE = 100
#: The names in a tag.
_PAIR = {"key", "value"}


def data_of(value: Any, *, reveal: bool = False) -> Any:
    """Return a model, or a container of models, as what JSON can say.

    Args:
        value: What a method of the facade returned.
        reveal: Whether its secrets were asked for; else they are ``***``.
    """
    if hasattr(value, "model_dump"):
        from ..._core.secret import REVEAL

        return value.model_dump(mode="json", context=REVEAL if reveal else None)
    if isinstance(value, (list, tuple)):
        return [data_of(entry, reveal=reveal) for entry in cast("list[Any]", value)]
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value).items()
        return {name: data_of(part, reveal=reveal) for name, part in parts}
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "reveal"):
        return value.reveal() if reveal else str(value)
    # An asset key is its text.
    return str(value) if hasattr(value, "to_wire") else value


def pick(record: Any, path: str) -> Any:
    """Return what stands at a path such as ``repository.name``, or all of it; None where there is nothing.

    A last part ``#`` counts the entries of a list.
    """
    if not path:
        return record
    for name in path.split("."):
        if name == "#":
            return _count(record) if isinstance(record, list) else None
        record = cast("dict[str, Any]", record).get(name) if isinstance(record, dict) else None
    return record


def _count(entries: Any) -> int:
    return len(entries)


def each(value: Any) -> list[Any]:
    """Return the entries of a list, or of what is none itself."""
    return cast("list[Any]", value) if isinstance(value, (list, tuple)) else [value]


def chosen(record: Any, fields: Sequence[str]) -> Any:
    """Return a record with the chosen fields only, or as it is."""
    return {field: pick(record, field) for field in fields} if fields else record


def to_json(value: Any, *, indent: int | None = 2) -> str:
    """Return JSON as people read it; on one line where there is no indent."""
    import json

    try:
        text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), indent=indent, ensure_ascii=False)
    return text if text.isascii() and "\x7f" not in text else text.translate(_ESCAPES)


def _finite(value: Any) -> Any:
    """Return a value with null for what Python reads and writes as a number, and no other reader of JSON does: NaN."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_finite(part) for part in each(value)]
    return None if isinstance(value, float) and value - value != 0 else value


def to_yaml(value: Any) -> str:
    """Return YAML, with keys in their order."""
    import yaml

    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    return text.removesuffix("\n")


def cell(value: Any) -> str:
    """Return a value as one short line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return _listed(value)
    if isinstance(value, dict):
        return _pairs(cast("dict[str, Any]", value))
    return str(value).translate(_CONTROLS)


def plain_lines(text: str) -> str:
    """Return text that has lines and tabs, and no other control characters."""
    return text.replace("\r\n", "\n").translate(_CONTROLS | {9: "\t", 10: "\n"})


def _listed(value: Any) -> str:
    return ", ".join(cell(entry) for entry in value)


def _pairs(value: dict[str, Any]) -> str:
    """Return an object as one short line; a tag as ``key=value``."""
    if value.keys() == _PAIR:
        return f"{cell(value['key'])}={cell(value['value'])}"
    given = {k: v for k, v in value.items() if v not in (None, [], {})}
    return " ".join(f"{cell(k)}={cell(short_time(v))}" for k, v in given.items())


def short_time(value: Any) -> Any:
    """Return a time in text to the second, and anything else as it is."""
    if isinstance(value, str) and len(value) >= 20 and value[10:11] == "T" and value[-1] == "Z":  # noqa: PLR2004 - an ISO time
        return value[:19] + "Z"
    return value


def seconds_of(time: datetime) -> str:
    """Return a time in UTC to the second, without its offset."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def tab_separated(record: Any, columns: Sequence[Column]) -> str:
    """Return one line with tabs between the values."""
    return "\t".join(cell(short_time(pick(record, path))) for _, path in columns)


def csv_line(values: Iterable[str]) -> str:
    """Return one line of CSV."""
    import csv
    import io

    line = io.StringIO()
    # What ends lines is what Python before 3.13 quotes a value for.
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue().removesuffix("\r\n")


def lines_of(record: Mapping[str, Any], fields: Sequence[str] = ()) -> str:
    """Return the human text of one thing: a line per value that there is."""
    shown: dict[str, Any] = chosen(record, fields)
    return "\n".join(line for name, value in shown.items() for line in _lines(name, value))


def _lines(name: str, value: Any, indent: str = "") -> list[str]:
    """Return the lines of a value: one where it is short, else its parts below its name."""
    head, inner = f"{indent}{label(name)}:", indent + _INDENT
    if _has_lines(value):
        whole = plain_lines("\n".join(text.strip("\n") for text in _texts(value)))
        return [head, *(f"{inner}{line}".rstrip() for line in whole.split("\n"))]
    text = cell(short_time(value))
    if not text:
        return []
    if isinstance(value, list) and (_has_objects(value) or len(head) + len(text) >= _WIDE):
        return [head, *_items(value, inner)]
    if isinstance(value, dict) and (_has_parts(value) or len(head) + len(text) >= _WIDE):
        return [head, *_parts(value, inner)]
    return [f"{head} {text}"]


def _parts(value: Any, indent: str) -> list[str]:
    return [line for name, part in value.items() for line in _lines(str(name), part, indent)]


def _items(value: Any, indent: str) -> list[str]:
    """Return the lines of a list's entries: one for each, or where one is too long its parts, and a dash before each."""
    entries = [entry for entry in value if entry not in (None, {}, [])]
    short = [None if _is_long(entry, indent) else cell(entry) for entry in entries]
    if None not in short:
        return [f"{indent}{text}" for text in short]
    lines: list[str] = []
    for entry, text in zip(entries, short, strict=True):
        first, *rest = _parts(entry, indent + _INDENT) if text is None else [text]
        lines += [f"{indent}- {first.lstrip()}", *rest]
    return lines


def _is_long(entry: Any, indent: str) -> bool:
    if not isinstance(entry, dict) or entry.keys() == _PAIR:
        return False
    return _has_parts(entry) or len(indent) + len(cell(entry)) >= _WIDE


def _has_parts(value: Any) -> bool:
    """Tell whether an object has others inside, or lists of them: too much for one line."""
    return isinstance(value, dict) and any(
        isinstance(part, dict)
        or _has_lines(part)
        or (isinstance(part, list) and _has_objects(part))
        for part in cast("dict[str, Any]", value).values()
        if part not in ({}, [])
    )


def _has_lines(value: Any) -> bool:
    """Tell whether a value is a text of several lines, or a list of texts that are lines."""
    texts = _texts(value)
    return any("\n" in text.strip("\n") or (text[-1:] == "\n" and len(texts) > 1) for text in texts)


def _texts(value: Any) -> list[str]:
    """Return the texts that a value is; none where it is anything else."""
    entries = each(value)
    return entries if all(isinstance(entry, str) for entry in entries) else []


def _has_objects(entries: Any) -> bool:
    """Tell whether there are objects in a list that are no tags."""
    return any(isinstance(entry, dict) and entry.keys() != _PAIR for entry in entries)


def label(name: str) -> str:
    """Return a field's name as people write it: ``last_materialized_at`` gives ``Last materialized at``."""
    words = cell(name).replace(".", " ").replace("_", " ")
    return words.upper() if words in ("id", "pid", "url") else words[:1].upper() + words[1:]
