"""What waits on this machine for the token that the web page of Dagster+ hands over."""

from __future__ import annotations

import errno
import json
import os
import secrets
import socket
import string
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from time import monotonic

from ..._core.config.reading import is_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HOST = "127.0.0.1"
#: What this machine is called by those who mean it; a page that comes by another name has had its name rebound.
_NAMES = ("localhost", HOST)
_ALPHABET = string.ascii_uppercase + string.digits
_NONCE_LENGTH = 16
_MAX_BYTES = 1 << 16
_CORS = {
    # Any page may ask: who does not know the nonce gets nothing done, and no answer says anything.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    # A page of the internet asks a program of this machine: Chrome wants that to be said.
    "Access-Control-Allow-Private-Network": "true",
    "Cache-Control": "no-store",
}
_PAGE = b"""<!doctype html><meta charset="utf-8"><title>dplus auth login</title>
<p>dplus waits here for the token. Log in on the page that it told you, and then go back to the terminal.
"""


class LoginServer(ThreadingHTTPServer):
    """Takes one token from whoever knows the nonce; threads, because browsers open connections that they do not use.

    Attributes:
        nonce: What the page has to repeat.
        organization: The organization that was logged in to; empty before.
    """

    daemon_threads: bool = True
    _twin: socket.socket | None = None
    #: Lets a port be used again at once; on Windows it would let another program listen there at the same time.
    allow_reuse_address: bool = os.name == "posix"

    def __init__(self, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.nonce: str = "".join(secrets.choice(_ALPHABET) for _ in range(_NONCE_LENGTH))
        self.organization: str = ""
        self._token = ""
        self._done = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def server_bind(self) -> None:
        """Take the port; what this machine is called, which can take seconds to find out, nobody wants to know."""
        TCPServer.server_bind(self)
        self.server_name: str = HOST
        self.server_port: int = self.server_address[1]
        self._twin = _twin_of(self.server_port)

    @property
    def path(self) -> str:
        """The page that hands over the token, below the address of Dagster+."""
        return f"/cli-auth/{self.nonce}?port={self.server_port}"

    def wait(self, seconds: float) -> str:
        """Return the token, or an empty text if it has not come in time."""
        end = monotonic() + seconds
        # In pieces: on Windows nothing interrupts a long wait.
        while not self._done.wait(max(0.0, min(0.2, end - monotonic()))) and monotonic() < end:
            pass
        return self._token if self._done.is_set() else ""

    def take(self, body: bytes) -> tuple[int, str]:
        """Take what a page sends; return the answer's status, and what was wrong."""
        parts: object = None
        with suppress(ValueError, RecursionError):
            parts = json.loads(body)
        if not is_table(parts):
            return 400, "The body is no object"
        nonce, token, organization = (
            str(parts.get(name) or "").strip() for name in ("nonce", "token", "organization")
        )
        if not secrets.compare_digest(ascii(nonce), ascii(self.nonce)):
            return 400, "Invalid nonce"
        if not (token and token.isascii() and token.isprintable()):
            return 400, "No user token provided"
        if not organization.isprintable() or not organization:
            return 400, "No organization provided"
        with self._lock:
            if self._token:
                return 410, "There was a token already"
            self.organization, self._token = organization, token
        return 200, ""

    def finish(self) -> None:
        """Let nobody wait any more."""
        self._done.set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a connection that broke."""

    def server_close(self) -> None:
        """Give the port back."""
        super().server_close()
        if self._twin is not None:
            self._twin.close()

    def close(self) -> None:
        """End it, and forget the token."""
        self._token = ""
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    timeout = 10

    def parse_request(self) -> bool:
        """Go on only with who means this machine."""
        if not super().parse_request():
            return False
        is_meant = self.headers.get("Host", "").partition(":")[0].lower() in _NAMES
        if not is_meant:
            self._answer(421)
        return is_meant

    def do_OPTIONS(self) -> None:
        """Let the page of another origin ask."""
        self._answer(204)

    def do_GET(self) -> None:
        """Say what this is; not the nonce, as anyone of this machine can ask."""
        is_root = self.path.partition("?")[0] == "/"
        self._answer(200 if is_root else 404, _PAGE if is_root else b"", "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take the token."""
        length = self.headers.get("Content-Length") or ""
        status, problem = 404, "Page not found"
        if self.path.partition("?")[0] == "/callback":
            status, problem = 400, "The body is missing or too long"
            if length.isdecimal() and int(length) <= _MAX_BYTES:
                status, problem = self._server.take(self.rfile.read(int(length)))
        answer = {"error": problem} if problem else {"ok": True}
        try:
            self._answer(status, json.dumps(answer).encode(), "application/json")
        finally:
            # Behind the answer: who waits may end this process then.
            if not problem:
                self._server.finish()

    @property
    def _server(self) -> LoginServer:
        assert isinstance(self.server, LoginServer)
        return self.server

    def _answer(self, status: int, content: bytes = b"", kind: str = "") -> None:
        self.send_response(status)
        for name, value in _CORS.items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        """Print nothing."""


def _twin_of(port: int) -> socket.socket | None:
    """Take the same port of IPv6, and answer nothing there: it is what a browser tries first for ``localhost``.

    Returns:
        What holds it; None where there is no IPv6.

    Raises:
        OSError: Another program is there, and would be given the token.
    """
    twin = None
    try:
        twin = socket.socket(socket.AF_INET6)
        twin.bind(("::1", port))
    except OSError as error:
        if twin is not None:
            twin.close()
        if error.errno == errno.EADDRINUSE:
            raise
        return None
    return twin
