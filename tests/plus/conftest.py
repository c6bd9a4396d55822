"""The behaviour of what only Dagster+ has: against the sandbox's control plane, with its permissions and its state."""

from __future__ import annotations

import pytest

pytest.importorskip("uvicorn")

from kit.plus_server import PlusServer


@pytest.fixture(scope="session")
def plus_server():
    """The server that all tests share."""
    with PlusServer() as server:
        yield server


@pytest.fixture
def plus(plus_server):
    """The server, with nothing but the demo organization in it, and every switch at its default."""
    plus_server.reset()
    return plus_server
