"""The Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from ..._generated.models import Organization


class AsyncOrganizationResource(AsyncResource):
    """The organization (Dagster+)."""

    __slots__ = ()

    async def get(self) -> Organization:
        """Return the organization that the token belongs to. GraphQL: ``organization``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.
        """
        return await self._transport.fetch(ops.get_organization())
