"""What an alert policy's document can have: its events, targets, services and options, in tables."""

from __future__ import annotations

from ...config_types import BOOL, FLOAT, INT, STRING, TEXTS, Choice, Listed, Mapped, Shape

#: Events by family, and by the group in it. A policy has those of one group.
FAMILIES: dict[str, dict[str, tuple[str, ...]]] = {
    "job": {"": ("JOB_FAILURE", "JOB_SUCCESS", "JOB_LONG_RUNNING")},
    "asset": {
        "materialization, check and freshness": (
            "ASSET_MATERIALIZATION_FAILURE",
            "ASSET_MATERIALIZATION_SUCCESS",
            "ASSET_CHECK_EXECUTION_FAILURE",
            "ASSET_CHECK_PASSED",
            "ASSET_CHECK_SEVERITY_ERROR",
            "ASSET_CHECK_SEVERITY_WARN",
            "ASSET_FRESHNESS_FAIL",
            "ASSET_FRESHNESS_PASS",
            "ASSET_FRESHNESS_WARN",
        ),
        "health": ("ASSET_HEALTH_DEGRADED", "ASSET_HEALTH_HEALTHY", "ASSET_HEALTH_WARNING"),
        "schema change": ("ASSET_TABLE_SCHEMA_CHANGE",),
    },
    "schedule and sensor": {"": ("TICK_FAILURE",)},
    "code location": {"": ("CODE_LOCATION_ERROR", "CODE_LOCATION_DEPLOY_SUCCESS")},
    "agent": {"": ("AGENT_UNAVAILABLE",)},
    "insights": {"": ("INSIGHTS_CONSUMPTION_EXCEEDED",)},
    "metric": {"": ("METRIC_MONITOR_ALERT",)},
}
#: The family and the group of each event.
GROUPS = {
    event: (family, group)
    for family, groups in FAMILIES.items()
    for group, events in groups.items()
    for event in events
}
LONG_RUNNING = "JOB_LONG_RUNNING"
LONG_RUNNING_TARGET = "long_running_job_threshold_target"
SCHEMA_CHANGES = (
    "COLUMN_ADDED",
    "COLUMN_NULLABILITY_CHANGED",
    "COLUMN_REMOVED",
    "COLUMN_TAGS_CHANGED",
    "COLUMN_TYPE_CHANGED",
    "COLUMN_UNIQUENESS_CHANGED",
)

TAGS = Listed(Shape("Tag", {"key*": STRING, "value": STRING}))
_JOB = Shape("Job", {"location_name*": STRING, "repo_name": STRING, "job_name*": STRING})
_JOBS = {"jobs": Listed(_JOB), "tags": TAGS, "location_names": TEXTS}
_INSTIGATOR = Shape(
    "ScheduleOrSensor", {"location_name*": STRING, "repo_name": STRING, "name*": STRING}
)
_INSIGHTS = {
    "metric_name*": STRING,
    "selection_period_days*": INT,
    "threshold*": FLOAT,
    "operator*": Choice("InsightsOperator", ("GREATER_THAN", "LESS_THAN")),
}
_METRIC = {
    "metric_name*": STRING,
    "lookback_window*": FLOAT,
    "aggregation_function*": Choice(
        "AggregationFunction",
        ("AVERAGE", "LATEST", "MAX", "MIN", "P75", "P90", "P95", "P99", "SUM"),
    ),
    "combine_fn": Choice("CombineFunction", ("ANY", "ALL")),
    "comparison_type": Choice("ComparisonType", ("ABSOLUTE", "PERCENT_CHANGE")),
    "thresholds*": Shape("Thresholds", {"min_allowed_value": FLOAT, "max_allowed_value": FLOAT}),
}

