"""Schedules of the demo project."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from dagster_plus_sdk import NotFoundError, Schedule, ScheduleSummary

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "__repository__"}


@pytest.mark.parametrize("place", [{}, {"location": "demo"}, HOME, {"pattern": "EVERY_*"}])
async def test_list(client, place):
    [found] = await client.schedules.list(**place).to_list()
    assert type(found) is ScheduleSummary
    assert (found.name, found.job_name, found.cron_schedule, found.execution_timezone) == (
        "every_morning",
        "daily_report",
        "0 6 * * *",
        "Europe/Berlin",
    )


@pytest.mark.parametrize("place", [{"location": "x"}, {"repository": "x"}, {"pattern": "x"}])
async def test_list_of_another_place_is_empty(client, place):
    assert await client.schedules.list(**place).to_list() == []


async def test_start_stop_and_reset(client):
    assert (await client.schedules.start("every_morning")).status == "RUNNING"
    assert (await client.schedules.start("every_morning")).status == "RUNNING"
    [running] = await client.schedules.list(status="running").to_list()
    assert running.state.data.started_at is not None
    found = await client.schedules.get("every_morning")
    assert type(found) is Schedule
    assert found.can_reset
    times = [tick.timestamp for tick in found.next_ticks.results]
    assert len(times) == 5
    assert datetime.now(tz=timezone.utc) < times[0] < times[-1]
    for _ in range(2):
        assert (await client.schedules.stop("every_morning", **HOME)).status == "STOPPED"
    assert (await client.schedules.reset("every_morning", **HOME)).status == "STOPPED"
    assert not (await client.schedules.get("every_morning")).can_reset
    assert await client.schedules.list(status="RUNNING").to_list() == []


async def test_dry_run(client):
    at = datetime(2024, 5, 1, 4, tzinfo=timezone.utc)
    found = await client.schedules.dry_run("every_morning", at=at)
    assert found.timestamp == at
    [request] = found.evaluation.run_requests
    assert "region: north" in request.run_config_yaml
    assert found.evaluation.error is None
    assert (await client.schedules.dry_run("every_morning")).evaluation.run_requests


async def test_no_ticks(client):
    assert await client.schedules.ticks("every_morning").to_list() == []


@pytest.mark.parametrize("place", [{}, HOME])
@pytest.mark.parametrize("verb", ["get", "start", "stop", "reset", "dry_run"])
async def test_unknown(client, verb, place):
    with pytest.raises(NotFoundError):
        await getattr(client.schedules, verb)("nope", **place)
    with pytest.raises(NotFoundError):
        await client.schedules.ticks("nope", **place).to_list()
