"""Jobs, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Job, JobResource, JobSnapshot, JobSummary, NotFoundError, Run
from dagster_plus_sdk import TextMetadataEntry as Text

pytestmark = pytest.mark.anyio


async def test_jobs_list(client):
    jobs = await client.jobs.list(location="demo").to_list()
    assert all(type(job) is JobSummary for job in jobs)
    names = [job.name for job in jobs]
    assert names == sorted(names)
    assert {"daily_report", "broken_report", "orders_assets"} <= set(names)


async def test_jobs_get(client):
    job = await client.jobs.get("daily_report")
    assert type(job) is Job
    assert (job.name, job.is_asset_job, job.can_launch) == ("daily_report", False, True)
    assert job.metadata_entries == [
        Text(label="runbook", description=None, text="https://shop.example/runbook")
    ]


async def test_jobs_partitions(client):
    pager = client.jobs.partitions("daily_orders", page_size=60)
    keys = await pager.to_list()
    assert (len(keys), keys[0], keys[-1]) == (91, "2024-01-01", "2024-03-31")


async def test_jobs_partition_sets(client):
    (found,) = await client.jobs.partition_sets("daily_orders").to_list()
    assert (found.name, found.job_name) == ("daily_orders_partition_set", "daily_orders")


async def test_jobs_resources(client):
    found = await client.jobs.resources("daily_report").to_list()
    assert [(type(r), r.name) for r in found] == [
        (JobResource, "io_manager"),
        (JobResource, "order_book"),
    ]


async def test_jobs_snapshot(client, run_id):
    now = await client.jobs.snapshot("daily_report")
    assert (type(now), now.name) == (JobSnapshot, "daily_report")
    run = await client.runs.get(run_id("first_report"))
    ran = await client.jobs.snapshot("daily_report", snapshot_id=run.job_snapshot_id)
    assert ran == now


async def test_jobs_get_unknown(client):
    with pytest.raises(NotFoundError, match="nope") as caught:
        await client.jobs.get("nope", location="demo", repository="__repository__")
    assert (caught.value.code, caught.value.operation) == ("PIPELINE_NOT_FOUND", "GetJob")


async def test_jobs_launch(client):
    run = await client.jobs.launch("broken_report", idempotency_key="launched")
    assert type(run) is Run
    assert run.job_name == "broken_report"
