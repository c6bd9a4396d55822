"""Runs, as recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from kit.stage import report_config

from dagster_plus_sdk import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    Run,
    RunStatus,
    RunSummary,
)

pytestmark = pytest.mark.anyio

UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def test_runs_list(client, run_id):
    runs = await client.runs.list(tags={"stage": "report"}, page_size=1).to_list()
    assert [run.id for run in runs] == [run_id("second_report"), run_id("first_report")]
    assert all(type(run) is RunSummary for run in runs)
    assert {run.status for run in runs} == {RunStatus.SUCCESS}


async def test_runs_list_resumes_behind_the_cursor(client, run_id):
    pager = client.runs.list(job="daily_report", tags={"stage": "report"}, limit=1)
    assert [run.id async for run in pager] == [run_id("second_report")]
    rest = client.runs.list(job="daily_report", tags={"stage": "report"}, cursor=pager.cursor)
    assert [run.id async for run in rest] == [run_id("first_report")]


async def test_runs_list_with_total(client):
    pages = client.runs.list(tags={"stage": "report"}, page_size=1, with_total=True).pages()
    assert [(len(page), page.total) async for page in pages] == [(1, 2), (1, 2)]


async def test_runs_get(client, run_id):
    run = await client.runs.get(run_id("first_report"))
    assert type(run) is Run
    assert (run.id, run.status, run.job_name) == (
        run_id("first_report"),
        "SUCCESS",
        "daily_report",
    )
    assert run.run_config == report_config("north")
    assert run.created_at < run.started_at < run.ended_at
    assert run.created_at.utcoffset() == timedelta(0)
    assert {"stage": "report", "team": "finance"}.items() <= {
        tag.key: tag.value for tag in run.tags
    }.items()
    assert (run.stats.steps_succeeded, run.stats.steps_failed) == (3, 0)


async def test_runs_get_unknown(client):
    with pytest.raises(NotFoundError, match=UNKNOWN) as caught:
        await client.runs.get(UNKNOWN)
    assert (caught.value.code, caught.value.operation) == ("RUN_NOT_FOUND", "GetRun")


async def test_runs_count(client):
    assert await client.runs.count(tags={"stage": "report"}) == 2
    assert await client.runs.count(tags={"stage": "report"}, statuses="FAILURE") == 0


async def test_runs_create(client):
    launch = {
        "run_config": report_config("east"),
        "tags": {"from": "the recording"},
        "idempotency_key": "created-once",
    }
    run = await client.runs.create("daily_report", **launch)
    assert type(run) is Run
    assert "the recording" in [tag.value for tag in run.tags]
    assert (await client.runs.create("daily_report", **launch)).id == run.id


async def test_runs_create_refuses_a_config(client):
    config = report_config("east")
    config["ops"]["extract_orders"]["config"]["colour"] = "red"
    with pytest.raises(InvalidRequestError, match="colour") as caught:
        await client.runs.create("daily_report", run_config=config, idempotency_key="refused")
    assert caught.value.code == "RUN_CONFIG_VALIDATION_INVALID"
    (reason,) = caught.value.errors
    assert reason["reason"] == "FIELD_NOT_DEFINED"
    assert "root:ops:extract_orders:config" in reason["message"]


async def test_runs_terminate(client, run_id):
    run = await client.runs.terminate(run_id("terminated_report"))
    assert type(run) is Run
    assert run.id == run_id("terminated_report")
    # The answer is the run as it stood before.
    assert (await client.runs.get(run.id)).status in (RunStatus.CANCELING, RunStatus.CANCELED)


async def test_runs_terminate_by_force(client, run_id):
    run = await client.runs.terminate(run_id("forced_report"), force=True)
    assert (run.id, run.status) == (run_id("forced_report"), RunStatus.CANCELED)


async def test_runs_terminate_ended(client, run_id):
    with pytest.raises(ConflictError, match="SUCCESS") as caught:
        await client.runs.terminate(run_id("first_report"))
    assert caught.value.code == "TERMINATE_RUN_FAILURE"


async def test_runs_delete(client, run_id):
    deleted = run_id("deleted_report")
    assert await client.runs.delete(deleted) is None
    with pytest.raises(NotFoundError, match=deleted):
        await client.runs.get(deleted)


async def test_runs_delete_unknown(client):
    with pytest.raises(NotFoundError, match=UNKNOWN):
        await client.runs.delete(UNKNOWN)
