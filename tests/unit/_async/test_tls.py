"""Requests over TLS: verified as httpx does it, and nothing is read for them where the server speaks plain http."""

from __future__ import annotations

import httpx
import pytest
from kit.certificates import self_signed
from kit.payloads import RUN_ID, get_run
from kit.server import Reply, ScriptedServer

from dagster_plus_sdk import errors

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The path of a certificate, and a server's context with it."""
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def read(monkeypatch):
    """How often the authorities were read."""
    calls, make = [], httpx.create_ssl_context
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: calls.append(1) or make())
    return calls


@pytest.fixture
def secure(certificate):
    """A server that speaks TLS."""
    server = ScriptedServer(certificate[1])
    yield server
    server.close()


async def test_plain_http_reads_no_certificates(client, server, read):
    server.data(get_run())
    assert (await client.runs.get(RUN_ID)).id == RUN_ID
    assert read == []


async def test_requests_over_tls(connect, secure, read, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    secure.reply(Reply({"data": get_run()}))
    client = connect(url=secure.url)
    assert secure.url.startswith("https:")
    assert [(await client.runs.get(RUN_ID)).id for _ in range(3)] == [RUN_ID] * 3
    assert read == [1]


async def test_an_unknown_certificate_is_refused(connect, secure, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(errors.DagsterPlusError, match="CERTIFICATE_VERIFY_FAILED"):
        await connect(url=secure.url).runs.get(RUN_ID)
    assert secure.requests == 0
