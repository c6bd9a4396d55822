"""Insights, which only Dagster+ has: recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    CustomMetric,
    CustomMetricsLimits,
    InsightsCustomizations,
    InsightsKpi,
    InsightsMetadata,
    InsightsRunMetrics,
    InsightsSettings,
    MetricType,
    ReportingMetrics,
    ReportingTimeRange,
)

pytestmark = [pytest.mark.anyio, pytest.mark.plus]

METRIC = "__dagster_dagster_credits"
WINDOW = {"after": 1700000000, "before": 1700172800}
PLACE = {"location": "demo", "repository": "__repository__"}


async def test_insights_by_job(client):
    found = await client.insights.by_job(METRIC, **WINDOW, jobs="daily_report", sort="NAME")
    assert type(found) is ReportingMetrics


async def test_insights_by_asset(client):
    found = await client.insights.by_asset(METRIC, **WINDOW, assets=["shop/orders"])
    assert type(found) is ReportingMetrics


async def test_insights_by_asset_group(client):
    found = await client.insights.by_asset_group(METRIC, **WINDOW, groups=["shop"])
    assert type(found) is ReportingMetrics


async def test_insights_by_deployment(client):
    found = await client.insights.by_deployment(METRIC, **WINDOW, deployments=["name-1"])
    assert type(found) is ReportingMetrics


async def test_insights_by_branch_deployments(client):
    found = await client.insights.by_branch_deployments(METRIC, **WINDOW)
    assert type(found) is ReportingMetrics


async def test_insights_by_asset_selection(client):
    found = await client.insights.by_asset_selection(METRIC, **WINDOW, selection="group:shop")
    assert type(found) is ReportingMetrics


async def test_insights_metric_types(client):
    for kind in ("job", "asset", "asset_group", "deployment"):
        found = await client.insights.metric_types(of=kind).to_list()
        assert {type(t) for t in found} == {MetricType}


# To the server that was recorded, the window's `after` is a cursor, and nothing is behind it.
async def test_insights_metric_types_of_job(client):
    assert await client.insights.metric_types_of_job("daily_report", **WINDOW).to_list() == []


async def test_insights_metric_types_of_asset(client):
    assert await client.insights.metric_types_of_asset("shop/orders", **WINDOW).to_list() == []


async def test_insights_run_metrics(client):
    found = await client.insights.run_metrics("daily_report", METRIC, **PLACE)
    assert type(found) is InsightsRunMetrics


async def test_insights_materialization_metrics(client):
    found = await client.insights.materialization_metrics("shop/orders", METRIC)
    assert type(found) is InsightsRunMetrics


async def test_insights_kpis(client):
    found = await client.insights.kpis([METRIC], ["group:shop"], **WINDOW)
    assert {type(kpi) for row in found for kpi in row} == {InsightsKpi}


async def test_insights_time_ranges(client):
    found = await client.insights.time_ranges()
    assert {type(r) for r in found} == {ReportingTimeRange}


async def test_insights_metadata(client):
    assert type(await client.insights.metadata()) is InsightsMetadata


async def test_insights_settings(client):
    assert type(await client.insights.settings()) is InsightsSettings


async def test_insights_set_metadata_keys(client):
    assert await client.insights.set_metadata_keys(["rows"]) is None


async def test_insights_set_cost_multiplier(client):
    found = await client.insights.set_cost_multiplier(METRIC, multiplier=0.5)
    assert type(found) is InsightsCustomizations


async def test_insights_customize_metric(client):
    found = await client.insights.customize_metric(METRIC, display_name="Credits")
    assert type(found) is InsightsCustomizations


async def test_insights_create_metrics(client):
    values = [{"metricName": "rows", "metricValue": 1.5}]
    metrics = [{"runId": "0f", "jobMetricDefinitions": [{"metricValues": values}]}]
    assert await client.insights.create_metrics({"metrics": metrics}) is None


async def test_insights_submit_costs(client):
    costs = {"query-1": 1.5}
    done = await client.insights.submit_costs(costs, "snowflake", start=1700000000, end=1700003600)
    assert done is None


async def test_insights_custom_metrics(client):
    found = await client.insights.custom_metrics().to_list()
    assert {type(m) for m in found} == {CustomMetric}


async def test_insights_custom_metrics_limits(client):
    assert type(await client.insights.custom_metrics_limits()) is CustomMetricsLimits


async def test_insights_create_custom_metric(client):
    found = await client.insights.create_custom_metric("rows", unit="INTEGER")
    assert (type(found), found.metadata_key) == (CustomMetric, "rows")


async def test_insights_update_custom_metric(client):
    found = await client.insights.update_custom_metric("metadataKey-1", display_name="Rows")
    assert type(found) is CustomMetric


async def test_insights_delete_custom_metric(client):
    assert await client.insights.delete_custom_metric("metadataKey-1") is None
