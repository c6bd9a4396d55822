"""User tokens: one's own, and for who administers the organization, the others' without their values."""

from __future__ import annotations

from ...callers import USER, USER_TOKEN
from ...context import denied
from ...registry import mutation, query
from .tokens import OF_USER, describe, issue, revoke, token_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

OTHERS = "READ_AND_EDIT_ALL_USER_TOKENS"


def _require(context: Context, user_id: int) -> None:
    """Everybody's tokens are their own affair."""
    if context.caller.user_id != user_id:
        context.require(OTHERS)


@query("userTokensOrError", needs=None)
def user_tokens(context: Context, *, user_id: int) -> list[Row]:
    """Return a user's tokens, the revoked ones included."""
    _require(context, user_id)
    if context.store.get(USER, user_id) is None:
        return []
    return context.store.list(USER_TOKEN, userId=user_id)


@mutation("createUserToken", needs=None, audit="CREATE_USER_TOKEN", audit_scope="organization")
def create_user_token(
    context: Context, *, user_id: int | None = None, description: str | None = None
) -> Row:
    """Make a token of one's own; of another nobody can."""
    own = context.caller.user_id
    if own is None or user_id not in (None, own):
        raise denied(context.caller, OTHERS)
    return issue(context, OF_USER, description=description, userId=own)


@mutation("editUserTokenDescription", needs=None, audit=None)
def edit_user_token_description(
    context: Context, *, user_id: int, token_id: int, description: str | None = None
) -> Row:
    """Change what a token is for."""
    _require(context, user_id)
    return describe(context, token_of(context, OF_USER, token_id, userId=user_id), description)


@mutation("revokeUserToken", needs=None, audit="REVOKE_USER_TOKEN", audit_scope="organization")
def revoke_user_token(context: Context, *, user_id: int, token_id: int) -> Row:
    """Revoke a token."""
    _require(context, user_id)
    return revoke(context, token_of(context, OF_USER, token_id, userId=user_id))
