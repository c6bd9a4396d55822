"""Users."""

from __future__ import annotations

from ..callers import USER, user_holder
from ..registry import kind, seeds
from .grants import plant_roles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..context import Context
    from ..store import Row, Store

kind(USER)


def create_user(store: Store, email: str, name: str | None = None) -> Row:
    """Write a user and return it."""
    number = store.next_number(USER)
    first, _, last = (name or "").partition(" ")
    user = {
        "id": f"user-{number}",
        "userId": number,
        "email": email,
        "name": name,
        "displayName": name or email,
        "firstName": first or None,
        "lastName": last or None,
    }
    return store.put(USER, number, user)


@seeds("users")
def plant_user(
    context: Context,
    email: str,
    name: str | None = None,
    role: str | None = None,
    organization_role: str | None = None,
    deployments: dict[str, str] | None = None,
) -> None:
    """Write a user with roles: everywhere, in the organization, by deployment."""
    user = create_user(context.store, email, name)
    holder = user_holder(user["userId"])
    plant_roles(context, holder, role, organization_role, deployments)
