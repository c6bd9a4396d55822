"""Grants: what users, teams, service users and agent tokens may do, and where."""

from __future__ import annotations

from ..registry import Failure, kind
from ..rights import GRANT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..context import Context
    from ..store import Row, Store

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
    found = store.find(GRANT, holder=holder, deploymentScope=scope, deploymentId=deployment_id)
    if found:
        store.delete(GRANT, found["id"])


def remove_all_grants(store: Store, holder: str) -> None:
    """Take every grant away from a holder that goes."""
    for row in store.list(GRANT, holder=holder):
        store.delete(GRANT, row["id"])


def plant_roles(
    context: Context,
    holder: str,
    role: str | None,
    organization_role: str | None,
    deployments: dict[str, str] | None,
) -> None:
    """Give a holder what an entry of a seed says.

    Args:
        context: Where.
        holder: The holder's name.
        role: The role in every full deployment, and in all branch deployments.
        organization_role: The role in the organization: ADMIN.
        deployments: Roles by deployments' names; they go before `role`.
    """
    store = context.store
    roles = {row["deploymentName"]: role for row in _full(store)} if role else {}
    roles |= deployments or {}
    for name, grant in roles.items():
        found = store.find("DagsterCloudDeployment", deploymentName=name)
        if found is None:
            raise Failure("DeploymentNotFoundError", f"there is no deployment {name!r}")
        set_grant(store, holder, str(grant), deployment_id=found["deploymentId"])
    if role:
        set_grant(store, holder, role, scope="ALL_BRANCH_DEPLOYMENTS")
    if organization_role:
        set_grant(store, holder, organization_role, scope="ORGANIZATION")


def _full(store: Store) -> list[Row]:
    return store.list("DagsterCloudDeployment", deploymentType="PRODUCTION")
