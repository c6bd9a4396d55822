"""Alert policies as they are kept."""

from __future__ import annotations

import time

from ...context import uuid_id
from ...deploying import full
from ...registry import kind
from ..organization.feature_gates import need_gate
from . import shown_documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

TYPE = "AlertPolicy"
#: A mark that a deployment got the policies that every deployment has from the start.
MARK = "alert policies of the start"
#: Who made a policy: a document of all of them, or somebody by hand.
CODE = "CODE"
APP = "APP"
#: The gates of services.
GATES = {"pagerduty": "ENABLE_PAGERDUTY_ALERTS", "webhook": "ENABLE_WEBHOOK_ALERTS"}
SERVICE: Row = {"email": {"email_addresses": ["admins@example.com"]}}
BUILT_IN: list[Row] = [
    {
        "name": "[Dagster Plus] Credit limit exceeded",
        "description": "The organization used more credits than its plan has.",
        "enabled": True,
        "event_types": ["INSIGHTS_CONSUMPTION_EXCEEDED"],
        "alert_targets": [{"credit_limit_target": {}}],
        "notification_service": SERVICE,
    },
    {
        "name": "[Dagster Plus] Run longer than 24 hours",
        "description": "A run takes longer than a day.",
        "enabled": True,
        "event_types": ["JOB_LONG_RUNNING"],
        "alert_targets": [{"long_running_job_threshold_target": {"threshold_seconds": 86400.0}}],
        "notification_service": SERVICE,
    },
]


def document_of(row: Row) -> Row:
    """Return a policy's document; an empty one if another token sealed it."""
    return row["document"] or {}


kind(
    TYPE,
    private=("deployment", "document", "madeAt", "source"),
    sealed=("document",),
    alertTargets=lambda context, row: shown_documents.targets(context, document_of(row)),
    notificationService=lambda _, row: shown_documents.service(document_of(row)),
    policyOptions=lambda _, row: shown_documents.options(document_of(row)),
    tags=lambda _, row: shown_documents.tags(document_of(row).get("tags")),
)


def all_in(context: Context, deployment_id: object) -> list[Row]:
    """Return the policies of a deployment, oldest first."""
    return context.store.list(TYPE, deployment=deployment_id)


def find(context: Context, name: str) -> Row | None:
    """Return the policy of this name in the deployment that was asked."""
    return context.store.find(TYPE, deployment=context.here()["deploymentId"], name=name)


def write(context: Context, deployment_id: object, document: Row, source: str) -> Row:
    """Write a policy: the one of its name changes, and keeps its id and its mute.

    Raises:
        Failure: The organization does not have its service.
    """
    for service in GATES.keys() & document["notification_service"].keys():
        need_gate(context, GATES[service])
    store = context.store
    name = document["name"]
    known = store.find(TYPE, deployment=deployment_id, name=name)
    row = {
        "id": uuid_id(),
        "mutedUntil": None,
        # By this machine's clock, as the real Dagster's runs end by that.
        "madeAt": time.time(),
        **(known or {}),
        "deployment": deployment_id,
        "name": name,
        "description": document.get("description") or "",
        "enabled": document["enabled"],
        "eventTypes": document["event_types"],
        "document": _whole(document),
        "source": source,
    }
    return store.put(TYPE, row["id"], row)


def _whole(document: Row) -> Row:
    """Return a document with what it leaves out, in the order in which it is read."""
    return {
        "name": document["name"],
        "description": document.get("description") or "",
        "enabled": document["enabled"],
        "event_types": document["event_types"],
        "alert_targets": document.get("alert_targets") or [],
        "notification_service": document["notification_service"],
        "policy_options": document.get("policy_options") or {},
        "tags": document.get("tags") or [],
    }


def lacking(context: Context) -> list[object]:
    """Return the deployments that did not get their first policies yet: branch deployments get none."""
    ids = [row["deploymentId"] for row in full(context.store)]
    return [number for number in ids if context.store.get(MARK, number) is None]


def plant_built_in(context: Context, deployment_id: object) -> None:
    """Write the policies that every deployment has from the start. Who deletes them is rid of them."""
    context.store.put(MARK, deployment_id, {"deployment": deployment_id})
    for document in BUILT_IN:
        write(context, deployment_id, document, APP)
