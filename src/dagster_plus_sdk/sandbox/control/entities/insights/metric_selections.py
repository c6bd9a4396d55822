"""Insights: metrics of selections of assets together, over time and as single numbers."""

from __future__ import annotations

from ...registry import Failure, query
from ..catalog.asset_selection import SelectionError, select_assets
from ..catalog.definitions import definitions, known_assets
from .reports import aggregated, is_live, read_selector, report
from .samples import samples_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row
    from .reports import Groups, Point, ReportAsked
    from .samples import Sample


def group_names(context: Context) -> dict[tuple[str, ...], str]:
    """Return the names of groups by asset."""
    return {tuple(row["key"]["path"]): row["group"] for row in definitions(context)}


def select(context: Context, samples: list[Sample], text: str) -> set[tuple[str, ...]]:
    """Return the assets that a selection gives.

    Raises:
        Failure: It cannot be read.
    """
    known = known_assets(context, (path for s in samples for path in s.assets))
    try:
        return select_assets(text, known)
    except SelectionError as error:
        raise Failure("ReportingInputError", str(error)) from None


def _selected(context: Context, samples: list[Sample], filters: Row) -> tuple[str, list[Point]]:
    """Return a selection's text, and the points of its assets together."""
    keys = [tuple(key["path"]) for key in filters.get("assetKeys") or ()]
    text = filters.get("assetSelection") or " or ".join(f'key:"{"/".join(key)}"' for key in keys)
    paths = select(context, samples, text) if filters.get("assetSelection") else set(keys)
    points = [(s.time, s.each) for s in samples for path in s.assets if path in paths]
    return text, points


@query("reportingMetricsByAssetSelection")
def by_asset_selection(
    context: Context,
    *,
    metrics_selector: Row,
    metrics_filter: Row,
    metrics_store_type: str | None = None,
) -> Row:
    """Return a metric of selected assets together."""

    def group(samples: list[Sample]) -> Groups:
        text, points = _selected(context, samples, metrics_filter)
        return {text: points}

    def entity(key: object) -> Row:
        return {"__typename": "ReportingAssetSelection", "selection": key}

    return report(context, metrics_selector, metrics_store_type, group, entity)


@query("kpisByAssetSelection")
def kpis(
    context: Context,
    *,
    metrics_filters: list[Row],
    metrics_selectors: list[Row],
    metrics_store_type: str | None = None,
) -> list[list[Row | None]]:
    """Return a number for each selection and each metric; null where there are no values."""
    asked = [read_selector(selector) for selector in metrics_selectors]
    samples = samples_here(context) if is_live(context, metrics_store_type) else []

    def entry(filters: Row, each: ReportAsked) -> Row | None:
        _, points = _selected(context, [s for s in samples if s.metric == each.metric], filters)
        if not any(each.after <= time < each.before for time, _ in points):
            return None
        return {"metric": each.metric, **aggregated(context, each, points)}

    return [[entry(filters, each) for each in asked] for filters in metrics_filters]
