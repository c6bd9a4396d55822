"""Websockets for the async client, and their sync twins; the generated code picks by name.

All of the ``websockets`` library stays here, and is imported where used: it is an extra.
"""

from __future__ import annotations

import importlib.util
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from .errors import (
    ConfigurationError,
    ConnectionFailedError,
    InvalidResponseError,
    RequestTimeoutError,
)
from .frames import PROTOCOL, broke
from .interrupts import is_interrupt
from .response import Answer, without

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence

    from websockets.asyncio.client import ClientConnection as AsyncConnection
    from websockets.sync.client import ClientConnection as Connection

#: The largest frame: Dagster sends up to 10,000 events at once.
_LARGEST = 1 << 28
_CLOSE_SECONDS = 1.0

#: The close code of an end as it should be.
_NORMAL = 1000


class HandshakeRefused(Exception):  # noqa: N818 - it never leaves the transport
    """The server answered the handshake with something else than a websocket.

    Not the library's own exception: for that it would follow redirects by itself, with the token, to any origin.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"HTTP {answer.status}")
        self.answer = answer


def is_installed() -> bool:
    """Tell whether the library is there."""
    return importlib.util.find_spec("websockets") is not None


def proxy_for(url: str) -> str | None:
    """Return the proxy of the environment for a server, the one that httpx takes for its requests.

    The library's own choice differs: it prefers SOCKS, takes the proxy for https for plain http, and knows no ``ALL_PROXY``.

    Args:
        url: ``ws`` or ``wss``.
    """
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    if proxy_bypass(urlsplit(url).netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    found = proxies.get("https" if url.startswith("wss:") else "http") or proxies.get("all")
    return found if found is None or "://" in found else f"http://{found}"


def _options(
    url: str, headers: Mapping[str, str], seconds: float | None, tls: ssl.SSLContext | None
) -> dict[str, Any]:
    # The library's own log would show the headers of the handshake.
    silent = logging.Logger("dagster_plus_sdk.websocket", logging.CRITICAL + 1)  # noqa: LOG001 - apart from all others
    return {
        "additional_headers": headers,
        "close_timeout": _CLOSE_SECONDS,
        "logger": silent,
        "max_size": _LARGEST,
        "open_timeout": seconds,
        "proxy": proxy_for(url),
        "ssl": tls,
        "subprotocols": [PROTOCOL],
    }


async def adial(
    url: str, headers: Mapping[str, str], seconds: float | None, tls: ssl.SSLContext | None
) -> AsyncConnection:
    """Return an open websocket.

    Args:
        url: Where to, ``ws`` or ``wss``.
        headers: Of the handshake.
        seconds: How long it may take.
        tls: For ``wss``.

    Raises:
        HandshakeRefused: The server answers with something else.
        Exception: Whatever the library raises.
    """
    from websockets.asyncio.client import ClientConnection, connect
    from websockets.exceptions import InvalidStatus

    class Connection(ClientConnection):
        is_made = False

        def connection_made(self, transport: Any) -> None:
            self.is_made = True
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            # Where TLS fails behind a proxy it was never made, and the library's own stumbles over that.
            if self.is_made:
                super().connection_lost(exc)

        async def handshake(self, *args: Any, **options: Any) -> None:
            try:
                await super().handshake(*args, **options)
            except InvalidStatus as error:
                raise HandshakeRefused(_answer(error.response)) from None

    return await connect(url, create_connection=Connection, **_options(url, headers, seconds, tls))


def dial(
    url: str, headers: Mapping[str, str], seconds: float | None, tls: ssl.SSLContext | None
) -> Connection:
    """Return an open websocket, as `adial` does."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import ClientConnection, connect

    class Connection(ClientConnection):
        def handshake(self, *args: Any, **options: Any) -> None:
            try:
                super().handshake(*args, **options)
            except InvalidStatus as error:
                raise HandshakeRefused(_answer(error.response)) from None

    # Newer versions warn of connections that are used outside of a `with`: they have to be entered.
    options: Any = {"create_connection": Connection, **_options(url, headers, seconds, tls)}
    if tls is not None:
        from .tls_socket import SafeTls

        options["ssl"] = SafeTls(tls)
    opened: ClientConnection = cast("Any", connect)(url, **options).__enter__()
    return opened


