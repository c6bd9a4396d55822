"""What a request asks, read cheaply: the operation's name and kind, and its variables."""

from __future__ import annotations

import json
import re

from .requests import is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .requests import Receive

#: An operation's head: its kind and its name. Not parsed: this is looked at before the front knows whether it is valid.
_HEAD = re.compile(r"(?:^|[\s}])(query|mutation|subscription)\b\s*([A-Za-z_]\w*)?\s*[({@]")
_COMMENT = re.compile(r"#[^\n]*")
#: An argument, or a field of an input, that takes a variable.
_PASSED = re.compile(r"(\w+)\s*:\s*\$(\w+)")


class Asked:
    """What a request asks.

    Attributes:
        operation: The operation's name; empty if it has none.
        kind: query, mutation or subscription; empty if it is no GraphQL.
        variables: The variables.
        passed: The names of arguments with the names of the variables that they take.
    """

    __slots__ = ("kind", "operation", "passed", "variables")

    def __init__(
        self,
        operation: str = "",
        kind: str = "",
        variables: Any = None,
        passed: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.operation: str = operation
        self.kind: str = kind
        self.variables: Any = variables
        self.passed: tuple[tuple[str, str], ...] = passed


def read_asked(body: bytes | str) -> Asked:
    """Return what a body asks, whatever it is."""
    try:
        payload = json.loads(body)
    except ValueError:
        return Asked()
    return asked_by(payload)


def asked_by(payload: object) -> Asked:
    """Return what a payload asks, whatever it is."""
    if not (is_object(payload) and isinstance(text := payload.get("query"), str)):
        return Asked()
    given: Any = payload.get("operationName")
    heads: list[tuple[str, str]] = _HEAD.findall(_COMMENT.sub("", text))
    heads = [head for head in heads if not given or head[1] == given] or [("query", "")]
    name = given if isinstance(given, str) else heads[0][1]
    return Asked(name, heads[0][0], payload.get("variables"), tuple(_PASSED.findall(text)))


async def read_body(receive: Receive) -> bytes:
    """Return the request's body; what came of it if the client went away."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)
