"""What a type checker says of calls: checked, never run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from typing_extensions import assert_type

from dagster_plus_sdk import (
    Asset,
    AssetKey,
    AssetSummary,
    CodeLocation,
    DagsterPlus,
    Job,
    JobSummary,
    Page,
    Pager,
    Run,
    RunEvent,
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
    for location in client.code_locations.list():
        assert_type(location, CodeLocation)


def run_events(client: DagsterPlus) -> None:
    assert_type(client.run_events.get("id", levels="ERROR"), Pager[RunEvent])
    assert_type(client.run_events.follow("id", timeout=60), Iterator[RunEvent])


def documents(client: DagsterPlus) -> None:
    assert_type(client.graphql("{ version }"), dict[str, Any])
    assert_type(client.graphql("query A($a: Int) { a }", {"a": 1}), dict[str, Any])
