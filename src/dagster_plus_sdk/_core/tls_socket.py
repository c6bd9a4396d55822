"""TLS for websockets that are read in one thread and written in others.

OpenSSL takes one thread at a time for a connection. Python's own sockets leave that to their user (gh-151508), and the
``websockets`` library reads in a thread of its own: two at once may lose what was sent, or take the process down.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE = 1 << 16


class SafeTls:
    """Stands for a context of TLS where a library wraps sockets with it.

    Args:
        context: What it stands for.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def wrap_socket(self, sock: socket.socket, *, server_hostname: str | None) -> TlsSocket:
        """Return a socket behind TLS, after the handshake.

        Raises:
            OSError: The handshake failed; certificates that are not trusted are among that.
        """
        return TlsSocket(sock, self._context, server_hostname)

    def __getattr__(self, name: str) -> Any:
        """Be the context in all else."""
        return getattr(self._context, name)


class TlsSocket:
    """A socket behind TLS, of which one thread may read while others write. The network is waited for outside of OpenSSL.

    Args:
        sock: Connected.
        context: Of TLS.
        server_hostname: Whose certificate is expected.
    """

    def __init__(
        self, sock: socket.socket, context: ssl.SSLContext, server_hostname: str | None
    ) -> None:
        self._socket = sock
        #: For OpenSSL, and for what it has made to be sent in this order: who waits for the network keeps no reader waiting.
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname
        )
        while not self._is_done(self._tls.do_handshake):
            self._fill()

    def recv(self, _size: int) -> bytes:
        """Wait for what comes next; all of it that is there, as the network does not tell of what was read from it already.

        Returns:
            Empty at the end.
        """
        found = bytearray()

        def read() -> None:
            with suppress(ssl.SSLEOFError):  # who leaves without a word has left, too
                while piece := self._tls.read(_PIECE):
                    found.extend(piece)
            # The end may be read together with what was before it; this lets the network tell of it again.
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RD)

        while not self._is_done(read) and not found:
            self._fill()
        return bytes(found)

    def sendall(self, data: bytes) -> None:
        """Send everything."""
        with self._lock:
            self._tls.write(data)
        self._flush(wait=True)

    def close(self) -> None:
        """Close, and wake whoever waits."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __getattr__(self, name: str) -> Any:
        """Be the socket in all else."""
        return getattr(self._socket, name)

    def _is_done(self, step: Callable[[], object]) -> bool:
        """Do what may need more from the network; tell whether it did not."""
        owed = 0
        try:
            with self._lock:
                owed = self._outgoing.pending
                step()
        except ssl.SSLWantReadError:
            return False
        finally:
            if self._outgoing.pending > owed:  # who reads does not wait for what others write
                self._flush(wait=False)
        return True

    def _fill(self) -> None:
        data = self._socket.recv(_PIECE)
        with self._lock:
            if data:
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    def _flush(self, *, wait: bool) -> None:
        """Send what is to be sent; what another thread is sending already may be left to that one."""
        if self._sending.acquire(blocking=wait):
            try:
                while data := self._taken():
                    self._socket.sendall(data)
            finally:
                self._sending.release()

    def _taken(self) -> bytes:
        with self._lock:
            return self._outgoing.read()
