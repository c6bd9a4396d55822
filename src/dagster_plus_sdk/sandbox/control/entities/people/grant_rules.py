"""Which grants there can be: roles, where they hold, and what goes with them."""

from __future__ import annotations

from ...deploying import by_id
from ...registry import Failure, switch
from ...rights import CUSTOM_ROLE
from ..organization.feature_gates import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...context import Context
    from ...store import Row

#: The roles of deployments, lowest first.
RANKS = ("CATALOG_VIEWER", "VIEWER", "LAUNCHER", "EDITOR", "ADMIN")
#: What can be granted where, but to agent tokens.
ALLOWED: dict[str, tuple[str, ...]] = {
    "ORGANIZATION": ("ADMIN", "CUSTOM"),
    "DEPLOYMENT": (*RANKS, "CUSTOM"),
    "ALL_BRANCH_DEPLOYMENTS": (*RANKS, "CUSTOM"),
}

#: The gate for grants in the branch deployments of one base.
PER_BASE = "ENABLE_PER_BASE_BRANCH_DEPLOYMENT_PERMISSIONS"
NEEDLESS_ROLE = switch(
    "needless_custom_role",
    "refused",
    "ignored",
    about="What a customRoleId does beside a grant other than CUSTOM.",
)


def check_grant(
    context: Context,
    grant: str,
    *,
    scope: str,
    deployment_id: int | None = None,
    custom_role_id: str | None = None,
    location_grants: Sequence[Row] | None = None,
    owner_role: Row | None = None,
    agent: bool = False,
) -> int | None:
    """Return the id of the deployment that a grant is stored with.

    Args:
        context: Where.
        grant: A member of PermissionGrant.
        scope: A member of PermissionDeploymentScope.
        deployment_id: The deployment, or the base of the branch deployments.
        custom_role_id: The role, if the grant is CUSTOM.
        location_grants: More that is granted in single code locations.
        owner_role: What is granted on definitions that the holder owns.
        agent: Whether the holder is an agent token.

    Raises:
        Failure: There can be no such grant.
    """
    allowed = ("AGENT",) if agent else ALLOWED[scope]
    if grant not in allowed:
        raise _invalid(f"{grant} cannot be granted in the scope {scope}: it can be {_or(allowed)}")
    _check_role(context, grant, custom_role_id, scope)
    if owner_role is not None:
        _check_inner(context, owner_role, scope)
    for own in location_grants or ():
        _check_location_grant(context, grant, own, scope)
    names = [own["locationName"] for own in location_grants or ()]
    if len(set(names)) < len(names):
        raise _invalid("a code location can have one grant only")
    return place_of(context, scope, deployment_id)


def place_of(
    context: Context, scope: str, deployment_id: int | None, *, is_removal: bool = False
) -> int | None:
    """Return the id of the deployment that a grant of a scope is stored with.

    Args:
        context: Where.
        scope: A member of PermissionDeploymentScope.
        deployment_id: The deployment, or the base of the branch deployments.
        is_removal: Whether the grant is to be removed: it may be of a deployment that is gone.

    Raises:
        Failure: It needs another.
    """
    # Clients write 0 for all branch deployments.
    if scope == "ORGANIZATION" or (scope == "ALL_BRANCH_DEPLOYMENTS" and not deployment_id):
        return None
    if scope == "ALL_BRANCH_DEPLOYMENTS" and not gate(context, PER_BASE):
        if is_removal:
            return None
        raise _invalid("a grant is for all branch deployments, not for those of one base")
    if deployment_id is None:
        raise _invalid("the scope DEPLOYMENT needs a deployment's id")
    if not is_removal and by_id(context.store, deployment_id)["deploymentType"] == "BRANCH":
        raise _invalid(f"the deployment with id {deployment_id} is a branch deployment")
    return deployment_id


def _check_role(context: Context, grant: str, role_id: str | None, scope: str) -> None:
    if grant != "CUSTOM":
        if role_id is not None and context.switch(NEEDLESS_ROLE) == "refused":
            raise _invalid(f"a custom role goes with the grant CUSTOM, not with {grant}")
        return
    if role_id is None:
        raise _invalid("the grant CUSTOM needs a custom role's id")
    role = context.need(CUSTOM_ROLE, role_id, "CustomRoleNotFoundError", "custom role")
    wanted = "ORGANIZATION" if scope == "ORGANIZATION" else "DEPLOYMENT"
    if role["deploymentScope"] != wanted:
        raise _invalid(f"the custom role {role['name']!r} is not for the scope {scope}")


def _check_location_grant(context: Context, grant: str, own: Row, scope: str) -> None:
    if scope != "DEPLOYMENT":
        raise _invalid("only a grant in a deployment has location grants")
    _check_inner(context, own, scope)
    both = (grant, own["grant"])
    # What a custom role allows is neither more nor less than what another does.
    if "CUSTOM" not in both and RANKS.index(own["grant"]) <= RANKS.index(grant):
        raise _invalid(
            f"the grant in {own['locationName']!r} must be higher than {grant}, that in the deployment"
        )


def _check_inner(context: Context, own: Row, scope: str) -> None:
    allowed = ALLOWED["DEPLOYMENT"]
    if own["grant"] not in allowed:
        raise _invalid(f"{own['grant']} cannot be granted here: it can be {_or(allowed)}")
    # What one owns is in deployments, even where the grant is the organization's.
    inner = "DEPLOYMENT" if scope == "ORGANIZATION" else scope
    _check_role(context, own["grant"], own.get("customRoleId"), inner)


def _invalid(message: str) -> Failure:
    return Failure("InvalidGrant", f"There can be no such grant: {message}.")


def _or(names: Sequence[str]) -> str:
    return " or ".join(names)
