"""What containers used: series that are computed from the clock, equal each time they are asked for."""

from __future__ import annotations

import hashlib
import math
import time

from ..registry import Failure, query, seeds, switch
from .locations.code_locations import entry_of
from .locations.location_loads import last_load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..context import Context
    from ..store import Row

RUN = "run_container"
#: Seconds between two points, and how many points a series has at most.
EVERY = 15
POINTS = 1000
HOUR = 3600.0
MEBIBYTE = 1024 * 1024
RUN_TIMES = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { startTime endTime } } }"

SENT = switch(
    "container_metrics",
    "sent",
    "none",
    about="Whether agents send what containers use; if not, both queries answer null.",
)

#: By measure: the name of the metric, its unit, the middle of its values, and how far they swing.
CODE_SERVER: Mapping[str, tuple[str, str, float, float]] = {
    "cpuLimit": ("cpu_limit", "CPU", 1, 0),
    "cpuUsage": ("cpu_usage", "CPU", 0.2, 0.1),
    "cpuPercent": ("cpu_percent", "PERCENT", 20, 10),
    "memoryLimit": ("memory_limit", "BYTE", 1024 * MEBIBYTE, 0),
    "memoryUsage": ("memory_usage", "BYTE", 512 * MEBIBYTE, 128 * MEBIBYTE),
    "memoryPercent": ("memory_percent", "PERCENT", 50, 12.5),
    "queuedRequests": ("queued_requests", "REQUEST", 1, 1),
    "runningRequests": ("running_requests", "REQUEST", 3, 2),
    "requestUtilizationPercent": ("request_utilization_percent", "PERCENT", 15, 10),
}
RUN_CONTAINER: Mapping[str, tuple[str, str, float, float]] = {
    "cpuLimitMs": ("cpu_limit", "MILLICORE", 4000, 0),
    "cpuUsageRateMs": ("cpu_usage_rate", "MILLICORE", 1000, 500),
    "cpuPercent": ("cpu_percent", "PERCENT", 25, 12.5),
    "memoryLimit": ("memory_limit", "BYTE", 16384 * MEBIBYTE, 0),
    "memoryUsage": ("memory_usage", "BYTE", 4096 * MEBIBYTE, 1024 * MEBIBYTE),
    "memoryPercent": ("memory_percent", "PERCENT", 25, 6.25),
}


@seeds("run_containers")
def plant_run_container(
    context: Context, run_id: str, seconds: float = 60, ended_ago: float = 0
) -> None:
    """Write for how long a run had a container, and how many seconds ago that ended."""
    if seconds <= 0 or ended_ago < 0:
        raise Failure("InvalidInput", "seconds must be more than 0, ended_ago not less")
    end = context.now() - ended_ago
    here = context.here()["deploymentId"]
    context.store.put(RUN, run_id, {"deployment": here, "startTime": end - seconds, "endTime": end})


@query("codeServerMetrics")
def code_server_metrics(
    context: Context,
    *,
    location: str,
    from_time: float | None = None,
    to_time: float | None = None,
) -> Row | None:
    """Return what the server of a location used, in the last hour by default; null before it has loaded."""
    found = entry_of(context, location)
    loaded = found and last_load(context, found)
    if not loaded or context.switch(SENT) == "none":
        return None
    end = min(context.now(), math.inf if to_time is None else to_time)
    start = end - HOUR if from_time is None else from_time
    ran_from = loaded["codeLocationDataUploadTimestamp"]
    return _measures(CODE_SERVER, location, max(start, ran_from), end)


@query("runContainerMetrics")
def run_container_metrics(context: Context, *, run_id: str) -> Row | None:
    """Return what the container of a run used; null if there is no such run."""
    if context.switch(SENT) == "none":
        return None
    planted = context.store.get(RUN, run_id)
    if planted is not None and planted["deployment"] != context.here()["deploymentId"]:
        return None
    run = planted or context.ask(RUN_TIMES, id=run_id).get("runOrError") or {}
    if not run.get("startTime"):
        return None
    found = _measures(RUN_CONTAINER, run_id, run["startTime"], run["endTime"] or time.time())
    if found is not None:
        found["cpuUsageMs"] = _used(found["cpuUsageRateMs"])
    return found


def _measures(
    measures: Mapping[str, tuple[str, str, float, float]], name: str, start: float, end: float
) -> Row | None:
    """Return the series of a container; None if it did not run then."""
    if start > end:
        return None
    return {key: _series(name, *measure, start, end) for key, measure in measures.items()}


def _series(
    name: str, metric: str, unit: str, middle: float, swing: float, start: float, end: float
) -> Row:
    # Each has a wave of its own, on which a point of time always has the same value.
    phase = int.from_bytes(hashlib.sha256(f"{name}/{metric}".encode()).digest()[:2], "big")
    points = [
        {"timestamp": when, "value": middle + swing * math.sin(when / 300 + phase)}
        for when in _times(start, end)
    ]
    return {
        "metricName": metric,
        "unitType": unit,
        "startTimestamp": start,
        "endTimestamp": end,
        "points": points,
        "tags": [],
    }


def _times(start: float, end: float) -> Iterator[float]:
    step = EVERY * max(1, math.ceil((end - start) / EVERY / (POINTS - 1)))
    first = math.ceil(start / step)
    return (float(number * step) for number in range(first, math.floor(end / step) + 1))


def _used(rate: Row) -> Row:
    """Return the processor time that was used up to each point, in milliseconds."""
    total, before, points = 0.0, rate["startTimestamp"], []
    for point in rate["points"]:
        total += point["value"] * (point["timestamp"] - before)
        before = point["timestamp"]
        points.append({"timestamp": before, "value": total})
    return {**rate, "metricName": "cpu_usage", "unitType": None, "points": points}
