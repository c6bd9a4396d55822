"""The shop's assets: every kind of partitions, keys of several parts, checks, metadata."""

# MaterializeResult takes no parameter in older versions of Dagster.
# mypy: disable-error-code="type-arg, untyped-decorator"
# pyright: basic
# (the types of Dagster itself are partly unknown)

import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetObservation,
    AssetOut,
    AssetSpec,
    AutomationCondition,
    BetaWarning,
    DailyPartitionsDefinition,
    DynamicPartitionsDefinition,
    FreshnessPolicy,
    MaterializeResult,
    MetadataValue,
    MultiPartitionsDefinition,
    Nothing,
    ObserveResult,
    StaticPartitionsDefinition,
    TableColumn,
    TableRecord,
    TableSchema,
    asset,
    asset_check,
    multi_asset,
    multi_observable_source_asset,
)

from dagster_plus_sdk.sandbox.demo.shop import CUSTOMERS, PRODUCTS, REGIONS, OrderBook

# The end is fixed, so that the number of partitions does not depend on the day: 91.
DAYS = DailyPartitionsDefinition(start_date="2024-01-01", end_date="2024-04-01")
REGION_PARTITIONS = StaticPartitionsDefinition(list(REGIONS))
CAMPAIGNS = DynamicPartitionsDefinition(name="campaigns")
VISITS = MultiPartitionsDefinition(
    {
        "product": StaticPartitionsDefinition(list(PRODUCTS)),
        "region": REGION_PARTITIONS,
    }
)

OWNERS = ["team:shop", "ada@example.com"]
# A part of a key may hold a slash: this is not the same asset as ["exports", "orders", "daily"].
DAILY_EXPORT_KEY = AssetKey(["exports", "orders/daily"])
SAMPLE_DAY = "2024-01-01"

payments: AssetSpec = AssetSpec(
    "payments",
    description="Payments, written by the payment provider: Dagster knows them and makes none.",
    group_name="ingestion",
    kinds={"postgres"},
    owners=["team:payments"],
)


with warnings.catch_warnings():
    warnings.simplefilter("ignore", BetaWarning)

    @multi_observable_source_asset(specs=[AssetSpec("exchange_rates", group_name="ingestion")])
    def bank() -> ObserveResult:
        """Look whether the bank's rates have changed. Dagster makes none."""
        return ObserveResult(metadata={"eur_usd": 1.08})


@asset(group_name="ingestion", kinds={"python", "csv"}, owners=OWNERS, tags={"domain": "crm"})
def customers() -> MaterializeResult:
    """The shop's customers. Its materialization carries one entry of most metadata types."""
    columns = [TableColumn("name", "string"), TableColumn("id", "int")]
    records = [TableRecord({"name": name, "id": number}) for number, name in enumerate(CUSTOMERS)]
    return MaterializeResult(
        metadata={
            "dagster/row_count": len(CUSTOMERS),
            "share_active": 0.75,
            "complete": True,
            "note": "made up",
            "source": MetadataValue.url("https://shop.example/customers"),
            "file": MetadataValue.path("/data/customers.csv"),
            "summary": MetadataValue.md("**6** customers"),
            "regions": MetadataValue.json({"regions": list(REGIONS)}),
            "exported_at": MetadataValue.timestamp(datetime(2024, 1, 1, tzinfo=timezone.utc)),
            "feeds": MetadataValue.asset(AssetKey("orders")),
            "first_rows": MetadataValue.table(records[:2], TableSchema(columns=columns)),
            "nothing": MetadataValue.null(),
        }
    )


@asset(group_name="ingestion", kinds={"python"}, owners=OWNERS, code_version="2")
def products() -> MaterializeResult:
    """The price list."""
    return MaterializeResult(metadata={"dagster/row_count": len(PRODUCTS)})


@asset(group_name="ingestion", kinds={"python", "csv"}, partitions_def=DAYS, owners=OWNERS)
def raw_orders(context: AssetExecutionContext, order_book: OrderBook) -> MaterializeResult:
    """A day's orders as they came in."""
    orders = order_book.orders(context.partition_key)
    context.log.info("%d orders on %s", len(orders), context.partition_key)
    return MaterializeResult(metadata={"dagster/row_count": len(orders)})


