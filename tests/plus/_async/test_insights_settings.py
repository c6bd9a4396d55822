"""Which metrics there are, run by run, and what clients send: with seeded runs."""

from __future__ import annotations

import pytest
from kit.seeds import INSIGHTS, NOON, START
from kit.shown import CREDITS, DAY, STEP_TIME, WEEK, rows

from dagster_plus_sdk import PermissionDeniedError

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def seeded(plus):
    plus.seed(INSIGHTS)


async def test_run_by_run(client):
    place = {"location": "demo", "repository": "__repository__"}
    runs = await client.insights.run_metrics("etl", "__dagster_step_retries", **place)
    made = await client.insights.materialization_metrics("raw/orders", STEP_TIME)

    assert [(run.run_id, run.value) for run in runs.runs_with_data] == [("first", 2.0)]
    assert [run.run_id for run in runs.runs_without_data] == ["second"]
    assert (runs.entity.job_name, runs.entity.location_name) == ("etl", "demo")
    assert [(run.run_id, run.value) for run in made.runs_with_data] == [("first", 20_000.0)]
    assert made.runs_without_data == []


async def test_which_metrics_there_are(client):
    async def names(pager):
        return [metric.metric_name.removeprefix("__dagster_") async for metric in pager]

    insights = client.insights
    of_job = await names(insights.metric_types(of="job"))
    assert of_job == await names(insights.metric_types(of="deployment"))
    assert len(of_job) == 12
    # One of the demo organization's own is at the end.
    assert await names(insights.metric_types(of="asset_group")) == [
        *(name for name in of_job if not name.startswith("run")),
        "dagster/row_count",
    ]
    assert await names(insights.metric_types(of="asset", store="POSTGRES")) == []
    assert await names(insights.metric_types_of_job("nightly", **WEEK)) == [
        "dagster_credits",
        "execution_time_ms",
        "run_duration_ms",
        "runs_in_progress",
        "observations",
    ]
    assert await names(insights.metric_types_of_asset("visits", **WEEK)) == [
        "dagster_credits",
        "execution_time_ms",
        "materializations",
        "observations",
    ]


async def test_metadata_become_metrics(client):
    metadata = await client.insights.metadata()
    assert metadata.metadata_keys == ["rows"]
    assert metadata.latest_data_at.timestamp() == NOON + 2 * 86400 + 60

    await client.insights.set_metadata_keys("rows")
    found = await client.insights.by_asset("rows", **WEEK)

    assert [entry.aggregate_value for entry in found.metrics] == [7.0, 1.0]
    assert (await client.insights.settings()).metadata_keys == ["rows"]
    custom = [t async for t in client.insights.metric_types(of="asset") if t.category == "Custom"]
    assert [metric.metric_name for metric in custom] == ["dagster/row_count", "rows"]


async def test_how_metrics_are_shown(client):
    await client.insights.set_cost_multiplier(CREDITS, multiplier=0.5)
    changed = await client.insights.customize_metric(
        CREDITS, display_name="Money", description="What it costs", icon="coin", hidden=True
    )

    assert [(c.metric_name, c.display_name, c.is_shown) for c in changed.customizations] == [
        (CREDITS, "Money", False)
    ]
    assert [c.cost_multiplier for c in changed.cost_multipliers] == [0.5]
    (metric,) = [m async for m in client.insights.metric_types() if m.metric_name == CREDITS]
    assert (metric.display_name, metric.default_display_name) == ("Money", "Dagster credits")
    assert (metric.custom_icon, metric.visible, metric.cost_multiplier) == ("coin", False, 0.5)
    assert (await client.insights.set_cost_multiplier(CREDITS)).cost_multipliers == []
    assert len((await client.insights.settings()).customizations) == 1


async def test_values_that_are_sent(client):
    value = {"metricName": "bytes_billed", "metricValue": 5.0}
    entry = {
        "runId": "first",
        "assetMetricDefinitions": [{"assetKey": "sales", "metricValues": [value]}],
        "jobMetricDefinitions": [{"metricValues": [{**value, "metricValue": 9.0}]}],
    }
    # The second time, they are replaced.
    for _ in range(2):
        await client.insights.create_metrics({"metrics": [entry]})

    by_asset = await client.insights.by_asset("bytes_billed", **WEEK)
    by_job = await client.insights.by_job("bytes_billed", **WEEK)

    assert [entry.values for entry in by_asset.metrics] == [[5.0, None, None, None]]
    assert rows(by_job, "job_name") == {"etl": ([14.0, None, None, None], 14.0)}


async def test_costs_replace_those_of_their_window(client):
    window = {"start": START, "end": START + DAY}
    await client.insights.submit_costs({"query-1": 1.0, "gone": 5.0}, "cost", **window)
    await client.insights.submit_costs({"query-1": 2.5}, "cost", **window)

    by_asset = await client.insights.by_asset("cost", **WEEK)
    by_deployment = await client.insights.by_deployment("cost", **WEEK)

    assert [entry.entity.asset_key.path for entry in by_asset.metrics] == [("visits",)]
    # The time is that of the event that names the query.
    assert rows(by_deployment, "name") == {"prod": ([None, None, 2.5, None], 2.5)}


async def test_anomaly_detection_is_not_there(client):
    ask = """mutation { anomalyDetectionInference(modelVersion: "beta", params: {}) {
      __typename ... on AnomalyDetectionFailure { message }
    } }"""

    found = (await client.graphql(ask))["anomalyDetectionInference"]

    assert found["__typename"] == "AnomalyDetectionFailure"
    assert "'beta'" in found["message"]


@pytest.mark.parametrize("role", ["viewer", "launcher"])
async def test_who_may_change_nothing(connect, role):
    insights = connect(role).insights
    assert len((await insights.by_job(CREDITS, **WEEK)).metrics) == 2
    for change in (
        lambda: insights.set_metadata_keys("rows"),
        lambda: insights.set_cost_multiplier(CREDITS, multiplier=1),
        lambda: insights.customize_metric(CREDITS, hidden=True),
        lambda: insights.submit_costs({"a": 1}, "cost", start=1, end=2),
    ):
        with pytest.raises(PermissionDeniedError):
            await change()


async def test_time_ranges(client):
    found = await client.insights.time_ranges()

    assert [each.value for each in found][-1] == "Last120Days"
    assert (await client.graphql("{ queryableMetrics }"))["queryableMetrics"][0] == "CREDITS"
