"""Teams of a Dagster+ organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.filters import glob
from ..._core.grants import grant_place, grant_request, holding
from ..._core.inputs import all_of, several, text
from ..._core.lookup import not_found, only
from ..._core.people import is_user, user_key
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..people import grant_fields, place_fields, user_ids
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..._core.grants import GrantFields
    from ..._generated.enums import PermissionDeploymentScope, PermissionGrant
    from ..._generated.models import Team
    from ..pager import AsyncPager


class AsyncTeams(AsyncResource):
    """Teams of the organization, their members and roles (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        name: str | None = None,
        member: int | str | None = None,
        roles: PermissionGrant | str | Iterable[PermissionGrant | str] | None = None,
        where: Callable[[Team], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[Team]:
        """List teams, by name. The API has no pages here: one request gets all. GraphQL: ``teamPermissions``.

        Args:
            name: A pattern of the name, such as ``data-*``; filtered here.
            member: Only teams of this user: the e-mail address or the number.
            roles: Only teams to which one of these roles is granted, anywhere.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A role or user that cannot be; nothing is sent.

        Example:
            client.teams.list(member="eve@example.com")
        """
        key = None if member is None else user_key(member)
        has_member: Callable[[Team], bool] | None = (
            None if key is None else lambda team: any(is_user(m, key) for m in team.details.members)
        )
        return self._whole(
            ops.list_teams(),
            lambda found: sorted(found, key=lambda team: (team.details.name, team.id)),
            where=all_of(
                glob(name, lambda team: team.details.name), has_member, holding(roles), where
            ),
            limit=limit,
            cursor=cursor,
        )

    async def get(self, team: str) -> Team:
        """Return one team; the API gives only the list of all. GraphQL: ``teamPermissions``.

        Args:
            team: Its name or id.

        Raises:
            NotFoundError: There is no such team; the message names similar ones.
            InvalidInputError: Several have that name; the message lists their ids.

        Example:
            await client.teams.get("Data engineers")
        """
        wanted = text(team, "the team's name")
        return _find(await self._transport.fetch(ops.list_teams()), wanted)

    async def create(
        self,
        name: str,
        *,
        members: Iterable[int | str] | None = None,
        role: PermissionGrant | str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
        custom_role: str | None = None,
        location_roles: Mapping[str, str] | None = None,
        owner_role: PermissionGrant | str | None = None,
    ) -> Team:
        """Make a team. GraphQL: ``createOrUpdateTeam``, ``addMemberToTeam``, ``createOrUpdateTeamPermission``.

        A team of that name that is there already is taken as it is, and gets the members and the role.

        Args:
            name: Its name.
            members: Its members: e-mail addresses, or numbers.
            role: A first role; Dagster+ may grant a default one.
            scope: See ``users.update``.
            deployment: See ``users.update``.
            custom_role: See ``users.update``.
            location_roles: See ``users.update``.
            owner_role: See ``users.update``.

        Raises:
            InvalidInputError: The role cannot be granted there; nothing is made.
            NotFoundError: There is no such user, deployment or custom role; nothing is made.
            ConflictError: The plan has no seat left for a member.
            PermissionDeniedError: The token may not make teams.

        Example:
            await client.teams.create(
                "Finance", members=["vic@example.com"], role="VIEWER", deployment="prod"
            )
        """
        request = grant_request(role, scope, deployment, custom_role, location_roles, owner_role)
        operation = ops.create_team(name=text(name, "the team's name"))
        joining = await user_ids(self._transport, _users(members, "members"))
        fields = await grant_fields(self._transport, request) if request else None
        made = (await self._transport.fetch(operation)).team
        for member in joining:
            await self._transport.fetch(ops.add_team_member(team_id=made.id, user_id=member))
        return await (self._grant(made.id, fields) if fields else self.get(made.id))

    async def update(
        self,
        team: str,
        *,
        name: str | None = None,
        add_members: Iterable[int | str] | None = None,
        remove_members: Iterable[int | str] | None = None,
        role: PermissionGrant | str | None = None,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
        custom_role: str | None = None,
        location_roles: Mapping[str, str] | None = None,
        owner_role: PermissionGrant | str | None = None,
    ) -> Team:
        """Change a team. GraphQL: ``renameTeam``, ``addMemberToTeam``, ``removeMemberFromTeam``, ``createOrUpdateTeamPermission``.

        The API has one request per change: where one is refused, those before it are made. All names are looked up before the
        first one.

        Args:
            team: Its name or id.
            name: A new name.
            add_members: Who joins: e-mail addresses, or numbers.
            remove_members: Who leaves: e-mail addresses, or numbers.
            role: See ``users.update``.
            scope: See ``users.update``.
            deployment: See ``users.update``.
            custom_role: See ``users.update``.
            location_roles: See ``users.update``.
            owner_role: See ``users.update``.

        Raises:
            InvalidInputError: Nothing is to be changed, or the role cannot be granted there; nothing is changed.
            NotFoundError: There is no such team, user, deployment or custom role, or who leaves is no member; nothing is
                changed.
            ConflictError: The plan has no seat left for a member.
            PermissionDeniedError: The token may not change teams.

        Example:
            await client.teams.update(
                "Finance", add_members=["lea@example.com"], remove_members=["vic@example.com"]
            )
            await client.teams.update(
                "Data engineers",
                role="EDITOR",
                deployment="staging",
                location_roles={"demo": "ADMIN"},
            )
        """
        request = grant_request(role, scope, deployment, custom_role, location_roles, owner_role)
        joining = _users(add_members, "add_members")
        leaving = _users(remove_members, "remove_members")
        if name is None and not joining and not leaving and request is None:
            raise InvalidInputError(
                "say what to change: name=..., add_members=..., remove_members=... or role=..."
            )
        renamed = None if name is None else text(name, "the new name")
        found = await self.get(team)
        gone = [_member_id(found, user) for user in leaving]
        new = await user_ids(self._transport, joining)
        fields = await grant_fields(self._transport, request) if request else None
        team_id = found.details.id
        if renamed is not None:
            await self._transport.fetch(ops.rename_team(team_id=team_id, name=renamed))
        for user_id in gone:
            await self._transport.fetch(ops.remove_team_member(team_id=team_id, user_id=user_id))
        for user_id in new:
            await self._transport.fetch(ops.add_team_member(team_id=team_id, user_id=user_id))
        return await (self._grant(team_id, fields) if fields else self.get(team_id))

    async def remove_role(
        self,
        team: str,
        *,
        scope: PermissionDeploymentScope | str | None = None,
        deployment: int | str | None = None,
    ) -> Team:
        """Take back the role that a team has somewhere. GraphQL: ``removeTeamPermission``.

        Args:
            team: Its name or id.
            scope: See ``users.update``.
            deployment: See ``users.update``.

        Raises:
            InvalidInputError: Nothing says where; nothing is sent.
            NotFoundError: There is no such team or deployment.
            ConflictError: The organization would have no admin left.
            PermissionDeniedError: The token may not take back roles.

        Example:
            await client.teams.remove_role("Finance", deployment="prod")
        """
        place = grant_place(scope, deployment)
        found = await self.get(team)
        fields = await place_fields(self._transport, place)
        operation = ops.remove_team_grant(
            team_id=found.details.id,
            deployment_scope=fields["deploymentScope"],
            deployment_id=fields.get("deploymentId", UNSET),
        )
        return (await self._transport.fetch(operation)).team

    async def delete(self, team: str) -> None:
        """Delete a team; its members stay users. GraphQL: ``deleteTeam``.

        Args:
            team: Its name or id.

        Raises:
            NotFoundError: There is no such team.
            InvalidInputError: Several have that name; the message lists their ids.
            PermissionDeniedError: The token may not delete teams.

        Example:
            await client.teams.delete("Finance")
        """
        found = await self.get(team)
        await self._transport.fetch(ops.delete_team(team_id=found.details.id))

    async def _grant(self, team_id: str, fields: GrantFields) -> Team:
        operation = ops.set_team_grant(
            team_id=team_id,
            deployment_scope=fields["deploymentScope"],
            deployment_id=fields.get("deploymentId", UNSET),
            grant=fields["grant"],
            custom_role_id=fields.get("customRoleId", UNSET),
            location_grants=fields.get("locationGrants", UNSET),
            owner_definitions_role=fields.get("ownerDefinitionsRole", UNSET),
        )
        return (await self._transport.fetch(operation)).team


def _find(teams: Iterable[Team], team: str) -> Team:
    return only(
        teams,
        "team",
        team,
        name_of=lambda found: found.details.name,
        ids_of=lambda found: [found.details.id, found.id],
    )


def _users(given: Iterable[int | str] | None, what: str) -> list[int | str]:
    return [user_key(user) for user in several(given, what) or []]


def _member_id(team: Team, user: int | str) -> int:
    """Return the number of a member; who is none cannot leave.

    Raises:
        NotFoundError: The team has no such member.
    """
    key = user_key(user)
    for member in team.details.members:
        if is_user(member, key):
            return member.id
    known = [member.email for member in team.details.members]
    raise not_found("member", key, known, where=f" in the team {team.details.name!r}")
