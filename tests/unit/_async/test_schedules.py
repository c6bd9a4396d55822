"""Schedules: what is their own."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.automation import preview, whole_schedule

from dagster_plus_sdk import Schedule, TeamDefinitionOwner, errors

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "repo"}


async def test_get(client, server):
    server.data(whole_schedule("morning"))
    found = await client.schedules.get("morning", **HOME)
    assert type(found) is Schedule
    assert found.owners == [TeamDefinitionOwner(team="shop")]
    assert found.partition_set.name == "report_partition_set"
    assert [tick.timestamp.day for tick in found.next_ticks.results] == [14, 15]
    assert found.state.data.cron_schedule == found.cron_schedule
    [received] = server.received
    assert received.variables == {
        "scheduleSelector": {
            "repositoryLocationName": "demo",
            "repositoryName": "repo",
            "scheduleName": "morning",
        }
    }


@pytest.mark.parametrize(
    "at", [1700000000.5, datetime.fromtimestamp(1700000000.5, tz=timezone.utc)]
)
async def test_a_dry_run_at_a_time(client, server, at):
    server.data(preview("scheduleDryRun"))
    await client.schedules.dry_run("morning", at=at, **HOME)
    assert server.received[0].variables["timestamp"] == 1700000000.5


async def test_a_dry_run_now(client, server):
    server.data(preview("scheduleDryRun"))
    before = datetime.now(tz=timezone.utc).timestamp()
    await client.schedules.dry_run("morning", **HOME)
    sent = server.received[0].variables["timestamp"]
    assert before <= sent <= datetime.now(tz=timezone.utc).timestamp()


async def test_a_time_without_a_zone(client, server):
    with pytest.raises(errors.InvalidInputError, match="at needs a timezone"):
        await client.schedules.dry_run("x", at=datetime(2024, 5, 1), **HOME)  # noqa: DTZ001
    assert server.requests == 0
