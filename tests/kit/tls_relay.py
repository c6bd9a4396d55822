"""TLS before a plain server. Not the server's own: a server that reads and writes in several threads may fail in OpenSSL."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


class TlsRelay:
    """Passes what comes over TLS on to a port of this machine, and back.

    Args:
        context: Its certificate.
        port: Of the plain server.
    """

    def __init__(self, context: ssl.SSLContext, port: int) -> None:
        self._to = port
        self._writers = []
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        listening = asyncio.start_server(self._relay, "127.0.0.1", 0, ssl=context)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _relay(self, reader, writer) -> None:
        self._writers.append(writer)
        back, on = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers.append(on)
        await asyncio.gather(self._pump(reader, on), self._pump(back, writer))

    @staticmethod
    async def _pump(reader, writer) -> None:
        with suppress(OSError):
            while piece := await reader.read(1 << 16):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _end(self) -> None:
        self._server.close()
        for writer in self._writers:
            with suppress(AttributeError):  # Python's own, of one that has gone already
                writer.transport.abort()
        ends = (writer.wait_closed() for writer in self._writers)
        await asyncio.gather(*ends, return_exceptions=True)
        # Those whose handshake failed are nobody's, and take some turns to go; the loop has one of its own.
        for _ in range(500):
            if len(self._loop._selector.get_map()) == 1:
                break
            await asyncio.sleep(0.01)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
