"""Jobs, where several locations have one of the same name, too."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    GraphQLRequestError,
    InvalidInputError,
    Job,
    JobResource,
    JobSnapshot,
    JobSummary,
    NotFoundError,
)

pytestmark = pytest.mark.anyio

DEMO_JOBS = [
    "__ASSET_JOB",
    "broken_report",
    "daily_orders",
    "daily_report",
    "noisy_report",
    "orders_assets",
    "slow_report",
]


@pytest.mark.parametrize(
    "place", [{}, {"location": "demo"}, {"location": "demo", "repository": "__repository__"}]
)
async def test_list(client, place):
    jobs = await client.jobs.list(**place).to_list()
    assert all(type(job) is JobSummary for job in jobs)
    assert [job.name for job in jobs] == DEMO_JOBS


async def test_list_of_another_place_is_empty(client):
    assert await client.jobs.list(location="nope").to_list() == []
    assert await client.jobs.list(repository="nope").to_list() == []


async def test_list_with_a_limit_goes_on_behind_it(client):
    pager = client.jobs.list(where=lambda job: not job.is_asset_job, limit=2)
    assert [job.name async for job in pager] == ["broken_report", "daily_report"]
    rest = client.jobs.list(where=lambda job: not job.is_asset_job, cursor=pager.cursor)
    assert [job.name async for job in rest] == ["noisy_report", "slow_report"]


async def test_get(client):
    job = await client.jobs.get("orders_assets")
    assert type(job) is Job
    assert (job.is_asset_job, job.can_launch) == (True, True)
    assert job.description == "Make what has no partitions, and check it."
    assert job.repository.location.name == "demo"


async def test_a_name_that_two_locations_have_is_ambiguous(org_client):
    names = [(job.repository.location.name, job.name) async for job in org_client.jobs.list()]
    assert names == [("north", "daily_report"), ("south", "daily_report")]
    for call in (org_client.jobs.get, org_client.jobs.launch):
        with pytest.raises(InvalidInputError) as caught:
            await call("daily_report")
        assert caught.value.code == "AMBIGUOUS_NAME"
        assert 'location="north", repository="__repository__"' in caught.value.message
        assert 'location="south", repository="__repository__"' in caught.value.message


async def test_the_location_makes_it_clear(org_client):
    job = await org_client.jobs.get("daily_report", location="south")
    assert job.description == "The south has a report of its own."
    run = await org_client.jobs.launch("daily_report", location="north")
    assert run.repository_origin.location_name == "north"
    await org_client.runs.terminate(run.id, force=True)
    with pytest.raises(NotFoundError, match="in location 'broken'"):
        await org_client.jobs.get("daily_report", location="broken")


async def test_what_starts_a_job(client):
    job = await client.jobs.get("daily_report")
    assert [schedule.name for schedule in job.schedules] == ["every_morning"]
    assert (job.sensors, job.can_reexecute) == ([], True)
    assert sorted(job.op_names) == ["extract_orders", "publish", "summarize"]


@pytest.mark.parametrize("size", [None, 40, 91])
async def test_partitions(client, size):
    keys = await client.jobs.partitions("daily_orders", page_size=size).to_list()
    assert (len(keys), keys[0], keys[-1]) == (91, "2024-01-01", "2024-03-31")
    assert keys == sorted(keys)
    pager = client.jobs.partitions("daily_orders", limit=90, page_size=size)
    await pager.to_list()
    rest = client.jobs.partitions("daily_orders", cursor=pager.cursor)
    assert await rest.to_list() == ["2024-03-31"]


async def test_partitions_of_assets_and_of_none(client):
    regions = client.jobs.partitions("__ASSET_JOB", asset_selection=["regional_sales"])
    assert await regions.to_list() == ["north", "south", "east", "west"]
    assert await client.jobs.partitions("daily_report").to_list() == []
    with pytest.raises(NotFoundError):
        await client.jobs.partitions("nope").to_list()
    with pytest.raises(GraphQLRequestError):
        await client.jobs.partitions("daily_orders", cursor="nope").to_list()


async def test_partition_sets(client):
    [found] = await client.jobs.partition_sets("daily_orders").to_list()
    assert (found.name, found.job_name) == ("daily_orders_partition_set", "daily_orders")
    assert await client.jobs.partition_sets("daily_report").to_list() == []


async def test_resources(client):
    found = await client.jobs.resources("daily_report").to_list()
    assert [(type(r), r.name) for r in found] == [
        (JobResource, "io_manager"),
        (JobResource, "order_book"),
    ]
    assert found[1].config_field.default_json == '{"seed": 7}'


async def test_snapshot(client, run_ids):
    now = await client.jobs.snapshot("daily_report")
    assert type(now) is JobSnapshot
    assert now.description == "Report the sales of a region. Takes a region; succeeds."
    ran = (await client.runs.get(run_ids["north"])).job_snapshot_id
    assert (await client.jobs.snapshot("daily_report", snapshot_id=ran)) == now
    for name, version in (("daily_report", "nope"), ("slow_report", ran)):
        with pytest.raises(NotFoundError) as caught:
            await client.jobs.snapshot(name, snapshot_id=version)
        assert caught.value.code == "PIPELINE_SNAPSHOT_NOT_FOUND"
