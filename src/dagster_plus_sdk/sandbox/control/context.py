"""What a resolver knows: the entities, who asks for which deployment, the time, and the real Dagster behind."""

from __future__ import annotations

import time
import uuid
from secrets import token_hex

from .registry import SWITCHES, Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .callers import Caller
    from .store import Row, Store

    #: Sends a query and its variables to the real webserver, and returns the data of the answer.
    Ask = Callable[[str, dict[str, Any]], dict[str, Any]]

#: The setting with the seconds that the sandbox's clock is ahead.
CLOCK = "clock"
#: The setting with the moments when the clock was set forward, and how many seconds it was ahead from then on.
CLOCK_STEPS = "clock_steps"
#: The setting with the switches that are not at their defaults.
CHOSEN = "switches"


class Context:
    """What a resolver gets first.

    Attributes:
        store: The entities.
        deployment: The name of the deployment that was asked.
        caller: Who asks.
        url: The server's URL, as it was asked; an empty text if nothing came over HTTP.
        notes: What the resolver adds to the metadata of the audit entry.
        subject: The deployment that the resolver changes, if that need not be the one that was asked.
    """

    __slots__ = ("_ask", "caller", "deployment", "notes", "store", "subject", "url")

    def __init__(
        self,
        store: Store,
        deployment: str,
        caller: Caller,
        ask: Ask | None = None,
        url: str = "",
    ) -> None:
        self.store: Store = store
        self.deployment: str = deployment
        self.caller: Caller = caller
        self.url: str = url
        self.notes: dict[str, Any] = {}
        self.subject: Row | None = None
        self._ask = ask

    def now(self) -> float:
        """Return the sandbox's time: seconds since 1970, UTC."""
        return now(self.store)

    def switch(self, name: str) -> str:
        """Return what a switch is set to."""
        return chosen(self.store, name)

    @property
    def has_dagster(self) -> bool:
        """Whether a real Dagster is behind the sandbox."""
        return self._ask is not None

    def ask(self, text: str, **variables: Any) -> dict[str, Any]:
        """Send a query to the real Dagster and return the data; an empty mapping without a Dagster."""
        return self._ask(text, variables) if self._ask else {}

    def here(self) -> Row:
        """Return the deployment that was asked."""
        found = self.store.find("DagsterCloudDeployment", deploymentName=self.deployment)
        assert found, self.deployment
        return found

    def scope(self, name: str) -> dict[str, int]:
        """Return the values by which things are found that a switch makes the deployment's or the organization's.

        Args:
            name: A switch of ``deployment`` and ``organization``.
        """
        is_shared = self.switch(name) == "organization"
        return {} if is_shared else {"deployment": self.here()["deploymentId"]}

    def need(
        self, kind: str, identifier: object, error: str, what: str = "", **where: object
    ) -> Row:
        """Return an entity.

        Args:
            kind: Its kind.
            identifier: Its id.
            error: The type of the error if it is not there.
            what: What it is called in the message.
            **where: The values that some of its fields must have.

        Raises:
            Failure: It is not there.
        """
        found = self.store.get(kind, identifier)
        if found is None or any(found.get(name) != value for name, value in where.items()):
            raise Failure(error, f"There is no {what or kind} with id {identifier!r}.")
        return found

    def need_one(self, kind: str, error: str, what: str, **where: object) -> Row:
        """Return the oldest entity whose fields have these values.

        Args:
            kind: Its kind.
            error: The type of the error if there is none.
            what: What it is called in the message.
            **where: The values. The first is its name in the message.

        Raises:
            Failure: There is none.
        """
        found = self.store.find(kind, **where)
        if found is None:
            names = "".join(f" {value!r}" for value in [*where.values()][:1])
            raise Failure(error, f"There is no {what}{names}.")
        return found

    def refuse(self, switch: str, error: str, message: str) -> None:
        """Raise, unless a switch of ``error`` and ``success`` says that nothing is wrong.

        Raises:
            Failure: The switch says so.
        """
        if self.switch(switch) == "error":
            raise Failure(error, message)

    def allows(
        self, permission: str, *, deployment: Row | None = None, location: str | None = None
    ) -> bool:
        """Tell whether the caller has a permission in a deployment: by default in the one that was asked."""
        where = self.here() if deployment is None else deployment
        return self.caller.allows(permission, where, location)

    def require(
        self, permission: str, *, deployment: Row | None = None, location: str | None = None
    ) -> None:
        """Raise unless the caller has a permission.

        Raises:
            Failure: The caller lacks it.
        """
        if not self.allows(permission, deployment=deployment, location=location):
            raise denied(self.caller, permission)


def denied(caller: Caller, permission: str) -> Failure:
    """Return the error for a caller who lacks a permission."""
    return Failure("UnauthorizedError", f"{caller.name} lacks the permission {permission}.")


def now(store: Store) -> float:
    """Return the sandbox's time: seconds since 1970, UTC."""
    ahead: float = store.setting(CLOCK, 0.0)
    # No finer than what a datetime can hold: whoever reads a time and sends it back means the same.
    return round(time.time() + ahead, 6)


def sandbox_time(store: Store, moment: float) -> float:
    """Return the time of the sandbox's clock at a moment of this machine's: when a run of the real Dagster ended."""
    steps = [ahead for since, ahead in store.setting(CLOCK_STEPS, []) if since <= moment]
    return moment + (steps[-1] if steps else 0.0)


def chosen(store: Store, name: str) -> str:
    """Return what a switch is set to."""
    value: str = store.setting(CHOSEN, {}).get(name, SWITCHES[name].choices[0])
    return value


def hex_id() -> str:
    """Return an id of 32 hexadecimal digits."""
    return token_hex(16)


def uuid_id() -> str:
    """Return an id that is a UUID."""
    return str(uuid.uuid4())
