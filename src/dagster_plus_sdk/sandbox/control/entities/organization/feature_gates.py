"""Feature gates: what an organization's plan or an experiment switches on."""

from __future__ import annotations

from ....._generated.enums.feature_gate_key import FeatureGateKey
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
#: All gates: those that are not above are on.
DEFAULTS: dict[str, Any] = {**{str(key): True for key in FeatureGateKey}, **OFF, **VALUES}

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
