"""Insights: metrics run by run; and values, costs and questions that clients send."""

from __future__ import annotations

from ...context import uuid_id
from ...registry import VIEW, Failure, mutation, query
from ..catalog.definitions import path_of
from .reports import job_matches
from .run_facts import facts_here
from .samples import COST, SUBMITTED, samples_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...context import Context
    from ...store import Row
    from .samples import Sample

#: How many runs at most, the newest first.
RUNS = 100
EDIT = "EDIT_INSIGHTS_METRICS"


def _by_run(
    context: Context,
    metric: str,
    runs: list[Row],
    value: Callable[[Sample], float | None],
) -> Row:
    found: dict[str, float] = {}
    for sample in samples_here(context):
        part = value(sample) if sample.metric == metric and sample.fact else None
        if part is not None:
            run = sample.fact["runId"]
            found[run] = found.get(run, 0.0) + part
    entries = [{"runId": run["runId"], "timestamp": run["end"]} for run in runs[::-1][:RUNS]]
    return {
        "runsWithData": [{**e, "value": found[e["runId"]]} for e in entries if e["runId"] in found],
        "runsWithoutData": [entry for entry in entries if entry["runId"] not in found],
    }


@query("runLevelMetricsForJob")
def of_job(context: Context, *, job: Row, metrics_selector: Row) -> Row:
    """Return a metric of a job's newest runs."""
    runs = [fact for fact in facts_here(context) if job_matches(job, fact)]
    entity = {
        "__typename": "ReportingJob",
        "jobName": job.get("jobName") or "",
        "repositoryName": job.get("repositoryName") or "",
        "codeLocationName": job.get("codeLocationName") or "",
    }
    found = _by_run(context, metrics_selector["metricName"], runs, lambda sample: sample.value)
    return {"entity": entity, **found}


@query("materializationLevelMetricsForAsset")
def of_asset(context: Context, *, asset_key: Row, metrics_selector: Row) -> Row:
    """Return a metric of the newest runs that materialized an asset."""
    key = asset_key["assetKey"]
    path = tuple(key["path"])
    runs = [
        fact
        for fact in facts_here(context)
        if any(tuple(output["asset"] or ()) == path for output in fact["materializations"])
    ]
    entity = {"__typename": "ReportingAsset", "assetKey": key}

    def value(sample: Sample) -> float | None:
        return sample.each if path in sample.assets else None

    return {"entity": entity, **_by_run(context, metrics_selector["metricName"], runs, value)}


def _submitted(given: Row) -> list[tuple[list[str] | None, str | None, Row]]:
    """Return what an input has values of: the job, and assets with their partitions."""
    jobs = [(None, None, each) for each in given.get("jobMetricDefinitions") or ()]
    assets: list[Any] = [
        (path_of(each["assetKey"]), each.get("partition"), each)
        for each in given.get("assetMetricDefinitions") or ()
    ]
    return [*jobs, *assets]


@mutation("createOrUpdateMetrics", needs=EDIT, audit=None)
def create_metrics(context: Context, *, metrics: list[Row] | None = None) -> Row:
    """Write values of metrics of runs, in the place of those that are there."""
    deployment = context.here()["deploymentId"]
    for given in metrics or ():
        run = given["runId"]
        if not run:
            raise Failure("CreateOrUpdateMetricsFailed", "A metric's run has no id.")
        for asset, partition, definition in _submitted(given):
            for entry in definition.get("metricValues") or ():
                row = {
                    "deployment": deployment,
                    "runId": run,
                    "step": given.get("stepKey"),
                    "asset": asset,
                    "partition": partition,
                    "metric": entry["metricName"],
                    "value": entry["metricValue"],
                    "time": context.now(),
                }
                names = ("deployment", "runId", "step", "asset", "partition", "metric")
                context.store.put(SUBMITTED, repr([row[name] for name in names]), row)
    return {"status": "success"}


@mutation("submitCostInformationForMetrics", needs=EDIT, audit=None)
def submit_costs(
    context: Context,
    *,
    metric_name: str,
    start: float,
    end: float,
    cost_info: list[Row] | None = None,
) -> Row:
    """Write what queries cost in a window of time, in the place of what is there of it."""
    if not start < end:
        raise Failure("CreateOrUpdateMetricsFailed", "'start' must be earlier than 'end'.")
    store, deployment = context.store, context.here()["deploymentId"]
    own = {"deployment": deployment, "metric": metric_name}
    for row in store.list(COST, **own):
        if row["start"] < end and start < row["end"]:
            store.delete(COST, row["id"])
    for info in cost_info or ():
        row = {**own, **info, "id": uuid_id(), "start": start, "end": end}
        store.put(COST, row["id"], row)
    return {"status": "success"}


@mutation("anomalyDetectionInference", needs=VIEW, audit=None)
def detect_anomalies(_context: Context, *, model_version: str, params: object) -> Row:
    """Refuse: Dagster+ has models for it, and the sandbox has none."""
    del params
    raise Failure("AnomalyDetectionFailure", f"There is no model {model_version!r} in the sandbox.")
