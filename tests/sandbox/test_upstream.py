from __future__ import annotations

import asyncio

import pytest

from dagster_plus_sdk.sandbox.front.upstream import Upstream, UpstreamError

pytestmark = pytest.mark.anyio

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Webserver:
    """Answers the requests of all connections with what it is given, and counts both."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.connections = 0
        self.asked = asyncio.Event()
        self.heads, self.bodies = [], []

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.heads.append(head)
                self.bodies.append(await reader.readexactly(length))
                self.asked.set()
                answer = self.answers.pop(0)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.upstream = Upstream("127.0.0.1", self.server.sockets[0].getsockname()[1], "/x/graphql")
        return self

    async def __aexit__(self, *_):
        self.upstream.close()
        self.server.close()
        await asyncio.sleep(0)

    async def post(self, body=b"{}", *, repeatable=True):
        return await self.upstream.post(body, repeatable=repeatable)


async def test_a_connection_is_used_again():
    async with Webserver(OK, b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\noops", OK) as web:
        assert await web.post(b'{"query": 1}') == (200, b"{}")
        assert await web.post() == (500, b"oops")

        assert web.connections == 1
        assert web.heads[0].startswith(b"POST /x/graphql HTTP/1.1\r\nHost: 127.0.0.1:")
        assert web.bodies[0] == b'{"query": 1}'


async def test_what_must_not_run_twice_gets_a_connection_of_its_own():
    async with Webserver(OK, OK) as web:
        await web.post()
        await web.post(repeatable=False)

        assert web.connections == 2


async def test_a_used_connection_that_closes_is_replaced():
    async with Webserver(OK, None, OK, OK) as web:
        await web.post()

        assert await web.post() == (200, b"{}")
        assert web.connections == 2


@pytest.mark.parametrize(
    "answer",
    [None, b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}", b"no"],
)
async def test_a_new_connection_without_a_complete_answer(answer):
    async with Webserver(answer) as web:
        with pytest.raises(UpstreamError):
            await web.post()

        assert web.connections == 1


async def test_nobody_listens():
    async with Webserver() as web:
        pass

    with pytest.raises(UpstreamError, match="Connect call failed"):
        await web.post()


async def test_a_request_that_is_given_up_takes_its_connection_along():
    async with Webserver(b"", OK) as web:
        given_up = asyncio.create_task(web.post())
        await web.asked.wait()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up

        assert await web.post() == (200, b"{}")
        assert web.connections == 2
