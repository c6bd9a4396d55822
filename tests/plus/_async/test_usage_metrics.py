from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from dagster_plus_sdk import DagsterPlusError

pytestmark = pytest.mark.anyio

NOW = datetime.now(timezone.utc)
DAY_START = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
YESTERDAY = DAY_START - timedelta(hours=12)
SEED = {
    "deployments": [{"name": "less", "agent_type": "SERVERLESS"}],
    "runs": [
        {
            "job": "etl",
            "start": YESTERDAY.timestamp(),
            "seconds": 120,
            "steps": [{"key": "load", "seconds": 10}, {"key": "sales", "seconds": 20}],
            "assets": ["sales"],
        },
        {
            "job": "web",
            "location": "web",
            "deployment": "less",
            "start": YESTERDAY.timestamp(),
            "seconds": 180,
            "steps": [{"key": "x", "seconds": 5}, {"key": "y", "seconds": 5}],
        },
        {"job": "old", "start": YESTERDAY.timestamp() - 40 * 86400, "steps": ["z"]},
    ],
}


@pytest.fixture(autouse=True)
def seeded(plus):
    plus.seed(SEED)


@pytest.mark.parametrize(
    ("ask", "unit", "value", "jobs"),
    [
        ("credits", "credits", 4.0, {"etl": 2.0, "web": 2.0}),
        ("standard", "credits", 4.0, {"etl": 2.0, "web": 2.0}),
        ("high_velocity", "credits", 0.0, {}),
        ("step_duration", "ms", 40_000.0, {"etl": 30_000.0, "web": 10_000.0}),
        ("compute_minutes", "minutes", 3.0, {"web": 3.0}),
    ],
)
async def test_what_was_used(client, ask, unit, value, jobs):
    async def series(**options):
        if ask in ("standard", "high_velocity"):
            return await client.usage.credits(kind=ask, **options)
        return await getattr(client.usage, ask)(**options)

    days = await series(granularity="DAY")
    by_job = await series(by_job_since=YESTERDAY - timedelta(days=1))

    assert (days.unit, days.time_granularity.value, len(days.values)) == (unit, "DAY", 30)
    there = {day.start: day.value for day in days.values if day.value}
    assert there == ({DAY_START - timedelta(days=1): value} if value else {})
    # A run of the tests may go on over midnight.
    assert days.values[-1].end - DAY_START in (timedelta(days=1), timedelta(days=2))
    assert {row.job_name: row.value for row in by_job.values} == jobs


@pytest.mark.parametrize("month", [None, 1, 3, 12])
async def test_months(client, plus, month):
    if month:
        first = datetime(NOW.year + 1, month, 1, tzinfo=timezone.utc)
        plus.advance_clock((first - NOW).total_seconds())

    found = await client.usage.credits()

    assert len(found.values) == 12
    if month is None:
        assert sum(value.value for value in found.values) == 5.0
    assert all(month.start.day == 1 for month in found.values)
    assert [month.end for month in found.values[:-1]] == [m.start for m in found.values[1:]]


@pytest.mark.parametrize(("switch", "shares"), [("percent", [75, 25]), ("fraction", [0.75, 0.25])])
async def test_shares(client, plus, switch, shares):
    plus.switches(usage_percent_total=switch)

    found = await client.usage.step_duration(by_job_since=YESTERDAY - timedelta(hours=1))

    assert [(row.repository_label, row.percent_total) for row in found.values] == [
        ("__repository__@demo", shares[0]),
        ("__repository__@web", shares[1]),
    ]


@pytest.mark.parametrize("role", ["admin", "viewer"])
async def test_who_may_see_it(connect, role):
    with pytest.raises(DagsterPlusError, match="MANAGE_BILLING"):
        await connect(role).usage.credits()
