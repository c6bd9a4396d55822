"""Connections to the webserver behind the front: plain sockets, as a client library costs more than the front itself."""

from __future__ import annotations

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


#: What is said of an `UpstreamError`.
NO_ANSWER = "The Dagster webserver behind the sandbox gave no answer: {}"


class UpstreamError(Exception):
    """The webserver behind the front does not answer, or not in HTTP."""


class Upstream:
    """A pool of connections to one webserver on this machine.

    Args:
        host: Where it listens.
        port: Its port.
        path: Where its GraphQL API is.
    """

    def __init__(self, host: str, port: int, path: str = "/graphql") -> None:
        self._host = host
        self._port = port
        self._path = path
        self._head = (
            f"POST %s HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: application/json\r\n"
            "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        )
        self._idle: list[Connection] = []

    @property
    def websocket_url(self) -> str:
        """Where its subscriptions are."""
        return f"ws://{self._host}:{self._port}{self._path}"

    async def post(
        self, body: bytes, *, repeatable: bool, path: str | None = None
    ) -> tuple[int, bytes]:
        """Send a JSON body and return the status and the body of the answer.

        Args:
            body: What to send.
            repeatable: Whether it may be sent twice. The webserver closes idle connections, and one that closes shows
                only in use; what must not run twice gets a connection of its own.
            path: Where to, if not to the GraphQL API; of plain ASCII.

        Raises:
            UpstreamError: There was no complete answer.
        """
        while True:
            reused = repeatable and bool(self._idle)
            try:
                connection = self._idle.pop() if reused else await self._open()
                return await self._exchange(connection, body, path or self._path)
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
                if not reused:
                    raise UpstreamError(str(error) or type(error).__name__) from error

    def close(self) -> None:
        """Close the connections that no request uses."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _open(self) -> Connection:
        return await asyncio.open_connection(self._host, self._port)

    async def _exchange(self, connection: Connection, body: bytes, path: str) -> tuple[int, bytes]:
        reader, writer = connection
        complete = False
        try:
            writer.write((self._head % (path, len(body))).encode() + body)
            status, length = _parse_head(await reader.readuntil(b"\r\n\r\n"))
            content = await reader.readexactly(length)
            complete = True
        finally:
            # A request that was given up leaves its answer on the connection.
            if complete:
                self._idle.append(connection)
            else:
                writer.close()
        return status, content


def _parse_head(head: bytes) -> tuple[int, int]:
    """Return the status and the body's length."""
    status_line, *lines = head.split(b"\r\n")
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(status_line.split()[1]), int(value)
    raise ValueError("an answer without Content-Length")
