"""The last requests, for asserting what was sent. Tokens and secrets are never in it."""

from __future__ import annotations

import time
from collections import deque
from fnmatch import fnmatchcase

from ..control.hiding import HIDDEN, is_secret, without_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from ..front.asked import Asked
    from ..front.requests import Scope

    Records = list["Record"]

SIZE = 1000
#: Bytes of requests that the log is about: variables may be large.
MOST_BYTES = 32_000_000
_SECRET_HEADERS = ("authorization", "cookie", "token", "secret", "api-key", "password")


class Record:
    """One request.

    Attributes:
        number: The how manieth request it is.
        time: When it came: seconds since 1970, UTC.
        method: The HTTP method; WEBSOCKET for an operation that came over one, and for a refused handshake.
        path: The path.
        operation: The operation's name; empty if it has none.
        kind: query, mutation or subscription; empty if it is no GraphQL.
        variables: The variables; secrets are ``***``.
        headers: The headers; tokens and cookies are ``***``.
        status: The status of the answer; None if there is none, yet or ever.
        seconds: How long it took; None as long as it takes.
        faults: What went wrong on demand.
        request_bytes: The size of the request's body.
        response_bytes: The size of the answer's body, as far as it was sent.
    """

    def __init__(self, number: int, scope: Scope, asked: Asked, size: int) -> None:
        headers = [(_text(name).lower(), _text(value)) for name, value in scope["headers"]]
        hidden = [value for name, value in headers if _is_secret_header(name) and value]
        names = [variable for argument, variable in asked.passed if is_secret(argument)]
        self.number: int = number
        self.time: float = time.time()
        self.method: str = scope.get("method", "WEBSOCKET")
        self.path: str = _without(scope["path"], hidden)
        self.operation: str = _without(asked.operation, hidden)
        self.kind: str = asked.kind
        self.variables: Any = _shown(asked.variables, hidden, names)
        self.headers: dict[str, str] = {
            name: HIDDEN if _is_secret_header(name) else _without(value, hidden)
            for name, value in headers
        }
        self.status: int | None = None
        self.seconds: float | None = None
        self.faults: list[str] = []
        self.request_bytes: int = size
        self.response_bytes: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the attributes by name."""
        return dict(self.__dict__)


class RequestLog:
    """The last requests, oldest first.

    Args:
        size: How many.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._records: deque[Record] = deque()
        self._bytes = 0
        self._last = 0

    def add(self, scope: Scope, asked: Asked, size: int) -> Record:
        """Write a request down, and return what its answer is noted in."""
        self._last += 1
        record = Record(self._last, scope, asked, size)
        self._records.append(record)
        self._bytes += size
        while len(self._records) > self._size or self._bytes > MOST_BYTES:
            self._bytes -= self._records.popleft().request_bytes
        return record

    def list(self, operation: str = "*", limit: int | None = None) -> Records:
        """Return requests, oldest first.

        Args:
            operation: The operation's name, or a pattern.
            limit: The last so many of them; None: all.
        """
        found = [record for record in self._records if fnmatchcase(record.operation, operation)]
        return found if limit is None else found[max(0, len(found) - limit) :]

    def clear(self) -> None:
        """Forget all requests. The count goes on."""
        self._records.clear()
        self._bytes = 0


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _is_secret_header(name: str) -> bool:
    return any(part in name for part in _SECRET_HEADERS)


def _without(text: str, hidden: Collection[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, HIDDEN)
    return text


def _shown(variables: Any, hidden: Collection[str], names: Collection[str]) -> Any:
    """Return variables without secrets.

    Args:
        variables: Anything of JSON.
        hidden: Texts that are secret wherever they are.
        names: Names of variables that are secret beside those that look so.
    """
    try:
        return without_secrets(
            variables,
            lambda name: name in names or is_secret(name),
            lambda text: _without(text, hidden),
        )
    except RecursionError:
        return HIDDEN
