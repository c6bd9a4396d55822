"""Notifications: what alert policies told."""

from __future__ import annotations

from ...context import sandbox_time
from ...deploying import named_or_here
from ...registry import Failure, query, seeds
from .alert_policies import NOT_FOUND, policy_by_id
from .document_types import GROUPS
from .notification_rows import NOTICE, notice, shown
from .policy_rows import TYPE
from .real_runs import ENDED, catch_up
from .shown_documents import REPOSITORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...context import Context
    from ...store import Row

#: How long what was told of a run is kept, in seconds. Of Dagster+ it is not known.
KEPT = 30 * 86_400.0
STATUSES = ("SUCCESS", "FAILURE", "MUTED")
RUN = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { creationTime } } }"


class _Told:
    """What a seed says about a notification."""

    def __init__(self, event: str, about: str, place: tuple[str, str], run: str | None) -> None:
        self.event = event
        self.about = about
        self.location, self.repository = place
        self.run = run


def _asset(told: _Told) -> Row:
    event = {"assetKey": {"path": told.about.split("/")}, "eventType": told.event}
    return {"runId": told.run, "assetsEvents": [event]}


def _job(told: _Told) -> Row:
    return {
        "runId": told.run,
        "eventType": told.event,
        "jobName": told.about,
        "repositoryName": told.repository,
        "codeLocationName": told.location,
    }


def _tick(told: _Told) -> Row:
    event = {
        "instigatorName": told.about,
        "repositoryName": told.repository,
        "codeLocationName": told.location,
        "eventType": told.event,
    }
    return {"instigatorEvents": [event]}


#: The type of notifications by the family of a policy's events, and its fields.
TYPES: dict[str, tuple[str, Callable[[_Told], Row]]] = {
    "agent": ("AgentAlertNotification", lambda _: {}),
    "asset": ("AssetAlertNotification", _asset),
    "code location": (
        "CodeLocationAlertNotification",
        lambda told: {"codeLocationName": told.about},
    ),
    "insights": ("InsightsAlertNotification", lambda told: {"metricName": told.about}),
    "job": ("JobRunAlertNotification", _job),
    "metric": ("MetricsAlertNotification", lambda told: {"metricName": told.about}),
    "schedule and sensor": ("TickAlertNotification", _tick),
}


@seeds("alert_notifications")
def plant_notification(
    context: Context,
    policy: str,
    about: str = "",
    *,
    run: str | None = None,
    location: str = "",
    repository: str = REPOSITORY,
    event: str | None = None,
    status: str = "SUCCESS",
    error: str | None = None,
    seconds_ago: float = 0.0,
    deployment: str | None = None,
) -> None:
    """Write a notification; newer ones go below older ones.

    Args:
        context: Where.
        policy: The name of the policy that told it.
        about: The name of the job, schedule, sensor, code location or metric, or the key of the asset as ``a/b``.
        run: The run's id.
        location: The code location of the job, schedule or sensor.
        repository: Its repository.
        event: What happened; by default the policy's first.
        status: SUCCESS, FAILURE or MUTED.
        error: Why it could not be sent.
        seconds_ago: When.
        deployment: The deployment's name; by default the oldest.
    """
    store = context.store
    where = named_or_here(context, deployment)["deploymentId"]
    found = context.need_one(TYPE, NOT_FOUND, "alert policy", name=policy, deployment=where)
    happened = event or found["eventTypes"][0]
    if happened not in found["eventTypes"] or status not in STATUSES:
        raise Failure("InvalidInput", f"{policy!r} cannot tell of {happened!r} with {status!r}")
    type_, fields = TYPES[GROUPS[happened][0]]
    told = fields(_Told(happened, about, (location, repository), run))
    moment = context.now() - seconds_ago
    row = notice(context, found, type_, moment, status=status, **{**told, "errorMessage": error})
    store.put(NOTICE, row["id"], row)


@query("alertPolicyNotifications")
def alert_policy_notifications(
    context: Context, *, alert_policy_id: str, limit: int, cursor: str | None = None
) -> Row | None:
    """Return what a policy told, newest first; null if there is no such policy."""
    catch_up(context)
    if policy_by_id(context, alert_policy_id) is None:
        return None
    page, has_more = context.store.page(NOTICE, limit, before=cursor, alertPolicyId=alert_policy_id)
    return {
        "__typename": "AlertNotificationsConnection",
        "results": [*map(shown, page)],
        "cursor": page[-1]["id"] if page else None,
        "hasMore": has_more,
    }


@query("runNotificationsOrError")
def run_notifications(context: Context, *, run_id: str, limit: int | None = None) -> Row:
    """Return what was told about a run, and the policies that told it."""
    catch_up(context)
    here = context.here()["deploymentId"]
    most = 2**31 if limit is None else max(limit, 0)
    rows = context.store.newest(NOTICE, most, runId=run_id, deployment=here)
    if _age(context, run_id, rows) > KEPT:
        raise Failure(
            "RunNotificationsExpiredError",
            f"The notifications of run {run_id} are not kept any more.",
        )
    ids = dict.fromkeys(row["alertPolicyId"] for row in rows)
    policies = [policy for number in ids if (policy := policy_by_id(context, number))]
    return {
        "__typename": "RunNotifications",
        "notifications": [*map(shown, rows)],
        "alertPolicies": policies,
    }


def _age(context: Context, run_id: str, rows: Sequence[Row]) -> float:
    """Return how many seconds ago a run ended, or was launched, or something was told about it."""
    if rows:
        return context.now() - float(rows[0]["sendTimestamp"])
    if ended := context.store.get(ENDED, run_id):
        return context.now() - float(ended["endedAt"])
    created = (context.ask(RUN, id=run_id).get("runOrError") or {}).get("creationTime")
    return context.now() - sandbox_time(context.store, created) if created else 0.0
