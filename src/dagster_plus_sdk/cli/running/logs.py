"""``log get`` and ``log follow``: what the processes of a run wrote, as they wrote it.

Both streams go to stdout, as with ``kubectl logs``: what is a message of this command goes to stderr. In a pipe the text is what
it was, to the byte. On a terminal it keeps its colours, and loses what else moves a cursor, sets a title or writes a clipboard.
"""

from __future__ import annotations

import re
import sys
from functools import partial

from ... import InvalidInputError
from ..connect import connect
from ..failures.errors import leaving
from ..invoke import arguments_of, call
from ..printing import output, progress
from ..printing.columns import human_text
from ..printing.output import put, show_record
from ..printing.text import cell, data_of
from ..printing.whole import show_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ... import CapturedLogs, DagsterPlus
    from ..state import State

_COLUMNS = (("STDOUT", "stdout"), ("STDERR", "stderr"))
_COLOUR = r"\x1b\[[0-9;:]*m"
#: Colours, other sequences of a terminal (CSI; OSC and its kin up to their end; two characters), and single controls.
_SEQUENCE = re.compile(
    rf"({_COLOUR})|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]",
    re.DOTALL,
)


def get(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print what the processes of a run have written so far."""
    placed, named = arguments_of(entry, values)
    is_text = state.format is None and not state.fields
    with connect(state, entry["model"]) as client:
        try:
            found = client.logs.get(*placed, **named)
        except InvalidInputError as error:
            if error.code != "AMBIGUOUS_NAME":
                raise
        else:
            if is_text:
                put(_shown(found))
            else:
                _show_one(state, client, found, values)
            return
        several = (
            (step, client.logs.get(*placed, step=step, **named))
            for step in dict.fromkeys(_captured(client, placed[0]).values())
        )
        (_put_all if is_text else partial(_show_all, state))(several)


def _put_all(several: Iterable[tuple[str, CapturedLogs]]) -> None:
    """Print the texts of several processes; on a terminal each below its step."""
    for number, (step, found) in enumerate(several):
        if output.is_terminal():
            put(("\n" if number else "") + f"==> {cell(step)} <==\n")
        put(_shown(found))


def _show_one(
    state: State, client: DagsterPlus, found: CapturedLogs, values: dict[str, Any]
) -> None:
    """Print the log of a process; its step is looked up where it is asked for."""
    record = data_of(found)
    if "step" in state.fields:
        steps = _captured(client, values["run_id"]).values()
        record["step"] = values["step"] or next(iter(steps), None)
    show_record(state, record, _COLUMNS, human_text("CapturedLogs", record))


def _show_all(state: State, several: Iterable[tuple[str, CapturedLogs]]) -> None:
    """Print the logs of several processes as a list."""
    records = [{"step": step, **data_of(found)} for step, found in several]
    show_whole(state, records, [("STEP", "step"), *_COLUMNS])


def follow(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print what the processes of a run write as they write it, until it has ended."""
    run_id = values["run_id"]
    with leaving(run_id, see="log follow"):
        if state.format is not None or state.fields:
            call(state, entry, values)
            return
        placed, named = arguments_of(entry, values)
        with connect(state, entry["model"]) as client:
            progress.say(f"waiting for output of run {run_id}")
            prefixes = _Prefixes(client, run_id)
            for piece in client.logs.follow(*placed, **named):
                put(prefixes.before(piece.log_key[-1], _shown(piece)))
                sys.stdout.flush()
            put(prefixes.rest())


class _Prefixes:
    """Puts the step before each line, from the second process of a run on.

    Args:
        client: Finds the steps.
        run_id: The run.
    """

    def __init__(self, client: DagsterPlus, run_id: str) -> None:
        self._client = client
        self._run_id = run_id
        self._steps: dict[str, str] = {}
        self._open: dict[str, str] = {}
        self._is_at_margin = True

    def before(self, file_key: str, text: str) -> str:
        """Return a process's text with its step before each line; a line that has no end yet is kept back."""
        if file_key not in self._steps:
            self._steps[file_key] = file_key
            self._steps.update(_captured(self._client, self._run_id))
        if len(self._steps) == 1:
            self._is_at_margin = text.endswith("\n") if text else self._is_at_margin
            return text
        # What the first process wrote alone has no step before it, and may have no end.
        margin, self._is_at_margin = "" if self._is_at_margin else "\n", True
        *lines, last = (self._open.pop(file_key, "") + text).split("\n")
        if last:
            self._open[file_key] = last
        prefix = f"[{cell(self._steps[file_key])}] "
        return margin + "".join(f"{prefix}{line}\n" for line in lines)

    def rest(self) -> str:
        """Return the lines that never ended."""
        return "".join(f"[{cell(self._steps[key])}] {line}\n" for key, line in self._open.items())


def _captured(client: DagsterPlus, run_id: str) -> dict[str, str]:
    """Return the first step of each process by the name of its log, in the order in which they began."""
    events: Any = client.run_events.get(run_id, types="LOGS_CAPTURED")
    return {event.file_key: (event.step_keys or [event.file_key])[0] for event in events}


def _shown(logs: CapturedLogs) -> str:
    """Return the text of a log for where it goes."""
    text = "".join(filter(None, (logs.stdout, logs.stderr)))
    return without_moves(text) if output.is_terminal() else text


def without_moves(text: str) -> str:
    """Return text with its lines, tabs and colours, and nothing else that a terminal acts upon."""
    return _SEQUENCE.sub(
        lambda found: found[1] or "", text.replace("\r\n", "\n").replace("\r", "\n")
    )
