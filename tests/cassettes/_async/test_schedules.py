"""Schedules, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    InstigationState,
    NotFoundError,
    Schedule,
    ScheduleSummary,
    TickPreview,
)

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "__repository__"}


async def test_schedules_list(client):
    [found] = await client.schedules.list(location="demo").to_list()
    assert type(found) is ScheduleSummary
    assert (found.name, found.job_name) == ("every_morning", "daily_report")


async def test_schedules_get(client):
    found = await client.schedules.get("every_morning")
    assert type(found) is Schedule
    assert (found.cron_schedule, found.execution_timezone) == ("0 6 * * *", "Europe/Berlin")
    assert len(found.next_ticks.results) == 5


async def test_schedules_get_unknown(client):
    with pytest.raises(NotFoundError, match="nope") as caught:
        await client.schedules.get("nope", **HOME)
    assert caught.value.code == "SCHEDULE_NOT_FOUND"


async def test_schedules_start(client):
    found = await client.schedules.start("every_morning")
    assert (type(found), found.status) == (InstigationState, "RUNNING")


async def test_schedules_stop(client):
    found = await client.schedules.stop("every_morning", **HOME)
    assert (type(found), found.status) == (InstigationState, "STOPPED")


async def test_schedules_reset(client):
    found = await client.schedules.reset("every_morning", **HOME)
    assert (type(found), found.status) == (InstigationState, "STOPPED")


async def test_schedules_ticks(client):
    assert await client.schedules.ticks("every_morning").to_list() == []


async def test_schedules_dry_run(client):
    found = await client.schedules.dry_run("every_morning", at=1714536000)
    assert type(found) is TickPreview
    [request] = found.evaluation.run_requests
    assert "region: north" in request.run_config_yaml
