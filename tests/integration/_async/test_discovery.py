"""What a real Dagster has, and the pages about it."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AsyncDagsterPlus, ErrorInfo, NotFoundError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def two(org_url, sent):
    """A client of two code locations with a job of the same name, and one that is broken."""
    hooks = {"request": [lambda event: sent.append(event.operation)]}
    async with AsyncDagsterPlus(url=org_url, event_hooks=hooks) as client:
        yield client


async def test_everything_of_one_location(client, sent):
    found = await client.discover()
    assert sent == ["Discover"]
    assert [location.name for location in found.locations] == ["demo"]
    assert [home.location.name for home in found.repositories] == ["demo"]
    assert found.jobs == await client.jobs.list().to_list()
    defined = [asset async for asset in client.assets.list() if asset.definition is not None]
    assert found.assets == [asset.definition for asset in defined]
    assert found.unavailable == []


@pytest.mark.parametrize(
    ("given", "jobs", "assets"),
    [
        ({"tags": {"team": "fin*"}}, ["broken_report", "daily_report"], []),
        ({"groups": "log*"}, [], ["returns", "shipments"]),
        ({"pattern": "*ORDERS", "tags": {"domain": "orders"}}, [], ["orders"]),
        ({"filter": "jobs", "pattern": "orders_*"}, ["orders_assets"], []),
        ({"filter": "assets", "pattern": "exports/*"}, [], [r"exports/orders\/daily"]),
    ],
    ids=str,
)
async def test_conditions(client, sent, given, jobs, assets):
    found = await client.discover(**given)
    assert [job.name for job in found.jobs] == jobs
    assert [str(asset.key) for asset in found.assets] == assets
    assert (len(found), sent) == (len(jobs) + len(assets), ["Discover"])


async def test_a_broken_location_fails_nothing_else(two, sent):
    found = await two.discover()
    assert [location.name for location in found.locations] == ["broken", "north", "south"]
    (broken,) = found.unavailable
    assert broken is found.locations[0]
    assert type(broken.location_or_load_error) is ErrorInfo
    places = [(job.name, job.repository.location.name) for job in found.jobs]
    assert places == [("daily_report", "north"), ("daily_report", "south")]
    assert [home.location.name for home in found.repositories] == ["north", "south"]
    assert sent == ["Discover"]


async def test_the_pages_stand_below_the_servers_path(two, org_url):
    found = await two.discover("jobs")
    assert [two.url_for(job) for job in found.jobs] == [
        f"{org_url}/locations/{name}/jobs/daily_report" for name in ("north", "south")
    ]


async def test_the_pages_of_what_lists_give(client, run_ids, dagster_url):
    run = await client.runs.get(run_ids["assets"])
    schedule = await client.schedules.list().first()
    sensor = await client.sensors.list().first()
    check = await client.checks.list().first()
    assert [client.url_for(thing) for thing in (run, schedule, sensor, check, run.assets[0])] == [
        f"{dagster_url}/runs/{run.id}",
        f"{dagster_url}/locations/demo/schedules/{schedule.name}",
        f"{dagster_url}/locations/demo/sensors/{sensor.name}",
        f"{dagster_url}/assets/{check.key}?view=checks&checkDetail={check.name}",
        f"{dagster_url}/assets/{'/'.join(p.replace('/', '%2F') for p in run.assets[0].key.path)}",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "daily_repot"}, "no job 'daily_repot'; did you mean 'daily_report'"),
        (
            {"name": "daily_report", "location": "nroth"},
            'in location \'nroth\'; there is one in location="north", .* location="south"',
        ),
    ],
)
async def test_a_job_that_is_misspelt(two, given, says):
    with pytest.raises(NotFoundError, match=says):
        await two.jobs.get(**given)
