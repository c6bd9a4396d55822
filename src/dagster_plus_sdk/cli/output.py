"""The one place where results are printed: as tables, human text, JSON, YAML or CSV."""

from __future__ import annotations

import sys

from . import progress
from .text import (
    cell,
    chosen,
    csv_line,
    data_of,
    lines_of,
    pick,
    short_time,
    tab_separated,
    to_json,
    to_yaml,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from .columns import Column
    from .state import State

_GAP = "  "
#: Formats that need all of a result at once.
WHOLE = ("csv", "table", "yaml")


def is_terminal() -> bool:
    """Tell whether a person reads the output."""
    return sys.stdout.isatty()


def tell(text: str) -> None:
    """Print a remark to stderr, which is no result."""
    with progress.paused():
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - the command's voice


def write(text: str) -> None:
    """Print a piece of the result to stdout."""
    put(text + "\n")


def put(text: str) -> None:
    """Print a piece of the result as it is, without a line's end."""
    with progress.paused():
        sys.stdout.write(text)


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


def refuse_formats(state: State, *refused: str) -> None:
    """Refuse formats that what comes one by one cannot have.

    Raises:
        click.UsageError: One of them is chosen.
    """
    if state.format in refused:
        import click

        raise click.UsageError(f"what comes one by one cannot be {state.format}, but jsonl")


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
    refuse_formats(state, *WHOLE)
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
