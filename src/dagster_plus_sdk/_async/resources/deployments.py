"""Deployments of a Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import among
from ..._core.inputs import all_of, member, members, text
from ..._generated import operations as ops
from ..deployment_ids import deployment_id
from ..resource import AsyncResource
from ..settings import checked_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..._core.documents import Document
    from ..._generated.enums import (
        DagsterCloudDeploymentType,
        DeploymentAgentType,
        DeploymentStatus,
    )
    from ..._generated.models import Deployment
    from ..pager import AsyncPager


class AsyncDeployments(AsyncResource):
    """Deployments of the organization (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        status: DeploymentStatus | str | Iterable[DeploymentStatus | str] | None = None,
        type: DagsterCloudDeploymentType  # noqa: A002 - the API's word
        | str
        | Iterable[DagsterCloudDeploymentType | str]
        | None = None,
        agent_type: DeploymentAgentType | str | Iterable[DeploymentAgentType | str] | None = None,
        accessible: bool = False,
        where: Callable[[Deployment], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[Deployment]:
        """List deployments. The API has no pages here: one request gets all. GraphQL: ``fullDeployments``, ``deployments``.

        Branch deployments have a list of their own: ``branch_deployments.list``.

        Args:
            status: Only those in one of these states, such as ``ACTIVE``; filtered here.
            type: Only those of these types; filtered here. Every full deployment is ``PRODUCTION``.
            agent_type: Only ``SERVERLESS`` or ``HYBRID`` ones; filtered here.
            accessible: Those that the token may open, branch deployments included where the server lists them, instead of
                all full ones.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status or type that cannot be; nothing is sent.

        Example:
            client.deployments.list(status="ACTIVE")
        """
        from ..._generated.enums.dagster_cloud_deployment_type import DagsterCloudDeploymentType
        from ..._generated.enums.deployment_agent_type import DeploymentAgentType
        from ..._generated.enums.deployment_status import DeploymentStatus

        statuses = members(DeploymentStatus, status, "status")
        types = members(DagsterCloudDeploymentType, type, "type")
        agents = members(DeploymentAgentType, agent_type, "agent_type")
        return self._whole(
            ops.list_accessible_deployments() if accessible else ops.list_deployments(),
            lambda found: found,
            where=all_of(
                among(statuses, lambda found: found.status, "status"),
                among(types, lambda found: found.type, "type"),
                among(agents, lambda found: found.agent_type, "agent_type"),
                where,
            ),
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

        Example:
            await client.deployments.get("prod")
        """
        operation = ops.get_deployment(name=text(name, "the deployment's name"))
        return await self._transport.fetch(operation)

    async def current(self) -> Deployment:
        """Return the deployment that this client sends to. GraphQL: ``currentDeployment``.

        Raises:
            GraphQLRequestError: The server is no Dagster+.

        Example:
            await client.deployments.current()
        """
        return await self._transport.fetch(ops.get_current_deployment())

    async def create(
        self,
        name: str,
        *,
        agent_type: DeploymentAgentType | str | None = None,
        inherit_permissions_from: str | int | None = None,
    ) -> Deployment:
        """Create a full deployment. GraphQL: ``createDeployment``, ``deploymentByName``.

        Args:
            name: Its name, a part of its URL: letters, digits, ``_`` and ``-``.
            agent_type: ``SERVERLESS`` or ``HYBRID``; the organization's default if None.
            inherit_permissions_from: Name or id of the deployment whose grants it gets; without, only the organization's
                admins can open it.

        Raises:
            InvalidInputError: An argument cannot be; nothing is sent.
            ConflictError: There is one of that name, or the plan allows no further one.
            NotFoundError: There is no deployment to inherit from.
            PermissionDeniedError: Only organization admins may.
            ServerError: The server refuses the name; it may say so with a ConflictError or GraphQLRequestError, too.

        Example:
            await client.deployments.create("analytics", inherit_permissions_from="prod")
        """
        from ..._generated.enums.deployment_agent_type import DeploymentAgentType

        text(name, "the deployment's name")
        kind = None if agent_type is None else member(DeploymentAgentType, agent_type, "agent_type")
        source = inherit_permissions_from
        inherit = None if source is None else await deployment_id(self._transport, source)
        operation = ops.create_deployment(name=name, agent_type=kind, inherit_from=inherit)
        return await self._transport.fetch(operation)

    async def update(
        self,
        name: str,
        *,
        settings: Document | None = None,
        agent_type: DeploymentAgentType | str | None = None,
        validate: bool = True,
    ) -> Deployment:
        """Change a deployment. GraphQL: ``deploymentByName``, ``updateDeploymentAgentType``, ``updateDeploymentSettings``.

        Args:
            name: Its name.
            settings: Settings to put into those that it has: a mapping, YAML or JSON text, or the path of such a file.
            agent_type: How its code is to be served: ``SERVERLESS`` or ``HYBRID``.
            validate: Check the settings against the server's schema before they are sent.

        Returns:
            The deployment as it is afterwards.

        Raises:
            InvalidInputError: There is nothing to change, or the settings do not fit; nothing is changed.
            NotFoundError: There is no such deployment.
            PermissionDeniedError: The token may not change it.

        Example:
            await client.deployments.update("staging", settings=Path("settings.yaml"))
        """
        from ..._generated.enums.deployment_agent_type import DeploymentAgentType

        if settings is None and agent_type is None:
            raise InvalidInputError("there is nothing to change; give settings or agent_type")
        kind = None if agent_type is None else member(DeploymentAgentType, agent_type, "agent_type")
        document = None
        if settings is not None:
            schema = ops.get_deployment_settings_schema()
            document = await checked_settings(self._transport, settings, schema, validate=validate)
        found = await self.get(name)
        if kind is not None:
            found = await self._transport.fetch(
                ops.update_deployment_agent_type(id=found.id, agent_type=kind)
            )
        if document is not None:
            await self._transport.fetch(
                ops.update_deployment_settings(
                    deployment_settings={"settings": document}, deployment_id=found.id
                )
            )
        return found

    async def delete(self, name: str) -> None:
        """Delete a deployment for good. GraphQL: ``deploymentByName``, ``deleteDeployment``.

        It vanishes from lists some time later; until then its status is ``PENDING_DELETION``.

        Args:
            name: Its name; of a branch deployment its generated one.

        Raises:
            NotFoundError: There is no such deployment.
            ConflictError: It is the organization's last full one.
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.deployments.delete("analytics")
        """
        found = await deployment_id(self._transport, name)
        await self._transport.fetch(ops.delete_deployment(id=found))
