"""A socket behind TLS that is read in one thread and written in others."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from contextlib import suppress

import pytest
from kit.certificates import self_signed

from dagster_plus_sdk._core.tls_socket import SafeTls

SECONDS = 60


@pytest.fixture(scope="module")
def contexts(tmp_path_factory):
    """The client's and the server's."""
    path, server = self_signed(tmp_path_factory.mktemp("tls"))
    return ssl.create_default_context(cafile=str(path)), server


@pytest.fixture
def ends(contexts):
    """The client's end, and the server's."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.settimeout(SECONDS)
    found = []
    server = threading.Thread(
        target=lambda: found.append(contexts[1].wrap_socket(theirs, server_side=True))
    )
    server.start()
    client = SafeTls(contexts[0]).wrap_socket(ours, server_hostname="127.0.0.1")
    server.join()
    yield client, found[0]
    client.close()
    found[0].close()


def test_it_is_the_context_and_the_socket_in_all_else(contexts, ends):
    client, server = ends
    assert SafeTls(contexts[0]).verify_mode is ssl.CERT_REQUIRED
    assert client.fileno() > 0
    client.sendall(b"there")
    assert server.recv(100) == b"there"


def leave(server):
    """Say that no more comes, and wait until the client leaves, too."""
    with suppress(OSError):
        server.unwrap()


def test_the_end_is_told_though_it_was_read_with_what_was_before_it(ends):
    client, server = ends
    server.sendall(b"last")
    leaving = threading.Thread(target=leave, args=(server,))
    leaving.start()
    found = b""
    while not found.endswith(b"last"):
        found += client.recv(1)
    assert select.select([client], [], [], SECONDS)[0] == [client]
    assert client.recv(1) == b""
    client.close()
    leaving.join()


@pytest.mark.parametrize("who", ["the client", "the server"])
def test_a_close_ends_what_is_waited_for(ends, who):
    client, server = ends
    found = []

    def read():
        try:
            found.append(client.recv(1))
        except OSError as error:  # it was closed before it began
            found.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    (client if who == "the client" else server).close()
    reader.join(SECONDS)
    assert len(found) == 1
    assert not isinstance(found[0], bytes) or found == [b""]


def test_threads_read_and_write_at_once(ends):
    client, server = ends
    sent = [bytes([number]) * 300 for number in range(4)]

    def echo():
        with suppress(OSError):
            while piece := server.recv(1 << 16):
                server.sendall(piece)

    def write(piece):
        for _ in range(500):
            client.sendall(piece)

    threads = [threading.Thread(target=echo)]
    threads += [threading.Thread(target=write, args=(piece,)) for piece in sent]
    for thread in threads:
        thread.start()
    found = bytearray()
    while len(found) < 4 * 500 * 300:
        found += client.recv(1)
    assert [found.count(piece) for piece in sent] == [500] * 4
    client.close()
    for thread in threads:
        thread.join()
