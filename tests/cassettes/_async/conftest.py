"""The client whose requests are recorded or replayed."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AsyncDagsterPlus


@pytest.fixture
async def client(cassette):
    async with AsyncDagsterPlus(**cassette.client_options) as client:
        yield client
