"""Alert policies: documents that say who is told what. What they told is in `alert_notifications`."""

from __future__ import annotations

from ...config_types import schema_of
from ...deploying import named_or_here
from ...registry import Failure, mutation, query, seeds, switch
from .document_checks import check_policies, check_policy
from .document_types import GROUPS, POLICIES, POLICY
from .policy_rows import APP, CODE, TYPE, all_in, document_of, find, write
from .real_runs import catch_up
from .targets import AlertedJob, Instigator, WatchedAsset, is_about
from .templates import call_webhook, examples, template_problems, tokens_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ...context import Context
    from ...store import Row

RECONCILE = switch(
    "alert_policy_reconciliation",
    "code_backed",
    "all",
    about="What is deleted of the policies that the document lacks; until August 2026 it was all of them.",
)
DELETE_MISSING = switch(
    "missing_alert_policy_deletion",
    "error",
    "success",
    about="What deleteAlertPolicy answers if there is no policy of the name.",
)
SCHEMA_ROOT = switch(
    "alert_policies_schema",
    "all",
    "one",
    about="Whether alertPoliciesSchema is of the document of all policies, or of one policy.",
)
NOT_FOUND = "AlertPolicyNotFoundError"
PERMISSION = "EDIT_ALERTS"
CHANGED = "MODIFY_ALERT_POLICIES"


@seeds("alert_policies")
def plant_alert_policy(
    context: Context,
    *,
    deployment: str | None = None,
    code_backed: bool = False,
    **document: Any,
) -> None:
    """Write a policy: its document, and the deployment's name, by default that of the oldest."""
    where = named_or_here(context, deployment)
    source = CODE if code_backed else APP
    write(context, where["deploymentId"], check_policy(document), source)


def _here(context: Context) -> list[Row]:
    catch_up(context)
    return all_in(context, context.here()["deploymentId"])


def policy_by_id(context: Context, policy_id: str) -> Row | None:
    """Return a policy of the deployment that was asked."""
    return context.store.find(TYPE, id=policy_id, deployment=context.here()["deploymentId"])


@query("alertPolicies")
def alert_policies(context: Context) -> list[Row]:
    """Return the deployment's policies."""
    return _here(context)


@query("alertPolicyById")
def alert_policy_by_id(context: Context, *, alert_policy_id: str) -> Row | None:
    """Return one; null if it is not there."""
    catch_up(context)
    return policy_by_id(context, alert_policy_id)


@query("alertPoliciesAsDocumentOrError")
def alert_policies_as_document(context: Context) -> Row:
    """Return the document of all policies, with what is secret in it."""
    documents = [row["document"] for row in _here(context) if row["document"]]
    return {"document": {"alert_policies": documents}}


@query("alertPoliciesSchema", needs=None)
def alert_policies_schema(context: Context) -> Row:
    """Return what a document can have."""
    return schema_of(POLICY if context.switch(SCHEMA_ROOT) == "one" else POLICIES)


def _about(context: Context, family: str, check: Callable[[str, Row], bool]) -> list[Row]:
    return [row for row in _here(context) if is_about(document_of(row), [family], check)]


@query("alertPoliciesForAsset")
def alert_policies_for_asset(context: Context, *, asset_key: Row) -> list[Row]:
    """Return those about an asset."""
    return _about(context, "asset", WatchedAsset(context, asset_key["path"]).is_in)


@query("alertPoliciesForJob")
def alert_policies_for_job(
    context: Context, *, job_name: str, repository_name: str, repository_location_name: str
) -> list[Row]:
    """Return those about a job, of runs with certain tags included."""
    job = AlertedJob(job_name, repository_name, repository_location_name)
    return _about(context, "job", lambda _, body: job.is_in(body))


@query("alertPoliciesForSchedule")
def alert_policies_for_schedule(
    context: Context, *, schedule_name: str, repository_name: str, repository_location_name: str
) -> list[Row]:
    """Return those about a schedule."""
    found = Instigator("SCHEDULE", schedule_name, repository_name, repository_location_name)
    return _about(context, "schedule and sensor", lambda _, body: found.is_in(body))


@query("alertPoliciesForSensor")
def alert_policies_for_sensor(
    context: Context, *, sensor_name: str, repository_name: str, repository_location_name: str
) -> list[Row]:
    """Return those about a sensor."""
    found = Instigator("SENSOR", sensor_name, repository_name, repository_location_name)
    return _about(context, "schedule and sensor", lambda _, body: found.is_in(body))


