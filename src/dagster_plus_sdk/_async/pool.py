"""The connections of a client, which outlive forks and event loops."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

from .._core.collector import Resting
from .._core.errors import ConfigurationError
from .._core.sockets import is_installed
from .._core.waiting import AsyncTurns, arunning_loop

if TYPE_CHECKING:
    import ssl

    import httpx

    from .websocket import AsyncLine

#: Of those who ask again and again, as many are under way at once: as many connections are kept. With more, each request opens
#: one of its own, and the queue for them in httpx takes time that grows with its square.
_TURNS = 20


class AsyncPool:
    """The connections of a client: one httpx client per process and event loop, opened with the first request.

    After a fork, and in another event loop, connections of before cannot be used: a new httpx client is opened.
    """

    def __init__(self, http_client: httpx.AsyncClient | None) -> None:
        self._given = http_client
        self._opened: dict[Any, httpx.AsyncClient] = {}
        self._turns: dict[Any, AsyncTurns] = {}
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._closed = False
        self._tls: ssl.SSLContext | None = None
        #: Where redirects led, by the address that was asked: kept here, as copies with other options share it.
        self.moved: dict[str, str] = {}
        #: Until when websockets are not tried again, as the server does not take them.
        self.no_websockets_until = 0.0
        #: The connections of subscriptions: who listens there learns from their end that the client is closed.
        self._lines: weakref.WeakSet[AsyncLine] = weakref.WeakSet()

    def client(self) -> httpx.AsyncClient:
        """Return the httpx client to use here and now."""
        self.check_open()
        if self._given is not None:
            return self._given
        self._renew_after_fork()
        loop = arunning_loop()
        with self._lock:
            if loop not in self._opened:
                self._forget_closed_loops()  # unasync: remove
                self._opened[loop] = self._open()
            return self._opened[loop]

    def check_open(self) -> None:
        """Raise once the client is closed.

        Raises:
            ConfigurationError: It is.
        """
        if self._closed:
            raise ConfigurationError("this client is closed; make a new one")

    async def keep(self, line: AsyncLine) -> None:
        """Keep a connection of subscriptions, to close it with the client.

        Raises:
            ConfigurationError: The client was closed meanwhile, and the connection is now.
        """
        self._renew_after_fork()
        with self._lock:
            self._lines.add(line)
        if self._closed:
            await line.aclose()
            self.check_open()

    def turns(self) -> AsyncTurns:
        """Return what those who ask again and again take turns by, here and now."""
        self._renew_after_fork()
        loop = arunning_loop()
        with self._lock:
            if loop not in self._turns:
                self._forget_closed_loops()  # unasync: remove
                self._turns[loop] = AsyncTurns(_TURNS)
            return self._turns[loop]

    def _renew_after_fork(self) -> None:
        if self._pid != os.getpid():
            # Not closed: the connections are the parent's. The lock may have been held at the fork.
            self._lock, self._opened, self._turns = threading.Lock(), {}, {}
            self._pid = os.getpid()

    def for_websockets(self, url: str) -> ssl.SSLContext | None:
        """Return what a websocket is opened with, for https as httpx has it; None for plain http.

        Raises:
            ConfigurationError: The library is not installed, or the client brings an httpx client of its own, whose proxies
                and certificates would be passed by.
        """
        self.check_open()
        if self._given is not None:
            raise ConfigurationError(
                "there are no subscriptions with an http_client of one's own: its proxies and certificates are for httpx only"
            )
        if not is_installed():
            raise ConfigurationError(
                "subscriptions need websockets: pip install 'dagster-plus-sdk[websocket]'"
            )
        if not url.startswith("https:"):
            return None
        from .._core.tls import LateContext

        if self._tls is None:
            self._tls = LateContext()
        return self._tls

    def _forget_closed_loops(self) -> None:  # unasync: remove
        for kept in (self._opened, self._turns):
            for loop in [loop for loop in kept if loop.is_closed()]:
                del kept[loop]

    @staticmethod
    def _open() -> httpx.AsyncClient:
        with Resting():
            import httpx

            from .._core.tls import LateContext

            limits = httpx.Limits(
                max_connections=100, max_keepalive_connections=_TURNS, keepalive_expiry=30
            )
            return httpx.AsyncClient(verify=LateContext(), limits=limits, follow_redirects=False)

    async def aclose(self) -> None:
        """Close the connections that were opened here; a client that was given stays open."""
        self._closed = True
        self._renew_after_fork()
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            await line.aclose()
        opened, self._opened = self._opened, {}
        client = opened.get(arunning_loop())
        if client is not None:
            await client.aclose()
