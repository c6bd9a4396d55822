"""Calls that may fail, as long as they fail as documented."""

from __future__ import annotations

from dagster_plus_sdk import (
    APIError,
    DagsterPlusError,
    GraphQLRequestError,
    InvalidInputError,
    UnexpectedResultError,
)

#: The status of a document that the schema does not have: the client's own mistake.
INVALID_DOCUMENT = 400


def is_allowed(error: DagsterPlusError) -> bool:
    """Tell whether an exception is what a user of the client can count on."""
    if isinstance(error, GraphQLRequestError):
        return error.status_code != INVALID_DOCUMENT
    if isinstance(error, UnexpectedResultError):
        return False
    return isinstance(error, (APIError, InvalidInputError))


async def tried(call):
    """Return what a call gives, or the name of the exception that it may raise."""
    try:
        return await call()
    except DagsterPlusError as error:
        if not is_allowed(error):
            raise
        return type(error).__name__
