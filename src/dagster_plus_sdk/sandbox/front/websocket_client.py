"""The client's end of a websocket: its handshake, its frames, its close."""

from __future__ import annotations

import json
from contextlib import suppress

from .requests import RequestRefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .requests import Receive, Send

PROTOCOL = "graphql-ws"
UNAUTHORIZED = 4401
#: Close codes that stand for "none was given" and "the connection broke": they are never sent.
UNSENT = {1005: 1000, 1006: 1011}


def check_protocol(scope: Mapping[str, Any]) -> None:
    """Refuse a handshake that does not offer our protocol.

    Raises:
        RequestRefusedError: It does not.
    """
    if PROTOCOL not in scope["subprotocols"]:
        raise RequestRefusedError(400, f"The subprotocol must be {PROTOCOL}")


async def refuse(scope: Mapping[str, Any], send: Send, refused: RequestRefusedError) -> None:
    """Refuse a handshake, with the answer that HTTP would get if the server can send one."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008, "reason": str(refused)})
        return
    content = json.dumps({"errors": [{"message": str(refused)}]}).encode()
    length = (b"content-length", str(len(content)).encode())
    headers = [(b"content-type", b"application/json"), length, *refused.headers]
    start = {"status": refused.status, "headers": headers}
    await send({"type": "websocket.http.response.start", **start})
    await send({"type": "websocket.http.response.body", "body": content})


class Client:
    """The client's end of a websocket.

    Args:
        receive: As ASGI has it.
        send: As ASGI has it.

    Attributes:
        code: What to close the webserver's end with.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.code: int = 1000

    async def accept(self) -> None:
        """Answer the handshake."""
        await self._receive()  # "websocket.connect"
        await self._send({"type": "websocket.accept", "subprotocol": PROTOCOL})

    async def read(self) -> str | None:
        """Return the next frame; None: the client is gone."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            code = message.get("code") or 1005
            self.code = UNSENT.get(code, code)
            return None
        text = message.get("text")
        return (message.get("bytes") or b"").decode(errors="replace") if text is None else text

    async def send(self, text: str) -> None:
        """Send a frame. That a client is gone shows in `read`."""
        with suppress(OSError):
            await self._send({"type": "websocket.send", "text": text})

    async def say(self, kind: str, payload: object = None, operation: object = None) -> None:
        """Send a frame of ours."""
        frame = {"type": kind, "id": operation, "payload": payload}
        await self.send(json.dumps({k: v for k, v in frame.items() if v is not None}))

    async def close(self, code: int, reason: str = "") -> None:
        """Close it, if it is not closed."""
        with suppress(OSError):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def fail(self, message: str, code: int) -> None:
        """Say why there is no connection, and close."""
        await self.say("connection_error", {"message": message})
        await self.close(code, "" if code != UNAUTHORIZED else message)
