"""What fails, waits for slots and ticks: to be stopped, freed, executed again, and loaded anew."""

import time
from collections.abc import Iterator

from dagster import (
    AssetExecutionContext,
    AssetSpec,
    Definitions,
    MaterializeResult,
    OpExecutionContext,
    ScheduleDefinition,
    SensorEvaluationContext,
    SkipReason,
    StaticPartitionsDefinition,
    asset,
    in_process_executor,
    job,
    multi_asset,
    op,
    sensor,
)

PARTITIONS = StaticPartitionsDefinition(["good", "bad", "fine"])


@asset
def flour() -> None:
    """Succeed."""


@multi_asset(
    specs=[AssetSpec("bread", deps=[flour]), AssetSpec("cake", deps=[flour])], can_subset=True
)
def oven(context: AssetExecutionContext) -> Iterator[MaterializeResult]:
    """Fail after the first asset, unless the run is executed again."""
    for key in sorted(context.selected_asset_keys):
        yield MaterializeResult(asset_key=key)
        if "dagster/parent_run_id" not in context.run.tags:
            raise RuntimeError("the oven went out")


@asset(deps=["cake"])
def party() -> None:
    """Need what was not made."""


@asset(partitions_def=PARTITIONS)
def stock(context: AssetExecutionContext) -> None:
    """Fail for one partition."""
    if context.partition_key == "bad":
        raise ValueError("out of stock")


@asset(partitions_def=PARTITIONS, deps=[stock])
def shelf() -> None:
    """Need each partition of the other."""


@op(pool="printer")
def print_labels(context: OpExecutionContext) -> None:
    """Hold a slot, until the run is terminated."""
    context.log.info("printing")
    for _ in range(6000):
        time.sleep(0.1)


@job
def labels() -> None:
    """Print."""
    print_labels()


@op
def ring() -> None:
    """Succeed."""


@job
def bell() -> None:
    """Ring."""
    ring()


@sensor(job=bell, minimum_interval_seconds=1)
def doorbell(context: SensorEvaluationContext) -> SkipReason:
    """Count its ticks, and run nothing."""
    context.update_cursor(str(int(context.cursor or 0) + 1))
    return SkipReason("nobody is there")


defs = Definitions(
    executor=in_process_executor,
    assets=[flour, oven, party, stock, shelf],
    jobs=[labels, bell],
    sensors=[doorbell],
    schedules=[ScheduleDefinition(name="each_minute", job=bell, cron_schedule="* * * * *")],
)
