"""What containers used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.inputs import period, text
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from datetime import datetime

    from ..._generated.models import CodeServerMetrics, RunContainerMetrics


class AsyncContainerMetrics(AsyncResource):
    """Processor time and memory of runs and code servers over time (Dagster+)."""

    __slots__ = ()

    async def run(self, run_id: str) -> RunContainerMetrics:
        """Return what the container of a run used. GraphQL: ``runContainerMetrics``.

        Args:
            run_id: The run's id.

        Returns:
            A series per measure; None for one without data. Each series names its unit (``unit_type``).

        Raises:
            NotFoundError: There are none: no such run, or its agent sends none.

        Example:
            await client.container_metrics.run(run_id)
        """
        operation = ops.get_run_container_metrics(run_id=text(run_id, "run_id"))
        return await self._found(operation, "container metrics of run", run_id)

    async def code_server(
        self,
        location: str,
        *,
        after: datetime | float | None = None,
        before: datetime | float | None = None,
    ) -> CodeServerMetrics:
        """Return what a code server used. GraphQL: ``codeServerMetrics``.

        Args:
            location: The code location's name.
            after: The start: an aware datetime, or epoch seconds (UTC).
            before: The end: an aware datetime, or epoch seconds (UTC).

        Returns:
            A series per measure; None for one without data. Each series names its unit (``unit_type``).

        Raises:
            InvalidInputError: A time that cannot be, or the start is not before the end; nothing is sent.
            NotFoundError: There are none: no such code location, or its agent sends none.

        Example:
            await client.container_metrics.code_server("demo", after=yesterday)
        """
        text(location, "location")
        start, end = period(after, before)
        operation = ops.get_code_server_metrics(
            location=location,
            from_time=UNSET if start is None else start,
            to_time=UNSET if end is None else end,
        )
        return await self._found(operation, "container metrics of code location", location)
