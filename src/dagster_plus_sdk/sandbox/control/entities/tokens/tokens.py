"""Tokens: one shape for those of users, agents, service users, and directories outside."""

from __future__ import annotations

from secrets import token_hex
from typing import NamedTuple

from ...callers import (
    AGENT_TOKEN,
    API_TOKEN,
    SERVICE_TOKEN,
    SERVICE_USER,
    USER,
    USER_TOKEN,
    agent_holder,
    digest,
)
from ...context import uuid_id
from ...registry import Failure, kind, linked, seeds, switch
from ..organization.organization import the_organization
from ..people.grants import grants_fields, set_grant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

#: What stands in lists in the place of a token's value.
MASK = "********"
GRANTS = "DagsterCloudScopedPermissionGrants"
NOT_FOUND = "DagsterCloudTokenNotFoundError"

LISTED_AGENT_TOKEN = switch(
    "listed_agent_token",
    "full",
    "masked",
    "empty",
    about="What the field token of an agent token has in lists.",
)
LISTED_TOKEN = switch(
    "listed_token",
    "masked",
    "empty",
    "full",
    about="What the field token of every other token has in lists. Nobody sees a token of another user.",
)
REVOKED = switch(
    "revoked_token_revocation",
    "success",
    "error",
    about="What revoking a revoked token answers: the token as it is, or that there is none.",
)


class TokenKind(NamedTuple):
    """A kind of tokens.

    Attributes:
        typename: Its GraphQL type.
        noun: What messages call it.
        form: How its text is made.
        is_number: Whether its ids are numbers.
        listed: The switch for what lists show.
    """

    typename: str
    noun: str
    form: str
    is_number: bool
    listed: str = LISTED_TOKEN


OF_USER = TokenKind(USER_TOKEN, "user token", "user:{random}", is_number=True)
OF_AGENT = TokenKind(
    AGENT_TOKEN,
    "agent token",
    "agent:{organization}:{uuid}",
    is_number=True,
    listed=LISTED_AGENT_TOKEN,
)
OF_SERVICE_USER = TokenKind(
    SERVICE_TOKEN, "service user's token", "service:{random}", is_number=False
)
OF_DIRECTORY = TokenKind(
    API_TOKEN, "API token", "api:scim:{organization}:{random}", is_number=False
)


def issue(
    context: Context,
    of: TokenKind,
    *,
    token: str | None = None,
    description: str | None = None,
    **fields: object,
) -> Row:
    """Write a token and return it with its value, which later answers may not show.

    Args:
        context: Who makes it.
        of: Its kind.
        token: Its value; without, a new one.
        description: What it is for.
        **fields: Whose it is, and what else only this kind has.
    """
    number = context.store.next_number(of.typename)
    identifier = number if of.is_number else uuid_id()
    name = the_organization(context)["publicId"]
    value = token or of.form.format(organization=name, uuid=uuid_id(), random=token_hex(16))
    row = {
        "id": identifier,
        "digest": digest(value),
        "token": value,
        "description": description,
        "createTimestamp": context.now(),
        "revokeTimestamp": None,
        "creator": context.caller.user_id,
        "revoker": None,
        **fields,
    }
    context.notes["tokenId"] = identifier
    return {**context.store.put(of.typename, identifier, row), "isNew": True}


def issue_agent_token(
    context: Context, *, token: str | None = None, description: str | None = None
) -> Row:
    """Write an agent token, which may serve the whole organization."""
    row = issue(context, OF_AGENT, token=token, description=description)
    set_grant(context.store, agent_holder(row["id"]), "AGENT", scope="ORGANIZATION")
    return row


def token_of(context: Context, of: TokenKind, identifier: object, **where: object) -> Row:
    """Return a token.

    Raises:
        Failure: There is none with this id, or it is another's.
    """
    return context.need(of.typename, identifier, NOT_FOUND, of.noun, **where)


def describe(context: Context, row: Row, description: str | None) -> Row:
    """Change what a token is for."""
    return context.store.put(row["__typename"], row["id"], {**row, "description": description})


def revoke(context: Context, row: Row) -> Row:
    """Make a token good for nothing, from the next request on.

    Raises:
        Failure: It is revoked, and that is an error.
    """
    if row["revokeTimestamp"] is not None:
        message = f"The token with id {row['id']!r} is revoked already."
        context.refuse(REVOKED, NOT_FOUND, message)
        return row
    row = {**row, "revokeTimestamp": context.now(), "revoker": context.caller.user_id}
    return context.store.put(row["__typename"], row["id"], row)


def _value(context: Context, row: Row, of: TokenKind) -> str:
    how = "full" if row.get("isNew") else context.switch(of.listed)
    if how == "full" and row.get("userId") in (None, context.caller.user_id):
        # What was sealed with another sandbox's token cannot be read.
        return row["token"] or MASK
    return "" if how == "empty" else MASK


kind(GRANTS, **grants_fields())
for _of, _computed in {
    OF_USER: {"user": linked(USER, "userId")},
    OF_AGENT: {
        "createdBy": linked(USER, "creator"),
        "permissions": lambda _, row: {"holder": agent_holder(row["id"])},
    },
    OF_SERVICE_USER: {
        "createdBy": linked(USER, "creator"),
        "serviceUser": linked(SERVICE_USER, "serviceUserId"),
    },
    OF_DIRECTORY: {"createdBy": linked(USER, "creator")},
}.items():
    kind(
        _of.typename,
        private=("digest", "creator", "revoker", "userId", "serviceUserId"),
        sealed=("token",),
        token=lambda context, row, of=_of: _value(context, row, of),
        revoked=lambda _, row: row["revokeTimestamp"] is not None,
        revokedBy=linked(USER, "revoker"),
        **_computed,
    )


@seeds("tokens")
def plant_token(
    context: Context,
    token: str,
    user: str | None = None,
    service_user: str | None = None,
    agent: bool = False,  # noqa: FBT001, FBT002 - people write it into a document
    description: str | None = None,
) -> None:
    """Write a token of a user (the address), of a service user (the name) or of agents, unless it is there."""
    if [user is not None, service_user is not None, agent].count(True) != 1:
        raise Failure("InvalidToken", "it must have one of user, service_user and agent")
    kinds = (USER_TOKEN, AGENT_TOKEN, SERVICE_TOKEN)
    if any(context.store.find(name, digest=digest(token)) for name in kinds):
        return
    if agent:
        issue_agent_token(context, token=token, description=description)
    elif user is not None:
        owner = context.need_one(USER, "UserNotFoundError", "user", email=user)
        issue(context, OF_USER, token=token, description=description, userId=owner["userId"])
    else:
        error = "ServiceUserNotFoundError"
        owner = context.need_one(SERVICE_USER, error, "service user", name=service_user)
        issue(
            context,
            OF_SERVICE_USER,
            token=token,
            description=description,
            serviceUserId=owner["id"],
            organizationId=owner["organizationId"],
        )
