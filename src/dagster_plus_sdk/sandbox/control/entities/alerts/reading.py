"""Alert policies as the API shows them: the parts of their documents, as it spells them."""

from __future__ import annotations

from ...callers import USER
from .templates import DEFAULT_BODY, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...context import Context
    from ...store import Row

#: The repository of a code location that does not name its own.
REPOSITORY = "__repository__"


def targets(context: Context, document: Row) -> list[Row]:
    """Return the targets of a policy."""
    return [
        _target(context, name, body)
        for target in document.get("alert_targets") or ()
        for name, body in target.items()
    ]


def service(document: Row) -> Row:
    """Return who is told."""
    given = document.get("notification_service") or {"email": {}}
    ((name, body),) = given.items()
    typename, fields = SERVICES[name]
    return {"__typename": typename, **{field: read(body) for field, read in fields.items()}}


def options(document: Row) -> Row:
    """Return the options of a policy."""
    given = document.get("policy_options") or {}
    return {
        "__typename": "AlertPolicyOptions",
        "consecutiveFailureThreshold": given.get("consecutive_failure_threshold"),
        "includeDescriptionInNotification": given.get("include_description_in_notification"),
        "renotifyIntervalMinutes": given.get("renotify_interval_minutes"),
        "tableSchemaChangeTypes": given.get("table_schema_change_types"),
    }


def tags(given: list[Row] | None) -> list[Row] | None:
    """Return tags; null where none were given."""
    return given and [{"key": tag["key"], "value": tag.get("value")} for tag in given]


def _of(key: str, default: object = "") -> Callable[[Row], object]:
    return lambda body: body.get(key, default)


SERVICES: dict[str, tuple[str, dict[str, Callable[[Row], object]]]] = {
    "email": ("EmailAlertPolicyNotification", {"emailAddresses": _of("email_addresses", [])}),
    "email_owners": (
        "EmailOwnersAlertPolicyNotification",
        {"defaultEmailAddresses": _of("default_email_addresses", [])},
    ),
    "slack": (
        "SlackAlertPolicyNotification",
        {
            "slackWorkspaceName": _of("slack_workspace_name"),
            "slackChannelName": _of("slack_channel_name"),
        },
    ),
    "microsoft_teams": (
        "MicrosoftTeamsAlertPolicyNotification",
        {"webhookUrl": _of("webhook_url")},
    ),
    "pagerduty": ("PagerdutyAlertPolicyNotification", {"integrationKey": _of("integration_key")}),
    "webhook": (
        "WebhookAlertPolicyNotification",
        {
            "webhookUrl": _of("webhook_url"),
            "headers": lambda body: pairs(body.get("headers", {})),
            "bodyTemplate": lambda body: body.get("body_template") or DEFAULT_BODY,
        },
    ),
}
TYPENAMES = {
    "run_result_target": "RunResultTarget",
    "long_running_job_threshold_target": "LongRunningJobThresholdTarget",
    "asset_key_target": "AssetKeyTarget",
    "asset_group_target": "AssetGroupTarget",
    "asset_selection_target": "AssetSelectionTarget",
    "asset_selection_view_target": "AssetSelectionViewTarget",
    "favorites_selection_view_target": "FavoritesSelectionViewTarget",
    "schedule_or_sensor_target": "ScheduleSensorTarget",
    "code_location_target": "CodeLocationTarget",
    "credit_limit_target": "CreditLimitTarget",
    "insights_deployment_threshold_target": "InsightsDeploymentThresholdTarget",
    "insights_asset_group_threshold_target": "InsightsAssetGroupThresholdTarget",
    "insights_asset_threshold_target": "InsightsAssetThresholdTarget",
    "insights_job_threshold_target": "InsightsJobThresholdTarget",
    "metric_monitor_asset_selection_threshold_target": "MetricMonitorAssetSelectionThresholdTarget",
    "metric_monitor_asset_selection_view_threshold_target": "MetricMonitorAssetSelectionViewThresholdTarget",
    "metric_monitor_favorites_threshold_target": "MetricMonitorFavoritesThresholdTarget",
}
#: What the API calls a key of a document, where that is no other spelling of the same words.
NAMES = {
    "asset_group_name": "assetGroup",
    "location_names": "codeLocationNames",
}
#: What targets have that their documents leave out, by the start of their names.
DEFAULTS: dict[str, Row] = {
    "credit_limit": {"creditLimit": 30_000},
    "metric_monitor": {"combineFn": "ANY", "comparisonType": "ABSOLUTE"},
}


def _target(context: Context, name: str, body: Row) -> Row:
    found: Row = {"__typename": TYPENAMES[name]}
    for start, default in DEFAULTS.items():
        if name.startswith(start):
            found |= default
    for key, value in body.items():
        found |= PARTS[key](context, value) if key in PARTS else _spelled({key: value})
    return found


def _asset_group(_context: Context, value: str | Row) -> Row:
    return _spelled(value) if isinstance(value, dict) else {"assetGroup": value}


def _view(context: Context, value: str) -> Row:
    return {"assetSelectionViewId": value, "view": context.store.get("CatalogView", value)}


def _user(context: Context, value: str) -> Row:
    return {"userEmail": value, "user": context.store.find(USER, email=value)}


def _instigator(one: Row) -> Row:
    return {"name": one["name"], **_place(one)}


def _place(one: Row) -> Row:
    return {
        "codeLocationName": one["location_name"],
        "repositoryName": one.get("repo_name", REPOSITORY),
    }


#: The parts of targets that the API has in another form.
PARTS: dict[str, Callable[[Context, Any], Row]] = {
    "asset_group": _asset_group,
    "asset_key": lambda _, value: {"assetKey": {"path": value}},
    "asset_selection": lambda _, value: {"assetSelection": value, "assetSelectionString": value},
    "asset_selection_view_id": _view,
    "job": lambda _, value: _spelled(value),
    "jobs": lambda _, value: {
        "jobs": [{"jobName": job["job_name"], **_place(job)} for job in value]
    },
    "schedules_or_sensors": lambda _, value: {"schedulesSensors": [*map(_instigator, value)]},
    "tags": lambda _, value: {"tags": tags(value)},
    "thresholds": lambda _, value: {"thresholds": _spelled(value)},
    "user_email": _user,
}


def _spelled(body: Row) -> Row:
    return {NAMES.get(key) or _camel(key): value for key, value in body.items()}


def _camel(key: str) -> str:
    first, *others = key.split("_")
    return first + "".join(map(str.title, others))
