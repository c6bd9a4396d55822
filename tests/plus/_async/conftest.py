"""Clients of the server, by role."""

from __future__ import annotations

import pytest


@pytest.fixture
async def connect(plus):
    """Make clients with the token of a role; they are closed at the end."""
    made = []

    def connect(role="organization_admin", **options):
        made.append(plus.async_client(role, **options))
        return made[-1]

    yield connect
    for client in made:
        await client.aclose()


@pytest.fixture
def client(connect):
    """A client of an admin of the organization."""
    return connect()


@pytest.fixture
def viewer(connect):
    """A client of someone who may see everything, and change nothing."""
    return connect("viewer")
