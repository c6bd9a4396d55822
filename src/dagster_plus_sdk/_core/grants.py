"""Grants: which role a user, team, service user or agent token has, and where. One shape for all of them.

A holder has one grant per place: the organization, a deployment, all branch deployments, or those of one base deployment.
Setting a grant replaces the one at its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from .errors import InvalidInputError
from .inputs import member, members, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Protocol, TypeVar

    from typing_extensions import NotRequired

    from .._generated.enums import PermissionDeploymentScope, PermissionGrant
    from .._generated.input_types import GrantInput, LocationScopedGrantInput
    from .._generated.models import Grant

    class Holder(Protocol):
        """What has grants."""

        organization_grant: Grant | None
        deployment_grants: list[Grant]
        all_branch_deployments_grant: Grant | None
        branch_deployment_grants: list[Grant]

    H = TypeVar("H", bound=Holder)

#: Begins a location's role, or that on one's own definitions, which is a custom one.
CUSTOM_PREFIX = "custom:"

#: The built-in roles of deployments, each with all that those before it may.
_RANKS = ("CATALOG_VIEWER", "VIEWER", "LAUNCHER", "EDITOR", "ADMIN")
_OF_ORGANIZATION = ("ADMIN", "CUSTOM")


class PlaceFields(TypedDict):
    """Where a grant holds, as the API takes it."""

    deploymentScope: PermissionDeploymentScope
    deploymentId: NotRequired[int]


class GrantFields(PlaceFields):
    """A grant, as the API takes it, without its holder."""

    grant: PermissionGrant
    customRoleId: NotRequired[str]
    locationGrants: NotRequired[Sequence[LocationScopedGrantInput]]
    ownerDefinitionsRole: NotRequired[GrantInput]


class GrantPlace(NamedTuple):
    """Where a grant holds.

    Attributes:
        scope: What kind of place.
        deployment: The deployment's name or id; of branch deployments their base.
    """

    scope: PermissionDeploymentScope
    deployment: int | str | None

    def fields(self, deployment_id: int | None) -> PlaceFields:
        """Return what the API takes.

        Args:
            deployment_id: The deployment's id.
        """
        if deployment_id is None:
            return {"deploymentScope": self.scope}
        return {"deploymentScope": self.scope, "deploymentId": deployment_id}


class RoleName(NamedTuple):
    """A role: a built-in one, or a custom one by its name or id."""

    grant: PermissionGrant
    custom: str | None = None

    def fields(self, custom_ids: Mapping[str, str]) -> GrantInput:
        """Return what the API takes.

        Args:
            custom_ids: The ids of custom roles by what was written for them.
        """
        if self.custom is None:
            return {"grant": self.grant}
        return {"grant": self.grant, "customRoleId": custom_ids[self.custom]}


class GrantRequest(NamedTuple):
    """A grant that is to be set, checked; names are not looked up yet."""

    place: GrantPlace
    role: RoleName
    location_roles: Mapping[str, RoleName] | None = None
    owner_role: RoleName | None = None

    @property
    def custom_roles(self) -> list[str]:
        """The custom roles that it names, each once."""
        roles = [self.role, *(self.location_roles or {}).values(), self.owner_role]
        return list(dict.fromkeys(role.custom for role in roles if role and role.custom))

    def fields(self, deployment_id: int | None, custom_ids: Mapping[str, str]) -> GrantFields:
        """Return what the API takes.

        Args:
            deployment_id: The deployment's id.
            custom_ids: The ids of custom roles by what was written for them.
        """
        found: GrantFields = {"deploymentScope": self.place.scope, "grant": self.role.grant}
        if deployment_id is not None:
            found["deploymentId"] = deployment_id
        if self.role.custom is not None:
            found["customRoleId"] = custom_ids[self.role.custom]
        if self.location_roles is not None:
            found["locationGrants"] = [
                {"locationName": location, **role.fields(custom_ids)}
                for location, role in self.location_roles.items()
            ]
        if self.owner_role is not None:
            found["ownerDefinitionsRole"] = self.owner_role.fields(custom_ids)
        return found


def grant_place(
    scope: PermissionDeploymentScope | str | None, deployment: int | str | None
) -> GrantPlace:
    """Return where a grant holds; a deployment alone says it.

    Raises:
        InvalidInputError: Nothing says it, or both contradict each other.
    """
    from .._generated.enums.permission_deployment_scope import PermissionDeploymentScope as Scope

    if isinstance(deployment, bool) or (deployment is not None and not isinstance(deployment, int)):
        deployment = text(deployment, "the deployment's name")
    if scope is None:
        if deployment is None:
            raise InvalidInputError(
                "say where the role holds: deployment=..., scope='organization' or "
                "scope='all_branch_deployments'"
            )
        return GrantPlace(Scope.DEPLOYMENT, deployment)
    chosen = member(Scope, scope, "scope")
    if chosen is Scope.DEPLOYMENT and deployment is None:
        raise InvalidInputError("scope 'deployment' needs deployment=...: its name or id")
    if chosen is Scope.ORGANIZATION and deployment is not None:
        raise InvalidInputError(
            f"scope 'organization' has no deployment; leave out {deployment!r}, or the scope"
        )
    return GrantPlace(chosen, deployment)


def grant_request(
    role: PermissionGrant | str | None,
    scope: PermissionDeploymentScope | str | None = None,
    deployment: int | str | None = None,
    custom_role: str | None = None,
    location_roles: Mapping[str, str] | None = None,
    owner_role: PermissionGrant | str | None = None,
) -> GrantRequest | None:
    """Return the grant that a caller describes; None where nothing is said of one.

    Args:
        role: The role.
        scope: Where it holds; a deployment alone says it.
        deployment: The deployment's name or id; of branch deployments their base.
        custom_role: The custom role's name or id; the role is then ``CUSTOM``.
        location_roles: Higher roles in some code locations of the deployment.
        owner_role: The role on definitions that the holder owns.

    Raises:
        InvalidInputError: It cannot be granted.
    """
    if all(v is None for v in (role, scope, deployment, custom_role, location_roles, owner_role)):
        return None
    place = grant_place(scope, deployment)
    chosen = _main_role(role, custom_role)
    _check_scope(place, chosen)
    return GrantRequest(
        place,
        chosen,
        _location_roles(place, chosen, location_roles),
        None if owner_role is None else _role_name(owner_role, "owner_role"),
    )


def agent_place(
    scope: PermissionDeploymentScope | str | None, deployment: int | str | None
) -> GrantPlace | None:
    """Return where an agent token may serve; None where nothing is said of it.

    Raises:
        InvalidInputError: It cannot be granted to an agent token.
    """
    from .._generated.enums.permission_deployment_scope import PermissionDeploymentScope as Scope

    if scope is None and deployment is None:
        return None
    place = grant_place(scope, deployment)
    if place.scope is Scope.ALL_BRANCH_DEPLOYMENTS and place.deployment is not None:
        raise InvalidInputError(
            "an agent token serves all branch deployments or none: leave out the deployment "
            f"{place.deployment!r}, or the scope"
        )
    return place


def _main_role(role: PermissionGrant | str | None, custom_role: str | None) -> RoleName:
    from .._generated.enums.permission_grant import PermissionGrant as Role

    if role is None and custom_role is None:
        raise InvalidInputError("say which role: role=..., or custom_role=... by its name or id")
    chosen = Role.CUSTOM if role is None else member(Role, role, "role")
    if chosen is Role.AGENT:
        raise InvalidInputError("the role AGENT is for agent tokens only")
    if chosen is Role.CUSTOM and custom_role is None:
        raise InvalidInputError("the role CUSTOM needs custom_role=...: its name or id")
    if chosen is not Role.CUSTOM and custom_role is not None:
        raise InvalidInputError(
            f"custom_role goes with the role CUSTOM, not with {chosen}; leave out one of them"
        )
    return RoleName(
        chosen, None if custom_role is None else text(custom_role, "the custom role's name")
    )


def _check_scope(place: GrantPlace, role: RoleName) -> None:
    from .._generated.enums.permission_deployment_scope import PermissionDeploymentScope as Scope

    if place.scope is Scope.ORGANIZATION and role.grant not in _OF_ORGANIZATION:
        raise InvalidInputError(
            f"the role {role.grant} holds in deployments: name one with deployment=...; in the "
            "organization a role is ADMIN or CUSTOM"
        )


def _role_name(value: PermissionGrant | str, what: str) -> RoleName:
    """Return a role that may be written ``custom:<name or id>``."""
    from .._generated.enums.permission_grant import PermissionGrant as Role

    if str(value).lower().startswith(CUSTOM_PREFIX):
        custom = str(value)[len(CUSTOM_PREFIX) :].strip()
        return RoleName(Role.CUSTOM, text(custom, f"the custom role's name in {what}"))
    chosen = member(Role, value, what)
    if chosen in (Role.AGENT, Role.CUSTOM):
        hint = f"; write {CUSTOM_PREFIX}NAME" if chosen is Role.CUSTOM else ""
        raise InvalidInputError(f"{what} cannot be {chosen}{hint}")
    return RoleName(chosen)


def _location_roles(
    place: GrantPlace, role: RoleName, given: Mapping[str, str] | None
) -> dict[str, RoleName] | None:
    from .._generated.enums.permission_deployment_scope import PermissionDeploymentScope as Scope

    if given is None:
        return None
    if place.scope is not Scope.DEPLOYMENT:
        raise InvalidInputError(
            "location_roles hold in one deployment: name it with deployment=..."
        )
    found = {
        text(location, "a code location's name"): _role_name(value, f"the role in {location!r}")
        for location, value in given.items()
    }
    for location, higher in found.items():
        ranked = role.grant in _RANKS and higher.grant in _RANKS
        if ranked and _RANKS.index(higher.grant) <= _RANKS.index(role.grant):
            raise InvalidInputError(
                f"the role {higher.grant} in {location!r} must be higher than {role.grant}, which holds "
                "in all locations of the deployment"
            )
    return found


def all_grants(holder: Holder) -> Iterator[Grant]:
    """Yield all grants of a holder, the organization's first."""
    if holder.organization_grant is not None:
        yield holder.organization_grant
    yield from holder.deployment_grants
    if holder.all_branch_deployments_grant is not None:
        yield holder.all_branch_deployments_grant
    yield from holder.branch_deployment_grants


def holding(
    roles: PermissionGrant | str | Iterable[PermissionGrant | str] | None,
) -> Callable[[Holder], bool] | None:
    """Return a condition: one of the holder's own grants has one of these roles.

    Raises:
        InvalidInputError: There is no such role.
    """
    from .._generated.enums.permission_grant import PermissionGrant as Role

    wanted = members(Role, roles, "role")
    if wanted is None:
        return None
    return lambda holder: any(grant.role in wanted for grant in all_grants(holder))
