"""The shop's jobs: one that succeeds, one that fails, a slow and a noisy one, and asset jobs."""

# pyright: basic
# (the types of Dagster itself are partly unknown)

import time
from typing import Any

from dagster import (
    AssetSelection,
    Config,
    Failure,
    OpExecutionContext,
    define_asset_job,
    job,
    op,
)
from pydantic import Field

from dagster_plus_sdk.sandbox.demo.assets import DAILY_EXPORT_KEY, SAMPLE_DAY
from dagster_plus_sdk.sandbox.demo.shop import REGIONS, OrderBook

# Short enough for a termination to be noticed at once.
NAP = 0.1

# Dagster's type of them is not public.
ASSET_JOBS: list[Any] = [
    define_asset_job(
        "orders_assets",
        selection=AssetSelection.assets("customers", "products", "top_products", DAILY_EXPORT_KEY),
        description="Make what has no partitions, and check it.",
        tags={"team": "shop"},
    ),
    define_asset_job(
        "daily_orders",
        selection=AssetSelection.assets("raw_orders", "orders"),
        description="Make one day of orders.",
    ),
]


class ReportConfig(Config):
    """What the daily report is about."""

    region: str = Field(description=f"One of {', '.join(REGIONS)}.")
    day: str = Field(default=SAMPLE_DAY, description="The day, as 2024-01-31.")


@op
def extract_orders(
    context: OpExecutionContext, config: ReportConfig, order_book: OrderBook
) -> list[float]:
    """Read the totals of a region's orders."""
    if config.region not in REGIONS:
        raise Failure(f"no region {config.region!r}", metadata={"regions": list(REGIONS)})
    context.log.debug("reading the orders of %s", config.day)
    totals = [order.total for order in order_book.orders(config.day, config.region)]
    context.log.info("%d orders in %s", len(totals), config.region)
    return totals


@op
def summarize(context: OpExecutionContext, totals: list[float]) -> str:
    """Add the orders up."""
    if any(total > 20 for total in totals):  # noqa: PLR2004 - what this shop calls large
        context.log.warning("%d large orders", sum(total > 20 for total in totals))  # noqa: PLR2004
    return f"{len(totals)} orders, {sum(totals):.2f} EUR"


@op
def publish(context: OpExecutionContext, summary: str) -> None:
    """Tell everyone."""
    context.log.info("report: %s", summary)
    print(summary)  # noqa: T201 - so that the step has a compute log


@job(tags={"team": "finance"}, metadata={"runbook": "https://shop.example/runbook"})
def daily_report() -> None:
    """Report the sales of a region. Takes a region; succeeds."""
    publish(summarize(extract_orders()))


class PaymentError(Exception):
    """The payment provider could not be asked."""


@op
def read_payments(context: OpExecutionContext) -> list[int]:
    """Read the payments that are due."""
    context.log.info("2 payments are due")
    return [1, 2]


def call_provider() -> None:
    """Fail, as the network does."""
    raise ConnectionRefusedError("payments.shop.example refused the connection")


@op
def collect_payments(payments: list[int]) -> None:
    """Fail: the provider is away."""
    try:
        call_provider()
    except ConnectionRefusedError as error:
        raise PaymentError(f"could not collect {len(payments)} payments") from error


@job(tags={"team": "finance"})
def broken_report() -> None:
    """Collect the payments. Fails in its second step, by an error that has a cause."""
    collect_payments(read_payments())


class SlowConfig(Config):
    """How long to wait."""

    seconds: float = Field(default=60.0, description="How long the run takes at least.")


@op
def wait_for_suppliers(context: OpExecutionContext, config: SlowConfig) -> None:
    """Wait in small steps, so that a termination ends it at once."""
    context.log.info("waiting %s s", config.seconds)
    end = time.monotonic() + config.seconds
    while time.monotonic() < end:
        time.sleep(min(NAP, max(0.0, end - time.monotonic())))
    context.log.info("the suppliers answered")


@job
def slow_report() -> None:
    """Wait for the suppliers: 60 seconds, or what the config says. To be terminated."""
    wait_for_suppliers()


class NoisyConfig(Config):
    """How much to log."""

    lines: int = Field(default=402, description="Lines at INFO, before the warnings.")
    warnings: int = Field(default=30, description="Lines at WARNING, after all others.")


@op
def audit_orders(context: OpExecutionContext, config: NoisyConfig) -> None:
    """Log a lot."""
    for number in range(config.lines):
        context.log.info("order %d is in order", number)
    for number in range(config.warnings):
        context.log.warning("order %d has no invoice", number)


@job
def noisy_report() -> None:
    """Audit the orders. Logs 402 lines and then 30 warnings: about 450 events in all."""
    audit_orders()
