"""What people have of their own: whose it is, and which of it a deployment shows."""

from __future__ import annotations

from ...callers import USER
from ...context import hex_id
from ...registry import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

#: A selection of assets that says nothing.
NOTHING: dict[str, list[object]] = {
    name: []
    for name in (
        "codeLocations",
        "columnTags",
        "columns",
        "groups",
        "kinds",
        "owners",
        "tableNames",
        "tags",
    )
}
OTHERS = "EDIT_OTHER_USERS_CATALOG_VIEWS"


def owner(context: Context, email: str | None = None) -> Row:
    """Return the user whose something is: the caller, or the one with this address.

    Raises:
        Failure: The caller is no user, or may not see to what is another's; there is no such user.
    """
    me = context.caller.user
    if email is None or (me is not None and me["email"] == email):
        if me is None:
            raise Failure("UnauthorizedError", f"{context.caller.name} is no user.")
        return me
    context.require(OTHERS)
    return context.need_one(USER, "UserNotFoundError", "user", email=email)


def new_item(of: Row, deployment: int) -> Row:
    """Return what each view and each pinned item has, with an id of its own."""
    return {
        "id": hex_id(),
        "deployment": deployment,
        "creatorId": of["userId"],
        "ownerId": str(of["userId"]),
    }


def deployments_shown(context: Context, *, with_base: bool | None) -> set[int]:
    """Return the ids of the deployments whose things are shown: the one that was asked, and its base if wanted."""
    here = context.here()
    base = here.get("parentId")
    return {here["deploymentId"]} | ({base} if with_base and base is not None else set())
