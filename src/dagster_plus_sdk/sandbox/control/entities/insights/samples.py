"""The metrics that there are, and their values: what the facts, and what people submitted, say."""

from __future__ import annotations

from typing import NamedTuple

from .custom_metrics import custom_metrics_of
from .run_facts import all_facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...context import Context
    from ...store import Row

PREFIX = "__dagster_"
SETTINGS = "ReportingDeploymentSettings"
#: What `createOrUpdateMetrics` and `submitCostInformationForMetrics` gave.
SUBMITTED = "submitted_metric"
COST = "submitted_cost"
#: An asset's event has a metadata entry of such a name for each query that it cost.
OPAQUE_ID = "opaque_id:"

EVERY = ("job", "asset", "asset_group", "deployment")
WHOLE = ("job", "deployment")


class Metric(NamedTuple):
    """A metric that Dagster+ has by itself."""

    title: str
    unit: str
    category: str
    #: What it is of.
    of: tuple[str, ...]
    about: str


METRICS = {
    PREFIX + name: metric
    for name, metric in {
        "dagster_credits": Metric(
            "Dagster credits", "INTEGER", "Usage", EVERY, "One per materialization and per op."
        ),
        "execution_time_ms": Metric(
            "Execution time", "TIME_MS", "Performance", EVERY, "How long steps ran."
        ),
        "run_duration_ms": Metric(
            "Run duration", "TIME_MS", "Performance", WHOLE, "How long runs took."
        ),
        "run_queue_time_ms": Metric(
            "Queue time", "TIME_MS", "Performance", WHOLE, "How long runs waited to start."
        ),
        "runs_queued": Metric(
            "Runs queued", "INTEGER", "Performance", WHOLE, "Runs that waited to start."
        ),
        "runs_in_progress": Metric(
            "Runs in progress", "INTEGER", "Performance", WHOLE, "Runs that started."
        ),
        "materializations": Metric(
            "Materializations", "INTEGER", "Assets", EVERY, "Materializations of assets."
        ),
        "observations": Metric(
            "Observations", "INTEGER", "Assets", EVERY, "Observations of assets."
        ),
        "step_failures": Metric(
            "Step failures", "INTEGER", "Reliability", EVERY, "Steps that failed."
        ),
        "step_retries": Metric(
            "Step retries", "INTEGER", "Reliability", EVERY, "Steps that were tried again."
        ),
        "asset_check_errors": Metric(
            "Asset check errors", "INTEGER", "Reliability", EVERY, "Checks that failed."
        ),
        "asset_check_warnings": Metric(
            "Asset check warnings", "INTEGER", "Reliability", EVERY, "Checks that warned."
        ),
    }.items()
}
CREDITS = PREFIX + "dagster_credits"
STEP_TIME = PREFIX + "execution_time_ms"
SEVERITIES = {"ERROR": "asset_check_errors", "WARN": "asset_check_warnings"}


class Sample(NamedTuple):
    """A value of a metric at a time.

    Attributes:
        metric: The metric's name.
        time: Epoch seconds.
        value: The value for the run as a whole.
        fact: What is known of the run; empty where it is not.
        assets: The assets that it is of.
        each: The value for each of the assets.
    """

    metric: str
    time: float
    value: float
    fact: Row
    assets: tuple[tuple[str, ...], ...] = ()
    each: float = 0.0


def samples_here(context: Context) -> list[Sample]:
    """Return all values of all metrics in the deployment that was asked, oldest first."""
    return samples_in(context, all_facts(context), context.here()["deploymentId"])


def samples_in(context: Context, facts: Iterable[Row], deployment: int) -> list[Sample]:
    """Return all values of all metrics in a deployment, oldest first.

    Args:
        context: Has what people submitted.
        facts: Of all deployments.
        deployment: The deployment's id.
    """
    own, store = [fact for fact in facts if fact["deployment"] == deployment], context.store
    found = [sample for fact in own for sample in samples_of(fact)]
    found += _metadata(own, metadata_keys(context, deployment))
    found += _submitted(own, store.list(SUBMITTED, deployment=deployment))
    found += _costs(own, store.list(COST, deployment=deployment))
    return sorted(found, key=lambda sample: sample.time)


