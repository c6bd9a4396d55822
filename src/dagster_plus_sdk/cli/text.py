"""How values read: as one short line, as lines, as JSON, YAML or CSV. Nothing is printed here."""

from __future__ import annotations

from datetime import datetime, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, cast

    from .columns import Column
else:

    def cast(_type: str, value: Any) -> Any:
        """Stand in for ``typing.cast``."""
        return value


#: What begins an escape sequence on a terminal, and what breaks a line or a column.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")
_INDENT = "  "
#: The names in a tag.
_PAIR = {"key", "value"}


def data_of(value: Any, *, reveal: bool = False) -> Any:
    """Return a model, or a container of models, as what JSON can say.

    Args:
        value: What a method of the facade returned.
        reveal: Whether its secrets were asked for; else they are ``***``.
    """
    if hasattr(value, "model_dump"):
        from .._core.secret import REVEAL

        return value.model_dump(mode="json", context=REVEAL if reveal else None)
    if isinstance(value, (list, tuple)):
        return [data_of(entry, reveal=reveal) for entry in cast("list[Any]", value)]
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


def chosen(record: Any, fields: Sequence[str]) -> Any:
    """Return a record with the chosen fields only, or as it is."""
    return {field: pick(record, field) for field in fields} if fields else record


def to_json(value: Any, *, indent: int | None = 2) -> str:
    """Return JSON as people read it; on one line where there is no indent."""
    import json

    return json.dumps(value, indent=indent, ensure_ascii=False)


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
        return f"{value['key']}={cell(value['value'])}"
    given = {k: v for k, v in value.items() if v not in (None, [], {})}
    return " ".join(f"{k}={cell(v)}" for k, v in given.items())


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
    """Return the line of a value; of objects in a list one for each, below the list's name."""
    head, inner = f"{indent}{label(name)}:", indent + _INDENT
    if _is_rows(value):
        return [head, *(f"{inner}{cell(row)}" for row in value)]
    if isinstance(value, dict) and any(map(_is_rows, cast("dict[str, Any]", value).values())):
        parts = cast("dict[str, Any]", value).items()
        return [head, *(line for key, part in parts for line in _lines(key, part, inner))]
    text = cell(short_time(value))
    return [f"{head} {text}"] if text else []


def _is_rows(value: Any) -> bool:
    """Tell whether a value is a list of objects that are no tags, too much for one line."""
    return isinstance(value, list) and _has_objects(value)


def _has_objects(entries: Any) -> bool:
    return any(isinstance(entry, dict) and entry.keys() != _PAIR for entry in entries)


def label(name: str) -> str:
    """Return a field's name as people write it: ``last_materialized_at`` gives ``Last materialized at``."""
    words = name.replace(".", " ").replace("_", " ")
    return words.upper() if words in ("id", "pid", "url") else words[:1].upper() + words[1:]
