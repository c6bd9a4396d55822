"""What schedules and sensors have in common: their state, and their ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.errors import GraphQLRequestError
from .._core.inputs import members, period
from .._core.lookup import not_found
from .._core.paging import Plan, Position, one_more
from .._core.places import Place
from .._core.ticks import MAX_PAGE_SIZE, earlier, tick_cursor, time_of_cursor
from .._core.unset import UNSET
from .._generated import operations as ops
from .pager import PAGE_SIZE, AsyncPager, once

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from .._core.operation import Operation
    from .._core.paging import Batch
    from .._generated.enums import InstigationTickStatus
    from .._generated.input_types import InstigationSelector
    from .._generated.models import InstigationState, Tick, TickPreview
    from .transport import AsyncTransport, HasOk


def place_of_state(state: InstigationState) -> Place:
    """Return where the schedule or sensor of a state is."""
    return Place(state.location_name, state.repository_name, state.name)


def instigation_selector(place: Place) -> InstigationSelector:
    """Return the API's selector of a schedule's or sensor's state."""
    return {**place.selector(), "name": place.name}


async def get_state(transport: AsyncTransport, place: Place) -> InstigationState:
    """Return the state of the schedule or sensor at a place.

    Raises:
        NotFoundError: There is none.
    """
    operation = ops.get_instigation_state(selector=instigation_selector(place))
    return await transport.fetch(operation)


async def preview_tick(
    transport: AsyncTransport, operation: Operation[HasOk[TickPreview]], kind: str, name: str
) -> TickPreview:
    """Return what a dry run gives.

    Raises:
        NotFoundError: There is no such schedule or sensor: Dagster looks for it after the answer's type is settled, and
            so does not use the type that says so.
    """
    try:
        return await transport.fetch(operation)
    except GraphQLRequestError as error:
        typename = f"{kind.capitalize()}NotFoundError"
        if typename not in error.message:
            raise
        raise not_found(kind, name, typename=typename, operation=operation.name) from error


def ticks_pager(
    transport: AsyncTransport,
    locate: Callable[[], Awaitable[Place]],
    *,
    statuses: InstigationTickStatus | str | Iterable[InstigationTickStatus | str] | None,
    after: datetime | float | None,
    before: datetime | float | None,
    where: Callable[[Tick], bool] | None,
    limit: int | None,
    page_size: int | None,
    cursor: str | None,
) -> AsyncPager[Tick]:
    """Return the ticks of a schedule or sensor, newest first. It is located when the list is walked first.

    The API's own cursor is a time too, and is ignored where ``before`` is given: so the cursor's time is sent as that.
    """
    from .._generated.enums.instigation_tick_status import InstigationTickStatus

    chosen = members(InstigationTickStatus, statuses, "status")
    start, end = period(after, before)
    time_of_cursor(Position.parse(cursor).cursor)
    located = once(locate)

    async def fetch(place: str | None, size: int) -> Batch[Tick]:
        until = earlier(end, time_of_cursor(place))
        operation = ops.list_ticks(
            selector=instigation_selector(await located()),
            after=UNSET if start is None else start,
            before=UNSET if until is None else until,
            limit=size + 1,
            statuses=chosen or UNSET,
        )
        return one_more((await transport.fetch(operation)).ticks, size)

    plan = Plan(
        limit=limit,
        page_size=page_size,
        max_page_size=MAX_PAGE_SIZE,
        cursor=cursor,
        where=where,
        cursor_of=tick_cursor,
    )
    return AsyncPager(fetch, plan, default_page_size=PAGE_SIZE)
