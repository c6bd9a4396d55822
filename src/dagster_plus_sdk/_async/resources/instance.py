"""The deployment's Dagster instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, UnexpectedResultError
from ..._core.filters import glob
from ..._core.inputs import all_of, text
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..._core.operation import Operation
    from ..._generated.models import ConcurrencyLimit, DaemonStatus, Instance, Permission
    from ..pager import AsyncPager
    from ..transport import HasOk

#: The most slots that a pool can have.
MAX_LIMIT = 1000


class AsyncInstanceResource(AsyncResource):
    """The deployment's instance: its daemons, permissions and concurrency pools."""

    __slots__ = ()

    async def get(self) -> Instance:
        """Return the instance: how it launches and queues runs. GraphQL: ``instance``.

        Example:
            await client.instance.get()
        """
        return await self._transport.fetch(ops.get_instance())

    async def version(self) -> str:
        """Return the server's version of Dagster; needs no permission. GraphQL: ``version``.

        Example:
            await client.instance.version()
        """
        return await self._transport.fetch(ops.get_version())

    async def default_timezone(self) -> str | None:
        """Return the deployment's timezone (Dagster+). GraphQL: ``defaultTimezone``.

        Returns:
            Its name, such as ``Europe/Berlin``; None where none is set.

        Example:
            await client.instance.default_timezone()
        """
        return await self._transport.fetch(ops.get_default_timezone())

    def daemons(
        self,
        *,
        healthy: bool | None = None,
        required: bool | None = None,
        where: Callable[[DaemonStatus], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[DaemonStatus]:
        """List the daemons with their health, by type. GraphQL: ``instance { daemonHealth }``.

        The API has no pages here: one request gets all. Daemons of Dagster+ have no heartbeat.

        Args:
            healthy: Only those that are well (True), or only the others (False).
            required: Only those that this instance needs (True), or only the others (False).
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.instance.daemons(required=True, healthy=False)
        """

        def fits(daemon: DaemonStatus) -> bool:
            return healthy in (None, bool(daemon.healthy)) and required in (None, daemon.required)

        return self._whole(
            ops.list_daemons(),
            lambda found: sorted(found.daemon_health.daemons, key=lambda daemon: daemon.type),
            where=all_of(fits, where),
            limit=limit,
            cursor=cursor,
        )

    def permissions(
        self,
        *,
        location: str | None = None,
        granted: bool | None = None,
        pattern: str | None = None,
        where: Callable[[Permission], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[Permission]:
        """List what the token may do, by name. GraphQL: ``permissions``, ``workspaceLocationEntryOrError { permissions }``.

        The API has no pages here: one request gets all.

        Args:
            location: What it may do in this code location; else in the whole deployment.
            granted: Only what it may do (True), or only what it may not (False).
            pattern: Only those whose name matches, with ``*``, ``?`` and ``[...]``, in any case.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            NotFoundError: There is no such location.

        Example:
            client.instance.permissions(pattern="launch*", location="demo")
        """
        where = all_of(
            (lambda permission: permission.value == granted) if granted is not None else None,
            glob(pattern, lambda permission: permission.name),
            where,
        )
        if location is None:
            return self._whole(
                ops.list_permissions(),
                lambda found: sorted(found, key=lambda permission: permission.name),
                where=where,
                limit=limit,
                cursor=cursor,
            )
        operation = ops.list_code_location_permissions(name=text(location, "the location's name"))

        async def gather() -> list[Permission]:
            found = await self._found(
                operation, "code location", location, typename="RepositoryLocationNotFound"
            )
            return sorted(found.permissions, key=lambda permission: permission.name)

        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    def concurrency_limits(
        self,
        *,
        pool: str | None = None,
        pattern: str | None = None,
        where: Callable[[ConcurrencyLimit], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ConcurrencyLimit]:
        """List concurrency pools with their slots and what waits for them, by name. GraphQL: ``instance { concurrencyLimits }``.

        The API has no pages here: one request gets all.

        Args:
            pool: This pool only, also if it has no limit of its own.
            pattern: Only pools whose name matches, with ``*``, ``?`` and ``[...]``, in any case.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.instance.concurrency_limits(pattern="ware*")
        """
        where = all_of(glob(pattern, lambda found: found.pool), where)
        if pool is not None:
            return self._whole(
                ops.get_concurrency_limit(pool=text(pool, "the pool's name")),
                lambda found: [found.concurrency_limit],
                where=where,
                limit=limit,
                cursor=cursor,
            )
        return self._whole(
            ops.list_concurrency_limits(),
            lambda found: sorted(found.concurrency_limits, key=lambda each: each.pool),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    async def set_concurrency_limit(self, pool: str, slots: int) -> None:
        """Set how many steps of a pool run at once. GraphQL: ``setConcurrencyLimit``.

        Args:
            pool: The pool's name.
            slots: 0 to 1000; 0 lets none start.

        Raises:
            InvalidInputError: The number is out of range; nothing is sent.
            PermissionDeniedError: The token may not set it.

        Example:
            await client.instance.set_concurrency_limit("warehouse", 4)
        """
        if not _is_limit(slots):
            raise InvalidInputError(f"slots must be 0 to {MAX_LIMIT}, not {slots!r}")
        name = text(pool, "the pool's name")
        await self._done(ops.set_concurrency_limit(pool=name, limit=slots))

    async def delete_concurrency_limit(self, pool: str) -> None:
        """Remove a pool's limit; its steps then run unbounded, or by the default limit. GraphQL: ``deleteConcurrencyLimit``.

        Args:
            pool: The pool's name.

        Raises:
            PermissionDeniedError: The token may not remove it.

        Example:
            await client.instance.delete_concurrency_limit("warehouse")
        """
        await self._done(ops.delete_concurrency_limit(pool=text(pool, "the pool's name")))

    async def free_concurrency_slots(self, run_id: str, *, step_key: str | None = None) -> None:
        """Free the slots that a run holds, such as one that ended badly. GraphQL: ``freeConcurrencySlotsForRun``, ``freeConcurrencySlots``.

        Args:
            run_id: The run's id.
            step_key: Free this step's slot only.

        Raises:
            PermissionDeniedError: The token may not free them.

        Example:
            await client.instance.free_concurrency_slots(run_id)
        """
        run_id = text(run_id, "run_id")
        if step_key is None:
            await self._done(ops.free_concurrency_slots_for_run(run_id=run_id))
        else:
            step_key = text(step_key, "step_key")
            await self._done(ops.free_concurrency_slots(run_id=run_id, step_key=step_key))

    async def set_auto_materialize_paused(self, *, paused: bool = True) -> None:
        """Pause the automation of assets that no sensor runs, or let it go on. GraphQL: ``setAutoMaterializePaused``.

        Args:
            paused: False to let it go on.

        Raises:
            PermissionDeniedError: The token may not set it.

        Example:
            await client.instance.set_auto_materialize_paused(paused=True)
        """
        await self._transport.fetch(ops.set_auto_materialize_paused(paused=paused))

    async def _done(self, operation: Operation[HasOk[bool]]) -> None:
        if not await self._transport.fetch(operation):
            raise UnexpectedResultError("the server did not", operation=operation.name)


def _is_limit(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_LIMIT
