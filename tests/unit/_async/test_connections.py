"""Connections that cannot be made, or break."""

from __future__ import annotations

import socket

import httpx
import pytest
from kit.live_server import LiveServer
from kit.payloads import RUN_ID
from kit.server import Reply

from dagster_plus_sdk import RetryPolicy, Timeout, errors

pytestmark = pytest.mark.anyio


@pytest.fixture
def nobody():
    """The URL of a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


async def test_nobody_listens(connect, nobody):
    for call in (lambda c: c.runs.get(RUN_ID), lambda c: c.runs.delete(RUN_ID)):
        with pytest.raises(errors.ConnectionFailedError, match="cannot be reached") as caught:
            await call(connect(url=nobody))
        assert caught.value.attempts == 5  # never sent, so a mutation is tried again too
        assert not caught.value.sent


async def test_a_server_that_does_not_answer_in_time(connect, server):
    server.reply(Reply(fault="hang"))
    # What is read is late; that it is sent is not.
    client = connect(timeout=Timeout(0.2, connect=60, write=60, pool=60), retries=1)
    with pytest.raises(errors.RequestTimeoutError, match="did not answer in time") as caught:
        await client.runs.delete(RUN_ID)
    assert (caught.value.attempts, caught.value.sent) == (1, True)
    LiveServer.until(lambda: server.requests == 1)
    with pytest.raises(errors.RequestTimeoutError) as caught:
        await client.with_options(retries=RetryPolicy(1, base=0.001)).runs.get(RUN_ID)
    assert caught.value.attempts == 2
    LiveServer.until(lambda: server.requests == 3)


async def test_a_server_whose_backlog_is_full(connect):
    """It takes no connection: nothing was sent, so that even a mutation is tried again."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        fillers = [_knock(deaf.getsockname()) for _ in range(8)]
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        client = connect(url=url, timeout=Timeout(connect=0.05), retries=RetryPolicy(1, base=0.001))
        with pytest.raises(errors.RequestTimeoutError, match="ConnectTimeout") as caught:
            await client.runs.delete(RUN_ID)
        for filler in fillers:
            filler.close()
    assert (caught.value.attempts, caught.value.sent) == (2, False)


def _knock(address):
    knocking = socket.socket()
    knocking.setblocking(False)
    knocking.connect_ex(address)
    return knocking


@pytest.mark.parametrize(
    ("raised", "error", "attempts"),
    [
        (httpx.PoolTimeout("full"), errors.RequestTimeoutError, 5),
        (httpx.ConnectTimeout("slow"), errors.RequestTimeoutError, 5),
        (httpx.ConnectError("refused"), errors.ConnectionFailedError, 5),
        (httpx.WriteTimeout("slow"), errors.RequestTimeoutError, 1),
        (httpx.WriteError("broken"), errors.ConnectionFailedError, 1),
        (httpx.ProxyError("no"), errors.ConnectionFailedError, 1),
        (httpx.UnsupportedProtocol("ftp"), errors.ConfigurationError, 1),
        (httpx.InvalidURL("port"), errors.ConfigurationError, 1),
        (httpx.LocalProtocolError("header"), errors.ConfigurationError, 1),
        (RuntimeError("the client has been closed"), errors.ConfigurationError, 1),
        (KeyError(), errors.ConnectionFailedError, 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_faults_of_the_http_library(connect, raised, error, attempts):
    sent = []

    def fail(request):
        sent.append(request)
        raise raised

    http_client = httpx.AsyncClient(transport=httpx.MockTransport(fail))
    async with http_client:
        with pytest.raises(errors.DagsterPlusError) as caught:
            await connect(http_client=http_client).runs.delete(RUN_ID)
    assert type(caught.value) is error
    assert caught.value.attempts == len(sent) == attempts
    assert type(raised).__name__ in caught.value.message
    assert str(raised.args[0] if raised.args else "") in caught.value.message
