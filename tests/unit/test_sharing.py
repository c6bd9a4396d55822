"""One client shared by threads, by a process and its fork, and by several event loops."""

from __future__ import annotations

import asyncio
import os
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from kit.canary import TOKEN, leaks
from kit.payloads import RUN_ID, get_run
from kit.server import Reply

from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus

OK = Reply({"data": get_run()})


@pytest.fixture
def made(monkeypatch):
    """Count the httpx clients that are made."""
    clients = []
    original = httpx.Client.__init__

    def counting(self, *args, **kwargs):
        clients.append(self)
        original(self, *args, **kwargs)

    monkeypatch.setattr(httpx.Client, "__init__", counting)
    return clients


def test_eight_threads_share_one_client(server, made):
    server.reply(OK)
    together = threading.Barrier(8)

    def work(client):
        together.wait()
        return [client.runs.get(RUN_ID).id for _ in range(5)]

    with DagsterPlus(url=server.url) as client, ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, [client] * 8))
    assert results == [[RUN_ID] * 5] * 8
    assert len(made) == 1
    assert server.requests == 40
    assert server.connections <= 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_client_that_was_used_before_a_fork_works_on_both_sides(server):
    server.reply(OK)
    with DagsterPlus(url=server.url) as client:
        assert client.runs.get(RUN_ID).id == RUN_ID
        before = client._transport._pool.client()
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the server's thread stays behind
            child = os.fork()
        if child == 0:  # pragma: no cover - counted in the parent only
            try:
                found = client.runs.get(RUN_ID).id
                renewed = client._transport._pool.client() is not before
                client.close()
                os.write(writing, f"{found} {renewed}".encode())
            except BaseException as error:  # noqa: BLE001 - the parent has to hear of it
                os.write(writing, repr(error).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as said:
            assert said.read() == f"{RUN_ID} True"
        os.waitpid(child, 0)
        assert client.runs.get(RUN_ID).id == RUN_ID
        assert client._transport._pool.client() is before
    # The parent went on with its connection, the child made one of its own.
    assert (server.connections, server.requests) == (2, 3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_closing_after_a_fork_leaves_the_connections_of_the_parent(server, monkeypatch):
    server.reply(OK)
    client = DagsterPlus(url=server.url)
    client.runs.get(RUN_ID)
    http_client = client._transport._pool.client()
    with monkeypatch.context() as in_child:
        in_child.setattr(os, "getpid", lambda: -1)
        client.close()
    assert not http_client.is_closed
    http_client.close()


def test_several_event_loops_share_one_async_client(server):
    server.reply(OK)
    client = AsyncDagsterPlus(url=server.url)
    opened = []

    async def work(*, last):
        found = await asyncio.gather(*(client.runs.get(RUN_ID) for _ in range(3)))
        opened.append(client._transport._pool.client())
        if not last:
            # Only this loop can close its connections; the client itself stays usable.
            await opened[-1].aclose()
        else:
            await client.aclose()
        return [run.id for run in found]

    assert asyncio.run(work(last=False)) == [RUN_ID] * 3
    assert asyncio.run(work(last=True)) == [RUN_ID] * 3
    first, second = opened
    assert first is not second
    assert second.is_closed
    assert len(client._transport._pool._opened) == 0


def test_connections_of_loops_that_are_gone_are_forgotten(server):
    server.reply(OK)
    client = AsyncDagsterPlus(url=server.url)
    pool = client._transport._pool
    sizes = []

    async def look():
        await pool.client().aclose()
        sizes.append(len(pool._opened))

    for _ in range(3):
        asyncio.run(look())
    assert sizes == [1, 1, 1]


def test_two_loops_at_the_same_time(server):
    """Closing closes the connections of the loop that it is called in, and refuses the others."""
    server.reply(OK)
    client = AsyncDagsterPlus(url=server.url)
    both = threading.Barrier(2)

    async def work():
        found = await client.runs.get(RUN_ID)
        own = client._transport._pool.client()
        await asyncio.to_thread(both.wait)
        size = len(client._transport._pool._opened)
        await own.aclose()
        return found.id, size

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: asyncio.run(work()), range(2)))
    assert results == [(RUN_ID, 2)] * 2
    asyncio.run(client.aclose())
    assert server.connections == 2


def test_a_task_that_is_cancelled_does_not_show_the_token(server):
    has_come = threading.Event()
    server.reply(lambda _: has_come.set() or Reply(fault="hang"))

    async def work():
        async with AsyncDagsterPlus(url=server.url, token=TOKEN) as client:
            call = asyncio.ensure_future(client.runs.get(RUN_ID))
            assert await asyncio.to_thread(has_come.wait, 60)
            await asyncio.wait_for(call, 0.01)

    with pytest.raises(asyncio.TimeoutError) as caught:
        asyncio.run(work())
    assert caught.value.__cause__ is not None
    assert leaks(caught.value) == []
    assert server.requests == 1
