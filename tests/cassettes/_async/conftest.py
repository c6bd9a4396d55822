"""The client whose requests are recorded or replayed."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AsyncDagsterPlus


@pytest.fixture
async def client(cassette, monkeypatch):
    # Cassettes hold requests only: what could come by subscription is polled.
    monkeypatch.setattr("dagster_plus_sdk._async.pool.is_installed", lambda: False)
    async with AsyncDagsterPlus(**cassette.client_options) as client:
        yield client
