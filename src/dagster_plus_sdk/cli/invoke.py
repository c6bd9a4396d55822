"""What most commands do: call a method of the facade and print its result."""

from __future__ import annotations

from contextlib import nullcontext

from .connect import connect
from .failures.errors import leaving
from .params.values import value_of
from .printing.columns import columns_of, human_text
from .printing.output import for_reader, show_list, show_record, show_stream, write
from .printing.text import cell, data_of, to_json
from .printing.web import found, open_page
from .printing.whole import show_whole
from .tree import method_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any

    from .state import State

#: What a verb without a result has done to its object.
_DONE = {"delete": "deleted", "cancel": "canceled", "start": "started", "stop": "stopped"}


def arguments_of(entry: dict[str, Any], values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return what the facade's method takes: by place, and by name."""
    placed: list[Any] = []
    named: dict[str, Any] = {}
    for given in entry["params"]:
        value = value_of(given, values[given["name"]])
        if "options" not in given:
            placed.append(value)
        elif value is not None:
            named[given["name"]] = value
    return placed, named


def call(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Call the method and print what it returns."""
    placed, named = arguments_of(entry, values)
    with connect(state, entry["model"]) as client, _going_on(entry, values):
        method = method_of(client, entry)
        if state.web:
            open_page(client, entry, lambda: method(*placed, **named))
        else:
            show(state, entry, method(*placed, **named), values)


def _going_on(entry: dict[str, Any], values: dict[str, Any]) -> AbstractContextManager[None]:
    """Let Ctrl-C say that a backfill that is followed goes on; what is done to runs says so itself."""
    if entry["method"] != "follow" or "backfill_id" not in values:
        return nullcontext()
    return leaving(values["backfill_id"], what="backfill")


def show(state: State, entry: dict[str, Any], result: Any, values: dict[str, Any]) -> None:
    """Print a result, by its kind."""
    model, reveal = entry["model"], entry.get("reveals", False)
    columns = columns_of(model, entry["fields"], entry.get("nested", ()))
    kind = entry["returns"]
    if kind == "pager":
        show_list(state, result.pages(), columns, limit=values.get("limit"))
    elif kind == "items":
        show_whole(state, data_of(result, reveal=reveal), columns)
    elif kind == "stream":
        records = (data_of(record) for record in result)
        show_stream(state, records, columns, lambda record: human_text(model, record))
    elif kind == "model":
        record = data_of(found(entry, result), reveal=reveal)
        show_record(state, record, columns, human_text(model, record))
    elif kind == "none":
        _show_done(state, entry, values)
    else:
        _show_value(state, entry["method"], data_of(result, reveal=reveal))


def done_word(entry: dict[str, Any]) -> str:
    """Return what a verb without a result has done to its object."""
    return _DONE.get(entry["method"], "done")


def _show_done(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    subject = {
        p["name"]: values[p["name"]] if p["kind"] == "config" else value_of(p, values[p["name"]])
        for p in entry["params"]
        if "options" not in p and p["kind"] != "secret"
    }
    done = done_word(entry)
    subject = {name: str(v) if hasattr(v, "__fspath__") else v for name, v in subject.items()}
    text = f"{done.capitalize()} {', '.join(map(cell, subject.values()))}".rstrip()
    show_record(state, {**subject, done: True}, [(n.upper(), n) for n in subject], text)


def _show_value(state: State, name: str, value: Any) -> None:
    if state.format is None:
        write(to_json(value) if isinstance(value, (dict, list)) else for_reader(str(value)))
    else:
        is_whole = isinstance(value, dict) and state.format in ("json", "jsonl", "yaml")
        show_record(state, value if is_whole else {name: value}, [(name.upper(), name)], "")
