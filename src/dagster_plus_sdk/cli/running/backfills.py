"""``backfill create`` and ``backfill watch``: launch a backfill, and see how far it is."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import datetime, timezone
from typing import NamedTuple

from ..connect import connect
from ..failures.errors import leaving
from ..invoke import arguments_of
from ..printing import progress
from ..printing.output import WHOLE, emit, refuse_formats, tell, write
from ..printing.text import cell, seconds_of
from .launch import config_of
from .waiting import FOREVER, show, taken
from .watch import is_live

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any

    from ... import DagsterPlus
    from ..state import State

#: What is no argument of the facade.
_OWN = ("wait", "timeout", "cancel_on_timeout", "preview_only")

#: States of a job's runs by what they mean for its progress.
_DONE, _FAILED = ("SUCCESS",), ("FAILURE", "CANCELED")
_RUNNING = ("STARTING", "STARTED", "CANCELING", "QUEUED")


class Row(NamedTuple):
    """How many partitions of an asset, or of the job, are in which state."""

    name: str
    done: int
    failed: int
    running: int
    total: int


def create(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Launch a backfill, and say how to watch it; with ``--wait`` wait for its end."""
    _, named = arguments_of(entry, values)
    own = taken(named, _OWN)
    config_of(named)
    if own.pop("preview_only"):
        from .plans import backfill as preview

        preview(state, named)
        return
    with connect(state, "Backfill") as client:
        progress.say("launching")
        backfill = client.backfills.create(**named)
        state.subject["backfill_id"] = backfill.id
        tell(f"Launched backfill {backfill.id}\n{client.url_for(backfill)}")
        is_awaited = own.pop("wait")
        if state.web or not is_awaited:
            if not state.web:
                tell(f"dplus: watch it with: dplus backfill watch {backfill.id}")
            show(state, entry, client, backfill)
            return
        options = {name: value for name, value in own.items() if value is not None}
        _end(state, entry, client, backfill.id, options)


def wait(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Wait for a backfill that was launched before."""
    [backfill_id], named = arguments_of(entry, values)
    with connect(state, "Backfill") as client:
        _end(state, entry, client, backfill_id, named)


def _end(
    state: State,
    entry: dict[str, Any],
    client: DagsterPlus,
    backfill_id: str,
    options: dict[str, Any],
) -> None:
    """Wait for the end and print it, also where it is no success."""
    is_strict = options.pop("raise_on_failure", True)
    with leaving(backfill_id, what="backfill"):
        progress.say(f"waiting for backfill {backfill_id}")
        ended = client.backfills.wait(backfill_id, raise_on_failure=False, **options)
        show(state, entry, client, ended)
        if is_strict:
            # Its end is known: this says whether it was a success.
            client.backfills.wait(backfill_id)


def watch(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Show how far a backfill is until it has ended."""
    refuse_formats(state, *WHOLE, "tsv")
    [backfill_id], named = arguments_of(entry, values)
    timeout: float = named.get("timeout", FOREVER)
    with connect(state, "Backfill") as client, leaving(backfill_id, what="backfill"):
        progress.say(f"waiting for backfill {backfill_id}")
        since = client.backfills.get(backfill_id).created_at
        with _view(state, since) as view:
            for found in client.backfills.follow(backfill_id, timeout=timeout):
                view.update(found)
        client.backfills.wait(backfill_id)


class BackfillLines:
    """Prints a line per asset whose numbers changed, and per state of the backfill.

    Args:
        state: The chosen format.
    """

    def __init__(self, state: State) -> None:
        self._options = state
        self._rows: dict[str, Row] = {}
        self._state = ""

    def update(self, backfill: Any) -> None:
        """Print what has changed."""
        time = seconds_of(datetime.now(timezone.utc))
        status = str(backfill.status.value)
        for row in rows_of(backfill):
            if self._rows.get(row.name) != row:
                self._rows[row.name] = row
                self._print(time, backfill.id, status, row)
        if status != self._state:
            self._state = status
            self._print(time, backfill.id, status, None)
        sys.stdout.flush()

    def _print(self, time: str, backfill_id: str, status: str, row: Row | None) -> None:
        if self._options.is_json:
            known = {} if row is None else row._asdict()
            record = {"time": time + "Z", "backfill_id": backfill_id, "status": status, **known}
            emit(self._options, record, indent=None)
        elif row is None:
            write(cell(f"{time}  {status}  backfill {backfill_id}"))
        else:
            counts = f"{row.done} of {row.total} done, {row.failed} failed, {row.running} running"
            write(f"{time}  {cell(row.name)}: {counts}")


def rows_of(backfill: Any) -> list[Row]:
    """Return the progress of each asset; of a job's backfill that of its runs."""
    if backfill.assets is not None:
        return [row for status in backfill.assets.statuses if (row := _asset_row(status))]
    counts = {str(found.run_status.value): found.count for found in backfill.run_counts}
    done, failed, running = (
        sum(counts.get(name, 0) for name in names) for names in (_DONE, _FAILED, _RUNNING)
    )
    return [Row("runs", done, failed, running, backfill.num_partitions or sum(counts.values()))]


def _asset_row(status: Any) -> Row | None:
    """Return the row of an asset; None for what is newer than this version."""
    if hasattr(status, "targeted"):
        counts = (status.materialized, status.failed, status.in_progress, status.targeted)
    elif hasattr(status, "is_materialized"):
        counts = (status.is_materialized, status.is_failed, status.is_in_progress, 1)
    else:
        return None
    return Row(str(status.asset_key), *map(int, counts))


def _view(state: State, since: datetime) -> AbstractContextManager[Any]:
    if not is_live(state):
        return nullcontext(BackfillLines(state))
    from .watch_view import LiveView, backfill_view

    progress.stop()
    return LiveView(lambda found, now, size: backfill_view(found, since, now, size))
