"""Code locations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.inputs import all_of, members, text
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..._generated.enums import RepositoryLocationLoadStatus
    from ..._generated.models import CodeLocation
    from ..pager import AsyncPager


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

        return self._whole(
            ops.list_code_locations(),
            lambda found: sorted(found.location_entries, key=lambda entry: entry.name),
            where=all_of(wanted, where),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, name: str) -> CodeLocation:
        """Return one code location. GraphQL: ``workspaceLocationEntryOrError``.

        Args:
            name: Its name.

        Raises:
            NotFoundError: There is no such location.
        """
        operation = ops.get_code_location(name=text(name, "the location's name"))
        return await self._found(
            operation, "code location", name, typename="RepositoryLocationNotFound"
        )

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
