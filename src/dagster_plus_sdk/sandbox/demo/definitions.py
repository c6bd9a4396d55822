"""What Dagster loads: one code location with everything in it."""

# pyright: basic
# (the types of Dagster itself are partly unknown)

from dagster import (
    Definitions,
    in_process_executor,
    load_asset_checks_from_modules,
    load_assets_from_modules,
)

from dagster_plus_sdk.sandbox.demo import assets, jobs
from dagster_plus_sdk.sandbox.demo.automation import due_assets, every_morning, new_campaigns
from dagster_plus_sdk.sandbox.demo.shop import OrderBook

definitions: Definitions = Definitions(
    assets=[*load_assets_from_modules([assets]), assets.payments],
    asset_checks=load_asset_checks_from_modules([assets]),
    jobs=[
        *jobs.ASSET_JOBS,
        jobs.daily_report,
        jobs.broken_report,
        jobs.slow_report,
        jobs.noisy_report,
    ],
    schedules=[every_morning],
    sensors=[due_assets, new_campaigns],
    resources={"order_book": OrderBook()},
    # The default executor starts a process for each step, which costs about 2 s.
    executor=in_process_executor,
)
