"""What the organization pays and has paid: customer, contract, invoices, cards. Seeded; nothing is charged."""

from __future__ import annotations

from datetime import datetime, timezone

from ...context import uuid_id
from ...registry import kind, mutation, query, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row

CUSTOMER = "CustomerInfo"
CONTRACT = "EnterpriseContractMetadata"
EXPANSION = "EnterpriseUserManagedExpansion"
INVOICE = "StripeInvoice"
CARD = "StripePaymentMethod"
REFERRAL = "PartnerReferralEntry"
BILLING = "MANAGE_BILLING"
DAY = 86_400.0
MONTH = 30 * DAY

for _typename in (CUSTOMER, CONTRACT, EXPANSION, INVOICE, CARD, REFERRAL):
    kind(_typename)


@query("customerInfo", needs=BILLING)
def customer_info(context: Context) -> Row:
    """Return who pays, and the subscription."""
    return context.need_one(CUSTOMER, "CustomerInfoNotFoundError", "customer")


@query("enterpriseContractMetadata", needs=BILLING)
def contract(context: Context) -> Row:
    """Return what the contract covers."""
    return context.need_one(CONTRACT, "EnterpriseContractMetadataNotFoundError", "contract")


@query("invoiceListOrError", needs=BILLING)
def invoices(context: Context) -> list[Row]:
    """Return the invoices, newest first."""
    return context.store.list(INVOICE)[::-1]


@query("paymentMethodListOrError", needs=BILLING)
def payment_methods(context: Context) -> list[Row]:
    """Return the cards."""
    return context.store.list(CARD)


@query("partnerReferrals", needs=BILLING)
def partner_referrals(context: Context) -> Row:
    """Return whom a partner brought."""
    return {"referrals": context.store.list(REFERRAL)}


@query("enterpriseUserManagedExpansions", needs=BILLING)
def expansions(context: Context, *, status: str | None = None) -> Row:
    """Return what was added to the contract."""
    where = {} if status is None else {"status": status}
    return {"expansions": context.store.list(EXPANSION, **where)}


@mutation("createEnterpriseUserManagedExpansion", needs=BILLING, audit="UPDATE_SUBSCRIPTION_PLAN")
def create_expansion(
    context: Context,
    *,
    num_credits_requested: int | None = None,
    num_seats_requested: int | None = None,
    prorated_per_seat_price_usd: float | None = None,
    seats_proration_start_date: Any = None,
    seats_proration_end_date: Any = None,
) -> Row:
    """Ask for more credits or seats than the contract has."""
    prices = contract(context)
    row = {
        "id": uuid_id(),
        "status": "SUBMITTED",
        "createdAt": context.now(),
        "updatedAt": context.now(),
        "requestingUserId": context.caller.user_id or 0,
        "numCreditsRequested": num_credits_requested,
        "numSeatsRequested": num_seats_requested,
        "perCreditPriceUsd": prices["perCreditPriceUsd"],
        "perSeatPriceUsd": prices["perSeatPriceUsd"],
        "proratedPerSeatPriceUsd": prorated_per_seat_price_usd,
        "seatsProrationStartDate": _text(seats_proration_start_date),
        "seatsProrationEndDate": _text(seats_proration_end_date),
    }
    return context.store.put(EXPANSION, row["id"], row)


@mutation(
    "updateEnterpriseUserManagedExpansionStatus", needs=BILLING, audit="UPDATE_SUBSCRIPTION_PLAN"
)
def update_expansion(context: Context, *, expansion_id: Any, new_status: str) -> Row:
    """Say what became of a wish."""
    missing = "EnterpriseUserManagedExpansionNotFoundError"
    row = context.need(EXPANSION, expansion_id, missing, "expansion")
    changed = {**row, "status": new_status, "updatedAt": context.now()}
    return context.store.put(EXPANSION, row["id"], changed)


def _text(date: Any) -> str | None:
    return None if date is None else str(date)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).date().isoformat()


@seeds("customer")
def plant_customer(
    context: Context,
    email: str,
    plan: str = "ENTERPRISE",
    seats: int = 10,
    credits: int = 0,  # noqa: A002 - the word
) -> None:
    """Write who pays, and a subscription that began with this month."""
    start = int(context.now())
    subscription = {
        "id": "sub-1",
        "status": "ACTIVE",
        "planType": plan,
        "billingPeriodStart": start,
        "billingPeriodEnd": int(start + MONTH),
        "seats": seats,
        "creditLimit": credits,
        "deploymentCount": context.store.count(
            "DagsterCloudDeployment", deploymentType="PRODUCTION"
        ),
    }
    customer = {"email": email, "createdDate": context.now(), "taxIDs": []}
    row = {
        "id": "customer-1",
        "stripeCustomerId": "cus-1",
        "stripeCustomer": customer,
        "stripeSubscription": subscription,
    }
    context.store.put(CUSTOMER, row["id"], row)


@seeds("contract")
def plant_contract(
    context: Context,
    seats: int,
    credits: int,  # noqa: A002 - the word
    start: float | None = None,
    end: float | None = None,
    credits_used: int = 0,
    credit_price: float | None = None,
    seat_price: float | None = None,
) -> None:
    """Write an enterprise contract: of a year that began now, unless told otherwise."""
    begin = context.now() if start is None else start
    row = {
        "startDate": begin,
        "endDate": begin + 365 * DAY if end is None else end,
        "seats": seats,
        "annualCredits": credits,
        "creditsUsed": credits_used,
        "creditsDate": _date(context.now()),
        "perCreditPriceUsd": credit_price,
        "perSeatPriceUsd": seat_price,
    }
    context.store.put(CONTRACT, 1, row)


@seeds("invoices")
def plant_invoice(
    context: Context,
    id: str,  # noqa: A002 - the word
    items: dict[str, int],
    status: str = "PAID",
    created: float | None = None,
) -> None:
    """Write an invoice over the month before it: its items' amounts are in cents."""
    end = context.now() if created is None else created
    row = {
        "id": id,
        "status": status,
        "created": end,
        "periodStart": end - MONTH,
        "periodEnd": end,
        "total": float(sum(items.values())),
        "items": [
            {"description": text, "quantity": 1, "total": total} for text, total in items.items()
        ],
    }
    context.store.put(INVOICE, id, row)


@seeds("payment_methods")
def plant_card(context: Context, last4: str, brand: str = "visa", expires: str = "12/2030") -> None:
    """Write a card: ``expires`` is its month and year."""
    month, _, year = expires.partition("/")
    number = f"pm-{context.store.next_number(CARD)}"
    row = {
        "id": number,
        "cardBrand": brand,
        "cardLast4": last4,
        "cardExpMonth": month,
        "cardExpYear": year,
    }
    context.store.put(CARD, number, row)


@seeds("referrals")
def plant_referral(context: Context, referred: str, created: float | None = None) -> None:
    """Write whom a partner brought."""
    row = {
        "referred": referred,
        "createTimestamp": context.now() if created is None else created,
    }
    context.store.put(REFERRAL, context.store.next_number(REFERRAL), row)