#: What each target has.
TARGETS = {
    "run_result_target": Shape("RunResult", _JOBS),
    LONG_RUNNING_TARGET: Shape("LongRunning", {"threshold_seconds*": FLOAT, **_JOBS}),
    "asset_key_target": Shape("AssetKey", {"asset_key*": TEXTS}),
    "asset_group_target": Shape(
        "AssetGroup", {"asset_group*": STRING, "location_name*": STRING, "repo_name": STRING}
    ),
    "asset_selection_target": Shape("AssetSelection", {"asset_selection*": STRING}),
    "asset_selection_view_target": Shape("View", {"asset_selection_view_id*": STRING}),
    "favorites_selection_view_target": Shape("Favorites", {"user_email*": STRING}),
    "schedule_or_sensor_target": Shape(
        "Instigators",
        {
            "schedules_or_sensors": Listed(_INSTIGATOR),
            "location_names": TEXTS,
            "types": Listed(Choice("InstigatorType", ("SCHEDULE", "SENSOR"))),
        },
    ),
    "code_location_target": Shape("CodeLocation", {"location_names": TEXTS}),
    "credit_limit_target": Shape("CreditLimit", {}),
    "insights_deployment_threshold_target": Shape("InsightsDeployment", _INSIGHTS),
    "insights_asset_group_threshold_target": Shape(
        "InsightsAssetGroup",
        {
            **_INSIGHTS,
            "asset_group*": Shape(
                "QualifiedAssetGroup",
                {"location_name*": STRING, "repo_name": STRING, "asset_group_name*": STRING},
            ),
        },
    ),
    "insights_asset_threshold_target": Shape("InsightsAsset", {**_INSIGHTS, "asset_key*": TEXTS}),
    "insights_job_threshold_target": Shape("InsightsJob", {**_INSIGHTS, "job*": _JOB}),
    "metric_monitor_asset_selection_threshold_target": Shape(
        "MetricAssetSelection", {**_METRIC, "asset_selection*": STRING}
    ),
    "metric_monitor_asset_selection_view_threshold_target": Shape(
        "MetricView", {**_METRIC, "asset_selection_view_id*": STRING}
    ),
    "metric_monitor_favorites_threshold_target": Shape(
        "MetricFavorites", {**_METRIC, "user_email*": STRING}
    ),
}
#: The targets that a family of events can have; without any, a policy is about the whole deployment.
TARGETS_OF: dict[str, tuple[str, ...]] = {
    "job": ("run_result_target", LONG_RUNNING_TARGET),
    "asset": (
        "asset_key_target",
        "asset_group_target",
        "asset_selection_target",
        "asset_selection_view_target",
        "favorites_selection_view_target",
    ),
    "schedule and sensor": ("schedule_or_sensor_target",),
    "code location": ("code_location_target",),
    "agent": (),
    "insights": (
        "credit_limit_target",
        "insights_deployment_threshold_target",
        "insights_asset_group_threshold_target",
        "insights_asset_threshold_target",
        "insights_job_threshold_target",
    ),
    "metric": (
        "metric_monitor_asset_selection_threshold_target",
        "metric_monitor_asset_selection_view_threshold_target",
        "metric_monitor_favorites_threshold_target",
    ),
}
#: The families whose policies have exactly one target.
ONE_TARGET = ("insights", "metric")

SERVICES = {
    "email": Shape("Email", {"email_addresses*": TEXTS}),
    "email_owners": Shape("EmailOwners", {"default_email_addresses": TEXTS}),
    "slack": Shape("Slack", {"slack_workspace_name*": STRING, "slack_channel_name*": STRING}),
    "microsoft_teams": Shape("MicrosoftTeams", {"webhook_url*": STRING}),
    "pagerduty": Shape("Pagerduty", {"integration_key*": STRING}),
    "webhook": Shape(
        "Webhook",
        {"webhook_url*": STRING, "headers": Mapped(STRING), "body_template": STRING},
    ),
}
OPTIONS = Shape(
    "PolicyOptions",
    {
        "include_description_in_notification": BOOL,
        "consecutive_failure_threshold": INT,
        "renotify_interval_minutes": INT,
        "table_schema_change_types": Listed(Choice("TableSchemaChangeType", SCHEMA_CHANGES)),
    },
)
#: The events that an option is for; what is not here is for all of them.
OPTION_EVENTS: dict[str, tuple[str, ...]] = {
    "consecutive_failure_threshold": ("TICK_FAILURE",),
    "renotify_interval_minutes": ("TICK_FAILURE", "AGENT_UNAVAILABLE", "CODE_LOCATION_ERROR"),
    "table_schema_change_types": ("ASSET_TABLE_SCHEMA_CHANGE",),
}

POLICY = Shape(
    "AlertPolicy",
    {
        "name*": STRING,
        "description": STRING,
        "enabled*": BOOL,
        "event_types*": Listed(Choice("AlertPolicyEventType", tuple(GROUPS))),
        "alert_targets": Listed(Shape("AlertTarget", TARGETS, one=True)),
        "notification_service*": Shape("NotificationService", SERVICES, one=True),
        "policy_options": OPTIONS,
        "tags": TAGS,
    },
)
POLICIES = Shape("AlertPolicies", {"alert_policies*": Listed(POLICY)})