@asset(
    deps=[raw_orders, customers, payments],
    group_name="warehouse",
    kinds={"python", "duckdb"},
    partitions_def=DAYS,
    owners=OWNERS,
    tags={"domain": "orders", "tier": "1"},
)
def orders(context: AssetExecutionContext, order_book: OrderBook) -> MaterializeResult:
    """A day's orders, cleaned."""
    sales = sum(order.total for order in order_book.orders(context.partition_key))
    return MaterializeResult(metadata={"sales_eur": round(sales, 2)})


@asset(deps=[orders], group_name="analytics", kinds={"python"}, partitions_def=REGION_PARTITIONS)
def regional_sales(context: AssetExecutionContext, order_book: OrderBook) -> MaterializeResult:
    """What each region bought on the sample day."""
    sales = sum(order.total for order in order_book.orders(SAMPLE_DAY, context.partition_key))
    return MaterializeResult(metadata={"sales_eur": round(sales, 2)})


@asset(deps=[orders], group_name="analytics", kinds={"python"}, partitions_def=CAMPAIGNS)
def campaign_results(context: AssetExecutionContext) -> MaterializeResult:
    """How each campaign went. Its partitions are added while the shop runs."""
    return MaterializeResult(metadata={"campaign": context.partition_key})


@asset(deps=[orders], group_name="analytics", kinds={"python"}, partitions_def=VISITS)
def shop_visits() -> MaterializeResult:
    """How often each product was looked at in each region."""
    return MaterializeResult(metadata={"visits": 12})


@multi_asset(
    specs=[
        AssetSpec("returns", group_name="logistics"),
        AssetSpec("shipments", group_name="logistics"),
    ]
)
def parcels() -> Iterator[MaterializeResult]:
    """Write what was sent and what came back: one is never made without the other."""
    yield MaterializeResult(asset_key="returns", metadata={"dagster/row_count": 1})
    yield MaterializeResult(asset_key="shipments", metadata={"dagster/row_count": 9})


@asset(
    deps=[products, customers],
    group_name="analytics",
    kinds={"python"},
    owners=OWNERS,
    freshness_policy=FreshnessPolicy.time_window(fail_window=timedelta(days=7)),
)
def top_products(context: AssetExecutionContext, order_book: OrderBook) -> MaterializeResult:
    """The products by sales on the sample day."""
    sales = dict.fromkeys(PRODUCTS, 0.0)
    for order in order_book.orders(SAMPLE_DAY):
        sales[order.product] = round(sales[order.product] + order.total, 2)
    context.log_event(AssetObservation("products", metadata={"read": len(sales)}))
    return MaterializeResult(metadata={"sales_eur": MetadataValue.json(sales)})


# Dagster names an asset's step and output after its key, and those names cannot hold the slash.
@multi_asset(
    name="daily_export",
    deps=[top_products],
    outs={
        "file": AssetOut(
            key=DAILY_EXPORT_KEY,
            dagster_type=Nothing,
            description="The file the partners fetch each day.",
            group_name="exports",
        )
    },
)
def daily_export() -> MaterializeResult:
    """Write the file."""
    return MaterializeResult(metadata={"path": MetadataValue.path("/exports/orders-daily.csv")})


@asset(
    deps=[regional_sales],
    group_name="analytics",
    kinds={"python"},
    automation_condition=AutomationCondition.on_cron("0 0 1 1 *"),
)
def forecast() -> MaterializeResult:
    """Next year's sales, due on New Year's Day: no job makes it, so it was never materialized."""
    return MaterializeResult()


@asset_check(asset=customers)
def has_customers() -> AssetCheckResult:
    """Pass when there are customers."""
    return AssetCheckResult(passed=bool(CUSTOMERS), metadata={"count": len(CUSTOMERS)})


@asset_check(asset=customers)
def emails_are_known() -> AssetCheckResult:
    """Fail, as a warning: nobody ever collected the customers' addresses."""
    return AssetCheckResult(
        passed=False,
        severity=AssetCheckSeverity.WARN,
        description="no customer has an address",
        metadata={"missing": len(CUSTOMERS)},
    )


@asset_check(asset=products, blocking=True)
def prices_are_positive() -> AssetCheckResult:
    """Pass when no product is free. What depends on the price list waits for it."""
    return AssetCheckResult(passed=min(PRODUCTS.values()) > 0)
