"""Answers to questions for metrics: windows, stores, the entries with their values, and their order."""

from __future__ import annotations

from typing import NamedTuple

from ...registry import Failure, ServerFault, switch
from .buckets import AGGREGATES, DAY, bucket_starts, bucketed
from .samples import samples_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from ...context import Context
    from ...store import Row
    from .samples import Sample

    Point = tuple[float, float]
    #: What an entry is of, and its points.
    Groups = dict[object, list[Point]]

MAX_DAYS = 120
LIMIT = 10
LIVE = "VICTORIA_METRICS"

EMPTY_WINDOW = switch(
    "insights_empty_window",
    "fault",
    "empty",
    about="What a window without any value answers in the store VICTORIA_METRICS.",
)
LOCATION_FILTER = switch(
    "insights_location_filter",
    "fault",
    "works",
    about="What a filter by code location does in the store VICTORIA_METRICS.",
)
NO_STORE = switch(
    "insights_no_store",
    "POSTGRES",
    LIVE,
    about="The store of metrics that is asked when none is named.",
)
CHANGE = switch(
    "insights_change",
    "fraction",
    "percent",
    about="The change of an aggregated value from the window before: 0.5 or 50.",
)


class ReportAsked(NamedTuple):
    """What is asked: of a metric, in a window."""

    metric: str
    after: float
    before: float
    granularity: str
    function: str
    sorting: list[tuple[str, bool]]

    @property
    def earlier(self) -> float:
        """The start of the window of the same length before."""
        return 2 * self.after - self.before


def read_selector(selector: Row) -> ReportAsked:
    """Return what a selector asks.

    Raises:
        Failure: The window is empty or too long.
    """
    after, before = selector["after"], selector["before"]
    if not after < before:
        raise Failure("ReportingInputError", "'after' must be earlier than 'before'.")
    if before - after > MAX_DAYS * DAY:
        raise Failure("ReportingInputError", f"The window must not be longer than {MAX_DAYS} days.")
    targets = selector.get("sortTarget") or ["AGGREGATION_VALUE"]
    directions = selector.get("sortDirection") or ["DESCENDING"]
    directions = [*directions, *["DESCENDING"] * len(targets)]
    return ReportAsked(
        selector["metricName"],
        after,
        before,
        selector["granularity"],
        selector.get("aggregationFunction") or "SUM",
        [(target, way == "DESCENDING") for target, way in zip(targets, directions, strict=False)],
    )


def is_live(context: Context, store: str | None) -> bool:
    """Tell whether the store of metrics that is asked is the one with values: nothing feeds the other."""
    return (store or context.switch(NO_STORE)) == LIVE


def report(
    context: Context,
    selector: Row,
    store: str | None,
    group: Callable[[list[Sample]], Groups],
    entity: Callable[[object], Row],
    filters: Row | None = None,
) -> Row:
    """Answer one of the fields.

    Args:
        context: Who asks for what.
        selector: The selector.
        store: The store of metrics.
        group: Puts values of the metric into the entries that they are of.
        entity: Returns what an entry is of.
        filters: The filter.
    """
    asked, filters = read_selector(selector), filters or {}
    if not is_live(context, store):
        return {"timestamps": [], "metrics": []}
    if filters.get("codeLocations") and context.switch(LOCATION_FILTER) == "fault":
        raise ServerFault
    samples = [s for s in samples_here(context) if s.metric == asked.metric]
    limit = LIMIT if filters.get("limit") is None else filters["limit"]
    return answer(context, asked, group(_in_locations(samples, filters)), entity, limit)


def answer(
    context: Context,
    asked: ReportAsked,
    groups: Groups,
    entity: Callable[[object], Row],
    limit: int,
) -> Row:
    """Return the metrics of groups of points.

    Raises:
        ServerFault: The window has no values.
    """
    starts = bucket_starts(asked.after, asked.before, asked.granularity)
    entries = []
    for key, points in groups.items():
        inside = [point for point in points if asked.after <= point[0] < asked.before]
        if inside:
            values = bucketed(inside, starts, asked.granularity, asked.function)
            whole = aggregated(context, asked, points)
            entries.append({"entity": entity(key), "values": values, **whole})
    if not entries and context.switch(EMPTY_WINDOW) == "fault":
        raise ServerFault
    for target, is_descending in reversed(asked.sorting):
        entries.sort(key=SORT_KEYS[target], reverse=is_descending)
    return {"timestamps": starts, "metrics": entries[: max(limit, 0)]}


def aggregated(context: Context, asked: ReportAsked, points: Iterable[Point]) -> Row:
    """Return the one value of a window, and how it changed from the window before."""
    now = [value for time, value in points if asked.after <= time < asked.before]
    earlier = [value for time, value in points if asked.earlier <= time < asked.after]
    aggregate = AGGREGATES[asked.function]
    value, before = aggregate(now), aggregate(earlier) if earlier else 0.0
    factor = 100 if context.switch(CHANGE) == "percent" else 1
    change = (value - before) / abs(before) * factor if before else 0.0
    return {
        "aggregateValue": value,
        "aggregateValueChange": {"change": change, "isNewlyAvailable": not earlier},
    }


def _name(entry: Row) -> str:
    entity = entry["entity"]
    if "assetKey" in entity:
        return "/".join(entity["assetKey"]["path"])
    names = ("jobName", "groupName", "deploymentName", "selection")
    return next((entity[name] for name in names if name in entity), "")


SORT_KEYS: dict[str, Callable[[Row], Any]] = {
    "AGGREGATION_VALUE": lambda entry: entry["aggregateValue"],
    "CODE_LOCATION_NAME": lambda entry: entry["entity"].get("codeLocationName", ""),
    "NAME": _name,
    "PCT_CHANGE": lambda entry: entry["aggregateValueChange"]["change"],
}


def _in_locations(samples: list[Sample], filters: Row) -> list[Sample]:
    places = filters.get("codeLocations")
    if not places:
        return samples
    return [s for s in samples if s.fact and any(is_at(place, s.fact) for place in places)]


def is_at(place: Row, fact: Row) -> bool:
    """Tell whether a run is of a code location and repository, as far as they are named."""
    location, repository = place.get("codeLocationName"), place.get("repositoryName")
    return location in (None, fact["location"]) and repository in (None, fact["repository"])


def grouped(pairs: Iterable[tuple[object, Point]]) -> Groups:
    """Return points by what they are of."""
    groups: Groups = {}
    for key, point in pairs:
        groups.setdefault(key, []).append(point)
    return groups


def of_assets(samples: Iterable[Sample], keep: Callable[[tuple[str, ...]], bool]) -> Groups:
    """Return points by asset."""
    return grouped((path, (s.time, s.each)) for s in samples for path in s.assets if keep(path))


def job_matches(job: Row, fact: Row) -> bool:
    """Tell whether a run is of a job."""
    return job.get("jobName") in (None, fact["job"]) and is_at(job, fact)


def path_filter(assets: Sequence[Row] | None) -> Callable[[tuple[str, ...]], bool]:
    """Return what tells whether an asset is one of these; any, where none are given."""
    if assets is None:
        return lambda _: True
    paths = {tuple(asset["assetKey"]["path"]) for asset in assets}
    return lambda path: path in paths
