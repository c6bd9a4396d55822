"""What Insights is asked: a metric, a window, filters; and what is given to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .asset_key import AssetKey
from .documents import read_document, read_list
from .errors import InvalidInputError
from .inputs import member, period, several, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .._generated.enums import (
        MetricsStoreType,
        ReportingAggregationFunction,
        ReportingMetricsGranularity,
        ReportingSortTarget,
        ReportingUnitType,
    )
    from .._generated.input_types import (
        AssetReportingMetricsFilter,
        CostInformation,
        JobReportingMetricsFilter,
        MetricInputs,
        QualifiedAssetGroup,
        QualifiedAssetKey,
        ReportingMetricsSelector,
        RepositoryCodeLocation,
    )
    from .documents import Document

#: The longest window that the server answers for, in days.
MAX_DAYS = 120


def window(
    after: datetime | float,
    before: datetime | float,
    *,
    names: tuple[str, str] = ("after", "before"),
    max_days: int | None = MAX_DAYS,
) -> tuple[float, float]:
    """Return a window of time in epoch seconds.

    Raises:
        InvalidInputError: A time is missing or has no timezone, or the window is empty or too long.
    """
    start, end = period(after, before, names)
    if start is None or end is None:
        raise InvalidInputError(f"{names[0]} and {names[1]} are both needed")
    if max_days is not None and end - start > max_days * 86400:
        raise InvalidInputError(
            f"the window from {names[0]} to {names[1]} is longer than {max_days} days; ask in several requests"
        )
    return start, end


def selector(
    metric: str,
    after: datetime | float,
    before: datetime | float,
    granularity: ReportingMetricsGranularity | str,
    aggregation: ReportingAggregationFunction | str | None,
    *,
    sort: ReportingSortTarget | str | None = None,
    ascending: bool = False,
) -> ReportingMetricsSelector:
    """Return the API's selector of one metric; what is None is left out.

    Raises:
        InvalidInputError: An argument cannot be.
    """
    from .._generated.enums.reporting_aggregation_function import ReportingAggregationFunction
    from .._generated.enums.reporting_metrics_granularity import ReportingMetricsGranularity
    from .._generated.enums.reporting_sort_direction import ReportingSortDirection
    from .._generated.enums.reporting_sort_target import ReportingSortTarget

    start, end = window(after, before)
    chosen: ReportingMetricsSelector = {
        "metricName": text(metric, "the metric's name"),
        "after": start,
        "before": end,
        "granularity": member(ReportingMetricsGranularity, granularity, "granularity"),
    }
    if aggregation is not None:
        chosen["aggregationFunction"] = member(
            ReportingAggregationFunction, aggregation, "aggregation"
        )
    if ascending and sort is None:
        sort = ReportingSortTarget.AGGREGATION_VALUE
    if sort is not None:
        direction = ReportingSortDirection
        chosen["sortTarget"] = [member(ReportingSortTarget, sort, "sort")]
        chosen["sortDirection"] = [direction.ASCENDING if ascending else direction.DESCENDING]
    return chosen


def store_of(store: MetricsStoreType | str) -> MetricsStoreType:
    """Return the store of metrics by its name.

    Raises:
        InvalidInputError: There is no such store.
    """
    from .._generated.enums.metrics_store_type import MetricsStoreType

    return member(MetricsStoreType, store, "store")


def unit_of(unit: ReportingUnitType | str) -> ReportingUnitType:
    """Return a unit by its name.

    Raises:
        InvalidInputError: There is no such unit.
    """
    from .._generated.enums.reporting_unit_type import ReportingUnitType

    return member(ReportingUnitType, unit, "unit")


def top_of(top: int) -> int:
    """Return how many entries are wanted.

    Raises:
        InvalidInputError: Fewer than one.
    """
    if top < 1:
        raise InvalidInputError(f"top must be 1 or more, not {top}")
    return top


def job_filter(
    jobs: str | Iterable[str] | None,
    location: str | None,
    repository: str | None,
    *,
    combine: bool = False,
    top: int | None = None,
) -> JobReportingMetricsFilter:
    """Return the API's filter of jobs; what is None is left out.

    Raises:
        InvalidInputError: No job at all is named, or fewer than one is wanted.
    """
    names = several(jobs, "jobs")
    chosen: JobReportingMetricsFilter = {} if top is None else {"limit": top_of(top)}
    place = _place(location, repository)
    if names is not None:
        chosen["jobs"] = [{"jobName": text(name, "a job's name"), **place} for name in names]
    elif place:
        chosen["codeLocations"] = [place]
    if combine:
        chosen["combineJobs"] = True
    return chosen


def asset_filter(
    assets: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None,
    groups: str | Iterable[str] | None,
    selection: str | None,
    connections: str | Iterable[str] | None,
    location: str | None,
    repository: str | None,
    top: int | None = None,
) -> AssetReportingMetricsFilter:
    """Return the API's filter of assets; what is None is left out.

    Raises:
        InvalidInputError: One of them is given, and empty.
    """
    keys = asset_keys(assets)
    chosen: AssetReportingMetricsFilter = {} if top is None else {"limit": top_of(top)}
    if keys is not None:
        listed: list[QualifiedAssetKey] = [{"assetKey": key} for key in keys]
        chosen["assets"] = listed
    place = _place(location, repository)
    named = group_list(groups, location, repository)
    if named is not None:
        chosen["assetGroups"] = named
    elif place:
        chosen["codeLocations"] = [place]
    if selection is not None:
        chosen["assetSelection"] = text(selection, "selection")
    ids = several(connections, "connections")
    if ids is not None:
        chosen["connections"] = [{"connectionId": text(i, "a connection's id")} for i in ids]
    return chosen


def asset_keys(
    assets: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None,
) -> list[AssetKey] | None:
    """Return the keys of assets; None for None.

    Raises:
        InvalidInputError: There is none, or one that cannot be.
    """
    given = several([assets] if isinstance(assets, AssetKey) else assets, "assets")
    return None if given is None else [AssetKey.parse(key) for key in given]


def group_list(
    groups: str | Iterable[str] | None, location: str | None, repository: str | None
) -> list[QualifiedAssetGroup] | None:
    """Return asset groups in the API's form; None for None.

    Raises:
        InvalidInputError: There is none, or one without a name.
    """
    names = several(groups, "groups")
    if names is None:
        return None
    place = _place(location, repository)
    return [{"assetGroupName": text(name, "a group's name"), **place} for name in names]


def code_locations(location: str | None, repository: str | None) -> list[RepositoryCodeLocation]:
    """Return the one place that is named, or none."""
    place = _place(location, repository)
    return [place] if place else []


def cost_list(costs: Document) -> list[CostInformation]:
    """Return costs in the API's form.

    Args:
        costs: A mapping of opaque ids to numbers, YAML or JSON text, or the path of such a file.

    Raises:
        InvalidInputError: There are none, or one is no number.
    """
    given = read_document(costs, "the costs", example="opaque-id: 1.5")
    if not given:
        raise InvalidInputError("the costs are empty; name at least one opaque id with its cost")
    return [
        {"opaqueId": text(key, "an opaque id"), "cost": _number(cost, f"the cost of {key!r}")}
        for key, cost in given.items()
    ]


def metric_inputs(document: Document) -> list[MetricInputs]:
    """Return the metrics of a document.

    Raises:
        InvalidInputError: It has no list ``metrics``, or one of them has no run or no values.
    """
    entries = read_list(document, "metrics", "the metrics")
    if not entries:
        raise InvalidInputError("the metrics are empty; name at least one run with its values")
    for number, given in enumerate(entries, 1):
        if not hasattr(given, "get"):
            raise InvalidInputError(f"metrics entry {number} must be a mapping, not {given!r:.40}")
        text(given.get("runId"), f"runId of metrics entry {number}")
        if not (given.get("assetMetricDefinitions") or given.get("jobMetricDefinitions")):
            raise InvalidInputError(
                f"metrics entry {number} has no values: give it assetMetricDefinitions or jobMetricDefinitions"
            )
    return entries


def _place(location: str | None, repository: str | None) -> RepositoryCodeLocation:
    place: RepositoryCodeLocation = {}
    if location is not None:
        place["codeLocationName"] = text(location, "the location's name")
    if repository is not None:
        place["repositoryName"] = text(repository, "the repository's name")
    return place


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidInputError(f"{what} must be a number, not {value!r}")
    return float(value)
