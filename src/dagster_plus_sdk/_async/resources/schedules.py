"""Schedules."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..._core.filters import among, glob
from ..._core.inputs import all_of, members, seconds, text
from ..._core.places import repository_selector
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..instigators import get_state, place_of_state, preview_tick, ticks_pager
from ..locating import locate
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..._core.places import Place
    from ..._generated.enums import InstigationStatus, InstigationTickStatus
    from ..._generated.input_types import ScheduleSelector
    from ..._generated.models import InstigationState, Schedule, ScheduleSummary, Tick, TickPreview
    from ..pager import AsyncPager


class AsyncSchedules(AsyncResource):
    """Schedules of the deployment's code locations."""

    __slots__ = ()

    def list(
        self,
        *,
        location: str | None = None,
        repository: str | None = None,
        status: InstigationStatus | str | None = None,
        pattern: str | None = None,
        where: Callable[[ScheduleSummary], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ScheduleSummary]:
        """List schedules, by location and name. The API has no pages here: one request gets all. GraphQL: ``repositoriesOrError``.

        Args:
            location: Only schedules of this code location.
            repository: Only schedules of repositories of this name.
            status: Only those that are ``RUNNING``, or ``STOPPED``.
            pattern: Only names that match this, such as ``daily_*``; in any case.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.

        Example:
            client.schedules.list(status="RUNNING")
            client.schedules.list(pattern="every_*")
        """
        from ..._generated.enums.instigation_status import InstigationStatus

        statuses = members(InstigationStatus, status, "status")
        selector = repository_selector(location, repository)

        def place(found: ScheduleSummary) -> Place:
            return place_of_state(found.state)

        return self._whole(
            ops.list_schedules(repository_selector=selector or UNSET),
            lambda found: sorted((x for node in found.nodes for x in node.schedules), key=place),
            where=all_of(
                lambda found: place(found).is_in(location, repository),
                among(statuses, lambda found: found.state.status, "status"),
                glob(pattern, lambda found: found.name),
                where,
            ),
            limit=limit,
            cursor=cursor,
        )

    async def get(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> Schedule:
        """Return one schedule, with its next ticks. GraphQL: ``scheduleOrError``.

        Args:
            name: Its name.
            location: Its code location; found by the name where that is unique.
            repository: Its repository; found likewise.

        Raises:
            NotFoundError: There is no such schedule.
            InvalidInputError: Several locations have such a schedule; the message lists them.

        Example:
            await client.schedules.get("every_morning")
        """
        selector = await self._selector(name, location, repository)
        return await self._transport.fetch(ops.get_schedule(schedule_selector=selector))

    async def start(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> InstigationState:
        """Start a schedule; one that runs already goes on. GraphQL: ``startSchedule``.

        Args:
            name: Its name.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            Its new state.

        Raises:
            NotFoundError: There is no such schedule.
            InvalidInputError: Several locations have such a schedule; the message lists them.
            PermissionDeniedError: The token may not start it.

        Example:
            await client.schedules.start("every_morning")
        """
        selector = await self._selector(name, location, repository)
        operation = ops.start_schedule(schedule_selector=selector)
        return (await self._transport.fetch(operation)).state

    async def stop(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> InstigationState:
        """Stop a schedule; its runs go on. GraphQL: ``instigationStateOrError``, ``stopRunningSchedule``.

        Args:
            name: Its name.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            Its new state.

        Raises:
            NotFoundError: There is no such schedule.
            InvalidInputError: Several locations have such a schedule; the message lists them.
            PermissionDeniedError: The token may not stop it.

        Example:
            await client.schedules.stop("every_morning")
        """
        place = await self._place(name, location, repository)
        state = await get_state(self._transport, place)
        return (await self._transport.fetch(ops.stop_schedule(id=state.id))).state

    async def reset(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> InstigationState:
        """Let the code decide again whether a schedule runs, as if it was never started or stopped. GraphQL: ``resetSchedule``.

        Args:
            name: Its name.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            Its new state.

        Raises:
            NotFoundError: There is no such schedule.
            InvalidInputError: Several locations have such a schedule; the message lists them.
            PermissionDeniedError: The token may not reset it.

        Example:
            await client.schedules.reset("every_morning")
        """
        selector = await self._selector(name, location, repository)
        operation = ops.reset_schedule(schedule_selector=selector)
        return (await self._transport.fetch(operation)).state

    def ticks(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        statuses: InstigationTickStatus | str | Iterable[InstigationTickStatus | str] | None = None,
        after: datetime | float | None = None,
        before: datetime | float | None = None,
        where: Callable[[Tick], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[Tick]:
        """List the ticks of a schedule, newest first. GraphQL: ``instigationStateOrError``.

        Args:
            name: The schedule's name.
            location: See ``get``.
            repository: See ``get``.
            statuses: Only ticks in one of these states, such as ``FAILURE``.
            after: Only ticks from this time on: an aware datetime, or epoch seconds (UTC).
            before: Only ticks before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many ticks in all; None for every one.
            page_size: How many to ask for at once, 1 to 999.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status, time or cursor that cannot be: nothing is sent. Or, when it is walked, several
                locations have such a schedule.
            NotFoundError: There is no such schedule.

        Example:
            client.schedules.ticks("every_morning", statuses="FAILURE", after=yesterday)
        """
        text(name, "the schedule's name")
        return ticks_pager(
            self._transport,
            lambda: self._place(name, location, repository),
            statuses=statuses,
            after=after,
            before=before,
            where=where,
            limit=limit,
            page_size=page_size,
            cursor=cursor,
        )

    async def dry_run(
        self,
        name: str,
        *,
        at: datetime | float | None = None,
        location: str | None = None,
        repository: str | None = None,
    ) -> TickPreview:
        """Evaluate a schedule as at a time; nothing is launched, and no tick is kept. GraphQL: ``scheduleDryRun``.

        Args:
            name: Its name.
            at: The time: an aware datetime, or epoch seconds (UTC); now by default.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            What the tick would do; its ``evaluation`` has the run requests, the reason to skip, or the error that the
            schedule's code raised.

        Raises:
            NotFoundError: There is no such schedule.
            InvalidInputError: Several locations have such a schedule; the message lists them.
            PermissionDeniedError: The token may not evaluate it.

        Example:
            await client.schedules.dry_run("every_morning", at=yesterday)
        """
        timestamp = time.time() if at is None else seconds(at, "at")
        selector = await self._selector(name, location, repository)
        operation = ops.preview_schedule_tick(schedule_selector=selector, timestamp=timestamp)
        return await preview_tick(self._transport, operation, "schedule", name)

    async def _place(self, name: str, location: str | None, repository: str | None) -> Place:
        return await locate(self._transport, "schedule", name, location, repository)

    async def _selector(
        self, name: str, location: str | None, repository: str | None
    ) -> ScheduleSelector:
        place = await self._place(name, location, repository)
        return {**place.selector(), "scheduleName": place.name}
