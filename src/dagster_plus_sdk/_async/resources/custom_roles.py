"""Custom roles of a Dagster+ organization."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ..._core.custom_roles import check_changes, complete, role_parts, updated
from ..._core.errors import NotFoundError
from ..._core.filters import among, glob
from ..._core.inputs import all_of, members, text
from ..._core.lookup import looks_like_id
from ..._generated import operations as ops
from ..people import find_custom_role
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..._core.documents import Document
    from ..._generated.enums import CustomRoleDeploymentScope, CustomRolePermission
    from ..._generated.models import CustomRole
    from ..pager import AsyncPager


class AsyncCustomRoles(AsyncResource):
    """Custom roles of the organization (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        name: str | None = None,
        scope: CustomRoleDeploymentScope
        | str
        | Iterable[CustomRoleDeploymentScope | str]
        | None = None,
        where: Callable[[CustomRole], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CustomRole]:
        """List custom roles, by name. The API has no pages here: one request gets all. GraphQL: ``customRoles``.

        Args:
            name: A pattern of the name, such as ``data*``; filtered here.
            scope: Only those that can be granted there: ``DEPLOYMENT`` or ``ORGANIZATION``; filtered here.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A scope that cannot be; nothing is sent.

        Example:
            client.custom_roles.list(scope="DEPLOYMENT")
        """
        from ..._generated.enums.custom_role_deployment_scope import CustomRoleDeploymentScope

        scopes = members(CustomRoleDeploymentScope, scope, "scope")
        return self._whole(
            ops.list_custom_roles(),
            lambda found: sorted(found, key=lambda role: (role.name, role.id)),
            where=all_of(
                glob(name, lambda role: role.name),
                among(scopes, lambda role: role.scope, "scope"),
                where,
            ),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, role: str) -> CustomRole:
        """Return one custom role. GraphQL: ``customRoleOrError``, or by name ``customRoles``.

        Args:
            role: Its id or name.

        Raises:
            NotFoundError: There is no such role; the message names similar ones.
            InvalidInputError: Several have that name; the message lists their ids.
            PermissionDeniedError: The token may not see custom roles.

        Example:
            await client.custom_roles.get("Run operator")
        """
        wanted = text(role, "the custom role's name")
        if looks_like_id(wanted):
            with suppress(NotFoundError):
                return await self._found(ops.get_custom_role(id=wanted), "custom role", wanted)
        return find_custom_role(await self._transport.fetch(ops.list_custom_roles()), wanted)

    async def create(
        self,
        name: str,
        *,
        permissions: Iterable[CustomRolePermission | str] | None = None,
        description: str | None = None,
        icon: str | None = None,
        scope: CustomRoleDeploymentScope | str | None = None,
        document: Document | None = None,
    ) -> CustomRole:
        """Make a custom role. GraphQL: ``createCustomRole``.

        Args:
            name: Its name.
            permissions: What it allows: at least one, such as ``START_AND_STOP_RUNS``; needed here or in the document.
            description: What it is for; the name, where nothing is said.
            icon: The name of an icon of Dagster+, or an emoji; needed here or in the document.
            scope: Where it can be granted, for good: ``DEPLOYMENT`` (the default) or ``ORGANIZATION``.
            document: A file with ``permissions``, ``description``, ``icon`` and ``scope``; what is given beside it wins.

        Raises:
            InvalidInputError: A part is missing, or cannot be; nothing is sent.
            PermissionDeniedError: The token may not make custom roles.

        Example:
            await client.custom_roles.create(
                "Alert keeper", permissions=["EDIT_ALERTS"], icon="notifications"
            )
            await client.custom_roles.create(
                "Release manager", document=Path("release-manager.yaml")
            )
        """
        given = role_parts(
            document, description=description, icon=icon, scope=scope, permissions=permissions
        )
        parts = complete(text(name, "the custom role's name"), given)
        operation = ops.create_custom_role(
            name=parts.name,
            description=parts.description,
            icon=parts.icon,
            scope=parts.scope,
            permissions=parts.permissions,
        )
        return (await self._transport.fetch(operation)).custom_role

    async def update(
        self,
        role: str,
        *,
        name: str | None = None,
        permissions: Iterable[CustomRolePermission | str] | None = None,
        description: str | None = None,
        icon: str | None = None,
        document: Document | None = None,
    ) -> CustomRole:
        """Change a custom role; what is not given stays as it is. GraphQL: ``updateCustomRole``.

        Args:
            role: Its id or name.
            name: A new name.
            permissions: All that it allows from now on.
            description: What it is for.
            icon: The name of an icon of Dagster+, or an emoji.
            document: A file with ``name``, ``permissions``, ``description`` and ``icon``; what is given beside it wins.

        Raises:
            InvalidInputError: Nothing is to be changed, or a part cannot be; nothing is sent.
            NotFoundError: There is no such role.
            PermissionDeniedError: The token may not change custom roles.

        Example:
            await client.custom_roles.update(
                "Run operator", permissions=["START_AND_STOP_RUNS", "DELETE_RUNS"]
            )
        """
        changes = check_changes(
            role_parts(
                document, name=name, description=description, icon=icon, permissions=permissions
            )
        )
        found = await self.get(role)
        parts = updated(found, changes)
        operation = ops.update_custom_role(
            id=found.id,
            name=parts.name,
            description=parts.description,
            icon=parts.icon,
            permissions=parts.permissions,
        )
        return (await self._transport.fetch(operation)).custom_role

    async def delete(self, role: str) -> None:
        """Delete a custom role. GraphQL: ``deleteCustomRole``.

        Args:
            role: Its id or name.

        Raises:
            NotFoundError: There is no such role.
            InvalidInputError: Several have that name; the message lists their ids.
            ConflictError: It is granted to somebody.
            PermissionDeniedError: The token may not delete custom roles.

        Example:
            await client.custom_roles.delete("Release manager")
        """
        found = await self.get(role)
        await self._transport.fetch(ops.delete_custom_role(id=found.id))
