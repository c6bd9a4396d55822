"""A running sandbox from outside: its faults, its requests, its state. Speaks to the admin door."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlencode, urlsplit

from ..._core.errors import (
    AuthenticationError,
    ConnectionFailedError,
    DagsterPlusError,
    InvalidInputError,
    NotFoundError,
    NotSupportedError,
    PermissionDeniedError,
)
from ..private import private_file
from .records import SandboxFault, SandboxRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from typing import Any

    Rules = list[SandboxFault]

OK = 200
TIMEOUT = 60
_ERRORS: dict[int, type[DagsterPlusError]] = {
    400: InvalidInputError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    501: NotSupportedError,
}


class SandboxFaults:
    """What goes wrong in a sandbox on demand.

    Args:
        door: The sandbox.
    """

    def __init__(self, door: RemoteControl) -> None:
        self._door = door

    def add(self, fault: str, **options: Any) -> SandboxFault:
        """Let requests go wrong from now on.

        Args:
            fault: What goes wrong, such as ``bad_gateway``.
            **options: For which requests, how often and how: ``operation``, ``kind``, ``share``, ``times``, ``skip``,
                ``seed``, and the fault's own.

        Raises:
            InvalidInputError: There is no such fault or option. The message says what there is.
        """
        return SandboxFault(self._door.ask("POST", "faults", {"fault": fault, **options}))

    def list(self) -> Rules:
        """Return the rules in their order, with how often each fired."""
        return [SandboxFault(rule) for rule in self._door.ask("GET", "faults")["faults"]]

    def remove(self, fault: SandboxFault | int) -> None:
        """Remove one rule.

        Args:
            fault: It, or its id.

        Raises:
            NotFoundError: It is not there.
        """
        number = fault if isinstance(fault, int) else fault.id
        self._door.ask("DELETE", f"faults?id={number}")

    def clear(self) -> None:
        """Remove all rules."""
        self._door.ask("DELETE", "faults")

    @contextmanager
    def injected(self, fault: str, **options: Any) -> Generator[SandboxFault, None, None]:
        """Let requests go wrong within a with block.

        Args:
            fault: As for `add`.
            **options: As for `add`.
        """
        rule = self.add(fault, **options)
        try:
            yield rule
        finally:
            # It may be gone with `clear` or `reset` already.
            if any(left.id == rule.id for left in self.list()):
                self.remove(rule)


class RemoteControl(ABC):
    """What can be done with a running sandbox from outside. Needs a `url` and the main `token`."""

    @property
    def faults(self) -> SandboxFaults:
        """What goes wrong on demand."""
        return SandboxFaults(self)

    def requests(
        self, operation: str | None = None, *, limit: int | None = None
    ) -> list[SandboxRequest]:
        """Return the last requests, oldest first; at most 1,000 are kept.

        Args:
            operation: The name of the operation, or a pattern such as ``Launch*``.
            limit: The last so many of them.
        """
        given = {"operation": operation, "limit": limit}
        query = urlencode({name: value for name, value in given.items() if value is not None})
        found = self.ask("GET", f"requests?{query}")["requests"]
        return [SandboxRequest(record) for record in found]

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self.ask("DELETE", "requests")

    @property
    def tokens(self) -> dict[str, str]:
        """The seeded tokens, by the names of their roles."""
        found: dict[str, str] = self.ask("GET", "tokens")
        return found

    @property
    def about(self) -> dict[str, Any]:
        """The organization's name, its deployments, and how much of what a seed planted at the start."""
        found: dict[str, Any] = self.ask("GET", "about")
        return found

    @property
    def clock(self) -> dict[str, Any]:
        """What time it is in the sandbox."""
        found: dict[str, Any] = self.ask("GET", "clock")
        return found

    def advance_clock(self, seconds: float) -> dict[str, Any]:
        """Move the sandbox's clock on, for heartbeats, mutes and expiries.

        Args:
            seconds: How far.

        Returns:
            What time it is then.
        """
        found: dict[str, Any] = self.ask("POST", "clock", {"advance": seconds})
        return found

    def reset(self) -> None:
        """Return to the state of the start: entities, clock, faults and requests."""
        self.ask("POST", "reset", {})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the state of the control plane to a file, for your eyes only.

        Args:
            path: The file; if it is there, it is replaced.
        """
        text = json.dumps(self.ask("GET", "snapshot"))
        private_file(path, text)

    def restore(self, path: str | os.PathLike[str]) -> None:
        """Return to a state that was saved.

        Args:
            path: The file.
        """
        with open(path, "rb") as file:  # noqa: PTH123
            self.ask("PUT", "snapshot", file.read())

    def seed(self, source: str | os.PathLike[str] | Mapping[str, Any]) -> dict[str, Any]:
        """Add entities.

        Args:
            source: A file of YAML, or what would be in it.

        Returns:
            What was added.
        """
        body: Any = source
        if isinstance(source, (str, os.PathLike)):
            with open(source, "rb") as file:  # noqa: PTH123
                body = file.read()
        found: dict[str, Any] = self.ask("POST", "seed", body)
        return found

    def switches(self, **values: Any) -> dict[str, Any]:
        """Return how the sandbox behaves where it is not known how Dagster+ does.

        Args:
            **values: Switches to set before.
        """
        method = "PATCH" if values else "GET"
        found: dict[str, Any] = self.ask(method, "switches", values or None)
        return found

    def ask(self, method: str, path: str, body: Mapping[str, Any] | bytes | None = None) -> Any:
        """Send a request to the admin door and return what it answers.

        Args:
            method: The HTTP method.
            path: What is behind ``/_sandbox/``.
            body: A JSON object, or its text.

        Raises:
            InvalidInputError: What was sent cannot be.
            AuthenticationError: It is not the sandbox's main token.
            ConnectionFailedError: No sandbox answers.
        """
        url, token = self._address()
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        headers = {"Dagster-Cloud-Api-Token": token, "Content-Type": "application/json"}
        target = f"{parts.path.rstrip('/')}/_sandbox/{quote(path, safe='?&=%+/')}"
        try:
            connection.request(method, target, content, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, HTTPException) as error:
            raise ConnectionFailedError(f"no sandbox answers at {url}: {error}") from error
        finally:
            connection.close()
        return _read(status, text)

    @abstractmethod
    def _address(self) -> tuple[str, str]:
        """Return the URL and the main token."""


class RemoteSandbox(RemoteControl):
    """A sandbox that runs elsewhere, such as in the background.

    Args:
        url: Its URL.
        token: Its main token.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url: str = url
        self._token = token

    def __repr__(self) -> str:
        """Show the URL only."""
        return f"RemoteSandbox({self.url!r})"

    def _address(self) -> tuple[str, str]:
        return self.url, self._token


def _read(status: int, text: bytes) -> Any:
    """Return what an answer has, or raise what it says."""
    try:
        found = json.loads(text)
    except ValueError:
        found = {"error": f"the sandbox answered {status} without JSON"}
        status = max(status, 500)
    if status == OK:
        return found
    raise _ERRORS.get(status, DagsterPlusError)(str(found.get("error")), status_code=status)
