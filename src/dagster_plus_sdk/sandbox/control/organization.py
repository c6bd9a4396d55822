"""The organization, the user who asks, and the version."""

from __future__ import annotations

from .deployments import ORGANIZATION, by_name
from .registry import kind, query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .registry import Context
    from .store import Row

USER = "DagsterCloudUser"
IDENTITY = "DagsterCloudIdentity"
#: What is said where no Dagster is behind the sandbox, whose version would be returned.
VERSION = "0+sandbox"

kind(
    ORGANIZATION,
    usersOrError=lambda context, _: context.store.list(USER),
)
kind(USER)
kind(
    IDENTITY,
    currentDeployment=lambda context, _: by_name(context.store, context.deployment),
    viewer=lambda context, _: context.store.find(USER, email=context.email),
)


@query("organization")
def organization(context: Context) -> Row | None:
    """Return the only organization."""
    return context.store.find(ORGANIZATION)


@query("identity")
def identity(_context: Context) -> Row:
    """Return who asks; all of it is computed."""
    return {"__typename": IDENTITY}


@query("version")
def version(_context: Context) -> str:
    """Return what a client that wants to see any answer asks for."""
    return VERSION
