"""Teams: their members, and what has been granted to them."""

from __future__ import annotations

from ...callers import TEAM, USER, team_holder
from ...context import uuid_id
from ...deploying import TYPE, staying
from ...registry import Failure, kind, mutation, query, seeds, switch
from .grants import give_grant, grants_fields, plant_roles, remove_all_grants, set_grant, take_grant
from .seats import guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...context import Context
    from ...store import Row, Store

VIEW = "DagsterCloudTeamPermissions"
#: Whose it is to change what is granted to teams: everywhere, and in a deployment.
EVERYWHERE = "EDIT_USERS_AND_TEAMS"
IN_DEPLOYMENT = "EDIT_DEPLOYMENT_PERMISSIONS"
CHANGED = "CHANGE_USER_PERMISSIONS"

NEW_TEAM = switch(
    "new_team_grants",
    "none",
    "viewer",
    about="Whether a new team has grants: VIEWER in every full deployment, or none.",
)

kind(
    TEAM,
    private=("memberIds",),
    members=lambda context, row: [context.store.get(USER, member) for member in row["memberIds"]],
)
kind(VIEW, private=("holder",), **grants_fields())


def team_view(team: Row) -> Row:
    """Return a team with what has been granted to it."""
    return {"__typename": VIEW, "id": team["id"], "holder": team_holder(team["id"]), "team": team}


def leave_teams(store: Store, user_id: int) -> None:
    """Remove a user who goes from every team."""
    for team in store.list(TEAM):
        _set_members(store, team, (member for member in team["memberIds"] if member != user_id))


def _set_members(store: Store, team: Row, members: Iterable[int]) -> Row:
    return store.put(TEAM, team["id"], {**team, "memberIds": list(dict.fromkeys(members))})


def _named(context: Context, name: str) -> tuple[Row, bool]:
    """Return the team of a name, which is made if it is not there, and whether it was made."""
    if not name.strip():
        raise Failure("InvalidTeamError", "A team needs a name.")
    found = context.store.find(TEAM, name=name)
    if found is not None:
        return found, False
    team = {"id": uuid_id(), "name": name, "memberIds": []}
    return context.store.put(TEAM, team["id"], team), True


@seeds("teams")
def plant_team(
    context: Context,
    name: str,
    members: list[str] | None = None,
    role: str | None = None,
    organization_role: str | None = None,
    deployments: dict[str, str] | None = None,
) -> None:
    """Write a team with members, by their addresses, and roles: everywhere, in the organization, by deployment."""
    team, _ = _named(context, name)
    numbers = []
    for email in members or ():
        user = context.need_one(USER, "UserNotFoundError", "user", email=email)
        numbers.append(user["userId"])
    _set_members(context.store, team, [*team["memberIds"], *numbers])
    plant_roles(context, team_holder(team["id"]), role, organization_role, deployments)


@query("teamPermissions")
def team_permissions(context: Context) -> list[Row]:
    """Return the teams, with what has been granted to each."""
    return [team_view(team) for team in context.store.list(TEAM)]


@mutation("createOrUpdateTeam", needs=EVERYWHERE, audit=CHANGED)
def create_team(context: Context, *, name: str) -> Row:
    """Return the team of a name, which is made if it is not there."""
    team, is_new = _named(context, name)
    if is_new and context.switch(NEW_TEAM) == "viewer":
        for row in staying(context.store):
            holder = team_holder(team["id"])
            set_grant(context.store, holder, "VIEWER", deployment_id=row["deploymentId"])
    return team


@mutation("renameTeam", needs=EVERYWHERE, audit=CHANGED)
def rename_team(context: Context, *, name: str, team_id: str) -> Row:
    """Give a team another name."""
    team = _need_team(context, team_id)
    other = context.store.find(TEAM, name=name)
    if not name.strip() or (other is not None and other["id"] != team_id):
        raise Failure("InvalidTeamError", f"The team cannot be called {name!r}.")
    return context.store.put(TEAM, team_id, {**team, "name": name})


@mutation("deleteTeam", needs=EVERYWHERE, audit=CHANGED)
def delete_team(context: Context, *, team_id: str) -> None:
    """Delete a team with what has been granted to it."""
    _need_team(context, team_id)
    with guarded(context):
        remove_all_grants(context.store, team_holder(team_id))
        context.store.delete(TEAM, team_id)


@mutation("addMemberToTeam", needs=EVERYWHERE, audit=CHANGED)
def add_member(context: Context, *, member_id: int, team_id: str) -> Row:
    """Add a user to a team."""
    team = _need_team(context, team_id)
    context.need(USER, member_id, "UserNotFoundError", "user")
    with guarded(context):
        return _set_members(context.store, team, [*team["memberIds"], member_id])


@mutation("removeMemberFromTeam", needs=EVERYWHERE, audit=CHANGED)
def remove_member(context: Context, *, member_id: int, team_id: str) -> Row:
    """Remove a user from a team, if they are in it."""
    team = _need_team(context, team_id)
    with guarded(context):
        rest = (member for member in team["memberIds"] if member != member_id)
        return _set_members(context.store, team, rest)


@mutation("createOrUpdateTeamPermission", needs=None, audit=CHANGED, audit_scope="organization")
def set_team_grant(
    context: Context,
    *,
    deployment_scope: str,
    grant: str,
    team_id: str,
    deployment_id: int | None = None,
    custom_role_id: str | None = None,
    location_grants: list[Row] | None = None,
    owner_definitions_role: Row | None = None,
) -> Row:
    """Grant a team a role, in the place of the one in that scope."""
    _require_place(context, deployment_scope, deployment_id)
    team = _need_team(context, team_id)
    given = {
        "deploymentScope": deployment_scope,
        "deploymentId": deployment_id,
        "grant": grant,
        "customRoleId": custom_role_id,
        "locationGrants": location_grants,
        "ownerDefinitionsRole": owner_definitions_role,
    }
    with guarded(context):
        give_grant(context, team_holder(team_id), given)
    return team_view(team)


@mutation("removeTeamPermission", needs=None, audit=CHANGED, audit_scope="organization")
def remove_team_grant(
    context: Context, *, deployment_scope: str, team_id: str, deployment_id: int | None = None
) -> Row:
    """Take a role from a team, if it is there."""
    _require_place(context, deployment_scope, deployment_id)
    team = _need_team(context, team_id)
    given = {"deploymentScope": deployment_scope, "deploymentId": deployment_id}
    with guarded(context):
        take_grant(context, team_holder(team_id), given)
    return team_view(team)


def _require_place(context: Context, scope: str, deployment_id: int | None) -> None:
    """Require who may change teams, or an admin of the deployment, or of those branch deployments."""
    if scope == "ORGANIZATION" or context.allows(EVERYWHERE):
        context.require(EVERYWHERE)
        return
    if scope == "DEPLOYMENT":
        where = context.store.get(TYPE, deployment_id)
    else:
        where = {
            "deploymentType": "BRANCH",
            "deploymentId": None,
            "parentId": deployment_id or None,
        }
    context.require(IN_DEPLOYMENT if where else EVERYWHERE, deployment=where)


def _need_team(context: Context, team_id: str) -> Row:
    return context.need(TEAM, team_id, "TeamNotFoundError", "team")
