"""Deployments of a Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.filters import among
from ..._core.inputs import all_of, members, text
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..._generated.enums import DeploymentStatus
    from ..._generated.models import Deployment
    from ..pager import AsyncPager


class AsyncDeployments(AsyncResource):
    """Deployments of the organization (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        status: DeploymentStatus | str | Iterable[DeploymentStatus | str] | None = None,
        where: Callable[[Deployment], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[Deployment]:
        """List full deployments. The API has no pages here: one request gets all. GraphQL: ``fullDeployments``.

        Args:
            status: Only those in one of these states; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
        """
        from ..._generated.enums.deployment_status import DeploymentStatus

        statuses = members(DeploymentStatus, status, "status")

        return self._whole(
            ops.list_deployments(),
            lambda found: found,
            where=all_of(among(statuses, lambda found: found.status, "status"), where),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, name: str) -> Deployment:
        """Return one deployment. GraphQL: ``deploymentByName``.

        Args:
            name: Its name; of a branch deployment its generated one.

        Raises:
            NotFoundError: There is no such deployment.
            PermissionDeniedError: The token may not see it.
        """
        operation = ops.get_deployment(name=text(name, "the deployment's name"))
        return await self._transport.fetch(operation)

    async def current(self) -> Deployment:
        """Return the deployment that this client sends to. GraphQL: ``currentDeployment``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.
        """
        return await self._transport.fetch(ops.get_current_deployment())