def metadata_keys(context: Context, deployment: int) -> list[str]:
    """Return the metadata that are metrics: those with a custom metric, and those of the settings."""
    settings = context.store.get(SETTINGS, deployment) or {"metadataKeys": []}
    custom = (row["metadataKey"] for row in custom_metrics_of(context, deployment))
    return list(dict.fromkeys([*custom, *settings["metadataKeys"]]))


def samples_of(fact: Row) -> Iterator[Sample]:
    """Yield the values that a run gives to the metrics of Dagster+ itself."""
    yield from _of_run(fact)
    made = {tuple(output["asset"]) for output in fact["materializations"]}
    for step in fact["steps"]:
        yield from _of_step(fact, step, made)
    for output in fact["materializations"]:
        yield _of_asset("dagster_credits", output["time"], fact, output["asset"])
        yield _of_asset("materializations", output["time"], fact, output["asset"])
    for output in fact["observations"]:
        yield _of_asset("observations", output["time"], fact, output["asset"])
    for check in fact["checks"]:
        yield _of_asset(SEVERITIES[check["severity"]], check["time"], fact, check["asset"])


def _of_run(fact: Row) -> Iterator[Sample]:
    waited = _ms(fact["created"], fact["start"])
    lasted = _ms(fact["start"], fact["end"])
    yield Sample(PREFIX + "run_duration_ms", fact["end"], lasted, fact)
    yield Sample(PREFIX + "runs_in_progress", fact["start"], 1.0, fact)
    if waited:
        yield Sample(PREFIX + "run_queue_time_ms", fact["start"], waited, fact)
        yield Sample(PREFIX + "runs_queued", fact["created"], 1.0, fact)


def _ms(start: float, end: float) -> float:
    return round(max(end - start, 0.0) * 1000, 3)


def _of_step(fact: Row, step: Row, made: set[tuple[str, ...]]) -> Iterator[Sample]:
    if step["status"] == "SKIPPED":
        return
    assets = tuple(tuple(path) for path in step["assets"])
    end, lasted = step["end"], _ms(step["start"], step["end"])
    yield Sample(STEP_TIME, end, lasted, fact, assets, lasted / max(len(assets), 1))
    # The step of an asset is paid with what it materializes, and that of a check is free.
    if not assets:
        yield Sample(CREDITS, end, 1.0, fact)
    if step["retries"]:
        retries = float(step["retries"])
        yield Sample(PREFIX + "step_retries", end, retries, fact, assets, retries)
    if step["status"] == "FAILURE":
        # A step may fail after some of its assets.
        failed = tuple(path for path in assets if path not in made)
        yield Sample(PREFIX + "step_failures", end, 1.0, fact, failed, 1.0)


def _of_asset(name: str, time: float, fact: Row, path: list[str] | None) -> Sample:
    assets = (tuple(path),) if path else ()
    return Sample(PREFIX + name, time, 1.0, fact, assets, 1.0)


def _outputs(facts: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    for fact in facts:
        for output in (*fact["materializations"], *fact["observations"]):
            yield fact, output


def _metadata(facts: Iterable[Row], keys: list[str]) -> Iterator[Sample]:
    for fact, output in _outputs(facts):
        for key in keys:
            value = output["numbers"].get(key)
            if value is not None and output["asset"]:
                assets = (tuple(output["asset"]),)
                yield Sample(key, output["time"], value, fact, assets, value)


def _submitted(facts: Iterable[Row], rows: Iterable[Row]) -> Iterator[Sample]:
    runs = {fact["runId"]: fact for fact in facts}
    for row in rows:
        fact = runs.get(row["runId"], {})
        assets = (tuple(row["asset"]),) if row["asset"] else ()
        time = fact["end"] if fact else row["time"]
        yield Sample(row["metric"], time, row["value"], fact, assets, row["value"])


def _costs(facts: Iterable[Row], rows: list[Row]) -> Iterator[Sample]:
    """Yield what queries cost, for the asset whose event has the query's opaque id."""
    if not rows:
        return
    places = {
        label.partition(OPAQUE_ID)[2]: (fact, output)
        for fact, output in _outputs(facts)
        for label in output["labels"]
        if OPAQUE_ID in label and output["asset"]
    }
    for row in rows:
        fact, output = places.get(row["opaqueId"], ({}, None))
        assets = (tuple(output["asset"]),) if output else ()
        time = output["time"] if output else row["start"]
        yield Sample(row["metric"], time, row["cost"], fact, assets, row["cost"])
