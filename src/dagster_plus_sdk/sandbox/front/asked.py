"""What a request asks, read cheaply: the operation's name and kind, and its variables."""

from __future__ import annotations

import re
from functools import lru_cache

from .requests import is_object, parse_json
from .responses import HttpResponse, respond

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .requests import Receive, Send

# Both patterns look at each character a few times at most, whatever the text is.
#: An operation's head: its kind and its name. Not parsed: this is looked at before the front knows whether it is valid.
_HEAD = re.compile(r"(?:^|[\s}])(query|mutation|subscription)\b(?:\s*([A-Za-z_]\w*))?\s*[({@]")
_COMMENT = re.compile(r"#[^\n]*")
#: An argument, or a field of an input, that takes a variable.
_PASSED = re.compile(r"\b(\w+)\s*:\s*\$(\w+)")
#: Bytes. What people upload, such as a PEX file, is in memory as a whole.
LARGEST_BODY = 512 * 1024 * 1024


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
    return asked_by(parse_json(body))


def asked_by(payload: object) -> Asked:
    """Return what a payload asks, whatever it is."""
    if not (is_object(payload) and isinstance(text := payload.get("query"), str)):
        return Asked()
    given: Any = payload.get("operationName")
    found, passed = _looked_through(text)
    heads = [head for head in found if not given or head[1] == given] or [("query", "")]
    name = given if isinstance(given, str) else heads[0][1]
    return Asked(name, heads[0][0], payload.get("variables"), passed)


@lru_cache(maxsize=256)
def _looked_through(text: str) -> tuple[list[tuple[str, str]], tuple[tuple[str, str], ...]]:
    """Return the heads in a document, and what takes variables. Clients send the same ones again and again."""
    return _HEAD.findall(_COMMENT.sub("", text)), tuple(_PASSED.findall(text))


async def read_body(receive: Receive, send: Send) -> bytes | None:
    """Return the request's body; None if there is nothing to do: it is too large, and was refused, or cut short.

    Half of what a client sent before it went away may mean something else than all of it.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST_BODY:
            await respond(send, HttpResponse(413, b"", ()))
            return None
        if not message.get("more_body"):
            return b"".join(chunks)
