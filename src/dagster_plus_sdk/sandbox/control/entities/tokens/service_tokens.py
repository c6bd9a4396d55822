"""Tokens of service users."""

from __future__ import annotations

from ...callers import SERVICE_TOKEN, SERVICE_USER
from ...registry import Failure, mutation, query
from .tokens import OF_SERVICE_USER, describe, issue, revoke, token_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

NEEDS = "MANAGE_SERVICE_USERS"


@query("serviceTokensOrError", needs=NEEDS)
def service_tokens(context: Context, *, service_user_id: str) -> list[Row]:
    """Return a service user's tokens, the revoked ones included."""
    return context.store.list(SERVICE_TOKEN, serviceUserId=service_user_id)


@mutation("createServiceToken", needs=NEEDS, audit="CREATE_SERVICE_TOKEN")
def create_service_token(
    context: Context, *, service_user_id: str, description: str | None = None
) -> Row:
    """Make a token for a service user."""
    owner = context.store.get(SERVICE_USER, service_user_id)
    if owner is None:
        # Dagster+ has no other member for it here.
        raise Failure(
            "ServiceTokenNotFoundError",
            f"There is no service user with id {service_user_id!r}.",
            serviceTokenId=service_user_id,
        )
    return issue(
        context,
        OF_SERVICE_USER,
        description=description,
        serviceUserId=service_user_id,
        organizationId=owner["organizationId"],
    )


@mutation("updateServiceToken", needs=NEEDS, audit=None)
def update_service_token(
    context: Context, *, service_user_id: str, token_id: str, description: str | None = None
) -> Row:
    """Change what a token is for."""
    row = token_of(context, OF_SERVICE_USER, token_id, serviceUserId=service_user_id)
    return describe(context, row, description)


@mutation("revokeServiceToken", needs=NEEDS, audit="REVOKE_SERVICE_TOKEN")
def revoke_service_token(context: Context, *, token_id: str) -> Row:
    """Revoke a token."""
    return revoke(context, token_of(context, OF_SERVICE_USER, token_id))
