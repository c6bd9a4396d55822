"""Runs: several at once, executed again, waited for; what is asked about a job's configuration."""

from __future__ import annotations

import pytest
from kit.stage import report_config, slow_config

from dagster_plus_sdk import (
    ExecutionPlan,
    InvalidInputError,
    InvalidRequestError,
    NotFoundError,
    RunConfigInvalid,
    RunFailedError,
    RunLaunched,
    RunNotTerminated,
    RunsFeedRun,
    RunTerminated,
    RunTerminationRefused,
    ServerError,
    WaitTimeoutError,
)
from dagster_plus_sdk._core.document_schema import problems

pytestmark = pytest.mark.anyio

NO_RUN = "00000000-0000-4000-8000-000000000000"
SUITE = {"suite": "integration"}


async def test_the_whole_run(client, run_ids):
    run = await client.runs.get(run_ids["assets"])
    assert sorted(str(a.key) for a in run.assets) == [
        "customers",
        r"exports/orders\/daily",
        "products",
        "top_products",
    ]
    assert {str(key) for key in run.asset_selection} == {str(a.key) for a in run.assets}
    assert {step.step_key: step.status for step in run.steps}["customers"] == "SUCCESS"
    assert all(s.started_at <= s.ended_at for s in run.steps)
    broken = await client.runs.get(run_ids["broken"])
    assert "FAILURE" in {step.status for step in broken.steps}
    north = await client.runs.get(run_ids["north"])
    assert "region: north" in north.run_config_yaml
    permissions = (
        north.has_delete_permission,
        north.has_reexecute_permission,
        north.has_terminate_permission,
    )
    assert permissions == (True, True, True)


async def test_ids(client, run_ids):
    expected = [run_ids[name] for name in ("broken", "south", "north")]
    assert await client.runs.ids(tags=SUITE, page_size=2).to_list() == expected
    pager = client.runs.ids(tags=SUITE, limit=1)
    assert await pager.to_list() == expected[:1]
    assert await client.runs.ids(tags=SUITE, cursor=pager.cursor).to_list() == expected[1:]


async def test_tags(client, run_ids):
    keys = await client.runs.tag_keys().to_list()
    assert {"suite", "team"} <= set(keys)
    assert keys == sorted(keys)
    [found] = await client.runs.tags(keys="suite").to_list()
    assert found.key == "suite"
    assert "integration" in found.values
    assert await client.runs.tags(keys="suite", prefix="x").to_list() == []
    assert [tag.key for tag in await client.runs.tags().to_list()] == keys


@pytest.mark.parametrize("size", [1, 2, 100])
async def test_feed(client, run_ids, size):
    found = await client.runs.feed(tags=SUITE, page_size=size).to_list()
    assert {type(entry) for entry in found} == {RunsFeedRun}
    assert [entry.id for entry in found] == [run_ids[n] for n in ("broken", "south", "north")]
    assert await client.runs.feed_count(tags=SUITE) == 3
    assert await client.runs.feed_count(tags=SUITE, view="BACKFILLS") == 0
    pager = client.runs.feed(tags=SUITE, limit=2, page_size=size)
    await pager.to_list()
    rest = await client.runs.feed(tags=SUITE, cursor=pager.cursor).to_list()
    assert [entry.id for entry in rest] == [run_ids["north"]]


async def test_several_launches_and_their_ends(client):
    slow = {"job": "slow_report", "run_config": slow_config()}
    wrong = {"job": "daily_report", "run_config": {"ops": {"nope": {}}}}
    first, refused, second = await client.runs.create_many([slow, wrong, slow])
    assert [type(r) for r in (first, refused, second)] == [
        RunLaunched,
        RunConfigInvalid,
        RunLaunched,
    ]
    assert "nope" in refused.errors[0].message
    ids = [first.run.id, second.run.id]
    for run_id in ids:  # one that is just starting may start after it was canceled
        events = client.run_events.follow(run_id, types="STEP_START", timeout=180)
        assert (await anext(events)).step_key == "wait_for_suppliers"
        await events.aclose()
    with pytest.raises(WaitTimeoutError, match="did not end within"):
        await client.runs.wait(ids[0], timeout=0.2, poll=0.1)
    found = await client.runs.terminate_many([*ids, NO_RUN], force=True)
    assert [type(r) for r in found] == [RunTerminated, RunTerminated, RunTerminationRefused]
    ended = await client.runs.wait_many(ids, timeout=180, raise_on_failure=False)
    assert [(run.id, run.status) for run in ended] == [(run_id, "CANCELED") for run_id in ids]
    [again] = await client.runs.terminate_many(ids[:1])
    assert type(again) is RunNotTerminated
    assert again.run.id == ids[0]


