"""Insights: metrics of deployments, and of all branch deployments together."""

from __future__ import annotations

from ...deploying import TYPE as DEPLOYMENT
from ...registry import VIEW, Failure, query
from ..organization.organization import the_organization
from .reports import LIMIT, answer, is_live, read_selector
from .run_facts import all_facts
from .samples import samples_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...context import Context
    from ...store import Row
    from .reports import Groups


@query("reportingMetricsByDeployment", needs=None)
def by_deployment(
    context: Context,
    *,
    metrics_selector: Row,
    metrics_filter: Row | None = None,
    metrics_store_type: str | None = None,
) -> Row:
    """Return a metric of the full deployments that the caller may open."""
    filters = metrics_filter or {}
    asked = read_selector(metrics_selector)
    if not is_live(context, metrics_store_type):
        return {"timestamps": [], "metrics": []}
    if filters.get("branchDeployments") is not False:
        raise Failure("ReportingInputError", "Branch deployment metrics are not supported.")
    wanted = filters.get("deploymentIds")
    rows = {row["deploymentId"]: row for row in _deployments(context, "PRODUCTION")}
    chosen = [number for number in rows if not wanted or number in wanted]
    groups = _by_deployment(context, asked.metric, chosen)
    limit = LIMIT if filters.get("limit") is None else filters["limit"]
    return answer(context, asked, groups, rows.__getitem__, limit)


@query("branchDeploymentAggregateMetrics", needs=None)
def of_branches(context: Context, *, metrics_selector: Row) -> Row:
    """Return a metric of all branch deployments together."""
    asked = read_selector(metrics_selector)
    branches = [row["deploymentId"] for row in _deployments(context, "BRANCH")]
    groups = _by_deployment(context, asked.metric, branches)
    points = sorted(point for own in groups.values() for point in own)
    organization = the_organization(context)["id"]
    entity = {"__typename": "ReportingAllBranchDeployments", "organizationId": organization}
    return answer(context, asked, {"branches": points}, lambda _: entity, LIMIT)


def _deployments(context: Context, deployment_type: str) -> list[Row]:
    rows = context.store.list(DEPLOYMENT, deploymentType=deployment_type)
    return [row for row in rows if context.allows(VIEW, deployment=row)]


def _by_deployment(context: Context, metric: str, deployments: Iterable[int]) -> Groups:
    """Return the points of a metric by deployment."""
    facts = all_facts(context)
    return {
        number: [
            (s.time, s.value) for s in samples_in(context, facts, number) if s.metric == metric
        ]
        for number in deployments
    }
