"""Metrics of seeded runs over time: exact numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from kit.seeds import INSIGHTS, NOON, START
from kit.shown import CREDITS, DAY, STEP_TIME, WEEK, rows

from dagster_plus_sdk import DagsterPlusError, InvalidRequestError, ServerError

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def seeded(plus):
    plus.seed(INSIGHTS)


async def test_jobs(client):
    found = await client.insights.by_job(CREDITS, **WEEK)

    assert found.timestamps == [START + n * DAY for n in range(4)]
    # An op and three materializations; an op; two ops.
    assert rows(found, "job_name") == {
        "etl": ([4.0, None, 1.0, None], 5.0),
        "nightly": ([None, None, 2.0, None], 2.0),
    }
    assert found.metrics[0].entity.location_name == ""
    change = found.metrics[0].aggregate_value_change
    assert (change.change, change.is_newly_available) == (0.0, True)


@pytest.mark.parametrize(
    ("metric", "etl", "nightly"),
    [
        ("dagster_credits", 5, 2),
        ("execution_time_ms", 70_000, 60_000),
        ("run_duration_ms", 160_000, 30_000),
        ("run_queue_time_ms", 5_000, None),
        ("runs_queued", 1, None),
        ("runs_in_progress", 2, 1),
        ("materializations", 3, None),
        ("observations", None, 1),
        ("step_failures", 1, None),
        ("step_retries", 2, None),
        ("asset_check_errors", 1, None),
        ("asset_check_warnings", 1, None),
    ],
)
async def test_every_metric_of_its_own(client, metric, etl, nightly):
    found = await client.insights.by_job(f"__dagster_{metric}", **WEEK)

    whole = {name: value for name, (_, value) in rows(found, "job_name").items()}
    assert whole == {k: v for k, v in {"etl": etl, "nightly": nightly}.items() if v is not None}


@pytest.mark.parametrize(
    ("function", "values", "whole"),
    [
        ("SUM", [60_000.0, 10_000.0], 70_000.0),
        ("AVERAGE", [20_000.0, 5_000.0], 14_000.0),
        ("MIN", [10_000.0, 4_000.0], 4_000.0),
        ("MAX", [30_000.0, 6_000.0], 30_000.0),
        ("LATEST", [30_000.0, 6_000.0], 6_000.0),
        ("P75", [30_000.0, 6_000.0], 20_000.0),
        ("P99", [30_000.0, 6_000.0], 30_000.0),
    ],
)
async def test_many_values_become_one(client, function, values, whole):
    found = await client.insights.by_job(STEP_TIME, **WEEK, jobs="etl", aggregation=function)

    (entry,) = found.metrics
    assert [entry.values[0], entry.values[2], entry.aggregate_value] == [*values, whole]


@pytest.mark.parametrize(
    ("granularity", "window", "starts", "values"),
    [
        ("HOURLY", (START + DAY / 2, START + DAY / 2 + DAY / 12), [12, 13], [4.0, None]),
        ("WEEKLY", (START, START + 8 * DAY), [0, 24 * 7], [5.0, None]),
        ("MONTHLY", (START - DAY, START + DAY), [-24 * 31, 0], [None, 4.0]),
    ],
)
async def test_intervals(client, granularity, window, starts, values):
    found = await client.insights.by_job(
        CREDITS, after=window[0], before=window[1], jobs="etl", granularity=granularity
    )

    assert found.timestamps == [START + timedelta(hours=hours) for hours in starts]
    assert found.metrics[0].values == values


@pytest.mark.parametrize(("switch", "change"), [("fraction", -0.75), ("percent", -75.0)])
async def test_the_change_from_the_window_before(client, plus, switch, change):
    plus.switches(insights_change=switch)

    found = await client.insights.by_job(
        CREDITS, after=START + 2 * DAY, before=START + 4 * DAY, jobs="etl"
    )

    (entry,) = found.metrics
    assert entry.aggregate_value_change.change == change
    assert not entry.aggregate_value_change.is_newly_available


async def test_order_and_limit(client):
    async def names(**options):
        found = await client.insights.by_job(CREDITS, **WEEK, **options)
        return [entry.entity.job_name for entry in found.metrics]

    assert await names() == ["etl", "nightly"]
    assert await names(ascending=True) == ["nightly", "etl"]
    assert await names(sort="NAME") == ["nightly", "etl"]
    assert await names(top=1) == ["etl"]


async def test_jobs_together(client):
    found = await client.insights.by_job(CREDITS, **WEEK, combine=True)

    (entry,) = found.metrics
    assert entry.aggregate_value == 7
    assert [job.job_name for job in entry.entity.jobs] == ["etl", "nightly"]


async def test_assets(client):
    materialized = await client.insights.by_asset("__dagster_materializations", **WEEK)
    lasted = await client.insights.by_asset(STEP_TIME, **WEEK)
    failed = await client.insights.by_asset("__dagster_step_failures", **WEEK)

    def whole(found):
        return {
            "/".join(entry.entity.asset_key.path): entry.aggregate_value for entry in found.metrics
        }

    assert whole(materialized) == {"raw/orders": 1, "sales": 1, "visits": 1}
    # A step of two assets is halved.
    assert whole(lasted) == {"raw/orders": 26_000, "sales": 15_000, "visits": 15_000}
    assert whole(failed) == {"raw/orders": 1}


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({"assets": "raw/orders"}, ["raw/orders"]),
        ({"groups": "analytics"}, ["sales", "visits"]),
        ({"selection": "group:analytics and not tag:tier=1"}, ["visits"]),
        ({"selection": 'key:"raw/*" or (kind:parquet)'}, ["raw/orders"]),
        ({"selection": 'owner:"team:shop"'}, ["raw/orders"]),
        ({"selection": "code_location:web"}, ["visits"]),
        ({"selection": "1+visits"}, ["sales", "visits"]),
        ({"selection": 'key:"raw/orders"+1'}, ["raw/orders", "sales"]),
        ({"selection": '"raw/orders"+ and not sales'}, ["raw/orders", "visits"]),
        ({"selection": "2+visits"}, ["raw/orders", "sales", "visits"]),
        ({"selection": "*", "groups": "ingestion"}, ["raw/orders"]),
    ],
)
async def test_filters_of_assets(client, filters, keys):
    found = await client.insights.by_asset("__dagster_materializations", **WEEK, **filters)

    assert sorted("/".join(entry.entity.asset_key.path) for entry in found.metrics) == keys


@pytest.mark.parametrize("selection", ["group:", "a and", "(a", "a)", "+", "color:red", 'a "b'])
async def test_a_selection_that_cannot_be_read(client, selection):
    if selection == "group:":
        with pytest.raises(ServerError):
            await client.insights.by_asset_selection(CREDITS, **WEEK, selection=selection)
        return
    with pytest.raises(InvalidRequestError, match=r"selection|selected"):
        await client.insights.by_asset(CREDITS, **WEEK, selection=selection)


async def test_groups_selections_and_single_numbers(client):
    groups = await client.insights.by_asset_group("__dagster_materializations", **WEEK)
    one = await client.insights.by_asset_group(
        "__dagster_materializations", **WEEK, groups="ingestion"
    )
    selected = await client.insights.by_asset_selection(
        CREDITS, **WEEK, selection="group:analytics"
    )
    kpis = await client.insights.kpis(
        [CREDITS, STEP_TIME, "__dagster_observations"], ["group:analytics", "key:none"], **WEEK
    )

    assert rows(groups, "group_name") == {
        "analytics": ([2.0, None, None, None], 2.0),
        "ingestion": ([1.0, None, None, None], 1.0),
    }
    assert list(rows(one, "group_name")) == ["ingestion"]
    assert rows(selected, "selection") == {"group:analytics": ([2.0, None, None, None], 2.0)}
    assert [[kpi and (kpi.metric_name, kpi.aggregate_value) for kpi in row] for row in kpis] == [
        [(CREDITS, 2.0), (STEP_TIME, 30_000.0), ("__dagster_observations", 1.0)],
        [None, None, None],
    ]


async def test_deployments(client, connect):
    found = await client.insights.by_deployment(CREDITS, **WEEK)
    one = await client.insights.by_deployment(CREDITS, **WEEK, deployments="staging")
    staging = await connect(deployment="staging").insights.by_job(CREDITS, **WEEK)

    assert rows(found, "name") == {
        "prod": ([4.0, None, 3.0, None], 7.0),
        "staging": ([1.0, None, None, None], 1.0),
    }
    assert list(rows(one, "name")) == ["staging"]
    assert rows(staging, "job_name") == {"etl": ([1.0, None, None, None], 1.0)}


async def test_branch_deployments(client, plus):
    with pytest.raises(InvalidRequestError, match="Branch"):
        await client.insights.by_deployment(CREDITS, **WEEK, branch_deployments=True)
    with pytest.raises(ServerError):
        await client.insights.by_branch_deployments(CREDITS, **WEEK)

    plus.switches(insights_empty_window="empty")
    found = await client.insights.by_branch_deployments(CREDITS, **WEEK)
    assert (len(found.timestamps), found.metrics) == (4, [])


async def test_what_the_live_store_cannot(client, plus):
    long_ago = {"after": START - 30 * DAY, "before": START - 20 * DAY}
    with pytest.raises(ServerError, match=r"Internal Server Error \(Trace ID: \d+\)"):
        await client.insights.by_job(CREDITS, **long_ago)
    with pytest.raises(ServerError, match="Trace ID"):
        await client.insights.by_job(CREDITS, **WEEK, location="demo")

    plus.switches(insights_empty_window="empty", insights_location_filter="works")
    assert (await client.insights.by_job(CREDITS, **long_ago)).metrics == []
    assert len((await client.insights.by_job(CREDITS, **WEEK, location="demo")).metrics) == 2
    assert (await client.insights.by_job(CREDITS, **WEEK, location="other")).metrics == []


async def test_nothing_feeds_the_other_store(client, plus):
    found = await client.insights.by_job(CREDITS, **WEEK, store="POSTGRES")
    assert (found.timestamps, found.metrics) == ([], [])

    ask = """query ($s: ReportingMetricsSelector!) {
      reportingMetricsByJob(metricsSelector: $s) { ... on ReportingMetrics { timestamps } }
    }"""
    chosen = {
        "metricName": CREDITS,
        "granularity": "DAILY",
        "after": NOON - 1,
        "before": NOON + 999,
    }
    empty = await client.graphql(ask, {"s": chosen})
    plus.switches(insights_no_store="VICTORIA_METRICS")
    live = await client.graphql(ask, {"s": chosen})
    assert empty["reportingMetricsByJob"] == {"timestamps": []}
    assert live["reportingMetricsByJob"] == {"timestamps": [START.timestamp()]}


@pytest.mark.parametrize(
    ("after", "before", "message"),
    [(2.0, 1.0, "earlier"), (0.0, 121 * 86400.0, "120 days")],
)
async def test_a_window_that_cannot_be(client, after, before, message):
    ask = """query ($s: ReportingMetricsSelector!) {
      reportingMetricsByJob(metricsSelector: $s) { __typename ... on Error { message } }
    }"""
    chosen = {"metricName": CREDITS, "granularity": "DAILY", "after": after, "before": before}

    found = (await client.graphql(ask, {"s": chosen}))["reportingMetricsByJob"]

    assert found["__typename"] == "ReportingInputError"
    assert message in found["message"]


async def test_a_deployment_that_is_gone_takes_its_numbers_along(client):
    await client.deployments.delete("staging")

    found = await client.insights.by_deployment(CREDITS, **WEEK)
    assert list(rows(found, "name")) == ["prod"]


@pytest.mark.parametrize("run", [{}, {"job": "a", "deployment": "none"}, {"job": "a", "x": 1}])
async def test_a_seed_that_cannot_be(plus, run):
    with pytest.raises(DagsterPlusError, match="runs"):
        plus.seed({"runs": [run]})
