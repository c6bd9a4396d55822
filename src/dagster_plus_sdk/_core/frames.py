"""Frames of Dagster's subscriptions: the legacy ``graphql-ws`` protocol of Apollo.

The client sends ``connection_init`` and ``start``, and ``stop`` and ``connection_terminate`` at the end; the server
``connection_ack``, then ``data`` frames, of which each has the body of a GraphQL answer. A connection can have several subscriptions: each
frame says of which it is.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from .errors import (
    APIError,
    AuthenticationError,
    ConnectionFailedError,
    DagsterPlusError,
    InvalidResponseError,
    PermissionDeniedError,
    ServiceUnavailableError,
)
from .response import Answer, read_answer, without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .operation import Operation

T = TypeVar("T")

PROTOCOL = "graphql-ws"

INIT = json.dumps({"type": "connection_init", "payload": {}})
TERMINATE = json.dumps({"type": "connection_terminate"})

_SNIPPET = 200

#: How servers begin their data frames; read without parsing the rest, which may be long.
_DATA = re.compile(rb'\{(?:"type": ?"data", ?)?"id": ?"(\w+)"')


class Frame(NamedTuple):
    """What a frame says: its type, its payload where it is no data that fit, and the subscription's id."""

    kind: str
    payload: Any = None
    key: str | None = None


def start(key: str, operation: Operation[Any]) -> str:
    """Return the frame that starts a subscription.

    Args:
        key: Its id, a word.
        operation: What to subscribe to.

    Raises:
        InvalidInputError: A variable holds what cannot be sent.
    """
    return f'{{"id":"{key}","type":"start","payload":{operation.body().decode()}}}'


def stop(key: str) -> str:
    """Return the frame that ends a subscription."""
    return json.dumps({"type": "stop", "id": key})


def key_of(content: bytes) -> str | None:
    """Return the id of the subscription that a frame is of; None where it is of none."""
    found = _DATA.match(content)
    return found[1].decode() if found else read_frame(content).key


def read_frame(content: bytes) -> Frame:
    """Read any frame.

    Raises:
        InvalidResponseError: It is none of this protocol.
    """
    try:
        said: Any = json.loads(content)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(cast("Any", said).get("type"), str):
        raise InvalidResponseError(f"A frame of {len(content)} bytes is none of {PROTOCOL}")
    frame = cast("dict[str, Any]", said)
    key = frame.get("id")
    return Frame(frame["type"], frame.get("payload"), None if key is None else str(key))


def read_data(operation: Operation[T], content: bytes, secrets: Sequence[str]) -> T | Frame:
    """Read a frame that came after ``start``: the result, or what else the server says.

    Args:
        operation: What was subscribed to.
        content: The frame as it came.
        secrets: What was sent and must not be seen.

    Raises:
        GraphQLRequestError: The operation has failed.
        DagsterPlusError: As for an answer to a request.
    """
    if not any(secret.encode() in content for secret in secrets):
        result = operation.decode_frame(content)
        if result is not None:
            return result
    frame = read_frame(content)
    if frame.kind == "error":
        is_list = isinstance(frame.payload, list)
        body: Any = {"errors": frame.payload if is_list else [frame.payload]}
    elif frame.kind == "data":
        body = frame.payload
    else:
        return frame
    return read_answer(operation, Answer(200, {}, json.dumps(body).encode(), secrets))


def refused(payload: Any, code: int | None, secrets: Sequence[str]) -> DagsterPlusError:
    """Return the exception for a connection that the server refuses.

    Args:
        payload: Of its ``connection_error`` frame.
        code: What it closed the connection with.
        secrets: What was sent and must not be seen.
    """
    said = cast("dict[str, Any]", payload).get("message") if isinstance(payload, dict) else payload
    text = without(secrets, str(said or "without a reason"))[:_SNIPPET]
    return closed(code, f"The server refuses the subscription: {text}") or APIError(
        f"The server refuses the subscription: {text}"
    )


def closed(code: int | None, message: str) -> DagsterPlusError | None:
    """Return the exception for a close code that says why; None for others."""
    if code in (4401, 4403):
        kind = AuthenticationError if code == 4401 else PermissionDeniedError  # noqa: PLR2004
        return kind(message)
    if code in (1001, 1011, 1012, 1013, 1014):
        return ServiceUnavailableError(message)
    return None


def broke(url: str, code: int | None, reason: str) -> DagsterPlusError:
    """Return the exception for a connection that ended before the subscription.

    Args:
        url: Where it went.
        code: What it was closed with; None or 1006 if it was cut.
        reason: What the server gave as its reason, without secrets.
    """
    shown = "" if code is None else f" ({code}{': ' if reason else ''}{reason[:_SNIPPET]})"
    message = f"The connection to {url} was closed{shown}"
    return closed(code, message) or ConnectionFailedError(message)
