"""What people have of their own: whose it is, and which of it a deployment shows."""

from __future__ import annotations

from ...callers import USER
from ...registry import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

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
    found = context.store.find(USER, email=email)
    if found is None:
        raise Failure("UserNotFoundError", f"There is no user {email!r}.")
    return found


def deployments_shown(context: Context, *, with_base: bool | None) -> set[int]:
    """Return the ids of the deployments whose things are shown: the one that was asked, and its base if wanted."""
    here = context.here()
    base = here.get("parentId")
    return {here["deploymentId"]} | ({base} if with_base and base is not None else set())
