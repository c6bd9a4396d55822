"""Clients of the real Dagsters."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AsyncDagsterPlus


@pytest.fixture
async def client(dagster_url, sent, heard):
    hooks = {
        "request": [lambda event: sent.append(event.operation)],
        "response": [lambda event: heard.append(event.operation)],
    }
    async with AsyncDagsterPlus(url=dagster_url, event_hooks=hooks) as client:
        yield client


@pytest.fixture
async def org_client(org_url):
    async with AsyncDagsterPlus(url=org_url) as client:
        yield client
