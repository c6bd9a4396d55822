"""What a sandbox tells of its requests and its faults."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class _Values:
    """What came as a JSON object, with attributes."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __repr__(self) -> str:
        """Name every attribute."""
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({shown})"

    def as_dict(self) -> dict[str, Any]:
        """Return the attributes by name."""
        return dict(self.__dict__)


class SandboxRequest(_Values):
    """A request that the sandbox got.

    Attributes:
        number: The how manieth it is.
        time: When it came: seconds since 1970, UTC.
        method: The HTTP method; WEBSOCKET for an operation that came over one.
        path: The path.
        operation: The operation's name; empty if it has none.
        kind: query, mutation or subscription; empty if it is no GraphQL.
        variables: The variables; secrets are ``***``.
        headers: The headers, by names in lower case; tokens and cookies are ``***``.
        status: The status of the answer; None if there is none, yet or ever.
        seconds: How long it took; None as long as it takes.
        faults: What went wrong on demand.
        request_bytes: The size of the request's body.
        response_bytes: The size of the answer's body, as far as it was sent.
    """

    number: int
    time: float
    method: str
    path: str
    operation: str
    kind: str
    variables: Any
    headers: dict[str, str]
    status: int | None
    seconds: float | None
    faults: list[str]
    request_bytes: int
    response_bytes: int


class SandboxFault(_Values):
    """A rule for what goes wrong. It also has what it was told, by name.

    Attributes:
        id: Its number.
        fault: What goes wrong.
        matched: How many requests it is for came.
        fired: How many of them went wrong.
    """

    id: int
    fault: str
    matched: int
    fired: int

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
