from __future__ import annotations

from uuid import uuid4

import pytest

from dagster_plus_sdk import EnterpriseUserManagedExpansionStatus as Status
from dagster_plus_sdk import NotFoundError, PermissionDeniedError, operations

pytestmark = pytest.mark.anyio


async def test_customer_and_contract(client):
    found = await client.usage.customer()
    contract = await client.usage.contract()

    assert found.customer.email == "billing@example.com"
    assert (found.subscription.status, found.subscription.deployment_count) == ("ACTIVE", 2)
    assert (contract.seats, contract.credits_used) == (25, 84000)
    assert contract.start < contract.end


async def test_invoices(client, plus):
    plus.seed(
        {"invoices": [{"id": "second", "items": {"Seats": 5, "Credits": 2}, "status": "OPEN"}]}
    )

    first, second = [found async for found in client.usage.invoices()]
    assert (first.id, first.total, [item.total for item in first.items]) == ("second", 7, [5, 2])
    assert second.status == "PAID"
    assert [found.id async for found in client.usage.invoices(status="open")] == ["second"]


async def test_there_is_no_contract(client, plus):
    plus.stores[2].delete("EnterpriseContractMetadata", 1)

    with pytest.raises(NotFoundError):
        await client.usage.contract()


async def test_expansions(client):
    operation = operations.create_enterprise_expansion(
        num_credits_requested=1000, seats_proration_start_date="2026-01-31"
    )
    made = (await client.execute(operation)).ok
    assert (made.status, made.credits_requested, made.per_credit_price_usd) == (
        "SUBMITTED",
        1000,
        0.03,
    )
    assert (await client.organization.identity()).viewer.id == made.requesting_user_id

    for status in (Status.COMPLETE, Status.ERROR):
        operation = operations.update_enterprise_expansion(expansion_id=made.id, new_status=status)
        assert (await client.execute(operation)).ok.status == status
    assert [found.id async for found in client.usage.expansions(status="error")] == [made.id]
    assert [found async for found in client.usage.expansions(status="complete")] == []
    missing = operations.update_enterprise_expansion(
        expansion_id=str(uuid4()), new_status=Status.ERROR
    )
    result = await client.execute(missing)
    with pytest.raises(NotFoundError):
        _ = result.ok


async def test_referrals_and_cards(client, plus):
    plus.seed({"referrals": [{"referred": "acme"}]})
    found = await client.execute(operations.list_partner_referrals())
    assert [row.referred for row in found.ok.referrals] == ["acme"]

    answer = await client.graphql(
        "{ paymentMethodListOrError { ... on StripePaymentMethodList { paymentMethods { cardLast4 cardExpYear } } } }"
    )
    assert answer["paymentMethodListOrError"]["paymentMethods"] == [
        {"cardLast4": "4242", "cardExpYear": "2030"}
    ]


async def test_only_who_manages_billing(connect):
    client = connect("admin")

    for ask in (client.usage.customer, client.usage.contract, client.usage.invoices().to_list):
        with pytest.raises(PermissionDeniedError):
            await ask()
