"""A scripted server that takes subscriptions too, on the same port."""

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response
from websockets.sync.server import serve

from kit.payloads import RUN_ID
from kit.tcp_proxy import TcpProxy

PROTOCOL = "graphql-ws"

#: Seconds that only a server reaches that hangs.
_LONG = 60


def frame_of(events, cursor, **fields):
    """Return the payload of a frame of run events."""
    page = {
        "__typename": "PipelineRunLogsSubscriptionSuccess",
        "run": {"__typename": "Run", "id": RUN_ID, "status": "STARTED"},
        "events": list(events),
        "cursor": cursor,
        "hasMorePastEvents": False,
        **fields,
    }
    return {"data": {"pipelineRunLogs": page}}


class Peer:
    """The server's end of one subscription."""

    def __init__(self, connection, received) -> None:
        self.connection = connection
        self.received = received

    def hear(self):
        """Return the client's next frame."""
        frame = json.loads(self.connection.recv(_LONG))
        self.received.append(frame)
        return frame

    def say(self, kind, payload=None, *, number="1") -> None:
        self.connection.send(json.dumps({"type": kind, "id": number, "payload": payload}))

    def opened(self):
        """Acknowledge the connection, and return what is subscribed to."""
        assert self.hear()["type"] == "connection_init"
        self.say("connection_ack")
        return self.hear()["payload"]

    def until_closed(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                self.hear()


class LiveServer:
    """Takes requests with a ``ScriptedServer``, and runs a script for each websocket, the last one again and again.

    Args:
        server: For the requests.
    """

    def __init__(self, server) -> None:
        self.http = server
        self.scripts = []
        #: Answers to handshakes in place of a websocket: status, headers, body; one after the other.
        self.refusals = []
        #: Path and headers of each handshake.
        self.handshakes = []
        #: What clients sent, and how their connections were closed.
        self.received = []
        self.closes = []
        #: Whether a client is meant to give subscriptions up, and why clients did.
        self.leaves_polling = False
        self.given_up = []
        self._log = logging.getLogger("dagster_plus_sdk")
        self._debug, self._log.debug = self._log.debug, self._note
        options = {"subprotocols": [PROTOCOL], "open_timeout": _LONG}
        self._server = serve(self._handle, "127.0.0.1", 0, process_request=self._look, **options)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        port = self._server.socket.getsockname()[1]
        self.proxy = TcpProxy(urlsplit(server.url).port, port)
        self.url = self.proxy.url

    def _note(self, message, *args) -> None:
        """Hear what clients log: one that polls on finds all the same, but not in the way that is meant."""
        if message.startswith("polling"):
            self.given_up.append(message % args)
        self._debug(message, *args)

    def _look(self, connection, request):
        self.handshakes.append((request.path, dict(request.headers.raw_items())))
        if not self.refusals:
            return None
        status, headers, body = self.refusals.pop(0)
        given = Headers({"Content-Length": str(len(body)), "Connection": "close", **headers})
        return Response(status, HTTPStatus(status).phrase, given, body)

    def _handle(self, connection) -> None:
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        with suppress(ConnectionClosed):
            script(Peer(connection, self.received))
        connection.close()
        self.closes.append(connection.close_code)

    @staticmethod
    def until(true) -> None:
        """Wait for what another thread does."""
        end = time.monotonic() + _LONG
        while not true():
            assert time.monotonic() < end, "it did not come about in time"
            time.sleep(0.01)

    def close(self) -> None:
        del self._log.debug
        self.proxy.close()
        self._server.shutdown()
        self._thread.join()
        assert self.leaves_polling or not self.given_up, self.given_up
