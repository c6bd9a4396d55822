"""Code locations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import NotFoundError, UnexpectedResultError
from ..._core.inputs import all_of, members, text
from ..._core.paging import Batch, Plan
from ..._generated import operations as ops
from ..pager import AsyncPager
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..._generated.enums import RepositoryLocationLoadStatus
    from ..._generated.models import CodeLocation


class AsyncCodeLocations(AsyncResource):
    """Code locations of the deployment."""

    __slots__ = ()

    def list(
        self,
        *,
        load_status: RepositoryLocationLoadStatus
        | str
        | Iterable[RepositoryLocationLoadStatus | str]
        | None = None,
        with_load_error: bool | None = None,
        where: Callable[[CodeLocation], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CodeLocation]:
        """List code locations, by name. The API has no pages here: one request gets all. GraphQL: ``workspaceOrError``.

        Args:
            load_status: Only those that are ``LOADED`` (which a failed load is too) or ``LOADING``.
            with_load_error: True for those that failed to load only, False for the others only.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
        """
        from ..._generated.enums.repository_location_load_status import (
            RepositoryLocationLoadStatus as Status,
        )

        statuses = members(Status, load_status, "load_status")

        def wanted(found: CodeLocation) -> bool:
            from ..._generated.models.error_info import ErrorInfo

            failed = isinstance(found.location_or_load_error, ErrorInfo)
            fits_error = with_load_error is None or with_load_error == failed
            return fits_error and (statuses is None or found.load_status in statuses)

        async def fetch(_after: str | None, _size: int) -> Batch[CodeLocation]:
            workspace = await self._transport.fetch(ops.list_code_locations())
            return Batch(sorted(workspace.location_entries, key=lambda entry: entry.name))

        plan = Plan(limit=limit, cursor=cursor, where=all_of(wanted, where))
        return AsyncPager(fetch, plan)

    async def get(self, name: str) -> CodeLocation:
        """Return one code location. GraphQL: ``workspaceLocationEntryOrError``.

        Args:
            name: Its name.

        Raises:
            NotFoundError: There is no such location.
        """
        operation = ops.get_code_location(name=text(name, "the location's name"))
        try:
            return await self._transport.fetch(operation)
        except UnexpectedResultError as error:
            if error.result is not None:
                raise
            # The API's answer for an unknown name is null.
            raise NotFoundError(
                f"There is no code location {name!r}",
                code="REPOSITORY_LOCATION_NOT_FOUND",
                operation=operation.name,
                request_id=error.request_id,
            ) from None

    async def reload(self, name: str) -> CodeLocation:
        """Load a code location anew. GraphQL: ``reloadRepositoryLocation``.

        Args:
            name: Its name.

        Returns:
            The location; where the load failed, its ``location_or_load_error`` is an ``ErrorInfo``.

        Raises:
            NotFoundError: There is no such location.
            NotSupportedError: It cannot be reloaded.
            PermissionDeniedError: The token may not reload it.
        """
        operation = ops.reload_code_location(name=text(name, "the location's name"))
        return await self._transport.fetch(operation)