@query("alertPoliciesForCodeLocation")
def alert_policies_for_code_location(context: Context, *, code_location_name: str) -> list[Row]:
    """Return those about a code location."""

    def check(_name: str, body: Row) -> bool:
        locations = body.get("location_names")
        return not locations or code_location_name in locations

    return _about(context, "code location", check)


@mutation("createOrUpdateAlertPolicyFromDocument", needs=PERMISSION, audit=CHANGED)
def set_alert_policy(context: Context, *, document: Any) -> Row:
    """Write one policy; that of its name changes and keeps its id."""
    catch_up(context, in_transaction=True)
    policy = check_policy(document)
    _refuse_code_backed(find(context, policy["name"]))
    return write(context, context.here()["deploymentId"], policy, APP)


@mutation("reconcileAlertPoliciesFromDocument", needs=PERMISSION, audit=CHANGED)
def reconcile_alert_policies(context: Context, *, document: Any) -> list[Row]:
    """Write all that is in a document, and delete what came from one and is not in it any more."""
    catch_up(context, in_transaction=True)
    here = context.here()["deploymentId"]
    policies = check_policies(document)
    names = {policy["name"] for policy in policies}
    is_all = context.switch(RECONCILE) == "all"
    for row in all_in(context, here):
        if row["name"] not in names and (is_all or row["source"] == CODE):
            context.store.delete(TYPE, row["id"])
    return [write(context, here, policy, CODE) for policy in policies]


@mutation("deleteAlertPolicy", needs=PERMISSION, audit=CHANGED)
def delete_alert_policy(context: Context, *, alert_policy_name: str) -> None:
    """Delete the policy of a name."""
    catch_up(context, in_transaction=True)
    found = find(context, alert_policy_name)
    if found is None:
        message = f"There is no alert policy {alert_policy_name!r}."
        context.refuse(DELETE_MISSING, NOT_FOUND, message)
        return
    _refuse_code_backed(found)
    context.store.delete(TYPE, found["id"])


def _refuse_code_backed(row: Row | None) -> None:
    if row and row["source"] == CODE:
        raise Failure(
            "CodeBackedAlertPolicyError",
            f"The alert policy {row['name']!r} is managed by code and cannot be changed here.",
        )


@mutation("setAlertPolicyMuteUntil", needs=PERMISSION, audit="SET_ALERT_POLICY_MUTE_UNTIL")
def mute_alert_policy(
    context: Context, *, alert_policy_id: str, mute_for_seconds: int | None = None
) -> Row:
    """Let a policy notify nobody for some seconds from now; or, without them, notify again."""
    catch_up(context, in_transaction=True)
    here = context.here()["deploymentId"]
    found = context.need(TYPE, alert_policy_id, NOT_FOUND, "alert policy", deployment=here)
    until = None if mute_for_seconds is None else context.now() + mute_for_seconds
    return context.store.put(TYPE, found["id"], {**found, "mutedUntil": until})


# Nothing is modified, and the audit log has no type for a sample.
@mutation("sendSampleNotification", needs=PERMISSION, audit=None)
def send_sample_notification(context: Context, *, document: Any) -> Row:
    """Tell what a policy would tell, to nobody but a webhook on this machine."""
    catch_up(context, in_transaction=True)
    policy = check_policy(document)
    ((name, service),) = policy["notification_service"].items()
    result, problem = None, ""
    if name == "webhook":
        result, problem = call_webhook(context, service, examples(policy["event_types"]))
    return {
        "__typename": f"SendSampleNotification{'Failure' if problem else 'Success'}",
        "message": problem or f"A sample notification was sent with {name}.",
        "webhookResult": result,
    }


@query("webhookTemplateTokens")
def webhook_template_tokens(_context: Context, *, event_types: Sequence[str]) -> list[Row]:
    """Return what the body of a webhook can be made of."""
    _check_events(event_types)
    return tokens_for(event_types)


# Nothing is modified here either.
@mutation("validateWebhookTemplate", needs=PERMISSION, audit=None)
def validate_webhook_template(
    _context: Context, *, body_template: str, event_types: Sequence[str]
) -> Row:
    """Check the body of a webhook."""
    _check_events(event_types)
    problems = template_problems(body_template, event_types)
    return {
        "__typename": f"ValidateWebhookTemplate{'Failure' if problems else 'Success'}",
        "valid": not problems,
        "availableTokens": tokens_for(event_types),
        **({"errors": problems} if problems else {}),
    }


def _check_events(events: Sequence[str]) -> None:
    unknown = [event for event in events if event not in GROUPS]
    if unknown:
        raise Failure("InvalidEventType", f"There is no event type {unknown[0]!r}.")
