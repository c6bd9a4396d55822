"""``backfill create`` and ``backfill watch``: launch a backfill, and see how far it is."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple

from ..connect import connect
from ..failures.errors import launching, leaving
from ..invoke import arguments_of
from ..printing import progress
from ..printing.output import WHOLE, refuse_formats, tell
from ..printing.text import seconds_of
from .launch import launch_arguments
from .waiting import FOREVER, show, shown
from .watch import view_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ... import DagsterPlus
    from ..state import State
    from .watch import News

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
    _, named, own = launch_arguments(entry, values)
    if own.pop("preview_only"):
        from .plans import backfill as preview

        preview(state, named)
        return
    with connect(state, "Backfill") as client:
        progress.say("launching")
        with launching("backfill list --limit 1"):
            backfill = client.backfills.create(**named)
        state.subject["backfill_id"] = backfill.id
        tell(f"Launched backfill {backfill.id}\n{client.url_for(backfill)}")
        if state.web or not own.pop("wait"):
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
    with leaving(backfill_id, what="backfill"), shown(state, entry, client):
        progress.say(f"waiting for backfill {backfill_id}")
        show(state, entry, client, client.backfills.wait(backfill_id, **options))


def watch(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Show how far a backfill is until it has ended."""
    refuse_formats(state, *WHOLE, "tsv")
    [backfill_id], named = arguments_of(entry, values)
    timeout: float = named.get("timeout", FOREVER)
    with connect(state, "Backfill") as client, leaving(backfill_id, what="backfill"):
        progress.say(f"waiting for backfill {backfill_id}")
        since = client.backfills.get(backfill_id).created_at
        with view_of(
            state,
            Counted().news_of,
            lambda views, found, now, size: views.backfill_view(found, since, now, size),
        ) as update:
            for found in client.backfills.follow(backfill_id, timeout=timeout):
                update(found)
        client.backfills.wait(backfill_id)


class Counted:
    """What is known of a backfill that is watched: how many partitions are in which state."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._state = ""

    def news_of(self, backfill: Any) -> Iterator[News]:
        """Yield what has changed: the numbers of assets, and the backfill's state."""
        time = seconds_of(datetime.now(timezone.utc))
        state = str(backfill.status.value)
        record = {"time": f"{time}Z", "backfill_id": backfill.id, "status": state}
        for row in rows_of(backfill):
            if self._rows.get(row.name) != row:
                self._rows[row.name] = row
                counts = (
                    f"{row.done} of {row.total} done, {row.failed} failed, {row.running} running"
                )
                yield record | row._asdict(), f"{time}  {row.name}: {counts}"
        if state != self._state:
            self._state = state
            yield record, f"{time}  {state}  backfill {backfill.id}"


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
