"""What a type checker says of calls: checked, never run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from typing_extensions import assert_type

from dagster_plus_sdk import (
    Asset,
    AssetDefinitionSummary,
    AssetEvent,
    AssetKey,
    AssetSummary,
    Backfill,
    BackfillProgress,
    CapturedLogs,
    CodeLocation,
    DagsterPlus,
    Discovery,
    Job,
    JobSummary,
    LocationEvent,
    Page,
    Pager,
    RepositoryRef,
    Run,
    RunEvent,
    RunLaunch,
    RunStatus,
    RunSummary,
    Timeout,
)


def configured() -> None:
    with DagsterPlus(organization="acme", deployment="prod", token="user:x:1") as client:
        assert_type(client, DagsterPlus)
    DagsterPlus(url="http://localhost:3000", timeout=5, retries=0)
    DagsterPlus("acme", "prod", lambda: "user:x:1", region="eu", timeout=Timeout(read=5))


def with_other_options(client: DagsterPlus) -> None:
    assert_type(client.with_options(timeout=5), DagsterPlus)

    class Ours(DagsterPlus):
        """A subclass stays one."""

    assert_type(Ours(url="http://localhost:3000").with_options(retries=0), Ours)
    with Ours(url="http://localhost:3000") as entered:
        assert_type(entered, Ours)


def runs(client: DagsterPlus) -> None:
    assert_type(client.runs.get("id"), Run)
    assert_type(client.runs.list(), Pager[RunSummary])
    assert_type(client.runs.count(statuses="FAILURE"), int)
    assert_type(client.runs.create("job", run_config={"ops": {}}, tags={"a": "b"}), Run)
    assert_type(client.runs.terminate("id", force=True), Run)
    client.runs.delete("id")
    client.runs.list(
        statuses=[RunStatus.STARTED, "QUEUED"],
        created_after=datetime.now().astimezone(),
        created_before=1700000000.5,
        where=lambda run: run.status is RunStatus.SUCCESS,
    )


def lists(client: DagsterPlus) -> None:
    pager = client.runs.list(limit=10)
    for run in pager:
        assert_type(run, RunSummary)
    for page in pager.pages():
        assert_type(page, Page[RunSummary])
        assert_type(page.items, list[RunSummary])
        assert_type(page.cursor, str | None)
        assert_type(page.has_more, bool)
        assert_type(page.total, int | None)
    assert_type(iter(pager), Iterator[RunSummary])
    assert_type(pager.first(), RunSummary | None)
    assert_type(pager.to_list(), list[RunSummary])
    assert_type(pager.cursor, str | None)


def other_resources(client: DagsterPlus) -> None:
    assert_type(client.jobs.list(), Pager[JobSummary])
    assert_type(client.jobs.get("job"), Job)
    assert_type(client.jobs.launch("job"), Run)
    assert_type(client.assets.list(), Pager[AssetSummary])
    assert_type(client.assets.get(AssetKey("a", "b")), Asset)
    assert_type(client.code_locations.get("location"), CodeLocation)
    assert_type(client.code_locations.reload("location"), CodeLocation)
    assert_type(client.code_locations.wait_until_loaded(["a"]), list[CodeLocation])
    for location in client.code_locations.list():
        assert_type(location, CodeLocation)


def discovery(client: DagsterPlus) -> None:
    found = client.discover("jobs", pattern="*", tags={"team": "shop"}, groups=["sales"])
    assert_type(found, Discovery)
    assert_type(found.locations, list[CodeLocation])
    assert_type(found.repositories, list[RepositoryRef])
    assert_type(found.jobs, list[JobSummary])
    assert_type(found.assets, list[AssetDefinitionSummary])
    assert_type(found.unavailable, list[CodeLocation])
    for thing in found:
        assert_type(thing, CodeLocation | RepositoryRef | JobSummary | AssetDefinitionSummary)
        assert_type(client.url_for(thing), str)


def run_events(client: DagsterPlus) -> None:
    assert_type(client.run_events.get("id", levels="ERROR"), Pager[RunEvent])
    assert_type(client.run_events.follow("id", timeout=60), Iterator[RunEvent])


def running(client: DagsterPlus) -> None:
    run = client.runs.create("job", partition_range=("a", "b"), validate=True)
    assert_type(client.runs.find_launch("key"), Run | None)
    assert_type(client.runs.create_many([{"job": "report"}]), list[RunLaunch])
    assert_type(client.runs.wait(run.id, timeout=60), Run)
    assert_type(client.runs.wait_many([run.id], cancel_on_timeout=True), list[Run])
    assert_type(client.assets.materialize(pattern="a*", partition="a"), Run)
    assert_type(client.serverless.launch("job", partition_range=("a", "b"), validate=True), Run)
    assert_type(client.backfills.create(assets=["a"], all_partitions=True), Backfill)
    assert_type(client.backfills.wait("id"), Backfill)


def following(client: DagsterPlus) -> None:
    assert_type(client.assets.follow(["a", AssetKey("b")], after=0), Iterator[AssetEvent])
    assert_type(client.backfills.follow("id"), Iterator[BackfillProgress])
    assert_type(client.code_locations.follow(pattern="a*"), Iterator[LocationEvent])
    assert_type(client.logs.follow("id", step="a", stream="stderr"), Iterator[CapturedLogs])


def documents(client: DagsterPlus) -> None:
    assert_type(client.graphql("{ version }"), dict[str, Any])
    assert_type(client.graphql("query A($a: Int) { a }", {"a": 1}), dict[str, Any])
