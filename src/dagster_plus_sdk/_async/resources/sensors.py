"""Sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.filters import among, glob
from ..._core.inputs import all_of, member, members, text
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
    from ..._generated.enums import InstigationStatus, InstigationTickStatus, SensorType
    from ..._generated.input_types import SensorSelector
    from ..._generated.models import InstigationState, Sensor, SensorSummary, Tick, TickPreview
    from ..pager import AsyncPager


class AsyncSensors(AsyncResource):
    """Sensors of the deployment's code locations."""

    __slots__ = ()

    def list(
        self,
        *,
        location: str | None = None,
        repository: str | None = None,
        status: InstigationStatus | str | None = None,
        sensor_type: SensorType | str | None = None,
        pattern: str | None = None,
        where: Callable[[SensorSummary], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[SensorSummary]:
        """List sensors, by location and name. The API has no pages here: one request gets all. GraphQL: ``repositoriesOrError``.

        Args:
            location: Only sensors of this code location.
            repository: Only sensors of repositories of this name.
            status: Only those that are ``RUNNING``, or ``STOPPED``.
            sensor_type: Only sensors of this type, such as ``ASSET``; the server filters.
            pattern: Only names that match this, such as ``daily_*``; in any case.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status or type that cannot be; nothing is sent.

        Example:
            client.sensors.list(status="STOPPED", sensor_type="STANDARD")
        """
        from ..._generated.enums.instigation_status import InstigationStatus
        from ..._generated.enums.sensor_type import SensorType

        statuses = members(InstigationStatus, status, "status")
        chosen = UNSET if sensor_type is None else member(SensorType, sensor_type, "sensor_type")
        selector = repository_selector(location, repository)

        def place(found: SensorSummary) -> Place:
            return place_of_state(found.state)

        return self._whole(
            ops.list_sensors(sensor_type=chosen, repository_selector=selector or UNSET),
            lambda found: sorted((x for node in found.nodes for x in node.sensors), key=place),
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
    ) -> Sensor:
        """Return one sensor, with its next tick while it runs. GraphQL: ``sensorOrError``.

        Args:
            name: Its name.
            location: Its code location; found by the name where that is unique.
            repository: Its repository; found likewise.

        Raises:
            NotFoundError: There is no such sensor.
            InvalidInputError: Several locations have such a sensor; the message lists them.

        Example:
            await client.sensors.get("new_campaigns")
        """
        selector = await self._selector(name, location, repository)
        return await self._transport.fetch(ops.get_sensor(sensor_selector=selector))

    async def start(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> InstigationState:
        """Start a sensor; one that runs already goes on. GraphQL: ``startSensor``.

        Args:
            name: Its name.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            Its new state.

        Raises:
            NotFoundError: There is no such sensor.
            InvalidInputError: Several locations have such a sensor; the message lists them.
            PermissionDeniedError: The token may not start it.

        Example:
            await client.sensors.start("new_campaigns")
        """
        selector = await self._selector(name, location, repository)
        operation = ops.start_sensor(sensor_selector=selector)
        return (await self._transport.fetch(operation)).state

    async def stop(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> InstigationState:
        """Stop a sensor; its runs go on. GraphQL: ``instigationStateOrError``, ``stopSensor``.

        Args:
            name: Its name.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            Its new state.

        Raises:
            NotFoundError: There is no such sensor.
            InvalidInputError: Several locations have such a sensor; the message lists them.
            PermissionDeniedError: The token may not stop it.

        Example:
            await client.sensors.stop("new_campaigns")
        """
        place = await self._place(name, location, repository)
        state = await get_state(self._transport, place)
        stopped = (await self._transport.fetch(ops.stop_sensor(id=state.id))).state
        return stopped or await get_state(self._transport, place)

    async def reset(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> InstigationState:
        """Let the code decide again whether a sensor runs, as if it was never started or stopped. GraphQL: ``resetSensor``.

        Args:
            name: Its name.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            Its new state.

        Raises:
            NotFoundError: There is no such sensor.
            InvalidInputError: Several locations have such a sensor; the message lists them.
            PermissionDeniedError: The token may not reset it.

        Example:
            await client.sensors.reset("new_campaigns")
        """
        selector = await self._selector(name, location, repository)
        operation = ops.reset_sensor(sensor_selector=selector)
        return (await self._transport.fetch(operation)).state

    async def set_cursor(
        self,
        name: str,
        value: str | None,
        *,
        location: str | None = None,
        repository: str | None = None,
    ) -> InstigationState:
        """Set where a sensor goes on at its next tick. GraphQL: ``setSensorCursor``.

        Args:
            name: Its name.
            value: The cursor, in the sensor's own form; None takes it away.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            Its new state; ``data.last_cursor`` is the cursor.

        Raises:
            NotFoundError: There is no such sensor.
            InvalidInputError: Several locations have such a sensor; the message lists them.
            PermissionDeniedError: The token may not set it.

        Example:
            await client.sensors.set_cursor("new_campaigns", "2")
        """
        selector = await self._selector(name, location, repository)
        operation = ops.set_sensor_cursor(sensor_selector=selector, cursor=value)
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
        """List the ticks of a sensor, newest first. GraphQL: ``instigationStateOrError``.

        Args:
            name: The sensor's name.
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
                locations have such a sensor.
            NotFoundError: There is no such sensor.

        Example:
            client.sensors.ticks("new_campaigns", statuses=["SUCCESS", "FAILURE"], limit=10)
        """
        text(name, "the sensor's name")
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
        from_cursor: str | None = None,
        location: str | None = None,
        repository: str | None = None,
    ) -> TickPreview:
        """Evaluate a sensor as at its next tick; nothing is launched, and no tick is kept. GraphQL: ``sensorDryRun``.

        Args:
            name: Its name.
            from_cursor: The sensor's cursor to begin with, in its own form; by default it has none.
            location: See ``get``.
            repository: See ``get``.

        Returns:
            What the tick would do; its ``evaluation`` has the run requests, the reason to skip, or the error that the
            sensor's code raised.

        Raises:
            NotFoundError: There is no such sensor.
            InvalidInputError: Several locations have such a sensor; the message lists them.
            PermissionDeniedError: The token may not evaluate it.

        Example:
            await client.sensors.dry_run("new_campaigns", from_cursor="2")
        """
        selector = await self._selector(name, location, repository)
        # Dagster fails where the cursor is left out.
        operation = ops.preview_sensor_tick(sensor_selector=selector, cursor=from_cursor)
        return await preview_tick(self._transport, operation, "sensor", name)

    async def _place(self, name: str, location: str | None, repository: str | None) -> Place:
        return await locate(self._transport, "sensor", name, location, repository)

    async def _selector(
        self, name: str, location: str | None, repository: str | None
    ) -> SensorSelector:
        place = await self._place(name, location, repository)
        return {**place.selector(), "sensorName": place.name}
