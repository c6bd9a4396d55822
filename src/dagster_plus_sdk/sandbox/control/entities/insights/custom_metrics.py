"""Custom metrics: numbers in the metadata of materializations that are metrics of assets."""

from __future__ import annotations

from ...context import uuid_id
from ...deploying import named_or_here
from ...registry import Failure, kind, mutation, query, seeds, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

LIMIT = 500
ERROR = "CustomMetricError"
SCOPE = switch(
    "custom_metric_scope",
    "deployment",
    "organization",
    about="Whether custom metrics are a deployment's or the organization's.",
)
TYPE = kind("CustomMetric", private=("deployment",))


def custom_metrics_of(context: Context, deployment: int) -> list[Row]:
    """Return the custom metrics that a deployment sees."""
    if context.switch(SCOPE) == "organization":
        return context.store.list(TYPE)
    return context.store.list(TYPE, deployment=deployment)


def _seen(context: Context) -> list[Row]:
    return custom_metrics_of(context, context.here()["deploymentId"])


def _need(context: Context, identifier: str) -> Row:
    return context.need(TYPE, identifier, ERROR, "custom metric", **context.scope(SCOPE))


@seeds("custom_metrics")
def plant_custom_metric(
    context: Context,
    name: str,
    *,
    display_name: str | None = None,
    description: str | None = None,
    unit: str | None = None,
    deployment: str | None = None,
) -> None:
    """Make a metric of a metadata key, by default in the oldest deployment."""
    where = named_or_here(context, deployment)
    given = {"displayName": display_name, "description": description, "unitType": unit}
    _write(context, where["deploymentId"], {"metadataKey": name, **given})


@query("customMetrics")
def custom_metrics(context: Context) -> list[Row]:
    """Return all."""
    return _seen(context)


@query("customMetricsLimits")
def custom_metrics_limits(context: Context) -> Row:
    """Return how many there are, and may be."""
    count = len(_seen(context))
    return {"currentCount": count, "maxCustomMetrics": LIMIT, "remaining": LIMIT - count}


@mutation("createCustomMetric", needs="EDIT_INSIGHTS_METRICS", audit=None)
def create_custom_metric(context: Context, *, custom_metric_input: Row) -> Row:
    """Make a metric of a metadata key."""
    key = custom_metric_input["metadataKey"]
    seen = _seen(context)
    if not key.strip():
        raise Failure(ERROR, "The metadata key must not be empty.")
    if any(row["metadataKey"] == key for row in seen):
        raise Failure(ERROR, f"There is a custom metric of the metadata key {key!r} already.")
    if len(seen) >= LIMIT:
        raise Failure(ERROR, f"There are {LIMIT} custom metrics already: there can be no more.")
    return _write(context, context.here()["deploymentId"], custom_metric_input)


def _write(context: Context, deployment: int, given: Row) -> Row:
    now = context.now()
    row = {
        **given,
        "id": uuid_id(),
        "createTimestamp": now,
        "updateTimestamp": now,
        "deployment": deployment,
    }
    return context.store.put(TYPE, row["id"], row)


@mutation("updateCustomMetric", needs="EDIT_INSIGHTS_METRICS", audit=None)
def update_custom_metric(
    context: Context, *, custom_metric_id: str, custom_metric_update_input: Row
) -> Row:
    """Change what is given. The key stays."""
    row = _need(context, custom_metric_id)
    changed = {**row, **custom_metric_update_input, "updateTimestamp": context.now()}
    return context.store.put(TYPE, custom_metric_id, changed)


@mutation("deleteCustomMetric", needs="EDIT_INSIGHTS_METRICS", audit=None)
def delete_custom_metric(context: Context, *, custom_metric_id: str) -> None:
    """Delete one."""
    _need(context, custom_metric_id)
    context.store.delete(TYPE, custom_metric_id)
