"""What a request says, over HTTP or a websocket, and that it is refused."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
    from typing import Any, TypeGuard

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Scope = Mapping[str, Any]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]


class RequestRefusedError(Exception):
    """A request that no operation is executed for.

    Attributes:
        status: The HTTP status.
        headers: Further headers of the answer.
    """

    def __init__(
        self, status: int, message: str, headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        super().__init__(message)
        self.status: int = status
        self.headers: tuple[tuple[bytes, bytes], ...] = headers


class Headers:
    """A request's headers by their names in lower case.

    Args:
        headers: Them as ASGI has them.
    """

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self._headers = dict(headers)

    def get(self, name: str) -> str:
        """Return a header's value; an empty text if it is not there."""
        return self._headers.get(name.encode(), b"").decode("latin-1")


def parse_json(text: bytes | str) -> object:
    """Return what is in JSON; None if it is none, or has more levels than Python can read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read_operation(payload: object) -> tuple[str, str | None, dict[str, Any]]:
    """Return the document, the operation's name and the variables.

    Args:
        payload: What was in the JSON.

    Raises:
        RequestRefusedError: It is no GraphQL request.
    """
    if not (is_object(payload) and isinstance(text := payload.get("query"), str)):
        raise RequestRefusedError(400, "The body is no JSON object with a query")
    name: Any = payload.get("operationName")
    variables: Any = payload.get("variables") or {}
    if not (is_object(variables) and (name is None or isinstance(name, str))):
        raise RequestRefusedError(400, "The variables must be an object, the operationName a text")
    return text, name, variables


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a value is a list of JSON."""
    return isinstance(value, list)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a value is an object of JSON."""
    return isinstance(value, dict)
