"""What most commands do: call a method of the facade and print its result."""

from __future__ import annotations

from contextlib import nullcontext

from .. import NotFoundError
from .columns import columns_of, human_text
from .connect import connect
from .errors import SUBJECTS, leaving
from .output import show_list, show_record, show_stream, write
from .text import cell, data_of, to_json, to_yaml
from .values import value_of

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


def remember(state: State, values: dict[str, Any]) -> None:
    """Write down which run or backfill a command is about: an error's JSON names it."""
    state.subject |= {name: values[name] for name in SUBJECTS if values.get(name)}


def call(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Call the method and print what it returns."""
    placed, named = arguments_of(entry, values)
    remember(state, values)
    with connect(state, entry["model"]) as client, _going_on(state, entry):
        method = getattr(getattr(client, entry["attribute"]), entry["method"])
        show(state, entry, method(*placed, **named), values)


def _going_on(state: State, entry: dict[str, Any]) -> AbstractContextManager[None]:
    """Let Ctrl-C say that a backfill that is followed goes on; what is done to runs says so itself."""
    backfill_id = state.subject.get("backfill_id")
    if entry["method"] != "follow" or backfill_id is None:
        return nullcontext()
    return leaving(backfill_id, what="backfill")


def show(state: State, entry: dict[str, Any], result: Any, values: dict[str, Any]) -> None:
    """Print a result, by its kind.

    Raises:
        NotFoundError: There is none, where one thing was asked for.
    """
    model, reveal = entry["model"], entry.get("reveals", False)
    columns = columns_of(model, entry["fields"], entry.get("nested", ()))
    kind = entry["returns"]
    if kind == "pager":
        show_list(state, result.pages(), columns, limit=values.get("limit"))
    elif kind == "items":
        show_list(state, [Whole(data_of(result, reveal=reveal))], columns)
    elif kind == "stream":
        records = (data_of(record) for record in result)
        show_stream(state, records, columns, lambda record: human_text(model, record))
    elif kind == "model":
        if result is None:
            raise NotFoundError(f"there is no such {model.lower()}", code="NOT_FOUND")
        record = data_of(result, reveal=reveal)
        show_record(state, record, columns, human_text(model, record))
    elif kind == "none":
        _show_done(state, entry, values)
    else:
        _show_value(state, entry["method"], data_of(result, reveal=reveal))


class Whole:
    """A list that came at once, as the only page."""

    cursor = total = None
    has_more = False

    def __init__(self, items: Any) -> None:
        self.items = items


def _show_done(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    subject = {
        p["name"]: value_of(p, values[p["name"]])
        for p in entry["params"]
        if "options" not in p and p["kind"] != "secret"
    }
    done = _DONE.get(entry["method"], "done")
    subject = {name: str(v) if hasattr(v, "__fspath__") else v for name, v in subject.items()}
    text = f"{done.capitalize()} {', '.join(map(cell, subject.values()))}".rstrip()
    show_record(state, {**subject, done: True}, [(n.upper(), n) for n in subject], text)


def _show_value(state: State, name: str, value: Any) -> None:
    if state.format in ("json", "jsonl"):
        write(to_json({name: value}))
    elif state.format == "yaml":
        write(to_yaml({name: value}))
    else:
        write(to_json(value) if isinstance(value, (dict, list)) else str(value))
