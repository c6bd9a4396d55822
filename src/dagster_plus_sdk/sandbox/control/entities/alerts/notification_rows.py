"""Notifications as they are kept. Nobody gets any, but a webhook on this machine if a switch says so."""

from __future__ import annotations

from ...context import uuid_id
from .policy_rows import document_of
from .templates import call_webhook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

#: All classes of notifications are of one kind here, so that they stay in one order.
NOTICE = "notification"


def notice(
    context: Context, policy: Row, type_: str, moment: float, *, status: str = "", **fields: object
) -> Row:
    """Return a notification of a policy, which is told by that.

    Args:
        context: Where.
        policy: The policy.
        type_: The GraphQL type.
        moment: When, by the sandbox's clock.
        status: How that went; by default that is seen.
        **fields: What this type has as well.
    """
    found: Row = {
        "id": uuid_id(),
        "type": type_,
        "deployment": policy["deployment"],
        "alertPolicyId": policy["id"],
        "sendTimestamp": moment,
        "status": status,
        "errorMessage": None,
        **fields,
    }
    if not status:
        is_muted = policy["mutedUntil"] is not None and policy["mutedUntil"] > moment
        problem = "" if is_muted else _send(context, policy, found)
        found["status"] = "MUTED" if is_muted else "FAILURE" if problem else "SUCCESS"
        found["errorMessage"] = problem or None
    return found


def shown(row: Row) -> Row:
    """Return a notification as its GraphQL type."""
    return {**row, "__typename": row["type"]}


def is_notified(context: Context, policy: Row, run_id: str, event: str) -> bool:
    """Tell whether a policy told about an event of a run already."""
    found = context.store.find(NOTICE, runId=run_id, alertPolicyId=policy["id"], eventType=event)
    return found is not None


def _send(context: Context, policy: Row, row: Row) -> str:
    """Tell a webhook, if the policy has one; return why that failed."""
    service = (document_of(policy).get("notification_service") or {}).get("webhook")
    if service is None:
        return ""
    _, problem = call_webhook(context, service, _values(context, policy, row))
    return problem


def _values(context: Context, policy: Row, row: Row) -> dict[str, str]:
    """Return the values of a template's tokens."""
    deployment = context.store.get("DagsterCloudDeployment", policy["deployment"]) or {}
    events = row.get("assetsEvents") or row.get("instigatorEvents") or [row]
    event = events[0].get("eventType") or policy["eventTypes"][0]
    assets = ["/".join(one["assetKey"]["path"]) for one in row.get("assetsEvents") or ()]
    about = row.get("jobName") or ", ".join(assets) or row.get("codeLocationName") or ""
    summary = f"{policy['name']}: {event} {about}".rstrip()
    values = {
        "alert_summary": summary,
        "alert_content": f"{summary}, run {row['runId']}" if row.get("runId") else summary,
        "alert_policy_id": policy["id"],
        "alert_policy_name": policy["name"],
        "deployment_name": deployment.get("deploymentName", ""),
        "event_type": event,
        "notification_id": row["id"],
        "job_name": row.get("jobName"),
        "run_id": row.get("runId"),
        "code_location_name": row.get("codeLocationName"),
        "asset_key": ", ".join(assets),
        "metric_name": row.get("metricName"),
    }
    return {name: str(value or "") for name, value in values.items()}
