"""Users: who is in the organization, who is invited, and what has been granted to them."""

from __future__ import annotations

from ...callers import USER, USER_TOKEN, user_holder
from ...context import denied
from ...deploying import full, staying
from ...registry import Failure, kind, mutation, query, seeds, switch
from ..deployments.deployment_settings import settings_of, shown
from .grants import give_grant, grants_fields, plant_roles, remove_all_grants, take_grant
from .seats import check_seat, counts, guarded, licensed_role, user_grants
from .teams import CHANGED, EVERYWHERE, IN_DEPLOYMENT, leave_teams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row, Store

VIEW = "DagsterCloudUserWithScopedPermissionGrants"
#: The setting of a deployment with the role that new users have there, and what says that they have none.
ROLE = "sso_default_role"
NO_ROLE = "NO_ACCESS"
NOT_FOUND = "UserNotFoundError"

INVITED = switch(
    "invited_users",
    "listed",
    "hidden",
    about="Whether a user who has not accepted the invitation yet is in the list of users.",
)
EMAIL_CASE = switch(
    "email_case",
    "ignored",
    "significant",
    about="Whether Ada@example.com and ada@example.com are one user.",
)
ADD_AGAIN = switch(
    "existing_user_addition",
    "success",
    "error",
    about="What addUserToOrganization answers for somebody who is in the organization already.",
)
REMOVE_MISSING = switch(
    "missing_user_removal",
    "error",
    "success",
    about="What removeUserFromOrganization answers for somebody who is not in the organization.",
)

kind(USER, private=("pending",))
kind(
    VIEW,
    private=("holder",),
    licensedRole=lambda context, row: licensed_role(
        user_grants(context.store, row["user"]["userId"])
    ),
    **grants_fields(),
)


def create_user(store: Store, email: str, name: str | None = None, *, pending: bool = False) -> Row:
    """Write a user and return it."""
    number = store.next_number(USER)
    return _write(store, {"id": f"user-{number}", "userId": number, "email": email}, name, pending)


def _write(store: Store, user: Row, name: str | None, pending: bool) -> Row:  # noqa: FBT001
    email = user["email"]
    first, _, last = (name or "").partition(" ")
    names = {
        "name": name,
        "displayName": name or email,
        "firstName": first or None,
        "lastName": last or None,
    }
    return store.put(USER, user["userId"], {**user, **names, "pending": pending})


def find_user(context: Context, email: str) -> Row | None:
    """Return the user with an address, one who is only invited included."""
    if context.switch(EMAIL_CASE) == "significant":
        return context.store.find(USER, email=email)
    wanted = email.lower()
    return next((row for row in context.store.list(USER) if row["email"].lower() == wanted), None)


def listed_users(context: Context) -> list[Row]:
    """Return the users that lists have."""
    users = context.store.list(USER)
    hides = context.switch(INVITED) == "hidden"
    return [user for user in users if not (hides and user["pending"])]


def user_view(user: Row) -> Row:
    """Return a user with what has been granted, as most fields answer."""
    holder = user_holder(user["userId"])
    return {"__typename": VIEW, "id": holder, "holder": holder, "user": user}


@seeds("users")
def plant_user(
    context: Context,
    email: str,
    name: str | None = None,
    role: str | None = None,
    organization_role: str | None = None,
    deployments: dict[str, str] | None = None,
) -> None:
    """Write a user with roles: everywhere, in the organization, by deployment. Who was invited accepts by this."""
    found = find_user(context, email)
    if found is None:
        user = create_user(context.store, email, name)
    else:
        user = _write(context.store, found, name or found["name"], pending=False)
    holder = user_holder(user["userId"])
    plant_roles(context, holder, role, organization_role, deployments)


@query("usersOrError")
def users(context: Context) -> Row:
    """Return the users, with what has been granted to each."""
    return {
        "users": [user_view(user) for user in listed_users(context)],
        "userCountsByHighestLevel": counts(context.store),
    }


@mutation("addUserToOrganization", needs=None, audit=CHANGED, audit_scope="organization")
def add_user(context: Context, *, email: str | None = None) -> Row:
    """Invite somebody, who gets the default role of each deployment."""
    _require_inviter(context)
    if not email or "@" not in email:
        raise Failure("InvalidEmailError", f"{email!r} is no e-mail address.")
    user = find_user(context, email)
    if user is None:
        _check_scim(context)
        check_seat(context)
        with guarded(context):
            user = create_user(context.store, email, pending=True)
            _give_default_roles(context, user_holder(user["userId"]))
    else:
        context.refuse(ADD_AGAIN, "UserExistsError", f"{email} is in the organization already.")
    return {"email": user["email"], "userWithGrants": user_view(user)}


def _check_scim(context: Context) -> None:
    organization = context.store.find("DagsterCloudOrganization")
    if organization and organization["scimSync"]:
        raise Failure("ScimEnabledError", "Users come from the identity provider, by SCIM.")


def _require_inviter(context: Context) -> None:
    """Require an admin of any deployment, or who changes users."""
    deployments = full(context.store)
    if not context.allows(EVERYWHERE) and not any(
        context.allows(IN_DEPLOYMENT, deployment=row) for row in deployments
    ):
        raise denied(context.caller, IN_DEPLOYMENT)


def _give_default_roles(context: Context, holder: str) -> None:
    rows = staying(context.store)
    roles = {row["deploymentName"]: shown(context, settings_of(context, row))[ROLE] for row in rows}
    given = {name: role for name, role in roles.items() if role != NO_ROLE}
    plant_roles(context, holder, None, None, given)


@mutation("removeUserFromOrganization", needs=EVERYWHERE, audit=CHANGED)
def remove_user(context: Context, *, email: str | None = None) -> Row:
    """Remove somebody, with their tokens, grants, and places in teams."""
    user = find_user(context, email or "")
    if user is None:
        context.refuse(REMOVE_MISSING, NOT_FOUND, _no_user(email))
        return {"email": email}
    number = user["userId"]
    store = context.store
    with guarded(context):
        remove_all_grants(store, user_holder(number))
        leave_teams(store, number)
        store.delete_all(USER_TOKEN, userId=number)
        store.delete(USER, number)
    return {"email": user["email"]}


@mutation("createOrUpdateUserPermissions", needs=EVERYWHERE, audit=CHANGED)
def set_user_grant(context: Context, *, user_permission: dict[str, Any]) -> Row:
    """Grant a user a role, in the place of the one in that scope."""
    user = _need_user(context, user_permission)
    with guarded(context):
        give_grant(context, user_holder(user["userId"]), user_permission)
    return user_view(user)


@mutation("removeUserPermissions", needs=EVERYWHERE, audit=CHANGED)
def remove_user_grant(context: Context, *, user_permission: dict[str, Any]) -> Row:
    """Take a role from a user, if it is there."""
    user = _need_user(context, user_permission)
    with guarded(context):
        take_grant(context, user_holder(user["userId"]), user_permission)
    return user_view(user)


def _need_user(context: Context, given: dict[str, Any]) -> Row:
    user = find_user(context, given["email"])
    if user is None:
        raise Failure(NOT_FOUND, _no_user(given["email"]))
    return user


def _no_user(email: str | None) -> str:
    return f"There is no user {email!r} in the organization."
