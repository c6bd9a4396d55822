"""Runs, as recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from kit.stage import report_config, slow_config

from dagster_plus_sdk import (
    AssetKey,
    ConflictError,
    ExecutionPlan,
    InvalidRequestError,
    NotFoundError,
    Run,
    RunConfigInvalid,
    RunConfigSchema,
    RunFailedError,
    RunGroup,
    RunLaunched,
    RunNotTerminated,
    RunsFeedRun,
    RunStatus,
    RunSummary,
    RunTerminated,
    RunTerminationRefused,
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


async def test_runs_create_validates_first(client):
    config = {"ops": {"extract_orders": {"config": {"region": 5}}, "nope": {}}}
    launch = {"run_config": config, "validate": True, "idempotency_key": "validated"}
    with pytest.raises(InvalidRequestError, match="nope") as caught:
        await client.runs.create("daily_report", **launch)
    assert caught.value.operation == "ValidateRunConfig"
    assert {tuple(error["path"]) for error in caught.value.errors} == {
        ("ops",),
        ("ops", "extract_orders", "config", "region"),
    }
    assert await client.runs.find_launch("validated") is None


async def test_runs_find_launch(client):
    run = await client.runs.create("broken_report", idempotency_key="asked-for")
    again = await client.runs.reexecute(run.id, idempotency_key="asked-for-again")
    assert (await client.runs.find_launch("asked-for")).id == run.id
    assert (await client.runs.find_launch("asked-for-again")).id == again.id


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


async def test_runs_get_of_assets(client, run_id):
    run = await client.runs.get(run_id("orders_assets"))
    assert AssetKey("exports", "orders/daily") in [asset.key for asset in run.assets]
    steps = {step.step_key: step.status for step in run.steps}
    assert steps["customers"] == "SUCCESS"


async def test_runs_ids(client, run_id):
    pager = client.runs.ids(tags={"stage": "report"}, limit=1)
    assert await pager.to_list() == [run_id("second_report")]
    rest = client.runs.ids(tags={"stage": "report"}, cursor=pager.cursor)
    assert await rest.to_list() == [run_id("first_report")]


async def test_runs_tag_keys(client):
    assert {"stage", "team"} <= set(await client.runs.tag_keys().to_list())


async def test_runs_tags(client):
    (found,) = await client.runs.tags(keys="stage").to_list()
    assert (found.key, found.values) == ("stage", ["report"])


async def test_runs_feed(client, run_id):
    entries = await client.runs.feed(tags={"stage": "report"}, page_size=1).to_list()
    assert [entry.id for entry in entries] == [run_id("second_report"), run_id("first_report")]
    assert all(type(entry) is RunsFeedRun for entry in entries)


async def test_runs_feed_count(client):
    assert await client.runs.feed_count(tags={"stage": "report"}) == 2


async def test_runs_create_many(client):
    good = {"job": "daily_report", "run_config": report_config("east")}
    launches = [
        {**good, "idempotency_key": "many-good"},
        {"job": "daily_report", "idempotency_key": "many-bad"},
    ]
    first, second = await client.runs.create_many(launches)
    assert (type(first), type(second)) == (RunLaunched, RunConfigInvalid)
    assert first.run.job_name == "daily_report"
    assert second.errors[0].reason == "MISSING_REQUIRED_FIELD"


async def test_runs_terminate_many(client, run_id):
    slow = await client.runs.create(
        "slow_report", run_config=slow_config(), idempotency_key="to-be-terminated"
    )
    ids = [slow.id, run_id("first_report"), UNKNOWN]
    found = await client.runs.terminate_many(ids, force=True)
    assert [type(result) for result in found] == [
        RunTerminated,
        RunNotTerminated,
        RunTerminationRefused,
    ]
    assert found[0].run.status == RunStatus.CANCELED


async def test_runs_reexecute(client, run_id):
    run = await client.runs.reexecute(
        run_id("broken_report"), strategy="from_failure", idempotency_key="executed-again"
    )
    assert type(run) is Run
    assert run.parent_run_id == run_id("broken_report")


async def test_runs_reexecute_unknown(client):
    with pytest.raises(NotFoundError, match=UNKNOWN):
        await client.runs.reexecute(UNKNOWN, idempotency_key="never-executed")


async def test_runs_group(client, run_id):
    group = await client.runs.group(run_id("first_report"))
    assert type(group) is RunGroup
    assert group.root_run_id == run_id("first_report")
    assert [run.id for run in group.runs] == [run_id("first_report")]


async def test_runs_wait(client, poll):
    run = await client.runs.create("broken_report", idempotency_key="waited-for")
    found = await client.runs.wait(run.id, poll=poll, timeout=60, raise_on_failure=False)
    assert (type(found), found.status) == (Run, RunStatus.FAILURE)


async def test_runs_wait_many(client, run_id):
    ids = [run_id("first_report"), run_id("broken_report"), run_id("first_report")]
    with pytest.raises(RunFailedError, match=r"1 of 2 runs did not succeed") as caught:
        await client.runs.wait_many(ids, timeout=60)
    assert [(run.id, run.status) for run in caught.value.runs] == [
        (ids[0], RunStatus.SUCCESS),
        (ids[1], RunStatus.FAILURE),
        (ids[0], RunStatus.SUCCESS),
    ]
    assert [step.class_name for step in caught.value.steps] == ["PaymentError"]


async def test_runs_validate(client):
    assert await client.runs.validate("daily_report", run_config=report_config("east")) == []
    (error,) = await client.runs.validate("daily_report")
    assert error.reason == "MISSING_REQUIRED_FIELD"


async def test_runs_validate_a_part(client):
    """The whole job needs a region, one op of it what comes in, and an asset neither."""
    ops = await client.runs.validate("daily_report", op_selection=["publish"])
    assert [(e.reason, [p.field_name for p in e.stack.entries]) for e in ops] == [
        ("MISSING_REQUIRED_FIELD", [])
    ]
    assets = {"asset_selection": ["top_products"]}
    wrong = {"resources": {"order_book": {"config": {"seed": "x"}}}, "colour": "red"}
    assert await client.runs.validate("__ASSET_JOB", **assets) == []
    found = await client.runs.validate("__ASSET_JOB", run_config=wrong, **assets)
    assert {tuple(p.field_name for p in e.stack.entries) for e in found} == {
        (),
        ("resources", "order_book", "config", "seed"),
    }


async def test_runs_execution_plan(client):
    plan = await client.runs.execution_plan("daily_report", run_config=report_config("east"))
    assert type(plan) is ExecutionPlan
    assert {step.key for step in plan.steps} == {"extract_orders", "summarize", "publish"}


async def test_runs_config_schema(client):
    schema = await client.runs.config_schema("daily_report")
    assert type(schema) is RunConfigSchema
    assert schema.root.key in {found.key for found in schema.types}
    assert "extract_orders" in schema.default_yaml
