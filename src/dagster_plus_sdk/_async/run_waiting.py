"""Waiting for runs: all of them with one request per look, through faults, and on to their automatic retries."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from .._core.errors import DagsterPlusError, WaitTimeoutError
from .._core.run_failure import FAILURE, SUCCESS, FailureReport
from .._core.run_filters import ENDED
from .._core.run_watch import CHUNK, PARENT_TAG, RETRY_SECONDS, RunWatch
from .._core.waiting import Patience, asleep
from .._generated import operations as ops
from .polling import persist
from .run_looks import look

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._core.errors import RunFailedError
    from .._generated.input_types import RunsFilter
    from .._generated.models import Run, RunSummary
    from .transport import AsyncTransport

#: Whole runs that are asked for in one request: their steps the server reads from their events.
_WHOLE_CHUNK = 25

_EVENTS, _EVENT_PAGES = 1000, 50

#: Seconds that the reasons of a failure may take to read; that it failed is known without them.
_REASON_SECONDS = 30.0


async def wait_for_runs(
    transport: AsyncTransport, watch: RunWatch, patience: Patience
) -> list[Run]:
    """Return runs as they ended, in the order in which they are named.

    Raises:
        NotFoundError: There is no such run.
        WaitTimeoutError: Some had not ended in time.
    """
    try:
        await _look_until(transport, watch, patience, lambda: not watch.open)
        return await _read(transport, watch, patience)
    except WaitTimeoutError as error:
        error.run_ids = watch.open
        raise


async def retry_of(transport: AsyncTransport, run_id: str, patience: Patience) -> str | None:
    """Return the run that Dagster retries an ended one as; None if it does not.

    Raises:
        WaitTimeoutError: It is announced, and did not start in time.
    """
    watch = RunWatch([run_id], follow_retries=True)
    await _look_until(transport, watch, patience, lambda: not watch.open or watch.last != [run_id])
    [last] = watch.last
    return None if last == run_id else last


async def _look_until(
    transport: AsyncTransport, watch: RunWatch, patience: Patience, done: Callable[[], bool]
) -> None:
    while True:
        asked = watch.open
        for start in range(0, len(asked), CHUNK):
            await _look(transport, watch, patience, asked[start : start + CHUNK])
        for run_id in watch.unmarked:
            await _look_for_retry(transport, watch, patience, run_id)
        if patience.is_over:
            watch.settle()
        if done():
            return
        if patience.is_over:
            raise patience.over(watch.unfinished, "ListRuns")
        await asleep(patience.within(watch.pause(patience.pause())))


async def _look(
    transport: AsyncTransport, watch: RunWatch, patience: Patience, run_ids: Sequence[str]
) -> None:
    listed: Sequence[RunSummary] = await look(
        transport, ops.list_runs, run_ids, patience, watch.unfinished, most=CHUNK
    )
    watch.take(listed)
    known = {run.id for run in listed}
    for run_id in run_ids:
        if run_id not in known:
            # The server says in its own words that there is none, or how it stands, though it lists it under another id.
            state = ops.get_run_state(run_id=run_id)
            found = await persist(transport, state, patience, watch.unfinished)
            if found.status in ENDED:
                whole = ops.get_run(run_id=run_id)
                watch.take([await persist(transport, whole, patience, watch.unfinished)], run_id)


async def _look_for_retry(
    transport: AsyncTransport, watch: RunWatch, patience: Patience, run_id: str
) -> None:
    children: RunsFilter = {"tags": [{"key": PARENT_TAG, "value": run_id}]}
    operation = ops.list_runs(filter=children, limit=CHUNK)
    found = await persist(transport, operation, patience, watch.unfinished)
    watch.take_children(run_id, found.results)


async def _read(transport: AsyncTransport, watch: RunWatch, patience: Patience) -> list[Run]:
    """Return the whole runs."""
    wanted = list(dict.fromkeys(watch.last))
    runs: dict[str, Run] = {}
    for start in range(0, len(wanted), _WHOLE_CHUNK):
        chunk = wanted[start : start + _WHOLE_CHUNK]
        found: Sequence[Run] = await look(
            transport, ops.find_runs, chunk, patience, watch.unfinished, most=_WHOLE_CHUNK
        )
        runs.update({run.id: run for run in found})
        for run_id in chunk:
            if run_id not in runs:
                whole = ops.get_run(run_id=run_id)
                runs[run_id] = await persist(transport, whole, patience, watch.unfinished)
    return [runs[run_id] for run_id in watch.last]


async def failure_of(
    transport: AsyncTransport, runs: Sequence[Run], watch: RunWatch, patience: Patience
) -> RunFailedError | None:
    """Return the error for the first run that did not succeed, with its reasons; None if all did."""
    failed = next((run for run in runs if run.status != SUCCESS), None)
    if failed is None:
        return None
    report = FailureReport(failed, await transport.secrets())
    if failed.status == FAILURE:
        left = _REASON_SECONDS if patience.left is None else min(_REASON_SECONDS, patience.left)
        with suppress(DagsterPlusError):  # it failed all the same
            await _read_reasons(transport, report, Patience(left, 1.0))
    lapsed = f"; its automatic retry did not start within {RETRY_SECONDS:g} s"
    return report.error(runs, lapsed if failed.id in watch.lapsed else "")


async def _read_reasons(
    transport: AsyncTransport, report: FailureReport, patience: Patience
) -> None:
    cursor: str | None = None
    for _ in range(_EVENT_PAGES):
        operation = ops.list_run_events(run_id=report.run.id, after_cursor=cursor, limit=_EVENTS)
        page = await persist(transport, operation, patience, "The reasons were not read")
        report.take(page.events)
        if report.is_complete or not page.has_more or page.cursor == cursor:
            return
        cursor = page.cursor
