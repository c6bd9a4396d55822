"""Events of runs, as recorded."""

from __future__ import annotations

import pytest
from kit.stage import report_config

from dagster_plus_sdk import (
    AssetCheckEvaluationEvent,
    AssetKey,
    ExecutionStepFailureEvent,
    LogLevel,
    MaterializationEvent,
    NotFoundError,
    RunStatus,
)

pytestmark = pytest.mark.anyio

UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def test_run_events_get(client, run_id):
    pager = client.run_events.get(run_id("noisy_report"), levels="WARNING", limit=4)
    first = await pager.to_list()
    rest = await client.run_events.get(
        run_id("noisy_report"), levels=LogLevel.WARNING, cursor=pager.cursor
    ).to_list()
    assert [event.message for event in first + rest] == [
        f"order {number} has no invoice" for number in range(6)
    ]
    assert [len(first), len(rest)] == [4, 2]


async def test_run_events_get_materializations(client, run_id):
    events = await client.run_events.get(
        run_id("orders_assets"), types=["ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION"]
    ).to_list()
    made = [event for event in events if type(event) is MaterializationEvent]
    checked = [event for event in events if type(event) is AssetCheckEvaluationEvent]
    assert len(made) + len(checked) == len(events)
    assert AssetKey("exports", "orders/daily") in [event.asset_key for event in made]
    (entries,) = (e.metadata_entries for e in made if e.asset_key == AssetKey("customers"))
    assert {"dagster/row_count", "share_active", "first_rows"} <= {e.label for e in entries}
    assert {event.evaluation.check_name for event in checked} == {
        "emails_are_known",
        "has_customers",
        "prices_are_positive",
    }


async def test_run_events_get_failure(client, run_id):
    events = client.run_events.get(run_id("broken_report"), types="STEP_FAILURE")
    failure = await events.first()
    assert type(failure) is ExecutionStepFailureEvent
    assert failure.error_source == "USER_CODE_ERROR"
    (cause,) = (c for c in failure.error.causes if c.class_name == "PaymentError")
    assert "could not collect 2 payments" in cause.message
    assert any("ConnectionRefusedError" in c.message for c in failure.error.causes)
    assert "PaymentError" in [link.error.class_name for link in failure.error.chain]


async def test_run_events_get_unknown(client):
    with pytest.raises(NotFoundError, match=UNKNOWN):
        await client.run_events.get(UNKNOWN).first()


async def test_run_events_follow(client, poll):
    run = await client.jobs.launch(
        "daily_report", run_config=report_config("south"), idempotency_key="followed"
    )
    events = [event async for event in client.run_events.follow(run.id, poll=poll, timeout=60)]
    types = [event.event_type for event in events if event.event_type]
    wanted = ["RUN_START", "STEP_START", "STEP_SUCCESS", "RUN_SUCCESS"]
    assert [t for t in dict.fromkeys(types) if t in wanted] == wanted
    assert [event.timestamp for event in events] == sorted(event.timestamp for event in events)
    assert (await client.runs.get(run.id)).status == RunStatus.SUCCESS


async def test_run_events_follow_unknown(client):
    with pytest.raises(NotFoundError, match=UNKNOWN):
        [event async for event in client.run_events.follow(UNKNOWN)]
