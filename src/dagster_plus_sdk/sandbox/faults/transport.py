"""The connection below a request, for what HTTP cannot say: that it breaks."""

# The class of uvicorn's protocol is known at run time only.
# pyright: basic

from __future__ import annotations

import socket
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping
    from typing import Any

    from ..front.requests import Receive

#: Under which the state of a request's scope has its connection.
KEY = "dagster_plus_sdk.connection"
#: Linger for 0 seconds: what is not sent is dropped, and the other side gets a reset.
_NO_LINGER = struct.pack("ii", 1, 0)


class ResettableConnection:
    """A connection, once it is made."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None

    def reset(self) -> None:
        """Reset the connection: what was not sent is lost."""
        if self.transport is None:
            return
        if connected := self.transport.get_extra_info("socket"):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    def close(self) -> None:
        """Send what is to be sent, and close the connection."""
        if self.transport is not None:
            self.transport.close()


def connection_of(scope: Mapping[str, Any]) -> ResettableConnection:
    """Return the connection of a request; one that does nothing if the server does not tell."""
    state: Mapping[str, Any] = scope.get("state") or {}
    found: ResettableConnection | None = state.get(KEY)
    return found or ResettableConnection()


async def wait_gone(receive: Receive) -> None:
    """Wait until the server knows that the connection is gone, so that it sends no answer of its own."""
    while (await receive())["type"] != "http.disconnect":
        pass


def http_protocol() -> type[asyncio.Protocol]:
    """Return uvicorn's own protocol, which also tells `connection_of`.

    It relies on what uvicorn hands to any protocol class: the state that each request's scope gets a copy of.
    """
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    base: Any = AutoHTTPProtocol

    class Protocol(base):  # type: ignore[misc]
        def __init__(self, *args: Any, app_state: dict[str, Any], **options: Any) -> None:
            self._own_connection = ResettableConnection()
            state = {**app_state, KEY: self._own_connection}
            super().__init__(*args, app_state=state, **options)

        def connection_made(self, transport: Any) -> None:
            self._own_connection.transport = transport
            super().connection_made(transport)

    return Protocol
