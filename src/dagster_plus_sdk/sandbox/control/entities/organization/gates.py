"""Feature gates: what an organization's plan or an experiment switches on."""

from __future__ import annotations

from ...registry import Failure, kind, query, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row

GATE = "DagsterCloudFeatureGate"
#: How many full deployments the demo organization's plan has.
DEPLOYMENTS = 10
#: Gates that are off, or say nothing.
OFF = dict.fromkeys(
    (
        "APP_MANAGED_COMPONENTS_GIT_BACKED",
        "ASSET_HEALTH_LIVE_DATA_KILL_SWITCH",
        "CATALOG_HIDE_ASSETS_WITHOUT_DEFINITIONS_BY_DEFAULT",
        "ENABLE_ANOMALY_DETECTION",
        "ENABLE_COMPASS_PROPOSE_ISSUES",
        "ENABLE_STREAMLINE_EMIT_VM_EXPERIMENTAL_CUSTOM_METRICS",
        "INSIGHTS_HIDE_GQL_SUBMISSION_PATH_COST_METRICS",
        "OBSERVE_DARK_LAUNCH_ENABLED",
        "PRICING_MAY_2023_UI",
        "SHOW_LEGACY_INSIGHTS",
        "TOAST_FOR_VERSION_UPDATE",
        "VERBOSE_TRACING",
    ),
    False,
)
#: Gates that are numbers and texts; null: there is no limit.
VALUES: dict[str, Any] = {
    "EDITOR_ADMIN_LIMIT": None,
    "PRODUCTION_DEPLOYMENT_LIMIT": DEPLOYMENTS,
    "SERVERLESS_QUICKSTART_REPO_URL": None,
    "TRIAL_SERVERLESS_USAGE_LIMIT": None,
}
#: Gates that are on.
ON = dict.fromkeys(
    (
        "BACKEND_SEARCH_ENABLED",
        "BACKFILL_LOG_STORAGE",
        "BILLING_AND_USAGE_ENABLED",
        "CATALOG_SELECTION_ALERTS",
        "CUSTOM_RBAC_ENABLED",
        "DAGSTER_PLUS_ISSUES_ENABLED",
        "DBT_NUX_UI",
        "ENABLE_AI_SUMMARIES",
        "ENABLE_ASSET_HEALTH_QUERIES",
        "ENABLE_ASSET_TABLE_SCHEMA_ALERTS",
        "ENABLE_AUDIT_LOG_ACCESS",
        "ENABLE_BACKGROUND_ASSET_WIPE",
        "ENABLE_CATALOG_VIEWS",
        "ENABLE_DATADOG_INTEGRATION",
        "ENABLE_EXTERNAL_ASSET_CONNECTIONS",
        "ENABLE_INGEST_INSIGHTS_FROM_METADATA",
        "ENABLE_INSIGHTS_V2_ALERTS",
        "ENABLE_NEW_PRICING_MAY_2026_UI",
        "ENABLE_OPT_IN_DEFINITIONS_HISTORY",
        "ENABLE_ORG_SETTINGS_TEAMS_PAGE",
        "ENABLE_PAGERDUTY_ALERTS",
        "ENABLE_PER_BASE_BRANCH_DEPLOYMENT_PERMISSIONS",
        "ENABLE_PER_BASE_BRANCH_DEPLOYMENT_QUEUE_READS",
        "ENABLE_RUNS_REDESIGN",
        "ENABLE_SCIM_PROVISIONING_PAGE",
        "ENABLE_SERVICE_USERS",
        "ENABLE_TRACKING_DEFINITIONS_HISTORY",
        "ENABLE_USER_MANAGED_CREDIT_SEAT_EXPANSIONS",
        "ENABLE_WEBHOOK_ALERTS",
        "ENABLE_WIPE_ON_DELETE_MULTIPARTITIONED_ASSETS",
        "GITLAB_NUX_ENABLED",
        "INSIGHTS_ENABLE_ALERTS",
        "INSIGHTS_SHOW_BIGQUERY_COST_METRICS",
        "INSIGHTS_USE_S3_SUBMISSION_PATH_COST_METRICS",
        "KPIS_VIEW_ENABLED",
        "NATIVE_SECRETS_ENABLED",
        "ONBOARDING_CHECKLIST_ENABLED",
        "ON_HIGH_VELOCITY_CREDIT_MODEL",
        "SHOW_AUTO_MATERIALIZE_SENSOR_BANNER",
        "USE_CREATE_DAGSTER_SCAFFOLDING",
        "VICTORIA_METRICS_ENABLED",
    ),
    True,
)
DEFAULTS: dict[str, Any] = {**ON, **OFF, **VALUES}

kind(GATE)


@seeds("feature_gates")
def plant_gate(context: Context, key: str, value: object) -> None:
    """Give a gate another value than its default."""
    if key not in DEFAULTS:
        raise Failure("FeatureGateNotFoundError", f"there is no feature gate {key!r}")
    context.store.put(GATE, key, {"key": key, "value": value})


def gate(context: Context, key: str) -> Any:
    """Return what a gate is."""
    found = context.store.get(GATE, key)
    return found["value"] if found else DEFAULTS[key]


def need_gate(context: Context, key: str) -> None:
    """Refuse what only an open gate allows.

    Raises:
        Failure: It is closed.
    """
    if not gate(context, key):
        raise Failure("FeatureNotEnabledError", f"The organization does not have {key}.")


def all_gates(context: Context) -> list[Row]:
    """Return every gate."""
    given = {row["key"]: row["value"] for row in context.store.list(GATE)}
    values = sorted((DEFAULTS | given).items())
    return [{"__typename": GATE, "key": key, "value": value} for key, value in values]


@query("featureGateValue", needs=None)
def feature_gate_value(context: Context, *, feature_gate: str) -> Any:
    """Return what a gate is. What says nothing is false: the answer is never null."""
    return gate(context, feature_gate) or False
