"""Custom roles: permissions under a name, to be granted."""

from __future__ import annotations

from ...context import uuid_id
from ...registry import Failure, kind, mutation, query, seeds, switch
from ...rights import CUSTOM_ROLE, GRANT, ORGANIZATION
from ..organization.feature_gates import need_gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...context import Context
    from ...store import Row, Store

NEEDS = "EDIT_CUSTOM_ROLES"
NOT_FOUND = "CustomRoleNotFoundError"

MIXED = switch(
    "organization_permissions_in_deployment_roles",
    "refused",
    "accepted",
    about="Whether a custom role for deployments can have an organization's permissions, without effect.",
)

kind(CUSTOM_ROLE)


def _written(context: Context, role: Row, permissions: Iterable[str]) -> Row:
    """Write a role with all that it allows.

    Raises:
        Failure: There can be no such role.
    """
    allowed = list(dict.fromkeys(permissions))
    if not allowed or not role["name"].strip():
        raise Failure("InvalidCustomRoleError", "A custom role needs a name, and a permission.")
    foreign = [name for name in allowed if name in ORGANIZATION]
    refuses = context.switch(MIXED) == "refused"
    if foreign and refuses and role["deploymentScope"] == "DEPLOYMENT":
        raise Failure(
            "InvalidCustomRoleError", f"A custom role for deployments cannot have {foreign[0]}."
        )
    return context.store.put(CUSTOM_ROLE, role["id"], {**role, "permissions": allowed})


@seeds("custom_roles")
def plant_custom_role(
    context: Context,
    name: str,
    permissions: list[str],
    description: str = "",
    icon: str = "settings",
    scope: str = "DEPLOYMENT",
) -> None:
    """Write a custom role, in the place of that of the same name."""
    found = context.store.find(CUSTOM_ROLE, name=name)
    role = {
        "id": found["id"] if found else uuid_id(),
        "name": name,
        "description": description,
        "iconName": icon,
        "deploymentScope": scope,
    }
    _written(context, role, permissions)


@query("customRoles")
def custom_roles(context: Context) -> list[Row]:
    """Return the custom roles."""
    return context.store.list(CUSTOM_ROLE)


@query("customRoleOrError")
def custom_role(context: Context, *, custom_role_id: str) -> Row:
    """Return the custom role with this id."""
    return _need_role(context, custom_role_id)


@mutation("createCustomRole", needs=NEEDS, audit="CHANGE_USER_PERMISSIONS")
def create_custom_role(
    context: Context,
    *,
    custom_role_deployment_scope: str,
    custom_role_permissions: list[str],
    description: str,
    icon_name: str,
    name: str,
) -> Row:
    """Make a custom role. Others may have its name."""
    need_gate(context, "CUSTOM_RBAC_ENABLED")
    role = {
        "id": uuid_id(),
        "name": name,
        "description": description,
        "iconName": icon_name,
        "deploymentScope": custom_role_deployment_scope,
    }
    return _written(context, role, custom_role_permissions)


@mutation("updateCustomRole", needs=NEEDS, audit="CHANGE_USER_PERMISSIONS")
def update_custom_role(
    context: Context,
    *,
    custom_role_id: str,
    custom_role_permissions: list[str],
    description: str,
    icon_name: str,
    name: str,
) -> Row:
    """Change a custom role: all of it but its scope."""
    old = _need_role(context, custom_role_id)
    role = {**old, "name": name, "description": description, "iconName": icon_name}
    return _written(context, role, custom_role_permissions)


@mutation("deleteCustomRole", needs=NEEDS, audit="CHANGE_USER_PERMISSIONS")
def delete_custom_role(context: Context, *, custom_role_id: str) -> None:
    """Delete a custom role that is not granted anywhere."""
    role = _need_role(context, custom_role_id)
    if custom_role_id in _granted(context.store):
        raise Failure("CustomRoleInUseError", f"The custom role {role['name']!r} is granted.")
    context.store.delete(CUSTOM_ROLE, custom_role_id)


def _granted(store: Store) -> Iterator[str | None]:
    for row in store.list(GRANT):
        for given in (row, row["ownerDefinitionsRoleHandle"] or {}, *row["locationGrants"]):
            yield given.get("customRoleId")


def _need_role(context: Context, role_id: str) -> Row:
    return context.need(CUSTOM_ROLE, role_id, NOT_FOUND, "custom role")
