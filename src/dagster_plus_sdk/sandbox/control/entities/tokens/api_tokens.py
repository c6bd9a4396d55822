"""API tokens: for the directories that send users by SCIM."""

from __future__ import annotations

from ...callers import API_TOKEN
from ...registry import mutation, query
from .tokens import OF_DIRECTORY, describe, issue, revoke, token_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

NEEDS = "MANAGE_SSO_AND_SCIM"


@query("apiTokensOrError", needs=NEEDS)
def api_tokens(context: Context, *, token_type: str) -> list[Row]:
    """Return all of a type, the revoked ones included."""
    return context.store.list(API_TOKEN, tokenType=token_type)


@mutation("createApiToken", needs=NEEDS, audit=None)
def create_api_token(context: Context, *, token_type: str, description: str | None = None) -> Row:
    """Make a token."""
    return issue(context, OF_DIRECTORY, description=description, tokenType=token_type)


@mutation("editApiTokenDescription", needs=NEEDS, audit=None)
def edit_api_token_description(
    context: Context, *, token_id: str, token_type: str, description: str | None = None
) -> Row:
    """Change what a token is for."""
    return describe(
        context, token_of(context, OF_DIRECTORY, token_id, tokenType=token_type), description
    )


@mutation("revokeApiToken", needs=NEEDS, audit="PUT_REVOKE_TOKEN")
def revoke_api_token(context: Context, *, token_id: str, token_type: str) -> Row:
    """Revoke a token."""
    return revoke(context, token_of(context, OF_DIRECTORY, token_id, tokenType=token_type))
