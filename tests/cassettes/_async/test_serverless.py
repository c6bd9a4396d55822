"""Serverless, as recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import NonIsolatedRuns, Run, Serverless, ServerlessPexUrl

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_serverless_get(client):
    assert type(await client.serverless.get()) is Serverless


async def test_serverless_pex_urls(client):
    found = await client.serverless.pex_urls(["a.pex", "b.pex"])
    assert [type(u) for u in found] == [ServerlessPexUrl, ServerlessPexUrl]


async def test_serverless_non_isolated_runs(client):
    assert type(await client.serverless.non_isolated_runs()) is NonIsolatedRuns


async def test_serverless_launch(client):
    found = await client.serverless.launch(
        "report", location="north", repository="reports", idempotency_key="launched"
    )
    assert type(found) is Run
