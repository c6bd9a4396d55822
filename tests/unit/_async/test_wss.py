"""Subscriptions over TLS and through proxies: as httpx has it, and the token for the origin only."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest
from kit.canary import TOKEN, leaks
from kit.certificates import self_signed
from kit.live_server import PROTOCOL, Peer
from kit.tcp_proxy import TcpProxy
from kit.tls_relay import TlsRelay
from websockets.datastructures import Headers
from websockets.http11 import Response
from websockets.sync.server import serve

from dagster_plus_sdk import AsyncDagsterPlus, errors, operations
from dagster_plus_sdk._core.sockets import proxy_for

pytestmark = pytest.mark.anyio


class SecureServer:
    """Tells of one change of a code location, over TLS.

    Args:
        context: Its certificate.
    """

    def __init__(self, context) -> None:
        #: Where handshakes are sent on to; one after the other.
        self.targets = []
        self.handshakes = []
        options = {"subprotocols": [PROTOCOL], "process_request": self._look}
        self._server = serve(self._handle, "127.0.0.1", 0, **options)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self._relay = TlsRelay(context, self._server.socket.getsockname()[1])
        self.port = self._relay.port
        self.url = f"https://127.0.0.1:{self.port}"

    def _look(self, connection, request):
        self.handshakes.append((request.path, dict(request.headers.raw_items())))
        if not self.targets:
            return None
        headers = Headers({"Location": self.targets.pop(0), "Content-Length": "0"})
        return Response(307, "Temporary Redirect", headers, b"")

    @staticmethod
    def _handle(connection) -> None:
        peer = Peer(connection, [])
        peer.opened()
        event = {"type": "LOCATION_UPDATED", "locationName": "demo", "message": "m"}
        found = {"event": {**event, "serverId": None}}
        peer.say("data", {"data": {"locationStateChangeEvents": found}})
        peer.say("complete")
        peer.until_closed()

    def close(self) -> None:
        self._relay.close()
        self._server.shutdown()
        self._thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The path of a certificate, and a server's context with it."""
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def start(certificate):
    """Starts servers."""
    started = []

    def make():
        started.append(SecureServer(certificate[1]))
        return started[-1]

    yield make
    for server in started:
        server.close()


@pytest.fixture
def trusted(certificate, monkeypatch):
    """The certificate is trusted, as httpx learns of it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.fixture
async def connect():
    """Make clients, which read the certificates of the environment."""
    made = []

    def make(url):
        made.append(AsyncDagsterPlus(url=url, token=TOKEN))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    """The environment names none."""
    for name in ("http", "https", "all", "no", "ws", "wss", "socks"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)


async def told(client):
    operation = operations.follow_location_events()
    return [r.ok.event.location_name async for r in client.subscribe(operation)]


@pytest.mark.usefixtures("trusted")
async def test_over_tls(start, connect):
    server = start()
    assert await told(connect(server.url)) == ["demo"]
    [(path, headers)] = server.handshakes
    assert path == "/graphql"
    assert [name for name, value in headers.items() if TOKEN in value] == [
        "Dagster-Cloud-Api-Token"
    ]


@pytest.mark.usefixtures("trusted")
async def test_redirects_stay_with_the_origin(start, connect):
    server, other = start(), start()
    server.targets = ["/prod/graphql"]
    assert await told(connect(server.url)) == ["demo"]
    assert [path for path, _ in server.handshakes] == ["/graphql", "/prod/graphql"]
    plain = f"http://127.0.0.1:{server.port}/graphql"
    for target in (f"{other.url}/graphql", plain, f"wss://127.0.0.1:{other.port}/graphql"):
        server.targets = [target]
        with pytest.raises(errors.RedirectError, match="another origin"):
            await told(connect(server.url))
    assert other.handshakes == []


class Tunnels:
    """A proxy that takes CONNECT."""

    _end = staticmethod(TcpProxy._end)

    def __init__(self) -> None:
        self.asked = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                head = b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(1)
                self.asked.append(head)
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                port = int(head.split()[1].rpartition(b":")[2])
                server = socket.create_connection(("127.0.0.1", port))
                for ends in ((client, server), (server, client)):
                    args = (self, *ends, None, threading.Event())
                    threading.Thread(target=TcpProxy._pump, args=args, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def tunnels():
    """A proxy."""
    made = Tunnels()
    yield made
    made.close()


@pytest.mark.usefixtures("trusted")
async def test_through_the_proxy_of_the_environment(start, connect, tunnels, monkeypatch):
    server = start()
    monkeypatch.setenv("HTTPS_PROXY", tunnels.url)
    assert await told(connect(server.url)) == ["demo"]
    [head] = tunnels.asked
    assert head.startswith(f"CONNECT 127.0.0.1:{server.port} ".encode())
    assert TOKEN.encode() not in head
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert await told(connect(server.url)) == ["demo"]
    assert len(tunnels.asked) == 1


@pytest.mark.parametrize("proxied", [False, True])
async def test_a_certificate_that_nobody_trusts(
    start, connect, tunnels, monkeypatch, proxied, caplog
):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if proxied:
        monkeypatch.setenv("HTTPS_PROXY", tunnels.url)
    server = start()
    with pytest.raises(errors.ConnectionFailedError, match=r"(?i)certificate") as caught:
        await told(connect(server.url))
    assert (server.handshakes, leaks(caught.value)) == ([], [])
    assert len(tunnels.asked) == proxied
    assert [r.message for r in caplog.records if r.name == "asyncio"] == []


async def test_the_password_of_a_proxy_that_cannot_be(connect, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "ftp://user:proxy-password@127.0.0.1:1")
    with pytest.raises(
        errors.ConfigurationError, match="proxy of the environment is not valid"
    ) as caught:
        await told(connect("https://127.0.0.1:1"))
    assert "proxy-password" not in repr(caught.value)
    assert leaks(caught.value) == []


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({}, "wss://a.test/graphql", None),
        ({"HTTPS_PROXY": "http://p:1"}, "wss://a.test/graphql", "http://p:1"),
        ({"https_proxy": "p:1"}, "wss://a.test/graphql", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "ws://a.test/graphql", None),
        ({"HTTP_PROXY": "http://p:1"}, "ws://a.test:80/graphql", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "wss://a.test/graphql", None),
        ({"ALL_PROXY": "socks5://p:1"}, "wss://a.test/graphql", "socks5://p:1"),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "b.test,.a.test"}, "wss://x.a.test/graphql", None),
        ({"WSS_PROXY": "http://p:1", "SOCKS_PROXY": "http://p:1"}, "wss://a.test/graphql", None),
    ],
)
async def test_the_proxy_is_the_one_of_requests(environment, url, proxy, monkeypatch):
    import httpx

    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy
    # httpx itself: what it mounts for a URL is a transport with a proxy, or its own one.
    if not str(proxy).startswith("socks"):
        with httpx.Client() as own:
            chosen = own._transport_for_url(httpx.URL(f"http{url[2:]}"))
            assert (chosen is not own._transport) is (proxy is not None)
