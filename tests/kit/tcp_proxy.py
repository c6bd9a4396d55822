"""A TCP proxy on loopback that cuts connections."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_RESET = struct.pack("ii", 1, 0)
_PIECE = 1 << 16


class TcpProxy:
    """Passes bytes on; connections that begin with GET (websockets do) may go elsewhere, and are cut.

    Of a request, either the request is dropped before the server has it, or its answer after the server acted.

    Args:
        port: Of the server on this machine.
        websocket_port: Of the one that takes websockets, if it is another.
    """

    def __init__(self, port: int, websocket_port: int | None = None) -> None:
        self._ports = (port, websocket_port or port)
        #: For the next websockets, after how many bytes from the server each is cut.
        self.cuts: list[int] = []
        self.websockets = 0
        #: How many were cut.
        self.cut = 0
        #: Of bytes that a client sends: drop "request", or "answer", or None. Bodies of some kilobytes come in one piece.
        self.fate: Callable[[bytes], str | None] = lambda _: None
        #: What was dropped.
        self.dropped: list[str] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._open.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError):
            live = client.recv(4, socket.MSG_PEEK | socket.MSG_WAITALL) == b"GET "
            budget = None
            if live:
                self.websockets += 1
                budget = self.cuts.pop(0) if self.cuts else None
            server = socket.create_connection(("127.0.0.1", self._ports[live]))
            self._open.append(server)
            for end in (
                client,
                server,
            ):  # what comes in pieces is not held back, for 40 ms each time
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            doomed = threading.Event()
            threading.Thread(target=self._ask, args=(client, server, doomed), daemon=True).start()
            self._pump(server, client, budget, doomed)

    def _ask(self, client: socket.socket, server: socket.socket, doomed: threading.Event) -> None:
        """Pass on what a client sends, but for requests that are to be dropped."""
        with suppress(OSError):
            while piece := client.recv(_PIECE):
                fate = self.fate(piece)
                if fate is not None:
                    self.dropped.append(fate)
                if fate == "request":
                    self._reset(client, server)
                    break
                if fate == "answer":
                    doomed.set()
                server.sendall(piece)
        self._end(client, server)

    def _pump(
        self,
        source: socket.socket,
        target: socket.socket,
        budget: int | None,
        doomed: threading.Event,
    ) -> None:
        """Pass on what the server sends, as much of it as there may be."""
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                if doomed.is_set():
                    self._reset(source, target)
                    break
                target.sendall(piece if budget is None else piece[:budget])
                if budget is not None:
                    budget -= len(piece)
                    if budget <= 0:
                        self.cut += 1
                        self._reset(source, target)
                        break
        self._end(source, target)

    @staticmethod
    def _reset(*ends: socket.socket) -> None:
        for end in ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    @staticmethod
    def _end(*ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def pause(self) -> None:
        """Break what is open, and refuse what comes, as a machine does whose server went down."""
        self.close()

    def resume(self) -> None:
        """Take connections again, at the same port."""
        self._open.clear()
        self._listener = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for end in (self._listener, *self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
