"""Insights: metrics over time, of jobs, assets and groups of assets."""

from __future__ import annotations

from ...registry import query
from .metric_selections import group_names, select
from .reports import grouped, job_matches, of_assets, path_filter, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row
    from .reports import Groups
    from .samples import Sample


@query("reportingMetricsByJob")
def by_job(
    context: Context,
    *,
    metrics_selector: Row,
    metrics_filter: Row | None = None,
    metrics_store_type: str | None = None,
) -> Row:
    """Return a metric of jobs."""
    filters = metrics_filter or {}
    jobs = filters.get("jobs")

    def group(samples: list[Sample]) -> Groups:
        chosen = [
            s for s in samples if s.fact and (not jobs or any(job_matches(j, s.fact) for j in jobs))
        ]
        if filters.get("combineJobs"):
            names = tuple(sorted({s.fact["job"] for s in chosen}))
            return {names: [(s.time, s.value) for s in chosen]}
        return grouped((s.fact["job"], (s.time, s.value)) for s in chosen)

    def entity(key: object) -> Row:
        if isinstance(key, tuple):
            return {"__typename": "ReportingJobs", "jobs": [_job(name) for name in key]}
        return _job(key)

    return report(context, metrics_selector, metrics_store_type, group, entity, filters)


def _job(name: object) -> Row:
    # The live store knows no location.
    return {
        "__typename": "ReportingJob",
        "jobName": name,
        "repositoryName": "",
        "codeLocationName": "",
    }


@query("reportingMetricsByAsset")
def by_asset(
    context: Context,
    *,
    metrics_selector: Row,
    metrics_filter: Row | None = None,
    metrics_store_type: str | None = None,
) -> Row:
    """Return a metric of assets."""
    filters = metrics_filter or {}

    def group(samples: list[Sample]) -> Groups:
        keep = path_filter(filters.get("assets") or None)
        chosen = _chosen(context, samples, filters)
        # No asset is of an external connection here.
        if filters.get("connections"):
            return {}
        return of_assets(samples, lambda path: keep(path) and (chosen is None or path in chosen))

    return report(context, metrics_selector, metrics_store_type, group, _asset, filters)


def _chosen(context: Context, samples: list[Sample], filters: Row) -> set[tuple[str, ...]] | None:
    """Return the assets of the groups and of the selection of a filter; None where it has neither."""
    groups, selection = filters.get("assetGroups"), filters.get("assetSelection")
    found: set[tuple[str, ...]] | None = None
    if selection:
        found = select(context, samples, selection)
    if groups:
        named = {group.get("assetGroupName") for group in groups}
        of_groups = {path for path, name in group_names(context).items() if name in named}
        found = of_groups if found is None else found & of_groups
    return found


def _asset(key: object) -> Row:
    assert isinstance(key, tuple)
    return {
        "__typename": "ReportingAsset",
        "assetKey": {"path": list(key)},
        "assetGroup": "",
        "repositoryName": "",
        "codeLocationName": "",
    }


@query("reportingMetricsByAssetGroup")
def by_asset_group(
    context: Context,
    *,
    metrics_selector: Row,
    metrics_filter: Row | None = None,
    metrics_store_type: str | None = None,
) -> Row:
    """Return a metric of groups of assets."""
    wanted = {
        group.get("assetGroupName") for group in (metrics_filter or {}).get("assetGroups") or ()
    }

    def group(samples: list[Sample]) -> Groups:
        names = group_names(context)
        pairs = ((names.get(path, ""), (s.time, s.each)) for s in samples for path in s.assets)
        return grouped(pair for pair in pairs if pair[0] and (not wanted or pair[0] in wanted))

    def entity(key: object) -> Row:
        return {
            "__typename": "ReportingAssetGroup",
            "groupName": key,
            "repositoryName": "",
            "codeLocationName": "",
        }

    return report(context, metrics_selector, metrics_store_type, group, entity, metrics_filter)
