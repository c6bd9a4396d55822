"""Users of a Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import glob
from ..._core.grants import grant_place, grant_request, holding
from ..._core.inputs import all_of
from ..._core.people import email as email_address
from ..._core.people import only_user, user_key
from ..._generated import operations as ops
from ..people import grant_fields, place_fields, user_email
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..._core.grants import GrantFields
    from ..._generated.enums import PermissionDeploymentScope, PermissionGrant
    from ..._generated.models import User
    from ..pager import AsyncPager


class AsyncUsers(AsyncResource):
    """Users of the organization, and their roles (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        email: str | None = None,
        roles: PermissionGrant | str | Iterable[PermissionGrant | str] | None = None,
        where: Callable[[User], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[User]:
        """List users, by e-mail address. The API has no pages here: one request gets all. GraphQL: ``usersOrError``.

        Users who have not accepted their invitation yet may be missing.

        Args:
            email: A pattern of the e-mail address, such as ``*@example.com``; filtered here.
            roles: Only users to whom one of these roles is granted, anywhere; roles of their teams do not count.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A role that cannot be; nothing is sent.
            PermissionDeniedError: The token may not see users.

        Example:
            client.users.list(email="*@example.com", roles=["ADMIN"])
        """
        return self._whole(
            ops.list_users(),
            lambda found: sorted(found.users, key=lambda user: user.details.email),
            where=all_of(glob(email, lambda user: user.details.email), holding(roles), where),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, user: int | str) -> User:
        """Return one user; the API gives only the list of all. GraphQL: ``usersOrError``.

        Args:
            user: The e-mail address, in any case, or the number (``details.id``).

        Raises:
            NotFoundError: There is no such user; one who has not accepted the invitation yet may be missing.
            PermissionDeniedError: The token may not see users.

        Example:
            await client.users.get("eve@example.com")
        """
        key = user_key(user)
        return only_user((await self._transport.fetch(ops.list_users())).users, key)

    async def create(
        self,
        email: str,
        *,
        role: PermissionGrant | str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
        custom_role: str | None = None,
        location_roles: Mapping[str, str] | None = None,
        owner_role: PermissionGrant | str | None = None,
    ) -> User:
        """Invite a user, and grant a role. GraphQL: ``addUserToOrganization``, ``createOrUpdateUserPermissions``.

        Where the role is refused, the user is invited all the same.

        Args:
            email: The e-mail address.
            role: A first role; without one the organization's default applies.
            scope: See ``users.update``.
            deployment: See ``users.update``.
            custom_role: See ``users.update``.
            location_roles: See ``users.update``.
            owner_role: See ``users.update``.

        Raises:
            InvalidInputError: The role cannot be granted there; nobody is invited.
            NotFoundError: There is no such deployment or custom role; nobody is invited.
            ConflictError: The plan has no seat left.
            PermissionDeniedError: The token may not add users, or grant roles.

        Example:
            await client.users.create("nia@example.com", role="EDITOR", deployment="prod")
        """
        address = email_address(email)
        request = grant_request(role, scope, deployment, custom_role, location_roles, owner_role)
        fields = await grant_fields(self._transport, request) if request else None
        added = (await self._transport.fetch(ops.add_user(email=address))).user
        return await self._grant(address, fields) if fields else added

    async def update(
        self,
        user: int | str,
        *,
        role: PermissionGrant | str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
        custom_role: str | None = None,
        location_roles: Mapping[str, str] | None = None,
        owner_role: PermissionGrant | str | None = None,
    ) -> User:
        """Grant a user a role, in place of the one held there. GraphQL: ``createOrUpdateUserPermissions``.

        Without ``location_roles`` the server decides about them; an empty mapping grants none.

        Args:
            user: The e-mail address; or the number, which is looked up.
            role: The role: ``CATALOG_VIEWER``, ``VIEWER``, ``LAUNCHER``, ``EDITOR``, ``ADMIN`` or ``CUSTOM``; in the
                organization ``ADMIN`` or ``CUSTOM``.
            scope: Where it holds: ``organization``, ``deployment``, or ``all_branch_deployments``; a deployment alone
                says it too.
            deployment: The deployment's name or id; for branch deployments their base, where the organization has that.
            custom_role: The custom role's name or id; the role is then ``CUSTOM``.
            location_roles: Higher roles in some code locations of the deployment, by their names; a custom one is
                ``custom:`` and its name or id.
            owner_role: The role on definitions that the user owns; a custom one is ``custom:`` and its name or id.

        Raises:
            InvalidInputError: Nothing is to be changed, or the role cannot be granted there; nothing is sent.
            NotFoundError: There is no such user, deployment or custom role.
            ConflictError: The organization would have no admin left, or the plan has no seat left.
            PermissionDeniedError: The token may not grant roles.

        Example:
            await client.users.update("nia@example.com", role="ADMIN", scope="organization")
            await client.users.update(
                "vic@example.com", custom_role="Run operator", deployment="staging"
            )
        """
        request = grant_request(role, scope, deployment, custom_role, location_roles, owner_role)
        user_key(user)
        if request is None:
            raise InvalidInputError("say which role the user gets: role=..., and where it holds")
        fields = await grant_fields(self._transport, request)
        return await self._grant(await user_email(self._transport, user), fields)

    async def remove_role(
        self,
        user: int | str,
        *,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
    ) -> User:
        """Take back the role that a user has somewhere. GraphQL: ``removeUserPermissions``.

        Args:
            user: The e-mail address; or the number, which is looked up.
            scope: See ``users.update``.
            deployment: See ``users.update``.

        Raises:
            InvalidInputError: Nothing says where; nothing is sent.
            NotFoundError: There is no such user or deployment.
            ConflictError: The organization would have no admin left.
            PermissionDeniedError: The token may not take back roles.

        Example:
            await client.users.remove_role("nia@example.com", deployment="prod")
        """
        place = grant_place(scope, deployment)
        user_key(user)
        fields = await place_fields(self._transport, place)
        address = await user_email(self._transport, user)
        operation = ops.remove_user_grant(grant={**fields, "email": address})
        return await self._transport.fetch(operation)

    async def delete(self, user: int | str) -> None:
        """Remove a user from the organization. GraphQL: ``removeUserFromOrganization``.

        Args:
            user: The e-mail address; or the number, which is looked up.

        Raises:
            NotFoundError: There is no such user.
            ConflictError: The organization would have no admin left.
            PermissionDeniedError: The token may not remove users.

        Example:
            await client.users.delete("nia@example.com")
        """
        address = await user_email(self._transport, user)
        await self._explained(ops.remove_user(email=address), lambda: self.get(address))

    async def _grant(self, address: str, fields: GrantFields) -> User:
        operation = ops.set_user_grant(grant={**fields, "email": address})
        return await self._transport.fetch(operation)
