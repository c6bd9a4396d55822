"""What containers used."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from dagster_plus_sdk import CodeServerMetrics, MetricsTimeSeries, RunContainerMetrics, errors

pytestmark = pytest.mark.anyio

SERIES = {
    "metricName": "container.cpu.usage",
    "unitType": "MILLICORE",
    "start": 1700000000.0,
    "end": 1700000060.0,
    "tags": ["a:b"],
    "points": [{"timestamp": 1700000030.5, "value": 250.0}],
}
RUN = (
    "cpuLimitMs", "cpuPercent", "cpuUsageMs", "cpuUsageRateMs", "memoryLimit", "memoryPercent", "memoryUsage",
)  # fmt: skip
SERVER = (
    "cpuLimit", "cpuPercent", "cpuUsage", "memoryLimit", "memoryPercent", "memoryUsage", "queuedRequests",
    "requestUtilizationPercent", "runningRequests",
)  # fmt: skip


def metrics(names, *given):
    return {name: SERIES if name in given else None for name in names}


async def test_run(client, server):
    server.data({"runContainerMetrics": metrics(RUN, "cpuUsageMs")})
    found = await client.container_metrics.run("0f")
    assert type(found) is RunContainerMetrics
    series = found.cpu_usage_ms
    assert type(series) is MetricsTimeSeries
    assert series.unit_type == "MILLICORE"
    assert series.points[0].timestamp == datetime.fromtimestamp(1700000030.5, timezone.utc)
    assert (series.end - series.start).total_seconds() == 60
    assert found.memory_usage is None
    assert server.received[0].variables == {"runId": "0f"}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {}),
        ({"after": 5}, {"fromTime": 5.0}),
        (
            {"after": datetime(2024, 1, 1, tzinfo=timezone.utc), "before": 1704067200.5},
            {"fromTime": 1704067200.0, "toTime": 1704067200.5},
        ),
    ],
)
async def test_code_server(client, server, given, sent):
    server.data({"codeServerMetrics": metrics(SERVER, "runningRequests")})
    found = await client.container_metrics.code_server("north", **given)
    assert type(found) is CodeServerMetrics
    assert found.running_requests.points[0].value == 250
    assert server.received[0].variables == {"location": "north", **sent}


async def test_without_data(client, server):
    server.data({"runContainerMetrics": None}, {"codeServerMetrics": None})
    with pytest.raises(errors.NotFoundError, match="container metrics of run '0f'"):
        await client.container_metrics.run("0f")
    with pytest.raises(errors.NotFoundError, match="container metrics of code location 'x'"):
        await client.container_metrics.code_server("x")


@pytest.mark.parametrize(
    "given",
    [
        {"location": ""},
        {"location": "x", "after": 5, "before": 5},
        {"location": "x", "after": datetime(2024, 1, 1)},  # noqa: DTZ001 - the point
    ],
)
async def test_what_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.container_metrics.code_server(**given)
    with pytest.raises(errors.InvalidInputError):
        await client.container_metrics.run("")
    assert server.requests == 0
