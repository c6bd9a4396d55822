"""The one place where results are printed: as tables, human text, JSON, YAML or CSV."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from . import progress
from .reader import see_whether_anyone_reads, tell_more
from .text import (
    cell,
    chosen,
    csv_line,
    data_of,
    each,
    lines_of,
    pick,
    plain_lines,
    short_time,
    tab_separated,
    to_json,
    to_yaml,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from ..state import State
    from .columns import Column

#: Formats that need all of a result at once.
WHOLE = ("csv", "table", "yaml")


def is_terminal() -> bool:
    """Tell whether a person reads the output."""
    return sys.stdout.isatty()


def tell(text: str, *, has_colours: bool = False) -> None:
    """Print a remark to stderr, which is no result: where nobody reads it, the result still is wanted.

    Args:
        text: The remark; a terminal is told nothing by the texts of others in it.
        has_colours: Whether it has sequences of our own.
    """
    shown = text if has_colours else plain_lines(text)
    with progress.paused(), suppress(OSError):
        print(shown, file=sys.stderr, flush=True)  # noqa: T201 - the command's voice


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
    wrong = [field for field in state.fields if field.split(".")[0] not in known]
    if state.fields and not known:
        raise click.UsageError("this command's result has no fields to choose from")
    if wrong:
        raise click.UsageError(f"unknown field {wrong[0]!r}; choose from {', '.join(known)}")


def table(records: Sequence[Any], columns: Sequence[Column], left_out: list[str]) -> str:
    """Return aligned columns under their names; what is too wide for the terminal is cut or left out.

    Args:
        records: What JSON can say of each.
        columns: The columns.
        left_out: Gets the titles of those for which there is no room.
    """
    from shutil import get_terminal_size

    from . import colours
    from .layout import Layout

    rows = [[cell(short_time(pick(record, path))) for _, path in columns] for record in records]
    edge = get_terminal_size().columns if is_terminal() else sys.maxsize
    found = Layout(columns, rows, edge, _ellipsis())
    left_out += [title for title in found.left_out if title not in left_out]
    painted = colours.of_cell if colours.are_wanted(sys.stdout) else None
    return "\n".join(found.lines(painted))


def tell_left_out(titles: Sequence[str]) -> None:
    """Say which columns are not there."""
    if titles:
        shown = ", ".join(titles)
        tell(f"dplus: no room for {shown}; --fields, or a wider terminal, shows what is left out")


def _ellipsis() -> str:
    """Return what ends a cut text, in what the output can say."""
    try:
        "\u2026".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeError):
        return "..."
    return "\u2026"


def _write_text(text: str) -> None:
    """Print a text for people; its states have colours on a terminal."""
    from . import colours

    text = plain_lines(text)
    write(colours.of_text(text) if colours.are_wanted(sys.stdout) else text)


def emit(state: State, value: Any, *, indent: int | None = 2) -> None:
    """Print a value as JSON, or what the expression of ``--jq`` makes of it."""
    if state.program is None:
        write(to_json(value, indent=indent))
        return
    from .jq import lines

    for line in lines(state.program, value, is_terminal=is_terminal()):
        write(line)


def emit_whole(state: State, value: Any) -> None:
    """Print a value of any shape, as YAML if that is chosen, or else as JSON."""
    if state.format == "yaml":
        write(to_yaml(value))
    else:
        emit(state, value, indent=None if state.format == "jsonl" else 2)


def show_record(state: State, record: Any, columns: Sequence[Column], human: str) -> None:
    """Print one thing.

    Args:
        state: The chosen format and fields.
        record: What JSON can say of it.
        columns: Those of a table, where the caller chooses no fields.
        human: Its text for people, the same on a terminal and in a pipe.
    """
    name = format_of(state)
    if name is None:
        _write_text(lines_of(record, state.fields) if state.fields else human)
    elif name in ("json", "yaml"):
        emit_whole(state, chosen(record, state.fields))
    else:
        _rows(state, name, [record], columns)


def format_of(state: State, *, of_list: bool = False) -> str | None:
    """Return how a result is printed: also as ``ids``, and a list on a terminal as a table, else with tabs; None for a text."""
    if state.quiet:
        return "ids"
    return state.format or (("table" if is_terminal() else "tsv") if of_list else None)


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
    name = format_of(state, of_list=True)
    kept: list[Any] = []
    count = 0
    more, cursor, total, headed = False, None, None, True
    for page in pages:
        records = data_of(page.items)
        if name in ("json", "yaml", "table"):
            kept += records
        else:
            _rows(state, name, records, columns, headed=headed)
            count += len(records)
            if page.has_more and (limit is None or count < limit):
                see_whether_anyone_reads(patiently=headed)
        headed, total = False, page.total
        more = page.has_more and limit != 0
        cursor = page.cursor if more else None
    if name in ("json", "yaml"):
        items = [chosen(record, state.fields) for record in kept]
        result = {"items": items, "cursor": cursor, "has_more": more}
        emit_whole(state, result if total is None else {**result, "total": total})
        return
    if name == "table":
        _rows(state, name, kept, columns)
    if more:
        tell_more(cursor)


def refuse_formats(state: State, *refused: str) -> None:
    """Refuse formats that what comes one by one cannot have.

    Raises:
        click.UsageError: One of them is chosen.
    """
    if state.format in refused:
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
    name = format_of(state) or ("tsv" if state.fields else None)
    for record in records:
        if name is None:
            write(human(record))
            sys.stdout.flush()
        else:
            _rows(state, "jsonl" if name == "json" else name, [record], columns)


def _rows(
    state: State,
    name: str | None,
    records: Sequence[Any],
    columns: Sequence[Column],
    *,
    headed: bool = True,
) -> None:
    """Print records as rows, all at once: whoever reads need not wait for more of them."""
    if state.fields:
        columns = [(field.upper(), field) for field in state.fields]
    if name == "table" and not records:
        tell("dplus: there is nothing to list")
    elif name == "table":
        left_out: list[str] = []
        write(table(records, columns, left_out))
        tell_left_out(left_out)
    elif name == "csv" and headed:
        write(csv_line(path or "value" for _, path in columns))
    for record in records:
        if name == "jsonl":
            emit(state, chosen(record, state.fields), indent=None)
        elif name == "tsv":
            write(tab_separated(record, columns))
        elif name == "csv":
            write(csv_line(_raw(pick(record, path)) for _, path in columns))
        elif name == "ids":
            ids = each(pick(record, state.id_path))
            put("".join(f"{cell(value)}\n" for value in ids if value is not None))
    sys.stdout.flush()


def _raw(value: Any) -> str:
    """Return a value for CSV, whose texts may have lines; on a terminal without what that acts upon."""
    return for_reader(value) if isinstance(value, str) else cell(value)


def for_reader(text: str) -> str:
    """Return a text as it is for a program, and for a terminal without what that acts upon."""
    return plain_lines(text) if is_terminal() else text
