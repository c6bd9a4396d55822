"""Service users: their names, and what has been granted to them."""

from __future__ import annotations

from ...callers import SERVICE_TOKEN, SERVICE_USER, service_user_holder
from ...context import uuid_id
from ...registry import Failure, kind, mutation, query, seeds
from ...rights import GRANT
from ..organization.feature_gates import need_gate
from .grants import give_grant, grants_fields, plant_roles, remove_all_grants, take_grant
from .seats import licensed_role

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row

VIEW = "ServiceUserWithScopedPermissionGrants"
NEEDS = "MANAGE_SERVICE_USERS"
PERMISSIONS = "CHANGE_SERVICE_USER_PERMISSIONS"

kind(SERVICE_USER, displayName=lambda _, row: row["name"])
kind(
    VIEW,
    private=("holder",),
    licensedRole=lambda context, row: licensed_role(
        context.store.list(GRANT, holder=row["holder"])
    ),
    **grants_fields(),
)


def service_user_view(user: Row) -> Row:
    """Return a service user with what has been granted, as most fields answer."""
    holder = service_user_holder(user["id"])
    return {"__typename": VIEW, "id": holder, "holder": holder, "serviceUser": user}


def _written(context: Context, user: Row) -> Row:
    """Write a service user.

    Raises:
        Failure: There can be no such one.
    """
    name = user["name"]
    if not name.strip():
        raise Failure("InvalidServiceUserError", "A service user needs a name.")
    other = context.store.find(SERVICE_USER, name=name)
    if other is not None and other["id"] != user["id"]:
        raise Failure(
            "ServiceUserNameConflictError",
            f"There is a service user {name!r} already.",
            existingName=name,
        )
    return context.store.put(SERVICE_USER, user["id"], user)


def _created(context: Context, name: str, description: str | None) -> Row:
    user = {"id": uuid_id(), "name": name, "description": description, "organizationId": 1}
    return _written(context, user)


@seeds("service_users")
def plant_service_user(
    context: Context,
    name: str,
    description: str | None = None,
    role: str | None = None,
    organization_role: str | None = None,
    deployments: dict[str, str] | None = None,
) -> None:
    """Write a service user with roles: everywhere, in the organization, by deployment."""
    user = context.store.find(SERVICE_USER, name=name) or _created(context, name, description)
    holder = service_user_holder(user["id"])
    plant_roles(context, holder, role, organization_role, deployments)


@query("serviceUsersOrError", needs=NEEDS)
def service_users(context: Context) -> list[Row]:
    """Return the service users, with what has been granted to each."""
    return [service_user_view(user) for user in context.store.list(SERVICE_USER)]


@query("serviceUser", needs=NEEDS)
def service_user(context: Context, *, service_user_id: str) -> Row:
    """Return the service user with this id."""
    return service_user_view(need_service_user(context, service_user_id))


def need_service_user(context: Context, service_user_id: str) -> Row:
    """Return the service user with this id.

    Raises:
        Failure: There is none.
    """
    found = context.store.get(SERVICE_USER, service_user_id)
    if found is None:
        raise Failure(
            "ServiceUserNotFoundError",
            f"There is no service user with id {service_user_id!r}.",
            serviceUserId=service_user_id,
        )
    return found


@mutation("createServiceUser", needs=NEEDS, audit="CREATE_SERVICE_USER")
def create_service_user(context: Context, *, name: str, description: str | None = None) -> Row:
    """Make a service user, to whom nothing is granted yet."""
    need_gate(context, "ENABLE_SERVICE_USERS")
    return service_user_view(_created(context, name, description))


@mutation("updateServiceUser", needs=NEEDS, audit="UPDATE_SERVICE_USER")
def update_service_user(
    context: Context,
    *,
    id: str,  # noqa: A002 - the schema's
    name: str | None = None,
    description: str | None = None,
) -> Row:
    """Change what is given of a service user."""
    user = need_service_user(context, id)
    given = {"name": name, "description": description}
    changes = {key: value for key, value in given.items() if value is not None}
    return service_user_view(_written(context, {**user, **changes}))


@mutation("deleteServiceUser", needs=NEEDS, audit="DELETE_SERVICE_USER")
def delete_service_user(context: Context, *, service_user_id: str) -> Row:
    """Delete a service user with its tokens and what has been granted to it."""
    need_service_user(context, service_user_id)
    store = context.store
    remove_all_grants(store, service_user_holder(service_user_id))
    store.delete_all(SERVICE_TOKEN, serviceUserId=service_user_id)
    store.delete(SERVICE_USER, service_user_id)
    return {"success": True}


@mutation("createOrUpdateServiceUserPermissions", needs=NEEDS, audit=PERMISSIONS)
def set_service_user_grant(context: Context, *, service_user_permission: dict[str, Any]) -> Row:
    """Grant a service user a role, in the place of the one in that scope."""
    user = need_service_user(context, service_user_permission["serviceUserId"])
    give_grant(context, service_user_holder(user["id"]), service_user_permission)
    return service_user_view(user)


@mutation("removeServiceUserPermissions", needs=NEEDS, audit=PERMISSIONS)
def remove_service_user_grant(context: Context, *, service_user_permission: dict[str, Any]) -> Row:
    """Take a role from a service user, if it is there."""
    user = need_service_user(context, service_user_permission["serviceUserId"])
    take_grant(context, service_user_holder(user["id"]), service_user_permission)
    return service_user_view(user)
