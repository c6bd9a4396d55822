"""Checks of the demo project's assets."""

from __future__ import annotations

import uuid

import pytest

from dagster_plus_sdk import AssetCheck, AssetCheckExecution, AssetKey, NotFoundError, ServerError

pytestmark = pytest.mark.anyio

EXPORT = AssetKey("exports", "orders/daily")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["emails_are_known", "has_customers", "prices_are_positive"]),
        ({"asset": "customers"}, ["emails_are_known", "has_customers"]),
        ({"asset": EXPORT}, []),
        ({"pattern": "*are*", "blocking": True}, ["prices_are_positive"]),
        ({"status": "failed"}, ["emails_are_known"]),
        ({"status": ["SUCCEEDED"]}, ["has_customers", "prices_are_positive"]),
        ({"group": "nope"}, []),
        ({"executed": False}, []),
    ],
)
async def test_list(client, run_ids, sent, given, kept):
    found = await client.checks.list(**given).to_list()
    assert all(type(check) is AssetCheck for check in found)
    assert [check.name for check in found] == kept
    assert sent == ["ListAssetChecks"]


async def test_get(client, run_ids):
    check = await client.checks.get("customers", "emails_are_known")
    assert (check.key, check.blocking) == (AssetKey("customers"), False)
    latest = check.latest_execution
    # Other tests run it, too.
    assert (await client.runs.get(latest.run_id)).status == "SUCCESS"
    assert latest.evaluation.severity == "WARN"
    assert latest.evaluation.metadata_entries[0].int_value == 6


@pytest.mark.parametrize(
    ("asset", "name", "code"),
    [("customers", "nope", "ASSET_CHECK_NOT_FOUND"), ("nope", "nope", "ASSET_NOT_FOUND")],
)
async def test_unknown(client, asset, name, code):
    with pytest.raises(NotFoundError) as caught:
        await client.checks.get(asset, name)
    assert caught.value.code == code


async def test_report_and_executions(client, run_ids):
    key = ["exports", "orders/daily"]
    earlier = {e.id for e in await client.checks.executions(key, "size").to_list()}
    for rows in (1, 2, 3):
        await client.checks.report(
            key,
            "size",
            passed=rows > 1,
            severity="warn",
            description=f"{rows} rows",
            metadata={"rows": rows, "unit": "row"},
        )
    found = await client.checks.executions(EXPORT, "size", page_size=2).to_list()
    new = [execution for execution in found if execution.id not in earlier]
    assert all(type(execution) is AssetCheckExecution for execution in new)
    assert [e.evaluation.description for e in new] == ["3 rows", "2 rows", "1 rows"]
    assert [e.status for e in new] == ["SUCCEEDED", "SUCCEEDED", "FAILED"]
    assert new[0].evaluation.metadata_entries[0].int_value == 3
    first = client.checks.executions(EXPORT, "size", limit=1)
    assert (await first.to_list())[0] == new[0]
    rest = client.checks.executions(EXPORT, "size", cursor=first.cursor, limit=2)
    assert await rest.to_list() == new[1:]


async def test_partitions_of_executions(client, run_ids):
    # Dagster keeps one reported result per check and partition, and fails for a second one.
    name = f"rows-{uuid.uuid4()}"
    await client.checks.report("orders", name, passed=True, partitions=["2024-01-01"])
    [of_day] = await client.checks.executions("orders", name, partition="2024-01-01").to_list()
    assert of_day.partition == "2024-01-01"
    assert await client.checks.executions("orders", name, partition="").to_list() == []
    with pytest.raises(ServerError, match="UNIQUE"):
        await client.checks.report("orders", name, passed=True, partitions=["2024-01-01"])
