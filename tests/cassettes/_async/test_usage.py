"""Usage and invoices, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    CustomerInfo,
    EnterpriseContract,
    EnterpriseExpansion,
    Invoice,
    UsageSeries,
)

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_usage_credits(client):
    for kind in ("all", "standard", "high_velocity"):
        found = await client.usage.credits(kind=kind, granularity="DAY")
        assert type(found) is UsageSeries
        assert type(await client.usage.credits(kind=kind, by_job_since=1700000000)) is UsageSeries


async def test_usage_step_duration(client):
    assert type(await client.usage.step_duration()) is UsageSeries
    assert type(await client.usage.step_duration(by_job_since=1700000000)) is UsageSeries


async def test_usage_compute_minutes(client):
    assert type(await client.usage.compute_minutes()) is UsageSeries
    assert type(await client.usage.compute_minutes(by_job_since=1700000000)) is UsageSeries


async def test_usage_customer(client):
    assert type(await client.usage.customer()) is CustomerInfo


async def test_usage_invoices(client):
    found = await client.usage.invoices().to_list()
    assert {type(i) for i in found} == {Invoice}


async def test_usage_contract(client):
    assert type(await client.usage.contract()) is EnterpriseContract


async def test_usage_expansions(client):
    found = await client.usage.expansions(status="COMPLETE").to_list()
    assert {type(e) for e in found} == {EnterpriseExpansion}


async def test_usage_plan(client):
    assert await client.usage.plan() == "ENTERPRISE"
