"""Clients of the scripted server."""

from __future__ import annotations

import pytest
from kit.canary import TOKEN

from dagster_plus_sdk import AsyncDagsterPlus, RetryPolicy

#: Retries as often as by default, and at once.
QUICK = RetryPolicy(base=0.001, cap=0.002)


@pytest.fixture
async def connect(server):
    """Make clients of the server with other options; they are closed at the end."""
    made = []

    def make(**options):
        options = {"url": server.url, "token": TOKEN, "retries": QUICK, **options}
        made.append(AsyncDagsterPlus(**options))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(connect):
    """A client of the server with the canary as its token."""
    return connect()
