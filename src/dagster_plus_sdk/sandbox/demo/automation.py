"""What starts runs by itself. All are stopped until someone starts them."""

# pyright: basic
# (the types of Dagster itself are partly unknown)

from dagster import (
    AssetSelection,
    AutomationConditionSensorDefinition,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    ScheduleDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from dagster_plus_sdk.sandbox.demo.assets import CAMPAIGNS, campaign_results
from dagster_plus_sdk.sandbox.demo.jobs import daily_report

PLANNED_CAMPAIGNS = ("spring", "summer", "autumn", "winter")

every_morning: ScheduleDefinition = ScheduleDefinition(
    name="every_morning",
    job=daily_report,
    cron_schedule="0 6 * * *",
    execution_timezone="Europe/Berlin",
    run_config={"ops": {"extract_orders": {"config": {"region": "north"}}}},
    description="The report of the north, at six.",
    default_status=DefaultScheduleStatus.STOPPED,
)


@sensor(
    asset_selection=[campaign_results],
    minimum_interval_seconds=5,
    default_status=DefaultSensorStatus.STOPPED,
)
def new_campaigns(context: SensorEvaluationContext) -> SensorResult | SkipReason:
    """Add the next planned campaign as a partition, and make it: one at each tick, four in all."""
    number = int(context.cursor or 0)
    if number >= len(PLANNED_CAMPAIGNS):
        return SkipReason("no campaign is left")
    campaign = PLANNED_CAMPAIGNS[number]
    return SensorResult(
        run_requests=[RunRequest(run_key=campaign, partition_key=campaign)],
        dynamic_partitions_requests=[CAMPAIGNS.build_add_request([campaign])],
        cursor=str(number + 1),
    )


due_assets: AutomationConditionSensorDefinition = AutomationConditionSensorDefinition(
    name="due_assets",
    target=AssetSelection.all(),
    minimum_interval_seconds=5,
    default_status=DefaultSensorStatus.STOPPED,
    description="Makes what its automation condition says is due.",
)
