"""The one place where results become text: tables, human text, JSON, YAML, CSV."""

from __future__ import annotations

import sys
from datetime import datetime, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, cast

    from .columns import Column
    from .state import State
else:

    def cast(_type: str, value: Any) -> Any:
        """Stand in for ``typing.cast``."""
        return value


#: What begins an escape sequence on a terminal, and what breaks a line or a column.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")
_GAP = "  "


def is_terminal() -> bool:
    """Tell whether a person reads the output."""
    return sys.stdout.isatty()


def tell(text: str) -> None:
    """Print a remark to stderr, which is no result."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the command's voice


def write(text: str) -> None:
    """Print a piece of the result to stdout."""
    print(text)  # noqa: T201 - the command's voice


def check_fields(state: State, known: Sequence[str]) -> None:
    """Refuse fields that the result cannot have, before anything is sent.

    Raises:
        click.UsageError: A field is unknown; the message lists those that there are.
    """
    import click

    wrong = [field for field in state.fields if field.split(".")[0] not in known]
    if state.fields and not known:
        raise click.UsageError("this command's result has no fields to choose from")
    if wrong:
        raise click.UsageError(f"unknown field {wrong[0]!r}; choose from {', '.join(known)}")


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
    if value.keys() == {"key", "value"}:
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


def table(records: Sequence[Any], columns: Sequence[Column]) -> str:
    """Return aligned columns under their names; the last one is cut at the terminal's edge."""
    rows = [[title for title, _ in columns]]
    rows += [[cell(short_time(pick(record, path))) for _, path in columns] for record in records]
    widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
    lines = (
        _GAP.join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    edge = _width()
    return "\n".join(line if len(line) <= edge else line[: edge - 3] + "..." for line in lines)


def _width() -> int:
    """Return how wide a line may be: a terminal's width, and no limit elsewhere."""
    if not is_terminal():
        return sys.maxsize
    import shutil

    return shutil.get_terminal_size().columns


def tab_separated(record: Any, columns: Sequence[Column]) -> str:
    """Return one line with tabs between the values."""
    return "\t".join(cell(short_time(pick(record, path))) for _, path in columns)


def csv_line(values: Iterable[str]) -> str:
    """Return one line of CSV."""
    import csv
    import io

    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def lines_of(record: Mapping[str, Any], fields: Sequence[str] = ()) -> str:
    """Return the human text of one thing: a line per value that there is."""
    shown: dict[str, Any] = chosen(record, fields)
    lines: list[str] = []
    for name, value in shown.items():
        text = cell(short_time(value))
        if text:
            lines.append(f"{label(name)}: {text}")
    return "\n".join(lines)


def label(name: str) -> str:
    """Return a field's name as people write it: ``last_materialized_at`` gives ``Last materialized at``."""
    words = name.replace(".", " ").replace("_", " ")
    return words.upper() if words in ("id", "pid", "url") else words[:1].upper() + words[1:]


def show_record(state: State, record: Any, columns: Sequence[Column], human: str) -> None:
    """Print one thing.

    Args:
        state: The chosen format and fields.
        record: What JSON can say of it.
        columns: Those of a table, where the caller chooses no fields.
        human: Its text for people, the same on a terminal and in a pipe.
    """
    if state.format is None:
        write(lines_of(record, state.fields) if state.fields else human)
    elif state.format == "json":
        write(to_json(chosen(record, state.fields)))
    elif state.format == "yaml":
        write(to_yaml(chosen(record, state.fields)))
    else:
        _rows(state, state.format, [record], columns)


def show_list(
    state: State, pages: Iterable[Any], columns: Sequence[Column], *, limit: int | None = None
) -> None:
    """Print a list, page by page where the format allows it, and where to go on.

    Args:
        state: The chosen format and fields.
        pages: Pages with ``items``, ``cursor``, ``has_more`` and ``total``.
        columns: Those of a table, where the caller chooses no fields.
        limit: How many items were asked for.
    """
    name = state.format or ("table" if is_terminal() else "tsv")
    kept: list[Any] = []
    more, cursor, total, headed = False, None, None, True
    for page in pages:
        records = data_of(page.items)
        if name in ("json", "yaml", "table"):
            kept += records
        else:
            _rows(state, name, records, columns, headed=headed)
        headed, total = False, page.total
        more = page.has_more and limit != 0
        cursor = page.cursor if more else None
    if name in ("json", "yaml"):
        items = [chosen(record, state.fields) for record in kept]
        result = {"items": items, "cursor": cursor, "has_more": more}
        result |= {} if total is None else {"total": total}
        write(to_json(result) if name == "json" else to_yaml(result))
        return
    if name == "table":
        _rows(state, name, kept, columns)
    if more:
        tell(f"dplus: there is more; go on with --cursor {cursor}")


def show_stream(
    state: State, records: Iterable[Any], columns: Sequence[Column], human: Callable[[Any], str]
) -> None:
    """Print things as they come.

    Args:
        state: The chosen format and fields.
        records: What JSON can say of each.
        columns: Those of a row, where the caller chooses no fields.
        human: Makes the text for people.

    Raises:
        click.UsageError: The format needs all of them at once.
    """
    if state.format in ("csv", "table", "yaml"):
        import click

        raise click.UsageError(f"what comes one by one cannot be {state.format}, but jsonl")
    name = "jsonl" if state.format == "json" else state.format
    for record in records:
        if name or state.fields:
            _rows(state, name or "tsv", [record], columns)
        else:
            write(human(record))
        sys.stdout.flush()


def _rows(
    state: State,
    name: str,
    records: Sequence[Any],
    columns: Sequence[Column],
    *,
    headed: bool = True,
) -> None:
    """Print records as rows."""
    if state.fields:
        columns = [(field.upper(), field) for field in state.fields]
    if name == "table" and not records:
        tell("dplus: there is nothing to list")
    elif name == "table":
        write(table(records, columns))
    elif name == "csv" and headed:
        write(csv_line(path or "value" for _, path in columns))
    for record in records:
        if name == "jsonl":
            write(to_json(chosen(record, state.fields), indent=None))
        elif name == "tsv":
            write(tab_separated(record, columns))
        elif name == "csv":
            write(csv_line(_raw(pick(record, path)) for _, path in columns))


def _raw(value: Any) -> str:
    """Return a value for CSV, whose texts may have lines."""
    return value if isinstance(value, str) else cell(value)
