"""The connections of a client, which outlive forks and event loops."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from .._core.collector import Resting
from .._core.errors import ConfigurationError
from .._core.waiting import arunning_loop

if TYPE_CHECKING:
    import httpx


class AsyncPool:
    """The connections of a client: one httpx client per process and event loop, opened with the first request.

    After a fork, and in another event loop, connections of before cannot be used: a new httpx client is opened.
    """

    def __init__(self, http_client: httpx.AsyncClient | None) -> None:
        self._given = http_client
        self._opened: dict[Any, httpx.AsyncClient] = {}
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._closed = False

    def client(self) -> httpx.AsyncClient:
        """Return the httpx client to use here and now."""
        if self._closed:
            raise ConfigurationError("this client is closed; make a new one")
        if self._given is not None:
            return self._given
        if self._pid != os.getpid():
            # Not closed: the connections are the parent's. The lock may have been held at the fork.
            self._lock, self._opened, self._pid = threading.Lock(), {}, os.getpid()
        loop = arunning_loop()
        with self._lock:
            if loop not in self._opened:
                self._forget_closed_loops()  # unasync: remove
                self._opened[loop] = self._open()
            return self._opened[loop]

    def _forget_closed_loops(self) -> None:  # unasync: remove
        for loop in list(self._opened):
            if loop.is_closed():
                del self._opened[loop]

    @staticmethod
    def _open() -> httpx.AsyncClient:
        with Resting():
            import httpx

            limits = httpx.Limits(
                max_connections=100, max_keepalive_connections=20, keepalive_expiry=30
            )
            return httpx.AsyncClient(limits=limits, follow_redirects=False)

    async def aclose(self) -> None:
        """Close the connections that were opened here; a client that was given stays open."""
        self._closed = True
        opened, self._opened = self._opened, {}
        client = opened.get(arunning_loop())
        # After a fork the connections are the parent's.
        if client is not None and self._pid == os.getpid():
            await client.aclose()
