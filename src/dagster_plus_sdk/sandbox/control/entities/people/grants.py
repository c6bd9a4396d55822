"""Grants: what users, teams, service users and agent tokens may do, and where."""

from __future__ import annotations

from ...deploying import by_name, staying
from ...registry import kind, switch
from ...rights import CUSTOM_ROLE, GRANT
from .grant_rules import check_grant, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from ...context import Context
    from ...store import Row, Store

#: Begins the name of a custom role where a seed has a role.
CUSTOM_PREFIX = "custom:"

LOCATION_GRANTS = switch(
    "location_grants_not_given",
    "removed",
    "kept",
    about="What becomes of a grant's location grants when it is changed and they are null.",
)

kind(GRANT, private=("holder",))


def set_grant(
    store: Store,
    holder: str,
    grant: str,
    *,
    scope: str = "DEPLOYMENT",
    deployment_id: int | None = None,
    custom_role_id: str | None = None,
    location_grants: Iterable[Row] = (),
    owner_role: Row | None = None,
) -> Row:
    """Give a holder a grant, in the place of the one that it has in the same scope.

    Args:
        store: The entities.
        holder: The holder's name; see `callers`.
        grant: A member of PermissionGrant.
        scope: A member of PermissionDeploymentScope.
        deployment_id: The deployment, or the base of the branch deployments.
        custom_role_id: The role, if the grant is CUSTOM.
        location_grants: More that is granted in single code locations.
        owner_role: What is granted on definitions that the holder owns.
    """
    remove_grant(store, holder, scope, deployment_id)
    # As in Dagster+, the id of a grant changes with each change.
    number = store.next_number(GRANT)
    row = {
        "id": number,
        "holder": holder,
        "organizationId": 1,
        "deploymentScope": scope,
        "deploymentId": deployment_id,
        "grant": grant,
        "customRoleId": custom_role_id,
        "locationGrants": list(location_grants),
        "ownerDefinitionsRoleHandle": owner_role,
    }
    return store.put(GRANT, number, row)


def remove_grant(store: Store, holder: str, scope: str, deployment_id: int | None = None) -> None:
    """Take the grant of a scope away from a holder, if there is one."""
    found = find_grant(store, holder, scope, deployment_id)
    if found:
        store.delete(GRANT, found["id"])


def find_grant(store: Store, holder: str, scope: str, deployment_id: int | None) -> Row | None:
    """Return the grant that a holder has in a scope, if there is one."""
    return store.find(GRANT, holder=holder, deploymentScope=scope, deploymentId=deployment_id)


def remove_all_grants(store: Store, holder: str) -> None:
    """Take every grant away from a holder that goes."""
    store.delete_all(GRANT, holder=holder)


def give_grant(
    context: Context, holder: str, given: Mapping[str, Any], *, agent: bool = False
) -> Row:
    """Give a holder what a mutation's input says, if it may be given.

    Args:
        context: Where.
        holder: The holder's name; see `callers`.
        given: ``deploymentScope``, ``deploymentId``, ``grant``, ``customRoleId``, ``locationGrants`` and
            ``ownerDefinitionsRole``, as the schema's inputs have them.
        agent: Whether the holder is an agent token.
    """
    scope = given["deploymentScope"]
    locations = given.get("locationGrants")
    own: dict[str, Any] = {
        "scope": scope,
        "custom_role_id": given.get("customRoleId"),
        "location_grants": locations and [location for location in locations if location],
        "owner_role": given.get("ownerDefinitionsRole"),
    }
    own["deployment_id"] = check_grant(
        context, given["grant"], deployment_id=given.get("deploymentId"), **own, agent=agent
    )
    if given["grant"] != "CUSTOM":
        own["custom_role_id"] = None
    if own["location_grants"] is None:
        old = find_grant(context.store, holder, scope, own["deployment_id"])
        is_kept = old is not None and context.switch(LOCATION_GRANTS) == "kept"
        own["location_grants"] = old["locationGrants"] if old and is_kept else ()
    return set_grant(context.store, holder, given["grant"], **own)


def take_grant(context: Context, holder: str, given: Mapping[str, Any]) -> None:
    """Take from a holder what a mutation's input names, if it is there.

    Args:
        context: Where.
        holder: The holder's name; see `callers`.
        given: ``deploymentScope`` and ``deploymentId``, as the schema's inputs have them.
    """
    scope = given["deploymentScope"]
    place = place_of(context, scope, given.get("deploymentId"), is_removal=True)
    remove_grant(context.store, holder, scope, place)


def grants_fields(
    holder_of: Callable[[Row], str] = lambda row: row["holder"],
) -> dict[str, Any]:
    """Return the computed fields, for `kind`, of a type that shows what a holder has been granted.

    Args:
        holder_of: Returns the holder's name for a row; by default what it has as ``holder``.
    """

    def in_scope(context: Context, row: Row, scope: str) -> list[Row]:
        return context.store.list(GRANT, holder=holder_of(row), deploymentScope=scope)

    def branches(context: Context, row: Row, *, by_base: bool) -> list[Row]:
        found = in_scope(context, row, "ALL_BRANCH_DEPLOYMENTS")
        return [grant for grant in found if (grant["deploymentId"] is not None) is by_base]

    return {
        "organizationPermissionGrant": lambda c, row: _first(in_scope(c, row, "ORGANIZATION")),
        "deploymentPermissionGrants": lambda c, row: in_scope(c, row, "DEPLOYMENT"),
        "allBranchDeploymentsPermissionGrant": lambda c, row: _first(
            branches(c, row, by_base=False)
        ),
        "perBaseBranchDeploymentsPermissionGrants": lambda c, row: branches(c, row, by_base=True),
    }


def plant_roles(
    context: Context,
    holder: str,
    role: str | None,
    organization_role: str | None,
    deployments: dict[str, str] | None,
) -> None:
    """Give a holder what an entry of a seed says. A custom role is written ``custom:`` and its name.

    Args:
        context: Where.
        holder: The holder's name.
        role: The role in every full deployment, and in all branch deployments.
        organization_role: The role in the organization: ADMIN, or a custom one.
        deployments: Roles by deployments' names; they go before `role`.
    """
    store = context.store
    roles = {row["deploymentName"]: role for row in staying(store)} if role else {}
    roles |= deployments or {}
    for name, grant in roles.items():
        number = by_name(store, name)["deploymentId"]
        _plant(context, holder, str(grant), "DEPLOYMENT", number)
    if role:
        _plant(context, holder, role, "ALL_BRANCH_DEPLOYMENTS")
    if organization_role:
        _plant(context, holder, organization_role, "ORGANIZATION")


def _plant(
    context: Context, holder: str, role: str, scope: str, deployment_id: int | None = None
) -> None:
    given = {"deploymentScope": scope, "deploymentId": deployment_id, "grant": role}
    if role.startswith(CUSTOM_PREFIX):
        name = role[len(CUSTOM_PREFIX) :]
        error = "CustomRoleNotFoundError"
        found = context.need_one(CUSTOM_ROLE, error, "custom role", name=name)
        given |= {"grant": "CUSTOM", "customRoleId": found["id"]}
    give_grant(context, holder, given, agent=role == "AGENT")


def _first(rows: list[Row]) -> Row | None:
    return rows[0] if rows else None
