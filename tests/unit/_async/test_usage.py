"""Usage, customer, invoices."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from kit.payloads import error

from dagster_plus_sdk import (
    CreditUsageByJobMetricValue,
    CustomerInfo,
    EnterpriseContract,
    EnterpriseExpansion,
    Invoice,
    UsageSeries,
    UsageValue,
    errors,
)

pytestmark = pytest.mark.anyio

TIMES = {"start": 1700000000.0, "end": 1700086400.0, "value": 12.5}


def series(*values):
    found = {"unit": "credits", "timeGranularity": "DAY", "values": list(values)}
    return {"usageMetrics": {"series": found}}


OVER_TIME = series({"__typename": "CreditUsageMetricValue", **TIMES})
BY_JOB = series(
    {
        "__typename": "CreditUsageByJobMetricValue",
        "jobName": "j",
        "repositoryLabel": None,
        "percentTotal": 50.0,
        **TIMES,
    }
)


@pytest.mark.parametrize(
    ("method", "given", "operation"),
    [
        ("credits", {}, "GetCredits"),
        ("credits", {"kind": "all"}, "GetCredits"),
        ("credits", {"kind": "standard"}, "GetStandardCredits"),
        ("credits", {"kind": "HIGH_VELOCITY"}, "GetHighVelocityCredits"),
        ("step_duration", {}, "GetStepDuration"),
        ("compute_minutes", {}, "GetComputeMinutes"),
    ],
)
async def test_usage(client, server, method, given, operation):
    call = getattr(client.usage, method)
    server.data(OVER_TIME, OVER_TIME, BY_JOB)
    found = await call(**given)
    assert type(found) is UsageSeries
    assert type(found.values[0]) is UsageValue
    assert found.values[0].start == datetime.fromtimestamp(1700000000, timezone.utc)
    await call(granularity="day", **given)
    by_job = await call(by_job_since=datetime(2024, 1, 1, tzinfo=timezone.utc), **given)
    assert type(by_job.values[0]) is CreditUsageByJobMetricValue
    assert (by_job.values[0].job_name, by_job.values[0].percent_total) == ("j", 50)
    assert server.operations == [operation, operation, f"{operation}ByJob"]
    assert [r.variables for r in server.received] == [
        {"granularity": "MONTH"},
        {"granularity": "DAY"},
        {"start": 1704067200.0},
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"granularity": "YEAR"},
        {"granularity": "DAY", "by_job_since": 1},
        {"by_job_since": datetime(2024, 1, 1)},  # noqa: DTZ001 - the point
        {"kind": "gold"},
    ],
)
async def test_what_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.usage.credits(**given)
    assert server.requests == 0


CUSTOMER = {
    "__typename": "CustomerInfo",
    "id": "1",
    "customerId": "cus_1",
    "customer": {
        "email": "pay@example.com",
        "createdAt": 1700000000.0,
        "frozenAt": None,
        "needsTaxId": False,
        "taxIdExempt": True,
        "taxIds": [{"id": "t", "type": "eu_vat", "value": "X1"}],
    },
    "subscription": {
        "id": None,
        "status": "ACTIVE",
        "planType": "SOLO",
        "billingPeriodStart": 1700000000,
        "billingPeriodEnd": 1702592000,
        "cancelAtPeriodEnd": False,
        "trialStart": None,
        "trialEnd": None,
        "seats": 1,
        "deploymentCount": 1,
        "deploymentLimit": 1,
        "creditLimit": 7500,
        "creditUsage": 12,
        "freeCredits": 0,
        "stepDurationUsage": 5,
        "serverlessComputeMinutesUsage": 5,
        "trialServerlessStepDurationLimit": 0,
        "trialServerlessStepDurationUsage": 0,
    },
}


async def test_customer(client, server):
    server.data({"customerInfo": CUSTOMER})
    found = await client.usage.customer()
    assert type(found) is CustomerInfo
    assert found.customer.created_at == datetime.fromtimestamp(1700000000, timezone.utc)
    assert (
        found.subscription.billing_period_end - found.subscription.billing_period_start
    ).days == 30
    assert found.subscription.plan_type == "SOLO"


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("CustomerInfoNotFoundError", errors.NotFoundError),
        ("UnauthorizedError", errors.PermissionDeniedError),
    ],
)
async def test_customer_errors(client, server, typename, kind):
    server.data({"customerInfo": error(typename)})
    with pytest.raises(kind):
        await client.usage.customer()


def invoice(number, **changes):
    base = {
        "id": f"in_{number}",
        "status": "PAID",
        "createdAt": 1700000000.0 + number,
        "dueAt": None,
        "periodStart": 1700000000.0,
        "periodEnd": 1700000001.0,
        "total": 10.5,
        "discount": {"amount": 1, "coupon": "c"},
        "items": [{"description": "credits", "quantity": 2, "total": 1050}],
        "pdfUrl": None,
    }
    return base | changes


def invoices(*found):
    listed = {"__typename": "StripeInvoiceList", "invoices": list(found)}
    return {"invoiceListOrError": listed}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["in_3", "in_2", "in_1"]),
        ({"status": "open"}, ["in_3"]),
        ({"status": ["OPEN", "VOID"]}, ["in_3", "in_1"]),
        ({"where": lambda i: i.id != "in_3", "limit": 1}, ["in_2"]),
    ],
)
async def test_invoices(client, server, given, kept):
    server.data(invoices(invoice(1, status="VOID"), invoice(3, status="OPEN"), invoice(2)))
    found = await client.usage.invoices(**given).to_list()
    assert [i.id for i in found] == kept
    assert {type(i) for i in found} == {Invoice}
    assert found[0].created_at >= datetime.fromtimestamp(1700000001, timezone.utc)
    assert server.requests == 1


async def test_invoice_errors(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from DRAFT"):
        client.usage.invoices(status="LOST")
    server.data({"invoiceListOrError": error("UnknownStripeInvoiceError")})
    with pytest.raises(errors.NotFoundError):
        await client.usage.invoices().to_list()


CONTRACT = {
    "__typename": "EnterpriseContractMetadata",
    "start": 1700000000.0,
    "end": 1800000000.0,
    "seats": 5,
    "annualCredits": None,
    "annualServerlessMinutes": None,
    "creditsContractedWithRollover": None,
    "creditsDate": "2024-05-01",
    "creditsUsed": 10,
    "serverlessMinutesUsed": None,
    "perCreditPriceUsd": 0.03,
    "perSeatPriceUsd": None,
}


async def test_contract(client, server):
    server.data(
        {"enterpriseContractMetadata": CONTRACT},
        {"enterpriseContractMetadata": error("EnterpriseContractMetadataNotFoundError")},
        {"enterpriseContractMetadata": None},
    )
    found = await client.usage.contract()
    assert type(found) is EnterpriseContract
    assert (found.credits_date, found.end.year) == (date(2024, 5, 1), 2027)
    for _ in range(2):
        with pytest.raises(errors.NotFoundError):
            await client.usage.contract()


EXPANSION = {
    "id": "6f3b2c1a-1111-4222-8333-444455556666",
    "status": "SUBMITTED",
    "createdAt": 1700000000.0,
    "updatedAt": None,
    "requestingUserId": 7,
    "creditsRequested": 100,
    "seatsRequested": None,
    "perCreditPriceUsd": None,
    "perSeatPriceUsd": None,
    "proratedPerSeatPriceUsd": None,
    "seatsProrationStart": "2024-05-01",
    "seatsProrationEnd": None,
}


@pytest.mark.parametrize(
    ("given", "sent"), [({}, {}), ({"status": "submitted"}, {"status": "SUBMITTED"})]
)
async def test_expansions(client, server, given, sent):
    listed = {"__typename": "EnterpriseUserManagedExpansionsList", "expansions": [EXPANSION]}
    server.data({"enterpriseUserManagedExpansions": listed})
    [found] = await client.usage.expansions(**given).to_list()
    assert type(found) is EnterpriseExpansion
    assert (found.credits_requested, found.seats_proration_start) == (100, date(2024, 5, 1))
    assert server.received[0].variables == sent


async def test_plan(client, server):
    server.data({"planType": "TEAM_V2"}, {"planType": "PLAN_OF_TOMORROW"})
    assert [await client.usage.plan(), await client.usage.plan()] == ["TEAM_V2", "PLAN_OF_TOMORROW"]
    assert server.operations == ["GetPlanType", "GetPlanType"]
