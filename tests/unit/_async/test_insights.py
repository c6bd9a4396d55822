"""Insights: one metric per request, windows, filters, costs, custom metrics."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from kit.payloads import deployment, error, job, jobs
from kit.server import Reply

from dagster_plus_sdk import (
    AssetKey,
    CustomMetric,
    CustomMetricsLimits,
    InsightsCustomizations,
    InsightsKpi,
    InsightsMetadata,
    InsightsRunMetrics,
    InsightsSettings,
    MetricType,
    ReportingAsset,
    ReportingDeployment,
    ReportingJob,
    ReportingMetrics,
    UnknownReportingEntity,
    errors,
)

pytestmark = pytest.mark.anyio

METRIC = "__dagster_dagster_credits"
START = datetime(2024, 5, 1, tzinfo=timezone.utc)
WINDOW = {"after": START, "before": START + timedelta(days=2)}
SELECTOR = {
    "metricName": METRIC,
    "after": START.timestamp(),
    "before": START.timestamp() + 172800,
    "granularity": "DAILY",
}
PLACE = {"codeLocationName": "north", "repositoryName": "shop"}
NORTH = {"location": "north", "repository": "shop"}
JOB = {"__typename": "ReportingJob", "jobName": "j", "repositoryName": "", "locationName": ""}
CHANGE = {"change": -0.5, "isNewlyAvailable": False}


def reporting(*entities):
    entries = [
        {
            "entity": entity,
            "aggregateValue": 5.0,
            "aggregateValueChange": CHANGE,
            "values": [1.5, None],
        }
        for entity in entities
    ]
    stamps = [START.timestamp(), START.timestamp() + 86400]
    return {"__typename": "ReportingMetrics", "timestamps": stamps, "metrics": entries}


#: Each method with its root field and what it takes without being asked.
REPORTS = {
    "by_job": ("reportingMetricsByJob", {"limit": 10}),
    "by_asset": ("reportingMetricsByAsset", {"limit": 10}),
    "by_asset_group": ("reportingMetricsByAssetGroup", {"limit": 10}),
    "by_deployment": ("reportingMetricsByDeployment", {"branchDeployments": False, "limit": 10}),
}


@pytest.mark.parametrize("method", REPORTS)
async def test_what_is_asked_by_default(client, server, method):
    root, filters = REPORTS[method]
    server.data({root: reporting(JOB)})
    found = await getattr(client.insights, method)(METRIC, **WINDOW)
    assert type(found) is ReportingMetrics
    assert found.timestamps == [START, START + timedelta(days=1)]
    assert found.metrics[0].values == [1.5, None]
    assert found.metrics[0].aggregate_value_change.change == -0.5
    assert server.received[0].variables == {
        "metricsFilter": filters,
        "metricsSelector": SELECTOR,
        "store": "VICTORIA_METRICS",
    }


async def test_entities(client, server):
    asset = {
        "__typename": "ReportingAsset",
        "assetKey": {"path": ["a", "b"]},
        "assetGroup": None,
        "repositoryName": "",
        "locationName": "",
    }
    prod = {"__typename": "DagsterCloudDeployment", "id": 87, "name": "prod"}
    moon = {"__typename": "ReportingMoon", "phase": 1}
    answer = reporting(JOB, asset, prod, moon)
    answer["metrics"].append(None)
    server.data({"reportingMetricsByJob": answer})
    *entries, nothing = (await client.insights.by_job(METRIC, **WINDOW)).metrics
    assert nothing is None
    entities = [entry.entity for entry in entries]
    assert [type(e) for e in entities] == [
        ReportingJob,
        ReportingAsset,
        ReportingDeployment,
        UnknownReportingEntity,
    ]
    assert (entities[0].job_name, entities[1].asset_key) == ("j", AssetKey("a", "b"))
    assert (entities[2].id, entities[2].name) == (87, "prod")


@pytest.mark.parametrize(
    ("method", "given", "sent"),
    [
        ("by_job", {"jobs": "j", "top": 3}, {"jobs": [{"jobName": "j"}], "limit": 3}),
        (
            "by_job",
            {"jobs": ["j", "k"], "combine": True, **NORTH},
            {"jobs": [{"jobName": n, **PLACE} for n in "jk"], "combineJobs": True},
        ),
        ("by_job", NORTH, {"codeLocations": [PLACE]}),
        ("by_job", {"location": "north"}, {"codeLocations": [{"codeLocationName": "north"}]}),
        (
            "by_asset",
            {"assets": [AssetKey("a", "b"), r"c\/d/e"]},
            {"assets": [{"assetKey": {"path": ["a", "b"]}}, {"assetKey": {"path": ["c/d", "e"]}}]},
        ),
        ("by_asset", {"assets": "a/b"}, {"assets": [{"assetKey": {"path": ["a", "b"]}}]}),
        (
            "by_asset",
            {"groups": ["g"], "selection": "kind:x", **NORTH},
            {"assetGroups": [{"assetGroupName": "g", **PLACE}], "assetSelection": "kind:x"},
        ),
        (
            "by_asset",
            {"connections": "c1", "location": "north"},
            {
                "connections": [{"connectionId": "c1"}],
                "codeLocations": [{"codeLocationName": "north"}],
            },
        ),
        ("by_asset_group", {"groups": "g"}, {"assetGroups": [{"assetGroupName": "g"}]}),
        ("by_asset_group", NORTH, {"codeLocations": [PLACE]}),
        ("by_deployment", {"branch_deployments": True}, {"branchDeployments": True}),
    ],
)
async def test_filters(client, server, method, given, sent):
    root, filters = REPORTS[method]
    server.data({root: reporting()})
    await getattr(client.insights, method)(METRIC, **WINDOW, **given)
    assert server.received[0].variables["metricsFilter"] == {**filters, **sent}


@pytest.mark.parametrize(
    ("given", "sent", "store"),
    [
        ({"granularity": "hourly"}, {"granularity": "HOURLY"}, "VICTORIA_METRICS"),
        (
            {"aggregation": "p95", "sort": "name"},
            {
                "aggregationFunction": "P95",
                "sortTarget": ["NAME"],
                "sortDirection": ["DESCENDING"],
            },
            "VICTORIA_METRICS",
        ),
        (
            {"ascending": True, "store": "postgres"},
            {"sortTarget": ["AGGREGATION_VALUE"], "sortDirection": ["ASCENDING"]},
            "POSTGRES",
        ),
    ],
)
@pytest.mark.parametrize("method", REPORTS)
async def test_selectors(client, server, method, given, sent, store):
    server.data({REPORTS[method][0]: reporting()})
    await getattr(client.insights, method)(METRIC, **WINDOW, **given)
    variables = server.received[0].variables
    assert variables["metricsSelector"] == {**SELECTOR, **sent}
    assert variables["store"] == store


async def test_deployments_by_name(client, server):
    listed = {"fullDeployments": [deployment("prod", id=87), deployment("dev", id=88)]}
    server.data(listed, {"reportingMetricsByDeployment": reporting()})
    await client.insights.by_deployment(METRIC, **WINDOW, deployments=["dev", "prod"])
    assert server.received[1].variables["metricsFilter"]["deploymentIds"] == [88, 87]
    server.replies.clear()
    server.data(listed)
    with pytest.raises(errors.NotFoundError, match="did you mean 'prod'"):
        await client.insights.by_deployment(METRIC, **WINDOW, deployments="prood")


async def test_branch_deployments_together(client, server):
    everything = {"__typename": "ReportingAllBranchDeployments", "organizationId": 5}
    server.data({"branchDeploymentAggregateMetrics": reporting(everything)})
    found = await client.insights.by_branch_deployments(METRIC, **WINDOW, aggregation="sum")
    assert found.metrics[0].entity.organization_id == 5
    sent = {"metricsSelector": {**SELECTOR, "aggregationFunction": "SUM"}}
    assert server.received[0].variables == sent


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"selection": "group:x"}, {"assetSelection": "group:x"}),
        ({"assets": ["a/b"]}, {"assetKeys": [{"path": ["a", "b"]}]}),
    ],
)
async def test_asset_selections(client, server, given, sent):
    server.data({"reportingMetricsByAssetSelection": reporting()})
    await client.insights.by_asset_selection(METRIC, **WINDOW, **given)
    assert server.received[0].variables["metricsFilter"] == sent


@pytest.mark.parametrize("given", [{}, {"selection": "x", "assets": ["a"]}, {"assets": []}])
async def test_asset_selections_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.insights.by_asset_selection(METRIC, **WINDOW, **given)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("window", "says"),
    [
        ((START, START), "after must be earlier than before"),
        ((START + timedelta(days=2), START), "after must be earlier than before"),
        ((START, START + timedelta(days=120, seconds=1)), "longer than 120 days"),
        ((datetime(2024, 5, 1), START), "after needs a timezone"),  # noqa: DTZ001 - the point
        ((None, START), "after and before are both needed"),
        (("yesterday", START), "aware datetime or epoch seconds"),
    ],
)
async def test_windows_that_cannot_be(client, server, window, says):
    insights = client.insights
    window = dict(zip(("after", "before"), window, strict=True))
    for method in (*REPORTS, "by_branch_deployments"):
        with pytest.raises(errors.InvalidInputError, match=says):
            await getattr(insights, method)(METRIC, **window)
    with pytest.raises(errors.InvalidInputError, match=says):
        await insights.by_asset_selection(METRIC, **window, selection="x")
    with pytest.raises(errors.InvalidInputError, match=says):
        await insights.kpis([METRIC], ["x"], **window)
    with pytest.raises(errors.InvalidInputError, match=says):
        insights.metric_types_of_job("j", **window)
    assert server.requests == 0


async def test_the_longest_window(client, server):
    server.data({"reportingMetricsByJob": reporting()})
    end = START.timestamp() + 120 * 86400
    await client.insights.by_job(METRIC, after=START.timestamp(), before=end)
    assert server.received[0].variables["metricsSelector"]["before"] == end


@pytest.mark.parametrize(
    "given",
    [
        {"granularity": "YEARLY"},
        {"aggregation": "MODE"},
        {"sort": "COLOR"},
        {"store": "ATTIC"},
        {"top": 0},
    ],
)
@pytest.mark.parametrize("method", REPORTS)
async def test_arguments_that_cannot_be(client, server, method, given):
    with pytest.raises(errors.InvalidInputError):
        await getattr(client.insights, method)(METRIC, **WINDOW, **given)
    with pytest.raises(errors.InvalidInputError, match="the metric's name"):
        await getattr(client.insights, method)("", **WINDOW)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("by_job", {"jobs": []}),
        ("by_job", {"location": ""}),
        ("by_asset", {"assets": []}),
        ("by_asset", {"groups": []}),
        ("by_asset", {"selection": ""}),
        ("by_asset", {"connections": []}),
        ("by_asset_group", {"groups": [""]}),
        ("by_deployment", {"deployments": []}),
    ],
)
async def test_empty_filters(client, server, method, given):
    with pytest.raises(errors.InvalidInputError):
        await getattr(client.insights, method)(METRIC, **WINDOW, **given)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind", "code"),
    [
        ("ReportingInputError", errors.InvalidRequestError, "REPORTING_INPUT"),
        ("UnauthorizedError", errors.PermissionDeniedError, "UNAUTHORIZED"),
        ("PythonError", errors.ServerError, "INTERNAL_ERROR"),
    ],
)
async def test_refusals(client, server, typename, kind, code):
    server.data({"reportingMetricsByDeployment": error(typename, "branches are unsupported")})
    with pytest.raises(kind, match="unsupported") as caught:
        await client.insights.by_deployment(METRIC, **WINDOW, branch_deployments=True)
    assert caught.value.code == code


METRIC_TYPE = {
    "id": "1",
    "metricName": METRIC,
    "displayName": "Credits",
    "description": None,
    "category": None,
    "unitType": "UNIT_OF_TOMORROW",
    "costMultiplier": 0.5,
    "customIcon": None,
    "defaultDescription": None,
    "defaultDisplayName": "Credits",
    "pending": None,
    "priority": 1,
    "visible": True,
}
TYPES = {
    "__typename": "MetricTypeList",
    "metricTypes": [METRIC_TYPE, {**METRIC_TYPE, "metricName": "m"}],
}


@pytest.mark.parametrize(
    ("of", "root"),
    [
        ("job", "metricTypesForJob"),
        ("ASSET", "metricTypesForAsset"),
        ("asset-group", "metricTypesForAssetGroup"),
        ("deployment", "metricTypesForDeployment"),
    ],
)
async def test_metric_types(client, server, of, root):
    server.data({root: TYPES})
    found = await client.insights.metric_types(
        of=of, where=lambda t: t.metric_name != "m"
    ).to_list()
    assert [(type(t), t.metric_name, t.cost_multiplier) for t in found] == [
        (MetricType, METRIC, 0.5)
    ]
    assert found[0].unit_type == "UNIT_OF_TOMORROW"
    assert server.received[0].variables == {"store": "VICTORIA_METRICS"}


@pytest.mark.parametrize("given", [{"of": "moon"}, {"store": "ATTIC"}])
async def test_metric_types_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError, match="choose from"):
        client.insights.metric_types(**given)
    assert server.requests == 0


async def test_metric_types_of_one_thing(client, server):
    server.data({"metricTypesForSpecificJob": TYPES}, {"metricTypesForSpecificAsset": TYPES})
    assert len(await client.insights.metric_types_of_job("j", **WINDOW, **NORTH).to_list()) == 2
    await client.insights.metric_types_of_asset("a/b", **WINDOW, limit=1).to_list()
    timeframe = {"after": SELECTOR["after"], "before": SELECTOR["before"]}
    shared = {"timeframe": timeframe, "store": "VICTORIA_METRICS"}
    assert [r.variables for r in server.received] == [
        {"metricsFilter": {"jobs": [{"jobName": "j", **PLACE}]}, **shared},
        {"metricsFilter": {"assets": [{"assetKey": {"path": ["a", "b"]}}]}, **shared},
    ]


RUNS = {
    "__typename": "InsightsRunLevelMetrics",
    "entity": JOB,
    "runsWithData": [{"runId": "0f", "timestamp": START.timestamp(), "value": 2.5}],
    "runsWithoutData": [None, {"runId": "1f", "timestamp": START.timestamp()}],
}


async def test_metrics_by_run(client, server):
    server.data(
        {"runLevelMetricsForJob": RUNS},
        {"materializationLevelMetricsForAsset": RUNS},
    )
    found = await client.insights.run_metrics("j", METRIC, **NORTH)
    assert type(found) is InsightsRunMetrics
    assert (found.runs_with_data[0].timestamp, found.runs_with_data[0].value) == (START, 2.5)
    assert found.runs_without_data[1].run_id == "1f"
    await client.insights.materialization_metrics(AssetKey("a", "b"), METRIC)
    selector = {"metricsSelector": {"metricName": METRIC}}
    assert [r.variables for r in server.received] == [
        {"job": {"jobName": "j", **PLACE}, **selector},
        {"assetKey": {"assetKey": {"path": ["a", "b"]}}, **selector},
    ]


async def test_metrics_by_run_find_the_job(client, server):
    server.data(jobs(job("j", "north", "shop")), {"runLevelMetricsForJob": RUNS})
    await client.insights.run_metrics("j", METRIC)
    assert server.operations == ["FindJobs", "GetRunMetrics"]
    assert server.received[1].variables["job"] == {"jobName": "j", **PLACE}


async def test_kpis(client, server):
    kpi = {"metricName": METRIC, "aggregateValue": 5.0, "aggregateValueChange": CHANGE}
    server.data({"kpisByAssetSelection": [[kpi, None], []]})
    found = await client.insights.kpis(METRIC, ["group:x", "group:y"], **WINDOW)
    assert [[type(k) for k in row] for row in found] == [[InsightsKpi, type(None)], []]
    assert server.received[0].variables == {
        "metricsFilters": [{"assetSelection": "group:x"}, {"assetSelection": "group:y"}],
        "metricsSelectors": [SELECTOR],
        "store": "VICTORIA_METRICS",
    }


@pytest.mark.parametrize("given", [([], ["x"]), ([METRIC], []), ([METRIC], [""]), ([""], ["x"])])
async def test_kpis_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.insights.kpis(*given, **WINDOW)
    assert server.requests == 0


COST = {"id": "1", "metricName": METRIC, "displayName": None, "costMultiplier": 0.5}
CUSTOM = {
    "id": "2",
    "metricName": METRIC,
    "displayName": "Credits",
    "description": None,
    "icon": None,
    "isShown": False,
}
CUSTOMIZATIONS = {
    "__typename": "UpdateMetricCustomizationsSuccess",
    "costMultipliers": [COST],
    "customizations": [CUSTOM],
}


async def test_settings(client, server):
    server.data(
        {
            "reportingDeploymentSettings": {
                "costMultipliers": [COST],
                "customizations": [CUSTOM],
                "metadataKeys": ["rows"],
            }
        },
        {
            "reportingMetadata": {
                "latestDataAt": START.timestamp(),
                "downsamplingRate": None,
                "metadataKeys": ["rows", None],
            }
        },
        {"metricsTimeRanges": {"timeRanges": ["Last7Days", "ThisYear"]}},
    )
    found = await client.insights.settings()
    assert type(found) is InsightsSettings
    assert (found.cost_multipliers[0].cost_multiplier, found.customizations[0].is_shown) == (
        0.5,
        False,
    )
    metadata = await client.insights.metadata()
    assert type(metadata) is InsightsMetadata
    assert metadata.latest_data_at == START
    assert await client.insights.time_ranges() == ["Last7Days", "ThisYear"]


async def test_changes_of_settings(client, server):
    server.data(
        {
            "updateReportingDeploymentSettings": {
                "__typename": "UpdateReportingDeploymentSettingsSuccess",
                "status": "ok",
            }
        },
        {"createOrUpdateCostMultiplier": CUSTOMIZATIONS},
        {"createOrUpdateCostMultiplier": CUSTOMIZATIONS},
        {"updateMetricCustomizations": CUSTOMIZATIONS},
    )
    assert await client.insights.set_metadata_keys(["rows"]) is None
    found = await client.insights.set_cost_multiplier(METRIC, multiplier=0.5)
    assert type(found) is InsightsCustomizations
    await client.insights.set_cost_multiplier(METRIC)
    await client.insights.customize_metric(METRIC, display_name="Credits", hidden=True)
    assert [r.variables for r in server.received] == [
        {"metadataKeys": ["rows"]},
        {"metricName": METRIC, "costMultiplier": 0.5},
        {"metricName": METRIC, "costMultiplier": None},
        {
            "customizations": [
                {
                    "metricKey": METRIC,
                    "metricShown": False,
                    "customMetricName": "Credits",
                    "customMetricDescription": None,
                    "customMetricIcon": None,
                }
            ]
        },
    ]


async def test_settings_that_are_refused(client, server):
    refusal = error("UpdateMetricCustomizationsFailureError", "no such metric")
    server.data({"updateMetricCustomizations": refusal}, {"createOrUpdateCostMultiplier": refusal})
    for call in (client.insights.customize_metric, client.insights.set_cost_multiplier):
        with pytest.raises(errors.ServerError, match="no such metric"):
            await call("m")


VALUES = {
    "runId": "0f",
    "jobMetricDefinitions": [{"metricValues": [{"metricName": "m", "metricValue": 1.5}]}],
}
LONG = {"start": WINDOW["after"], "end": WINDOW["before"]}
STORED = {"__typename": "CreateOrUpdateMetricsSuccess", "status": "ok"}


async def test_create_metrics(client, server):
    server.data({"createOrUpdateMetrics": STORED})
    assert await client.insights.create_metrics({"metrics": [VALUES]}) is None
    assert server.received[0].variables == {"metrics": [VALUES]}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "has no list 'metrics'"),
        ({"metrics": []}, "the metrics are empty"),
        ("- runId: 0f", "must be a mapping such as"),
        ({"metrics": ["0f"]}, "metrics entry 1 must be a mapping"),
        ({"metrics": [VALUES, {"stepKey": "s"}]}, "runId of metrics entry 2"),
        ({"metrics": [{"runId": "0f"}]}, "metrics entry 1 has no values"),
    ],
)
async def test_metrics_that_cannot_be(client, server, document, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.insights.create_metrics(document)
    assert server.requests == 0


async def test_submit_costs(client, server, tmp_path):
    path = tmp_path / "costs.yaml"
    path.write_text("q1: 1.5\nq2: 2\n")
    server.data({"submitCostInformationForMetrics": STORED})
    assert await client.insights.submit_costs(path, "snowflake", **LONG) is None
    assert server.received[0].variables == {
        "metricName": "snowflake",
        "start": SELECTOR["after"],
        "end": SELECTOR["before"],
        "costInfo": [{"opaqueId": "q1", "cost": 1.5}, {"opaqueId": "q2", "cost": 2.0}],
    }


async def test_costs_may_be_of_a_long_time(client, server):
    server.data({"submitCostInformationForMetrics": error("CreateOrUpdateMetricsFailed", "full")})
    with pytest.raises(errors.ServerError, match="full"):
        await client.insights.submit_costs({"q": 1}, "m", start=0, end=400 * 86400)


@pytest.mark.parametrize(
    ("costs", "window"),
    [
        ({}, LONG),
        ({"q": "1.5"}, LONG),
        ({"q": True}, LONG),
        ({"": 1}, LONG),
        ({"q": 1}, {"start": LONG["end"], "end": LONG["start"]}),
    ],
)
async def test_costs_that_cannot_be(client, server, costs, window):
    with pytest.raises(errors.InvalidInputError):
        await client.insights.submit_costs(costs, "m", **window)
    assert server.requests == 0


def custom(key, **changes):
    base = {
        "id": f"id-{key}",
        "metadataKey": key,
        "displayName": None,
        "description": None,
        "unitType": "INTEGER",
        "createdAt": START.timestamp(),
        "updatedAt": None,
    }
    return base | changes


CUSTOMS = {"customMetrics": [custom("rows"), custom("bytes")]}


async def test_custom_metrics(client, server):
    server.data(CUSTOMS)
    found = await client.insights.custom_metrics().to_list()
    assert [(type(m), m.metadata_key, m.created_at) for m in found] == [
        (CustomMetric, "bytes", START),
        (CustomMetric, "rows", START),
    ]
    kept = client.insights.custom_metrics(where=lambda m: m.metadata_key != "bytes", limit=1)
    assert [m.id for m in await kept.to_list()] == ["id-rows"]


async def test_limits_of_custom_metrics(client, server):
    limits = {"currentCount": 2, "maxCount": 500, "remaining": 498}
    server.data({"customMetricsLimits": limits}, {"customMetricsLimits": None})
    found = await client.insights.custom_metrics_limits()
    assert (type(found), found.max_count) == (CustomMetricsLimits, 500)
    with pytest.raises(errors.NotFoundError):
        await client.insights.custom_metrics_limits()


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {}),
        (
            {"display_name": "Rows", "description": "d", "unit": "bytes"},
            {"displayName": "Rows", "description": "d", "unitType": "BYTES"},
        ),
    ],
)
async def test_create_a_custom_metric(client, server, given, sent):
    made = {"__typename": "CreateCustomMetricSuccess", "customMetric": custom("rows")}
    server.data({"createCustomMetric": made})
    assert type(await client.insights.create_custom_metric("rows", **given)) is CustomMetric
    assert server.received[0].variables == {"customMetricInput": {"metadataKey": "rows", **sent}}


@pytest.mark.parametrize("key", ["rows", "id-rows"])
async def test_update_and_delete_a_custom_metric(client, server, key):
    made = {"__typename": "UpdateCustomMetricSuccess", "customMetric": custom("rows")}
    gone = {"__typename": "DeleteCustomMetricSuccess", "customMetricId": "id-rows"}
    server.data(CUSTOMS, {"updateCustomMetric": made}, CUSTOMS, {"deleteCustomMetric": gone})
    await client.insights.update_custom_metric(key, unit="FLOAT")
    assert await client.insights.delete_custom_metric(key) is None
    assert [r.variables for r in server.received[1::2]] == [
        {"id": "id-rows", "changes": {"unitType": "FLOAT"}},
        {"id": "id-rows"},
    ]


async def test_custom_metrics_that_cannot_be(client, server):
    insights = client.insights
    with pytest.raises(errors.InvalidInputError, match="nothing would change"):
        await insights.update_custom_metric("rows")
    with pytest.raises(errors.InvalidInputError, match="unit cannot be 'MILES'"):
        await insights.create_custom_metric("rows", unit="MILES")
    for call in (insights.create_custom_metric, insights.delete_custom_metric):
        with pytest.raises(errors.InvalidInputError, match="the metadata key"):
            await call("")
    assert server.requests == 0


async def test_refusals_of_custom_metrics(client, server):
    server.data({"createCustomMetric": error("CustomMetricError", "is there already")})
    with pytest.raises(errors.InvalidRequestError, match="is there already") as caught:
        await client.insights.create_custom_metric("rows")
    assert caught.value.code == "CUSTOM_METRIC"
    server.replies.clear()
    server.data(CUSTOMS)
    with pytest.raises(errors.NotFoundError, match="did you mean 'rows'"):
        await client.insights.delete_custom_metric("row")


@pytest.mark.parametrize("assets", [AssetKey("a/b", "c"), [["a/b", "c"]], r"a\/b/c"])
async def test_keys_of_assets_in_any_form(client, server, assets):
    server.reply(Reply({"data": {}}))
    for call in (client.insights.by_asset, client.insights.by_asset_selection):
        with pytest.raises(errors.DagsterPlusError):
            await call("m", after=1, before=2, assets=assets)
    by_asset, by_selection = (r.variables["metricsFilter"] for r in server.received)
    assert by_asset["assets"] == [{"assetKey": {"path": ["a/b", "c"]}}]
    assert by_selection["assetKeys"] == [{"path": ["a/b", "c"]}]
