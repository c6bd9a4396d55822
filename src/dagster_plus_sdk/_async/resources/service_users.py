"""Service users of a Dagster+ organization."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, NotFoundError
from ..._core.filters import glob
from ..._core.grants import grant_place, grant_request, holding
from ..._core.inputs import all_of, text
from ..._core.lookup import looks_like_id
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..people import find_service_user, grant_fields, place_fields, service_user_id
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..._core.grants import GrantFields
    from ..._generated.enums import PermissionDeploymentScope, PermissionGrant
    from ..._generated.models import ServiceUser
    from ..pager import AsyncPager


class AsyncServiceUsers(AsyncResource):
    """Service users of the organization, and their roles (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        name: str | None = None,
        roles: PermissionGrant | str | Iterable[PermissionGrant | str] | None = None,
        where: Callable[[ServiceUser], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[ServiceUser]:
        """List service users, by name. The API has no pages here: one request gets all. GraphQL: ``serviceUsersOrError``.

        Args:
            name: A pattern of the name, such as ``ci-*``; filtered here.
            roles: Only those to whom one of these roles is granted, anywhere.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A role that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see service users.

        Example:
            client.service_users.list(roles=["ADMIN", "EDITOR"])
        """
        return self._whole(
            ops.list_service_users(),
            lambda found: sorted(found.service_users, key=lambda user: user.details.name),
            where=all_of(glob(name, lambda user: user.details.name), holding(roles), where),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, service_user: str) -> ServiceUser:
        """Return one service user. GraphQL: ``serviceUser``, or by name ``serviceUsersOrError``.

        Args:
            service_user: The id (``details.id``) or the name.

        Raises:
            NotFoundError: There is no such service user.
            PermissionDeniedError: The token may not see service users.

        Example:
            await client.service_users.get("ci")
        """
        wanted = text(service_user, "the service user's name")
        if looks_like_id(wanted):
            with suppress(NotFoundError):
                operation = ops.get_service_user(id=wanted)
                return await self._found(operation, "service user", wanted)
        found = await self._transport.fetch(ops.list_service_users())
        return find_service_user(found.service_users, wanted)

    async def create(
        self,
        name: str,
        *,
        description: str | None = None,
        role: PermissionGrant | str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
        custom_role: str | None = None,
        location_roles: Mapping[str, str] | None = None,
        owner_role: PermissionGrant | str | None = None,
    ) -> ServiceUser:
        """Make a service user, and grant a role. GraphQL: ``createServiceUser``, ``createOrUpdateServiceUserPermissions``.

        Where the role is refused, the service user is there all the same.

        Args:
            name: A name that no other service user has.
            description: What it is for.
            role: A first role.
            scope: See ``users.update``.
            deployment: See ``users.update``.
            custom_role: See ``users.update``.
            location_roles: See ``users.update``.
            owner_role: See ``users.update``.

        Raises:
            InvalidInputError: The role cannot be granted there; nothing is made.
            NotFoundError: There is no such deployment or custom role; nothing is made.
            ConflictError: The name is taken.
            PermissionDeniedError: The token may not make service users.

        Example:
            await client.service_users.create("airflow", role="LAUNCHER", deployment="prod")
        """
        request = grant_request(role, scope, deployment, custom_role, location_roles, owner_role)
        operation = ops.create_service_user(
            name=text(name, "the service user's name"), description=description
        )
        fields = await grant_fields(self._transport, request) if request else None
        made = await self._transport.fetch(operation)
        return await self._grant(made.details.id, fields) if fields else made

    async def update(
        self,
        service_user: str,
        *,
        name: str | None = None,
        description: str | None = None,
        role: PermissionGrant | str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
        custom_role: str | None = None,
        location_roles: Mapping[str, str] | None = None,
        owner_role: PermissionGrant | str | None = None,
    ) -> ServiceUser:
        """Change a service user, or grant a role. GraphQL: ``updateServiceUser``, ``createOrUpdateServiceUserPermissions``.

        Args:
            service_user: The id, or the name, which is looked up.
            name: A new name.
            description: A new description.
            role: See ``users.update``.
            scope: See ``users.update``.
            deployment: See ``users.update``.
            custom_role: See ``users.update``.
            location_roles: See ``users.update``.
            owner_role: See ``users.update``.

        Raises:
            InvalidInputError: Nothing is to be changed, or the role cannot be granted there; nothing is sent.
            NotFoundError: There is no such service user, deployment or custom role.
            ConflictError: The name is taken.
            PermissionDeniedError: The token may not change service users.

        Example:
            await client.service_users.update("ci", description="Deploys what is merged")
            await client.service_users.update("ci", role="EDITOR", deployment="staging")
        """
        request = grant_request(role, scope, deployment, custom_role, location_roles, owner_role)
        wanted = text(service_user, "the service user's name")
        renamed = UNSET if name is None else text(name, "the new name")
        changes = name is not None or description is not None
        if not changes and request is None:
            raise InvalidInputError("say what to change: name=..., description=... or role=...")
        fields = await grant_fields(self._transport, request) if request else None
        found_id = await service_user_id(self._transport, wanted)
        operation = ops.update_service_user(
            id=found_id, name=renamed, description=UNSET if description is None else description
        )
        if fields is None:
            return await self._transport.fetch(operation)
        if changes:
            await self._transport.fetch(operation)
        return await self._grant(found_id, fields)

    async def remove_role(
        self,
        service_user: str,
        *,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
    ) -> ServiceUser:
        """Take back the role that a service user has somewhere. GraphQL: ``removeServiceUserPermissions``.

        Args:
            service_user: The id, or the name, which is looked up.
            scope: See ``users.update``.
            deployment: See ``users.update``.

        Raises:
            InvalidInputError: Nothing says where; nothing is sent.
            NotFoundError: There is no such service user or deployment.
            PermissionDeniedError: The token may not take back roles.

        Example:
            await client.service_users.remove_role("airflow", deployment="prod")
        """
        place = grant_place(scope, deployment)
        wanted = text(service_user, "the service user's name")
        fields = await place_fields(self._transport, place)
        found_id = await service_user_id(self._transport, wanted)
        operation = ops.remove_service_user_grant(grant={**fields, "serviceUserId": found_id})
        return await self._transport.fetch(operation)

    async def delete(self, service_user: str) -> None:
        """Delete a service user; its tokens end too. GraphQL: ``deleteServiceUser``.

        Args:
            service_user: The id, or the name, which is looked up.

        Raises:
            NotFoundError: There is no such service user.
            PermissionDeniedError: The token may not delete service users.

        Example:
            await client.service_users.delete("airflow")
        """
        wanted = text(service_user, "the service user's name")
        found_id = await service_user_id(self._transport, wanted)
        await self._transport.fetch(ops.delete_service_user(id=found_id))

    async def _grant(self, found_id: str, fields: GrantFields) -> ServiceUser:
        operation = ops.set_service_user_grant(grant={**fields, "serviceUserId": found_id})
        return await self._transport.fetch(operation)
