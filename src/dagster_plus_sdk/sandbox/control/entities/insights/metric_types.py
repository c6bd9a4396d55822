"""Insights: which metrics there are, of what, and how people want to see them."""

from __future__ import annotations

from ...registry import Failure, kind, mutation, query
from .custom_metrics import custom_metrics_of
from .reports import is_live, job_matches, path_filter
from .run_facts import facts_here
from .samples import METRICS, SETTINGS, metadata_keys, samples_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ...context import Context
    from ...store import Row

EDIT = "EDIT_INSIGHTS_METRICS"
MULTIPLIER = kind("InsightsMetricCostMultiplier", private=("deployment",))
CUSTOMIZATION = kind("InsightsMetricCustomization", private=("deployment",))
RANGES = ["Last24Hours", "Last7Days", "ThisWeek", "Last30Days", "ThisMonth", "Last120Days"]


def _here(context: Context) -> int:
    number: int = context.here()["deploymentId"]
    return number


def _own(context: Context, kind_name: str, metric: str | None = None) -> list[Row]:
    rows = context.store.list(kind_name, deployment=_here(context))
    return [row for row in rows if metric in (None, row["metricKey"])]


def _types(context: Context, of: str, store: str | None, names: Iterable[str] | None = None) -> Row:
    """Return the metrics of one of the nouns of `EVERY`; with names, of these only."""
    known = {
        name: {
            "defaultDisplayName": metric.title,
            "defaultDescription": metric.about,
            "category": metric.category,
            "unitType": metric.unit,
        }
        for name, metric in METRICS.items()
        if of in metric.of
    }
    if of in ("asset", "asset_group"):
        known |= _custom(context)
    wanted = None if names is None else set(names)
    found = [
        _type(context, name, row, number)
        for number, (name, row) in enumerate(known.items())
        if wanted is None or name in wanted
    ]
    return {"id": of, "metricTypes": found if is_live(context, store) else []}


def _custom(context: Context) -> dict[str, Row]:
    own = {row["metadataKey"]: row for row in custom_metrics_of(context, _here(context))}
    return {
        key: {
            "defaultDisplayName": own.get(key, {}).get("displayName") or key,
            "defaultDescription": own.get(key, {}).get("description"),
            "category": "Custom",
            "unitType": own.get(key, {}).get("unitType") or "FLOAT",
        }
        for key in metadata_keys(context, _here(context))
    }


def _type(context: Context, name: str, known: Row, number: int) -> Row:
    customization = next(iter(_own(context, CUSTOMIZATION, name)), {})
    multiplier = next(iter(_own(context, MULTIPLIER, name)), {})
    return {
        **known,
        "id": name,
        "metricName": name,
        "displayName": customization.get("customMetricName") or known["defaultDisplayName"],
        "description": customization.get("customMetricDescription") or known["defaultDescription"],
        "customIcon": customization.get("customMetricIcon"),
        "visible": customization.get("metricShown", True),
        "costMultiplier": multiplier.get("costMultiplier"),
        "pending": False,
        "priority": number,
    }


def _of(noun: str) -> Callable[..., Row]:
    def resolve(context: Context, *, metrics_store_type: str | None = None) -> Row:
        return _types(context, noun, metrics_store_type)

    return resolve


for _name, _noun in {
    "Job": "job",
    "Asset": "asset",
    "AssetGroup": "asset_group",
    "Deployment": "deployment",
}.items():
    query(f"metricTypesFor{_name}")(_of(_noun))


def _is_in(timeframe: Row, time: float) -> bool:
    after, before = timeframe.get("after"), timeframe.get("before")
    return (after is None or after <= time) and (before is None or time < before)


@query("metricTypesForSpecificJob")
def of_job(
    context: Context,
    *,
    timeframe_selector: Row,
    metrics_filter: Row | None = None,
    metrics_store_type: str | None = None,
) -> Row:
    """Return the metrics that jobs have values of."""
    jobs = (metrics_filter or {}).get("jobs") or [{}]
    names = {
        s.metric
        for s in samples_here(context)
        if s.fact
        and _is_in(timeframe_selector, s.time)
        and any(job_matches(job, s.fact) for job in jobs)
    }
    return _types(context, "job", metrics_store_type, names)


