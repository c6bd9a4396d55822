"""User tokens."""

from __future__ import annotations

from ..callers import USER, USER_TOKEN, digest
from ..registry import Failure, kind, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..context import Context
    from ..store import Row

kind(
    USER_TOKEN,
    private=("digest", "userId"),
    sealed=("token",),
    user=lambda context, row: context.store.get(USER, row["userId"]),
    revoked=lambda _, row: row["revokeTimestamp"] is not None,
)


def create_token(context: Context, user_id: int, token: str, description: str | None) -> Row:
    """Write a user's token and return it."""
    number = context.store.next_number(USER_TOKEN)
    row = {
        "id": number,
        "userId": user_id,
        "digest": digest(token),
        "token": token,
        "description": description,
        "createTimestamp": context.now(),
        "revokeTimestamp": None,
    }
    return context.store.put(USER_TOKEN, number, row)


@seeds("tokens")
def plant_token(context: Context, token: str, user: str, description: str | None = None) -> None:
    """Write a user's token, unless it is there."""
    found = context.store.find(USER, email=user)
    if found is None:
        raise Failure("UserNotFoundError", f"there is no user {user!r}")
    if context.store.find(USER_TOKEN, digest=digest(token)) is None:
        create_token(context, found["userId"], token, description)
