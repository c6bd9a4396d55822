"""Events of runs: what Dagster and the code in it logged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..._core.errors import (
    DagsterPlusError,
    InvalidInputError,
    PaginationError,
    WaitTimeoutError,
)
from ..._core.inputs import text
from ..._core.models import unwrap
from ..._core.paging import Batch, Plan, Position
from ..._core.retry import is_transient
from ..._core.run_filters import ENDED, event_filter
from ..._core.waiting import asleep
from ..._generated import operations as ops
from ..polling import within
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from ..._generated.enums import DagsterEventType, LogLevel
    from ..._generated.models import RunEvent, RunEventPage
    from ..pager import AsyncPager

#: The most events that a server gives at once.
MAX_PAGE_SIZE = 1000

_QUICKEST_POLL = 0.1


class AsyncRunEvents(AsyncResource):
    """Events of runs, oldest first."""

    __slots__ = ()

    def get(
        self,
        run_id: str,
        *,
        types: DagsterEventType | str | Iterable[DagsterEventType | str] | None = None,
        steps: str | Iterable[str] | None = None,
        levels: LogLevel | str | Iterable[LogLevel | str] | None = None,
        where: Callable[[RunEvent], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[RunEvent]:
        """List the events of a run. GraphQL: ``logsForRun``.

        The server knows no filters here: they are applied on this side, over as many of its pages as it takes, and lose
        nothing.

        Args:
            run_id: The run's id.
            types: Only these event types; ``RUN_START`` and the older ``PIPELINE_START`` are the same.
            steps: Only steps whose key contains one of these texts, in any case.
            levels: Only exactly these levels.
            where: A further filter.
            limit: How many events in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or one of the server's.

        Raises:
            InvalidInputError: A type or level that cannot be; nothing is sent.
            NotFoundError: There is no such run.
        """
        text(run_id, "run_id")

        plan = Plan(
            limit=limit,
            page_size=page_size,
            max_page_size=MAX_PAGE_SIZE,
            cursor=cursor,
            where=event_filter(types=types, steps=steps, levels=levels, where=where),
        )
        return self._paged(
            lambda after, size: ops.list_run_events(run_id=run_id, after_cursor=after, limit=size),
            lambda page, _size: Batch(page.events, cursor=page.cursor, has_more=page.has_more),
            plan,
            default_page_size=MAX_PAGE_SIZE,
        )

    async def follow(
        self,
        run_id: str,
        *,
        types: DagsterEventType | str | Iterable[DagsterEventType | str] | None = None,
        steps: str | Iterable[str] | None = None,
        levels: LogLevel | str | Iterable[LogLevel | str] | None = None,
        where: Callable[[RunEvent], bool] | None = None,
        cursor: str | None = None,
        poll: float = 1.0,
        timeout: float | None = None,
    ) -> AsyncIterator[RunEvent]:
        """Yield the events of a run as they come, each once and in order, until it has ended.

        GraphQL: ``logsForRun`` and ``runOrError``, in one request per poll.

        Args:
            run_id: The run's id.
            types: See ``get``.
            steps: See ``get``.
            levels: See ``get``.
            where: See ``get``.
            cursor: Begin behind this place: a pager's ``cursor`` of the same run, or one of the server's.
            poll: The longest pause between two requests, in seconds; while events come it is shorter.
            timeout: Give up after this many seconds; passing faults are survived until then. None waits as long as
                the run takes, and gives up where a single request does.

        Raises:
            NotFoundError: There is no such run.
            WaitTimeoutError: The run had not ended in time; it goes on.
        """
        if poll <= 0:
            raise InvalidInputError(f"poll must be more than 0 s, not {poll}")
        keep = event_filter(types=types, steps=steps, levels=levels, where=where)
        end = None if timeout is None else time.monotonic() + timeout
        pause, ended = min(_QUICKEST_POLL, poll), False
        place = Position.parse(cursor)
        while True:
            polled = await self._poll(run_id, place.cursor, end)
            if polled is not None:
                page, now_ended = polled
                for event in page.events[place.used :]:
                    if keep is None or keep(event):
                        yield event
                if page.has_more and page.cursor == place.cursor:
                    raise PaginationError(
                        f"run {run_id} has more events, but its cursor stays {place.cursor!r}"
                    )
                place = Position(page.cursor, max(0, place.used - len(page.events)))
                if page.has_more:
                    continue
                # The state is read before the events: what came in between is in the next poll.
                if ended:
                    return
                ended = now_ended
                pause = min(_QUICKEST_POLL if page.events else pause * 1.5, poll)
            left = pause if end is None else end - time.monotonic()
            if left <= 0:
                raise WaitTimeoutError(f"Run {run_id} did not end within {timeout:g} s")
            await asleep(min(pause, left))

    async def _poll(
        self, run_id: str, cursor: str | None, end: float | None
    ) -> tuple[RunEventPage, bool] | None:
        """Return the events behind the cursor and whether the run has ended.

        With a deadline a passing fault gives None: the next poll is the next attempt.
        """
        from ..._generated.models.run_event_page import RunEventPage
        from ..._generated.models.run_state import RunState

        operation = ops.poll_run_events(
            run_id=text(run_id, "run_id"), after_cursor=cursor, limit=MAX_PAGE_SIZE
        )
        try:
            result = await within(self._transport, end).execute(operation)
        except DagsterPlusError as error:
            if end is not None and is_transient(error):
                return None
            raise
        state = unwrap(result.run_or_error, RunState, operation.name)
        page = unwrap(result.logs_for_run, RunEventPage, operation.name)
        return page, state.status in ENDED