@query("metricTypesForSpecificAsset")
def of_asset(
    context: Context,
    *,
    timeframe_selector: Row,
    metrics_filter: Row | None = None,
    metrics_store_type: str | None = None,
) -> Row:
    """Return the metrics that assets have values of."""
    keep = path_filter((metrics_filter or {}).get("assets") or None)
    names = {
        s.metric
        for s in samples_here(context)
        if _is_in(timeframe_selector, s.time) and any(map(keep, s.assets))
    }
    return _types(context, "asset", metrics_store_type, names)


@query("metricsTimeRanges")
def time_ranges(_context: Context) -> Row:
    """Return the windows that the plan allows."""
    return {"timeRanges": RANGES}


@query("queryableMetrics")
def queryable_metrics(_context: Context) -> list[str]:
    """Return what usage can be asked for."""
    return ["CREDITS", "ALL_STEP_DURATION", "SERVERLESS_RUN_DURATION"]


@query("reportingMetadata")
def reporting_metadata(context: Context) -> Row:
    """Return how current the facts are, and which numbers materializations have in their metadata."""
    facts = facts_here(context)
    keys = {key for f in facts for output in f["materializations"] for key in output["numbers"]}
    return {
        "latestDataTimestamp": max((fact["end"] for fact in facts), default=None),
        "downsamplingRate": 1.0,
        "availableMetadataKeys": sorted(keys),
    }


@query("reportingDeploymentSettings")
def settings(context: Context) -> Row:
    """Return how the deployment's metrics are shown."""
    found = context.store.get(SETTINGS, _here(context)) or {}
    return {**_customized(context), "metadataKeys": found.get("metadataKeys", [])}


def _customized(context: Context) -> Row:
    return {
        "status": "success",
        "costMultipliers": _own(context, MULTIPLIER),
        "customizations": _own(context, CUSTOMIZATION),
    }


@mutation("updateReportingDeploymentSettings", needs=EDIT, audit="UPDATE_DEPLOYMENT_SETTINGS")
def update_settings(context: Context, *, metadata_keys: list[str] | None = None) -> Row:
    """Set which metadata are metrics."""
    number = _here(context)
    row = {"metadataKeys": metadata_keys or [], "deployment": number}
    context.store.put(SETTINGS, number, row)
    return {"status": "success"}


def _put(context: Context, kind_name: str, metric: str, values: Row) -> None:
    if not metric.strip():
        raise Failure("UpdateMetricCustomizationsFailureError", "The metric has no name.")
    number = _here(context)
    identifier = f"{number}:{metric}"
    row = {**values, "id": identifier, "metricKey": metric, "deployment": number}
    context.store.put(kind_name, identifier, row)


@mutation("createOrUpdateCostMultiplier", needs=EDIT, audit="UPDATE_DEPLOYMENT_SETTINGS")
def set_cost_multiplier(
    context: Context, *, metric_key: str, cost_multiplier: float | None = None
) -> Row:
    """Set what one of a metric costs; without a number, it costs nothing any more."""
    title = METRICS[metric_key].title if metric_key in METRICS else metric_key
    values = {"costMultiplier": cost_multiplier, "displayName": title}
    _put(context, MULTIPLIER, metric_key, values)
    if cost_multiplier is None:
        context.store.delete(MULTIPLIER, f"{_here(context)}:{metric_key}")
    return _customized(context)


@mutation("updateMetricCustomizations", needs=EDIT, audit="UPDATE_DEPLOYMENT_SETTINGS")
def customize_metrics(context: Context, *, customizations: list[Row]) -> Row:
    """Set how metrics are shown."""
    for values in customizations:
        _put(context, CUSTOMIZATION, values["metricKey"], values)
    return _customized(context)
