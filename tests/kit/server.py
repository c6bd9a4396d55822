"""A real HTTP server on loopback that answers as it is told, and remembers what it was sent."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

#: Closing sends RST at once, as a machine does that went down.
_RESET = struct.pack("ii", 1, 0)


@dataclass
class Reply:
    """One answer: a body (bytes, or what JSON can say), a status, headers; or a fault instead."""

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: "reset" closes the connection unanswered, "reset_unread" even before the request is read,
    #: "truncate" in the middle of the body, "hang" answers too late.
    fault: str | None = None

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def variables(self):
        return self.json["variables"]

    @property
    def operation(self):
        return self.json["operationName"]


class QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that have gone: what it would say would stand among what a command says."""

    daemon_threads = True
    #: As many may knock at the same time: the kernel lets others try again after a second.
    request_queue_size = 128
    _is_ending = False

    def serve_forever(self, poll_interval=0):
        """Do as the base class does, but end at once: tests start and end thousands of these."""
        while not self._is_ending:
            self._handle_request_noblock()

    def shutdown(self):
        self._is_ending = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class ScriptedServer:
    """Gives one reply after the other, the last one again and again.

    A reply may be a callable, which gets the request and returns the `Reply`.

    Args:
        tls: With which it speaks https.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.replies: list = []
        self.received: list[Received] = []
        self.connections = 0
        self.resets = 0
        #: Websockets that were asked for: it refuses them.
        self.upgrades = 0
        self._release = threading.Event()
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                server.connections += 1

            def handle_one_request(self):
                if not server._reset_unread(self):
                    super().handle_one_request()

            def do_POST(self):
                length = int(self.headers.get("content-length", 0))
                body = self.rfile.read(length)
                headers = {k.lower(): v for k, v in self.headers.items()}
                received = Received(self.path, headers, body, self.command)
                with server._lock:
                    server.received.append(received)
                    reply = server._next()
                server._answer(self, reply(received) if callable(reply) else reply)

            def do_GET(self):
                if "upgrade" in self.headers:
                    server.upgrades += 1
                    self.send_error(400)
                else:
                    self.do_POST()

            def do_PUT(self):
                self.do_POST()

            def log_message(self, *args):
                pass

        self._http = QuietServer(("127.0.0.1", 0), Handler)
        self._scheme = "https" if tls else "http"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._http.server_port}"

    @property
    def requests(self) -> int:
        """How many requests came, those that were reset unread included."""
        return len(self.received) + self.resets

    @property
    def operations(self) -> list[str]:
        """The names of the operations that came."""
        return [received.operation for received in self.received]

    def reply(self, *replies) -> None:
        self.replies.extend(replies)

    def data(self, *payloads: object) -> None:
        """Answer with these ``data``."""
        self.reply(*(Reply({"data": payload}) for payload in payloads))

    def _next(self):
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def _reset_unread(self, handler: BaseHTTPRequestHandler) -> bool:
        waiting = self.replies[0] if self.replies else None
        if getattr(waiting, "fault", None) != "reset_unread" or not handler.rfile.peek(1):
            return False
        with self._lock:
            self.resets += 1
            self._next()
        handler.close_connection = True
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        handler.connection.close()
        return True

    def _answer(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.fault == "hang":
            self._release.wait(60)
        if reply.fault in ("reset", "hang"):
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        content = reply.content()
        handler.send_response(reply.status)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if reply.fault == "truncate":
            handler.wfile.write(content[: len(content) // 2])
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.wfile.write(content)

    def close(self) -> None:
        self._release.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
