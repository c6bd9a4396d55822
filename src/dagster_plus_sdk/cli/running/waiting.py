"""Waiting for runs, and how a wait ends: with the run printed, with its time over, or by Ctrl-C."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from time import monotonic

from ... import BackfillFailedError, RunFailedError, WaitTimeoutError
from ..connect import connect
from ..failures.errors import leaving
from ..invoke import arguments_of
from ..printing import progress
from ..printing.columns import columns_of, human_text
from ..printing.output import show_record
from ..printing.text import data_of
from ..printing.web import visit
from ..printing.whole import show_whole
from .run_events import stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from ... import Backfill, DagsterPlus, Run
    from ..state import State

#: As long as it takes: with a deadline passing faults are sat out.
FOREVER = 1e8


def wait(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Wait for runs that were launched before."""
    [given], named = arguments_of(entry, values)
    run_ids: list[str] = [given] if isinstance(given, str) else given
    state.subject["run_id"] = given
    with connect(state, "Run") as client, leaving(*run_ids), shown(state, entry, client):
        several = f"{len(run_ids)} runs"
        progress.say(f"waiting for {several if len(run_ids) > 1 else f'run {run_ids[0]}'}")
        show(state, entry, client, *client.runs.wait_many(run_ids, **named))


def ended(state: State, client: DagsterPlus, run_id: str, own: dict[str, Any]) -> Run:
    """Follow a run to its end, its automatic retries included, and return the last one."""
    left = own["timeout"]
    progress.say(f"waiting for run {run_id}")
    if own["verbose"]:
        end = monotonic() + left
        # Where the time is over, the wait is what says so.
        with suppress(WaitTimeoutError):
            events = client.run_events.follow(run_id, timeout=left, follow_retries=True)
            plain = state.replaced(fields=())  # which are the run's, and not its events'
            stream(plain, events, to_stderr=state.format is not None)
        left = max(0.0, end - monotonic())
    return client.runs.wait(run_id, timeout=left, cancel_on_timeout=own["cancel_on_timeout"])


@contextmanager
def shown(state: State, entry: dict[str, Any], client: DagsterPlus) -> Generator[None, None, None]:
    """Print the runs or the backfill that a failed wait was for, before its error."""
    try:
        yield
    except RunFailedError as error:
        state.subject["run_id"] = error.run_id
        show(state, entry, client, *error.runs)
        raise
    except BackfillFailedError as error:
        show(state, entry, client, error.backfill)
        raise


def show(state: State, entry: dict[str, Any], client: DagsterPlus, *found: Run | Backfill) -> None:
    """Print one run or backfill, or a list of several, each with its web page."""
    if state.web:
        visit(client.url_for(found[0]))
        return
    model = entry["model"]
    records = [{**data_of(one), "url": client.url_for(one)} for one in found]
    columns = columns_of(model, entry["fields"], entry.get("nested", ()))
    if len(records) == 1:
        show_record(state, records[0], columns, human_text(model, records[0]))
    else:
        show_whole(state, records, columns)
