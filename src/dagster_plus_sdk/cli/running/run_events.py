"""Events of runs: a text of its own, the same on a terminal and in a pipe."""

from __future__ import annotations

from ..connect import connect
from ..failures.errors import leaving
from ..invoke import arguments_of
from ..printing import progress
from ..printing.output import WHOLE, emit, emit_whole, refuse_formats, show_list, tell, write
from ..printing.reader import tell_more
from ..printing.text import cell, chosen, data_of, seconds_of, tab_separated, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ... import RunEvent
    from ..state import State

#: Widths of the columns; a message that is longer than the last one is cut.
_TIME, _TYPE, _STEP, _MESSAGE = 20, 20, 30, 50
HEADER = f"{'TIMESTAMP':<{_TIME}} {'TYPE':<{_TYPE}} {'STEP_KEY':<{_STEP}} {'MESSAGE':<{_MESSAGE}}"
_COLUMNS = (
    ("TIMESTAMP", "timestamp"),
    ("TYPE", "event_type"),
    ("LEVEL", "level"),
    ("STEP_KEY", "step_key"),
    ("MESSAGE", "message"),
)
_KEYS = ("runId", "message", "timestamp", "level", "stepKey", "eventType")


def get(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the events of a run."""
    placed, named = arguments_of(entry, values)
    with connect(state, entry["model"]) as client:
        pager = client.run_events.get(*placed, **named)
        if state.format in ("csv", "tsv", "table") or (state.fields and state.format is None):
            show_list(state, pager.pages(), _COLUMNS, limit=values["limit"])
            return
        events: list[RunEvent] = []
        more = False
        for page in pager.pages():
            if state.format == "jsonl":
                stream(state, page.items)
            else:
                events += page.items
            more = page.has_more
    if state.format != "jsonl":
        _show_events(state, values["run_id"], events)
    if more and values.get("limit") != 0:
        tell_more(pager.cursor, "are more events")


def _show_events(state: State, run_id: str, events: list[RunEvent]) -> None:
    if state.format is None:
        write(text_of(run_id, events))
        return
    listed = [record_of(event, state.fields) for event in events]
    result = {"run_id": run_id, "events": listed, "count": len(listed)}
    emit_whole(state, result)


def follow(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the events of a run as they come, until it has ended."""
    refuse_formats(state, *WHOLE, "tsv")
    placed, named = arguments_of(entry, values)
    run_id = values["run_id"]
    with connect(state, entry["model"]) as client, leaving(run_id, see="run-events follow"):
        progress.say(f"waiting for events of run {run_id}")
        stream(state, client.run_events.follow(*placed, **named))


def stream(state: State, events: Iterable[RunEvent], *, to_stderr: bool = False) -> None:
    """Print events one by one: as rows, or as one JSON object per line."""
    import sys

    put = tell if to_stderr else write
    for event in events:
        if state.is_json and to_stderr:
            tell(to_json(record_of(event, state.fields), indent=None))
        elif state.is_json:
            emit(state, record_of(event, state.fields), indent=None)
        elif state.fields:
            put(tab_separated(data_of(event), [(field, field) for field in state.fields]))
        else:
            put(row(event))
        sys.stdout.flush()


def text_of(run_id: str, events: list[RunEvent]) -> str:
    """Return the table of a run's events."""
    if not events:
        return f"No events found for run {run_id}"
    lines = [f"Events for run {run_id}:", "", HEADER, "-" * len(HEADER)]
    lines += [row(event) for event in events]
    return "\n".join([*lines, "", f"Total events: {len(events)}"])


def row(event: RunEvent) -> str:
    """Return the row of an event."""
    message = cell(" ".join(event.message.split()))
    if len(message) > _MESSAGE:
        message = message[: _MESSAGE - 3] + "..."
    kind = event.event_type or event.level
    cells = (
        f"{seconds_of(event.timestamp):<{_TIME}}",
        f"{cell(kind.value):<{_TYPE}}",
        f"{cell(event.step_key):<{_STEP}}",
        message,
    )
    return " ".join(cells).rstrip()


def record_of(event: RunEvent, fields: Sequence[str]) -> dict[str, Any]:
    """Return an event as JSON has it: by the API's names, with its error where it has one."""
    whole = event.model_dump(mode="json", by_alias=True)
    if fields:
        record: dict[str, Any] = chosen(whole, [_camel(field) for field in fields])
        return record
    record = {key: whole.get(key) for key in _KEYS}
    if whole.get("error"):
        record["error"] = whole["error"]
    return record


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
