"""Checks of assets, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AssetCheck, AssetCheckExecution, AssetKey, NotFoundError

pytestmark = pytest.mark.anyio


async def test_checks_list(client):
    checks = await client.checks.list(asset="customers").to_list()
    assert all(type(check) is AssetCheck for check in checks)
    found = {check.name: check.latest_execution.status for check in checks}
    assert found == {"emails_are_known": "FAILED", "has_customers": "SUCCEEDED"}


async def test_checks_get(client):
    check = await client.checks.get("products", "prices_are_positive")
    assert (check.key, check.blocking) == (AssetKey("products"), True)
    assert check.latest_execution.evaluation.success


async def test_checks_get_unknown(client):
    with pytest.raises(NotFoundError) as caught:
        await client.checks.get("products", "nope")
    assert caught.value.code == "ASSET_CHECK_NOT_FOUND"


async def test_checks_executions(client):
    executions = await client.checks.executions("customers", "emails_are_known").to_list()
    assert all(type(execution) is AssetCheckExecution for execution in executions)
    assert executions[0].evaluation.severity == "WARN"
    assert executions[0].evaluation.description == "no customer has an address"


async def test_checks_report(client):
    key = AssetKey("exports", "orders/daily")
    await client.checks.report(
        key, "size", passed=False, severity="warn", description="small", metadata={"rows": 7}
    )
    latest = await client.checks.executions(key, "size").first()
    assert latest.status == "FAILED"
    assert latest.evaluation.description == "small"
    assert latest.evaluation.metadata_entries[0].int_value == 7
