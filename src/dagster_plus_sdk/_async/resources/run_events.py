"""Events of runs: what Dagster and the code in it logged."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ..._core.inputs import text
from ..._core.paging import Batch, Plan, Position
from ..._core.run_filters import event_filter
from ..._core.waiting import Patience
from ..._generated import operations as ops
from ..following import AsyncFollowing
from ..resource import AsyncResource
from ..run_following import AsyncRunSource
from ..run_waiting import retry_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from ..._generated.enums import DagsterEventType, LogLevel
    from ..._generated.models import RunEvent
    from ..pager import AsyncPager

#: The most events that a server gives at once.
MAX_PAGE_SIZE = 1000


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

        Example:
            client.run_events.get(run_id, types=["STEP_FAILURE", "RUN_FAILURE"])
            client.run_events.get(run_id, steps="publish", levels=["WARNING", "ERROR"], limit=20)
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
        follow_retries: bool = False,
        poll: float = 1.0,
        timeout: float | None = None,
    ) -> AsyncIterator[RunEvent]:
        """Yield the events of a run as they come, each once and in order, until it has ended.

        What there is already, and whether the run has ended, is asked for; what is new comes by subscription, and by polling
        where that cannot be: without the extra ``websocket``, with an ``http_client`` of one's own, and at servers that refuse
        websockets. A connection that breaks is opened again behind the last event. GraphQL: ``logsForRun`` and ``runOrError``
        in one request, and ``pipelineRunLogs``.

        Args:
            run_id: The run's id.
            types: See ``get``.
            steps: See ``get``.
            levels: See ``get``.
            where: See ``get``.
            cursor: Begin behind this place: a pager's ``cursor`` of the same run, or one of the server's.
            follow_retries: Go on with the events of the retries that Dagster launches by itself; ``event.run_id`` tells whose
                they are.
            poll: The longest pause between two requests where it polls, in seconds; while events come it is shorter.
            timeout: Give up after this many seconds; passing faults are sat out until then. None waits as long as the run
                takes, and sits faults out from the first answer on.

        Raises:
            NotFoundError: There is no such run.
            WaitTimeoutError: The run had not ended in time; it goes on.

        Example:
            client.run_events.follow(run_id, levels=["WARNING", "ERROR"], timeout=600)
        """
        keep = event_filter(types=types, steps=steps, levels=levels, where=where)
        text(run_id, "run_id")
        patience = Patience(timeout, poll)
        followed: str | None = run_id
        place = Position.parse(cursor)
        while followed is not None:
            source = AsyncRunSource(followed, place, MAX_PAGE_SIZE)
            following = AsyncFollowing(self._transport, source, patience)
            async with aclosing(following.each()) as events:
                async for event in events:
                    if keep is None or keep(event):
                        yield event
            if not follow_retries:
                return
            followed = await retry_of(self._transport, followed, patience)
            place = Position.parse(None)
