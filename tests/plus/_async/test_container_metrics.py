from __future__ import annotations

import time

import pytest

from dagster_plus_sdk import NotFoundError

pytestmark = pytest.mark.anyio

RUN = {"run_id": "a-run", "seconds": 600}


def series(metrics):
    return {name: getattr(metrics, name) for name in type(metrics).model_fields}


async def test_code_servers(client, plus):
    plus.advance_clock(2 * 3600)
    found = await client.container_metrics.code_server("demo")

    assert all(series(found).values())
    usage = found.memory_usage
    assert (usage.unit_type, found.cpu_percent.unit_type) == ("BYTE", "PERCENT")
    assert 235 <= len(usage.points) <= 241
    assert all(usage.start <= point.timestamp <= usage.end for point in usage.points)
    assert len({point.value for point in usage.points}) > 1
    again = await client.container_metrics.code_server("demo", after=usage.start, before=usage.end)
    assert again.memory_usage.points == usage.points


async def test_only_what_was_asked_for_and_when_it_ran(client, plus):
    now = time.time()
    plus.advance_clock(3600)
    found = await client.container_metrics.code_server("demo", after=now - 3600, before=now + 600)

    points = [point.timestamp.timestamp() for point in found.cpu_usage.points]
    assert now - 60 <= min(points) <= max(points) <= now + 600
    with pytest.raises(NotFoundError):
        await client.container_metrics.code_server("demo", before=now - 3600)
    plus.advance_clock(100 * 24 * 3600)
    found = await client.container_metrics.code_server("demo", after=now)
    assert 500 <= len(found.cpu_usage.points) <= 1000


async def test_there_are_none(client, plus):
    await client.code_locations.create("etl", module_name="etl")
    for name in ("etl", "nothing"):
        with pytest.raises(NotFoundError):
            await client.container_metrics.code_server(name)
    with pytest.raises(NotFoundError):
        await client.container_metrics.run("a-run")
    plus.seed({"run_containers": [RUN]})
    await client.container_metrics.run("a-run")
    plus.switches(container_metrics="none")
    with pytest.raises(NotFoundError):
        await client.container_metrics.code_server("demo")
    with pytest.raises(NotFoundError):
        await client.container_metrics.run("a-run")


async def test_runs(client, connect, plus):
    plus.seed({"run_containers": [RUN]})
    found = await client.container_metrics.run("a-run")

    assert all(series(found).values())
    used = [point.value for point in found.cpu_usage_ms.points]
    assert used == sorted(used)
    # 600 s with half a processor at least, and one and a half at most.
    assert 250_000 < used[-1] < 900_000
    assert (found.cpu_limit_ms.end - found.cpu_limit_ms.start).total_seconds() == pytest.approx(600)
    with pytest.raises(NotFoundError):
        await connect(deployment="staging").container_metrics.run("a-run")
