"""What a type checker says of the async client's calls: checked, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from typing_extensions import assert_type

from dagster_plus_sdk import (
    Asset,
    AssetEvent,
    AssetKey,
    AssetSummary,
    AsyncDagsterPlus,
    AsyncPager,
    Backfill,
    BackfillProgress,
    CapturedLogs,
    CodeLocation,
    Discovery,
    Job,
    JobSummary,
    LocationEvent,
    Page,
    Run,
    RunEvent,
    RunLaunch,
    RunSummary,
    operations,
)


async def configured() -> None:
    async with AsyncDagsterPlus(organization="acme", token="user:x:1") as client:
        assert_type(client, AsyncDagsterPlus)
        assert_type(client.with_options(timeout=5), AsyncDagsterPlus)
    await client.aclose()


async def runs(client: AsyncDagsterPlus) -> None:
    assert_type(await client.runs.get("id"), Run)
    assert_type(client.runs.list(), AsyncPager[RunSummary])
    assert_type(await client.runs.count(), int)
    assert_type(await client.runs.create("job"), Run)
    assert_type(await client.runs.terminate("id"), Run)
    await client.runs.delete("id")


async def lists(client: AsyncDagsterPlus) -> None:
    pager = client.runs.list()
    async for run in pager:
        assert_type(run, RunSummary)
    async for page in pager.pages():
        assert_type(page, Page[RunSummary])
    assert_type([run.id async for run in pager], list[str])
    assert_type(await pager.first(), RunSummary | None)
    assert_type(await pager.to_list(), list[RunSummary])
    assert_type(pager.cursor, str | None)


async def other_resources(client: AsyncDagsterPlus) -> None:
    assert_type(client.jobs.list(), AsyncPager[JobSummary])
    assert_type(await client.jobs.get("job"), Job)
    assert_type(await client.discover("assets", groups="a*"), Discovery)
    assert_type(client.url_for(await client.jobs.get("job")), str)
    assert_type(await client.jobs.launch("job"), Run)
    assert_type(client.assets.list(), AsyncPager[AssetSummary])
    assert_type(await client.assets.get("a/b"), Asset)
    assert_type(await client.code_locations.get("location"), CodeLocation)
    assert_type(await client.code_locations.reload("location"), CodeLocation)
    assert_type(await client.code_locations.wait_until_loaded(["a"]), list[CodeLocation])
    async for location in client.code_locations.list():
        assert_type(location, CodeLocation)


async def run_events(client: AsyncDagsterPlus) -> None:
    assert_type(client.run_events.get("id"), AsyncPager[RunEvent])
    assert_type(client.run_events.follow("id"), AsyncIterator[RunEvent])


async def running(client: AsyncDagsterPlus) -> None:
    run = await client.runs.create("job", partition_range=("a", "b"), validate=True)
    assert_type(await client.runs.find_launch("key"), Run | None)
    assert_type(await client.runs.create_many([{"job": "report"}]), list[RunLaunch])
    assert_type(await client.runs.wait(run.id, timeout=60), Run)
    assert_type(await client.runs.wait_many([run.id], cancel_on_timeout=True), list[Run])
    assert_type(await client.assets.materialize(pattern="a*", partition="a"), Run)
    assert_type(
        await client.serverless.launch("job", partition_range=("a", "b"), validate=True), Run
    )
    assert_type(await client.backfills.create(assets=["a"], all_partitions=True), Backfill)
    assert_type(await client.backfills.wait("id"), Backfill)


async def following(client: AsyncDagsterPlus) -> None:
    assert_type(client.assets.follow(["a", AssetKey("b")], after=0), AsyncIterator[AssetEvent])
    assert_type(client.backfills.follow("id"), AsyncIterator[BackfillProgress])
    assert_type(client.code_locations.follow(pattern="a*"), AsyncIterator[LocationEvent])
    assert_type(client.logs.follow("id", step="a", stream="stderr"), AsyncIterator[CapturedLogs])


async def documents(client: AsyncDagsterPlus) -> None:
    assert_type(await client.graphql("{ version }"), dict[str, Any])
    result = await client.execute(operations.get_run(run_id="id"))
    assert_type(result.ok, Run)
