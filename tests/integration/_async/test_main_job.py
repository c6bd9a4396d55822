"""What the package is for: launch a job, follow it to its end, and stop one that takes too long."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from kit.stage import report_config, slow_config

from dagster_plus_sdk import (
    ConflictError,
    ExecutionStepFailureEvent,
    FailureEvent,
    InvalidRequestError,
    NotFoundError,
    Run,
    RunStatus,
    WaitTimeoutError,
)

pytestmark = pytest.mark.anyio


async def test_a_job_is_listed_launched_and_followed_to_its_end(client, capsys):
    assert "daily_report" in [job.name async for job in client.jobs.list()]
    key = f"{datetime.now(timezone.utc)}, {type(client).__name__}"
    launch = {"run_config": report_config("north"), "idempotency_key": key}
    run = await client.jobs.launch("daily_report", **launch)
    assert type(run) is Run
    async for event in client.run_events.follow(run.id, timeout=180):
        kind = event.event_type or event.level
        print(event.timestamp.isoformat(), kind, event.message)  # noqa: T201 - the test reads it
    lines = capsys.readouterr().out.splitlines()
    times = [datetime.fromisoformat(line.split()[0]) for line in lines]
    assert times == sorted(times)
    assert len(set(lines)) == len(lines) > 20
    kinds = list(dict.fromkeys(line.split()[1] for line in lines))
    order = ["RUN_START", "STEP_START", "INFO", "STEP_SUCCESS", "RUN_SUCCESS"]
    assert [kind for kind in kinds if kind in order] == order
    ended = await client.runs.get(run.id)
    assert ended.status == RunStatus.SUCCESS
    assert run.created_at <= ended.started_at < ended.ended_at <= datetime.now(timezone.utc)
    # The same key launches nothing: the first one's run is found.
    assert (await client.runs.create("daily_report", **launch)).id == run.id
    assert await client.runs.count(tags={"dagster_plus_sdk/idempotency_key": key}) == 1


async def test_events_of_an_ended_run_are_followed_too(client, run_ids, sent):
    followed = [event async for event in client.run_events.follow(run_ids["north"])]
    assert len(sent) <= 2
    assert followed == await client.run_events.get(run_ids["north"]).to_list()


async def test_following_with_a_filter_and_from_a_cursor(client, run_ids):
    first = await client.run_events.get(run_ids["north"], limit=5).to_list()
    cursor = (await anext(client.run_events.get(run_ids["north"], page_size=5).pages())).cursor
    rest = [event async for event in client.run_events.follow(run_ids["north"], cursor=cursor)]
    assert first + rest == await client.run_events.get(run_ids["north"]).to_list()
    starts = client.run_events.follow(run_ids["north"], types="STEP_START")
    assert [event.step_key async for event in starts] == ["extract_orders", "summarize", "publish"]


async def test_a_failed_run_tells_why(client, run_ids):
    assert (await client.runs.get(run_ids["broken"])).status == RunStatus.FAILURE
    events = client.run_events.get(run_ids["broken"], types=["STEP_FAILURE", "RUN_FAILURE"])
    step, run = await events.to_list()
    assert (type(step), type(run)) == (ExecutionStepFailureEvent, FailureEvent)
    assert isinstance(step, FailureEvent)
    assert step.step_key == "collect_payments"
    causes = {cause.class_name: cause for cause in step.error.causes}
    assert "could not collect 2 payments" in causes["PaymentError"].message
    assert "refused the connection" in causes["ConnectionRefusedError"].message
    assert any("call_provider" in line for line in causes["ConnectionRefusedError"].stack)
    assert "collect_payments" in run.message


@pytest.mark.parametrize(
    ("config", "reason", "words"),
    [
        ({}, "MISSING_REQUIRED_FIELD", '"ops" at the root'),
        (report_config(5), "RUNTIME_TYPE_MISMATCH", "root:ops:extract_orders:config:region"),
    ],
)
async def test_a_config_that_does_not_fit_is_refused(client, config, reason, words):
    with pytest.raises(InvalidRequestError) as caught:
        await client.jobs.launch("daily_report", run_config=config)
    error = caught.value
    assert (error.code, error.status_code) == ("RUN_CONFIG_VALIDATION_INVALID", 422)
    assert [e["reason"] for e in error.errors] == [reason]
    assert words in error.message


async def test_all_errors_of_a_config_are_told(client):
    config = {"ops": {"extract_orders": {"config": {"day": 5, "colour": "red"}}}}
    with pytest.raises(InvalidRequestError) as caught:
        await client.jobs.launch("daily_report", run_config=config)
    assert len(caught.value.errors) == 3
    assert all(e["message"] in caught.value.message for e in caught.value.errors)


async def test_errors_of_a_config_have_paths(client):
    config = {"ops": {"extract_orders": {"config": {"region": "north", "day": 5}}}}
    with pytest.raises(InvalidRequestError) as caught:
        await client.jobs.launch("daily_report", run_config=config)
    (error,) = caught.value.errors
    assert error["path"] == ["ops", "extract_orders", "config", "day"]


async def test_an_unknown_job_is_not_launched(client, sent):
    with pytest.raises(NotFoundError, match="did you mean 'daily_report'"):
        await client.jobs.launch("daily_reprot")
    with pytest.raises(NotFoundError, match="daily_reprot"):
        await client.jobs.launch(
            "daily_reprot", location="demo", repository="__repository__", run_config={}
        )
    assert sent == ["FindJobs", "LaunchRun"]


async def launched_slow_run(client):
    """Return a run that is in its step: one that is just starting may start after it was canceled."""
    run = await client.jobs.launch("slow_report", run_config=slow_config())
    events = client.run_events.follow(run.id, types="STEP_START", timeout=180)
    assert (await anext(events)).step_key == "wait_for_suppliers"
    await events.aclose()
    return run


async def test_a_slow_run_is_terminated(client):
    run = await launched_slow_run(client)
    with pytest.raises(WaitTimeoutError, match=run.id):
        [event async for event in client.run_events.follow(run.id, timeout=0.2)]
    assert (await client.runs.terminate(run.id)).id == run.id
    types = [event.event_type async for event in client.run_events.follow(run.id, timeout=180)]
    assert types.index("RUN_CANCELING") < types.index("RUN_CANCELED")
    ended = await client.runs.get(run.id)
    assert ended.status == RunStatus.CANCELED
    assert ended.ended_at - ended.started_at < timedelta(seconds=300)
    with pytest.raises(ConflictError, match="CANCELED"):
        await client.runs.terminate(run.id)


async def test_a_run_is_terminated_by_force_and_deleted(client):
    run = await launched_slow_run(client)
    forced = await client.runs.terminate(run.id, force=True)
    assert (type(forced), forced.status) == (Run, RunStatus.CANCELED)
    assert [event async for event in client.run_events.follow(run.id, timeout=180)]
    assert await client.runs.delete(run.id) is None
    for call in (client.runs.get, client.runs.delete, client.runs.terminate):
        with pytest.raises(NotFoundError, match=run.id) as caught:
            await call(run.id)
        assert caught.value.code == "RUN_NOT_FOUND"
    with pytest.raises(NotFoundError, match=run.id):
        await client.run_events.get(run.id).to_list()