async def test_the_same_keys_launch_once(client):
    launch = {"job": "broken_report", "idempotency_key": "several-1", "tags": {"from": "several"}}
    [first] = await client.runs.create_many([launch])
    [second] = await client.runs.create_many([launch])
    assert first.run.id == second.run.id
    assert await client.runs.count(tags={"from": "several"}) == 1
    with pytest.raises(RunFailedError) as caught:
        await client.runs.wait(first.run.id, timeout=180)
    [step] = caught.value.steps
    assert step.class_name == "PaymentError"
    assert caught.value.stack == step.stack != []
    assert step.message in str(caught.value)
    await client.runs.delete(first.run.id)


async def test_reexecute(client, run_ids):
    options = {"strategy": "from_failure", "tags": {"suite": "again"}, "idempotency_key": "again-1"}
    run = await client.runs.reexecute(run_ids["broken"], **options)
    assert (run.parent_run_id, run.root_run_id) == (run_ids["broken"], run_ids["broken"])
    assert run.step_keys_to_execute != []
    assert (await client.runs.reexecute(run_ids["broken"], **options)).id == run.id
    found = await client.runs.wait(run.id, timeout=180, raise_on_failure=False)
    assert found.status == "FAILURE"
    group = await client.runs.group(run.id)
    assert group.root_run_id == run_ids["broken"]
    assert [member.id for member in group.runs] == [run_ids["broken"], run.id]
    assert group.runs[1].parent_run_id == run_ids["broken"]
    await client.runs.delete(run.id)


async def test_what_cannot_be_executed_again(client, run_ids):
    with pytest.raises(NotFoundError) as caught:
        await client.runs.reexecute(NO_RUN)
    assert caught.value.code == "RUN_NOT_FOUND"
    with pytest.raises(ServerError, match="not failed"):
        await client.runs.reexecute(run_ids["north"], strategy="FROM_FAILURE")
    with pytest.raises(NotFoundError):
        await client.runs.group(NO_RUN)
    with pytest.raises(NotFoundError):
        await client.runs.wait(NO_RUN)


GOOD = [
    ("daily_report", report_config()),
    ("daily_report", {"ops": {"extract_orders": {"config": {"region": {"env": "REGION"}}}}}),
    ("daily_report", {**report_config(), "resources": {"order_book": {"config": {"seed": 3}}}}),
    ("slow_report", slow_config(1)),
    ("noisy_report", {"ops": {"audit_orders": {"config": {"lines": 1}}}}),
    ("broken_report", {}),
]
BAD = [
    ("daily_report", {}),
    ("daily_report", {"ops": {}}),
    ("daily_report", {"ops": {"extract_orders": {"config": {}}}}),
    ("daily_report", {"ops": {"extract_orders": {"config": {"region": 1}}}}),
    ("daily_report", {"ops": {"extract_orders": {"config": {"region": "a", "zone": "b"}}}}),
    ("daily_report", {"ops": {"extract_orders": {"config": "north"}}}),
    (
        "daily_report",
        {"ops": {"extract_orders": report_config()["ops"]["extract_orders"], "x": {}}},
    ),
    ("daily_report", {**report_config(), "solids": {}}),
    ("daily_report", {**report_config(), "resources": {"order_book": {"config": {"seed": "3"}}}}),
    ("daily_report", {**report_config(), "loggers": {"console": {"config": {"log_level": 3}}}}),
    ("slow_report", {"ops": {"wait_for_suppliers": {"config": {"seconds": "long"}}}}),
    ("noisy_report", {"ops": {"audit_orders": {"config": {"lines": 1.5}}}}),
]


@pytest.mark.parametrize(("job", "config"), GOOD)
async def test_a_good_configuration_is_good_here_and_there(client, job, config):
    assert await client.runs.validate(job, run_config=config) == []
    assert problems(config, await client.runs.config_schema(job)) == []


@pytest.mark.parametrize(("job", "config"), BAD)
async def test_a_bad_configuration_is_bad_here_and_there(client, job, config):
    found = await client.runs.validate(job, run_config=config)
    assert found != []
    assert all(error.message for error in found)
    assert problems(config, await client.runs.config_schema(job)) != []


async def test_the_default_configuration(client):
    schema = await client.runs.config_schema("daily_report")
    assert "day: 2024-01-01" in schema.default_yaml
    with pytest.raises(NotFoundError):
        await client.runs.config_schema("nope")


async def test_execution_plan(client):
    plan = await client.runs.execution_plan("daily_report", run_config=report_config())
    assert type(plan) is ExecutionPlan
    depends = {s.key: [d.key for i in s.inputs for d in i.depends_on] for s in plan.steps}
    assert depends == {
        "extract_orders": [],
        "summarize": ["extract_orders"],
        "publish": ["summarize"],
    }
    with pytest.raises(InvalidRequestError, match="ops"):
        await client.runs.execution_plan("daily_report")
    with pytest.raises(InvalidInputError):
        await client.runs.execution_plan("daily_report", op_selection=[])
    part = await client.runs.execution_plan("orders_assets", asset_selection=["products"])
    assert [str(key) for key in part.asset_keys] == ["products"]
