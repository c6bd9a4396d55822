"""What containers used, which only Dagster+ tells: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import CodeServerMetrics, MetricsTimeSeries, RunContainerMetrics

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_container_metrics_run(client):
    found = await client.container_metrics.run("0f0f0f0f-1111-4222-8333-444455556666")
    assert type(found) is RunContainerMetrics
    assert type(found.memory_usage) is MetricsTimeSeries


async def test_container_metrics_code_server(client):
    found = await client.container_metrics.code_server("demo", after=1700000000, before=1700003600)
    assert type(found) is CodeServerMetrics
