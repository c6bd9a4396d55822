"""Who asks: tokens, and the users, agents and service users that they belong to."""

from __future__ import annotations

import hashlib

from .rights import ORGANIZATION, grants_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .rights import HeldGrant
    from .store import Row, Store

USER = "DagsterCloudUser"
SERVICE_USER = "ServiceUser"
TEAM = "DagsterCloudTeam"
USER_TOKEN = "DagsterCloudUserToken"  # noqa: S105 - names, as all below
AGENT_TOKEN = "DagsterCloudAgentToken"  # noqa: S105
API_TOKEN = "DagsterCloudApiToken"  # noqa: S105
SERVICE_TOKEN = "ServiceToken"  # noqa: S105


class Caller:
    """Who asks, and what they may do: as it was when the token was looked up.

    Attributes:
        name: What errors call them.
        user: The user, if it is one.
        agent_token_id: The id of the agent token, if it is one.
        token_id: The id of the token that they use.
    """

    __slots__ = ("_grants", "agent_token_id", "name", "token_id", "user")

    def __init__(
        self,
        name: str,
        token_id: object,
        grants: Sequence[HeldGrant],
        *,
        user: Row | None = None,
        agent_token_id: int | None = None,
    ) -> None:
        self._grants = grants
        self.name: str = name
        self.token_id: object = token_id
        self.user: Row | None = user
        self.agent_token_id: int | None = agent_token_id

    @property
    def email(self) -> str | None:
        """The user's address."""
        return self.user["email"] if self.user else None

    @property
    def user_id(self) -> int | None:
        """The user's number."""
        return self.user["userId"] if self.user else None

    def permissions(self, deployment: Row | None, location: str | None = None) -> frozenset[str]:
        """Return what they may do in a deployment, or in the organization."""
        return frozenset().union(*(grant.allows(deployment, location) for grant in self._grants))

    def allows(self, permission: str, deployment: Row | None, location: str | None = None) -> bool:
        """Tell whether they have a permission. What is the organization's does not depend on the deployment."""
        where = None if permission in ORGANIZATION else deployment
        return permission in self.permissions(where, location)

    def allows_in_some_location(self, permission: str, deployment: Row) -> bool:
        """Tell whether they have a permission in a code location at least."""
        return bool(self.locations_with(permission, deployment))

    def locations_with(self, permission: str, deployment: Row) -> list[str]:
        """Return the code locations that a grant names and where they have a permission."""
        names = sorted({name for grant in self._grants for name in grant.by_location})
        return [name for name in names if self.allows(permission, deployment, name)]


def digest(token: str) -> str:
    """Return what is kept of a token to know it again."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def authenticate(store: Store, token: str) -> Caller | None:
    """Return who a token belongs to; None if it is unknown or revoked, or its owner is gone."""
    if not token:
        return None
    for kind, identify in _OWNERS.items():
        row = store.find(kind, digest=digest(token))
        if row is not None:
            return None if row.get("revokeTimestamp") else identify(store, row)
    return None


def user_caller(store: Store, user: Row, token_id: object) -> Caller:
    """Return a user as a caller, with their own grants and those of their teams."""
    holders = user_holders(user["userId"], store.list(TEAM))
    return Caller(user["email"], token_id, grants_of(store, holders), user=user)


def user_holders(user_id: int, teams: Iterable[Row]) -> list[str]:
    """Return the holders whose grants a user has: the user, and those of the teams that have the user."""
    own = [team_holder(team["id"]) for team in teams if user_id in team["memberIds"]]
    return [user_holder(user_id), *own]


def user_holder(user_id: int) -> str:
    """Return the name of a user as a holder of grants."""
    return f"user:{user_id}"


def team_holder(team_id: str) -> str:
    """Return the name of a team as a holder of grants."""
    return f"team:{team_id}"


def service_user_holder(service_user_id: str) -> str:
    """Return the name of a service user as a holder of grants."""
    return f"service:{service_user_id}"


def agent_holder(token_id: int) -> str:
    """Return the name of an agent token as a holder of grants."""
    return f"agent:{token_id}"


def _user(store: Store, token: Row) -> Caller | None:
    user = store.get(USER, token["userId"])
    return None if user is None else user_caller(store, user, token["id"])


def _agent(store: Store, token: Row) -> Caller:
    number = token["id"]
    grants = grants_of(store, [agent_holder(number)])
    return Caller(f"agent token {number}", number, grants, agent_token_id=number)


def _service_user(store: Store, token: Row) -> Caller | None:
    owner = store.get(SERVICE_USER, token["serviceUserId"])
    if owner is None:
        return None
    grants = grants_of(store, [service_user_holder(owner["id"])])
    return Caller(f"service user {owner['name']}", token["id"], grants)


def _api(_store: Store, _token: Row) -> None:
    """SCIM tokens are for SCIM: no operation takes them."""


_OWNERS: dict[str, Callable[[Store, Row], Caller | None]] = {
    USER_TOKEN: _user,
    AGENT_TOKEN: _agent,
    SERVICE_TOKEN: _service_user,
    API_TOKEN: _api,
}