async def areceive(connection: AsyncConnection, seconds: float | None) -> bytes:
    """Return the next frame.

    Raises:
        TimeoutError: None came in time.
        Exception: Whatever the library raises.
    """
    import asyncio

    try:
        return await asyncio.wait_for(connection.recv(decode=False), seconds)
    except asyncio.TimeoutError:
        raise TimeoutError from None


def receive(connection: Connection, seconds: float | None) -> bytes:
    """Return the next frame, as `areceive` does."""
    return connection.recv(seconds, decode=False)


async def ahang_up(connection: AsyncConnection, frames: Sequence[str]) -> None:
    """Send the last frames and close, without waiting for the server.

    Nothing is awaited: a generator that is abandoned when its loop ends must be closed in one step, as asyncio closes all that
    are nested in it at the same time. The loop may be another one, too: that of who closes the client.
    """
    from asyncio import events

    loop = connection.loop
    if loop is events._get_running_loop():  # noqa: SLF001 - None where there is none, as when the collector closes a generator
        _leave(connection, frames)
    elif not loop.is_closed():
        loop.call_soon_threadsafe(_leave, connection, frames)


def _leave(connection: AsyncConnection, frames: Sequence[str]) -> None:
    with suppress(Exception):
        for frame in frames:
            connection.protocol.send_text(frame.encode())
        connection.protocol.send_close(_NORMAL)
        connection.transport.write(b"".join(connection.protocol.data_to_send()))
    if connection.transport.get_extra_info("ssl_object") is None:
        connection.transport.close()
    else:  # what was written is sent; TLS would wait for the server to take leave, longer than the loop may run
        connection.transport.abort()


def hang_up(connection: Connection, frames: Sequence[str]) -> None:
    """Send the last frames and close."""
    from websockets.exceptions import WebSocketException

    # Not all exceptions: one may be what the handler of a signal raises.
    try:
        with suppress(OSError, RuntimeError, WebSocketException):
            for frame in frames:
                connection.send(frame)
    finally:
        with suppress(OSError, RuntimeError, WebSocketException):
            connection.close()


def _answer(response: Any) -> Answer:
    """Return what the server said in place of a websocket."""
    headers = {name.lower(): value for name, value in response.headers.raw_items()}
    return Answer(response.status_code, headers, bytes(response.body or b""))


def failure_of(error: BaseException, url: str, secrets: Sequence[str]) -> BaseException:
    """Return our exception for one of the library's, which is not kept: it may hold the request's headers."""
    from websockets.exceptions import (
        ConnectionClosed,
        InvalidMessage,
        InvalidProxy,
        WebSocketException,
    )

    if is_interrupt(error):  # or one of ours
        return error.with_traceback(None)
    # Of a proxy that cannot be the library's own words have the address, with its password.
    is_proxy = isinstance(error, InvalidProxy)
    said = "the proxy of the environment is not valid" if is_proxy else without(secrets, str(error))
    what = f"{type(error).__name__}: {said}".removesuffix(": ")
    if isinstance(error, ConnectionClosed):
        end = error.rcvd
        return broke(url, end.code if end else None, without(secrets, end.reason) if end else "")
    if isinstance(error, TimeoutError):
        return RequestTimeoutError(f"{url} did not answer in time ({what})")
    if isinstance(error, (OSError, EOFError, InvalidMessage)):
        return ConnectionFailedError(f"{url} cannot be reached ({what})")
    if isinstance(error, WebSocketException) and not is_proxy:
        return InvalidResponseError(f"{url} takes no websockets ({what})")
    return ConfigurationError(f"{url} cannot be subscribed to: {what}")
