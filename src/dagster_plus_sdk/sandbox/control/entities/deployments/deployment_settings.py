"""The settings of deployments."""

from __future__ import annotations

from ... import settings
from ...config_types import BOOL, STRING, Choice, Listed, Mapped, Nullable, Shape, schema_of
from ...deploying import TYPE, by_name, chosen_or_here
from ...registry import Failure, kind, mutation, query, seeds
from ...settings import Either, Number, SettingGroup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ...context import Context
    from ...store import Row

SETTINGS = "DeploymentSettings"
EDIT = "EDIT_DEPLOYMENT_SETTINGS"
#: How many runs a deployment can have at a time, at most, by the type of its agent.
MOST_RUNS = {"HYBRID": 500, "SERVERLESS": 50}
#: Roles that single sign-on gives to whoever comes first; the last: they cannot come.
SSO_ROLES = ("VIEWER", "LAUNCHER", "EDITOR", "ADMIN", "CATALOG_VIEWER", "NO_ACCESS")
SSO_ROLE = Choice("SsoDefaultRole", SSO_ROLES)
NUMBER = Number()
UNSET = Nullable(NUMBER)
TAG_LIMITS = Listed(
    Shape(
        "TagConcurrencyLimit",
        {
            "key*": STRING,
            "value": Either(STRING, Shape("PerUniqueValue", {"applyLimitPerUniqueValue*": BOOL})),
            "limit*": NUMBER,
        },
    )
)
#: How the limits of runs were written before there was `concurrency`. Such documents are read back as they were written.
LEGACY = "run_queue"
#: The settings that are the same for all, by section: what a section's type is called, and what is in it.
SECTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "run_monitoring": (
        "RunMonitoring",
        {
            "start_timeout_seconds": (NUMBER, 1200),
            "cancel_timeout_seconds": (NUMBER, 1200),
            "max_runtime_seconds": UNSET,
            "free_slots_after_run_end_seconds": UNSET,
        },
    ),
    "run_retries": (
        "RunRetries",
        {"max_retries": (NUMBER, 0), "retry_on_asset_or_op_failure": (BOOL, True)},
    ),
    "non_isolated_runs": (
        "NonIsolatedRuns",
        {"enabled": (BOOL, True), "max_concurrent_non_isolated_runs": (NUMBER, 1)},
    ),
    "auto_materialize": (
        "AutoMaterialize",
        {
            "run_tags": (Mapped(STRING), {}),
            "respect_materialization_data_versions": (BOOL, False),
            "use_sensors": (BOOL, False),
        },
    ),
}


def settings_type(
    agent_type: str, *, legacy: bool | None = None, open_to_more: bool = False
) -> SettingGroup:
    """Return what the settings of a deployment may have.

    Args:
        agent_type: A member of DeploymentAgentType.
        legacy: Whether the limits of runs are in the old place, or in the new; None: in either.
        open_to_more: Whether other keys are taken, too.
    """

    def part(name: str, fields: dict[str, Any]) -> SettingGroup:
        return SettingGroup(name, fields, open_to_more=open_to_more)

    runs = {
        "max_concurrent_runs": (Number(MOST_RUNS[agent_type]), 10),
        "tag_concurrency_limits": (TAG_LIMITS, []),
    }
    pools = {
        "default_limit": UNSET,
        "granularity": (Choice("PoolGranularity", ("op", "run")), "op"),
        "op_granularity_run_buffer": UNSET,
    }
    both = {
        LEGACY: part("RunQueue", runs),
        "concurrency": part(
            "Concurrency", {"pools": part("Pools", pools), "runs": part("Runs", runs)}
        ),
    }
    other = {True: "concurrency", False: LEGACY}
    limits = {key: one for key, one in both.items() if legacy is None or key != other[legacy]}
    rest = {name: part(type_name, fields) for name, (type_name, fields) in SECTIONS.items()}
    whole = {**limits, **rest, "sso_default_role": (SSO_ROLE, "VIEWER")}
    return part("DeploymentSettings", whole)


def settings_of(context: Context, deployment: Row) -> Row:
    """Return the settings of a deployment; they need not have been set."""
    number = deployment["deploymentId"]
    found = context.store.get(SETTINGS, number)
    return found or {"__typename": SETTINGS, "deployment": number, "document": None}


def shown(context: Context, row: Row) -> Any:
    """Return settings as they are read: with the defaults of what was not set."""
    document = row["document"]
    deployment = context.store.get(TYPE, row["deployment"])
    agent_type = deployment["agentType"] if deployment else "HYBRID"
    is_legacy = LEGACY in (document or ())
    return settings.shown(context, settings_type(agent_type, legacy=is_legacy), document)


kind(SETTINGS, private=("deployment", "document"), settings=shown)


@query("deploymentSettings")
def deployment_settings(context: Context) -> Row:
    """Return the settings of the deployment that was asked."""
    return settings_of(context, context.here())


@query("deploymentSettingsSchema", needs=None)
def deployment_settings_schema(context: Context) -> Row:
    """Return what the settings may have."""
    return {
        "__typename": "DeploymentSettingsSchema",
        **schema_of(_accepted(context, context.here())),
    }


def _accepted(context: Context, deployment: Row) -> SettingGroup:
    more = settings.keeps_unknown(context)
    return settings_type(deployment["agentType"], open_to_more=more)


@mutation("setDeploymentSettings", needs=None, audit="UPDATE_DEPLOYMENT_SETTINGS")
def set_deployment_settings(
    context: Context,
    *,
    deployment_settings: dict[str, Any],
    deployment_id: int | None = None,
) -> Row:
    """Replace the settings; what is not there returns to its default."""
    deployment = _editable(context, deployment_id)
    return _write(context, deployment, settings.read_sent(deployment_settings))


@mutation("updateDeploymentSettings", needs=None, audit="UPDATE_DEPLOYMENT_SETTINGS")
def update_deployment_settings(
    context: Context,
    *,
    deployment_settings: dict[str, Any] | None = None,
    deployment_id: int | None = None,
) -> Row:
    """Put settings into those that there are."""
    deployment = _editable(context, deployment_id)
    before = settings_of(context, deployment)["document"] or {}
    changes = settings.read_sent(deployment_settings)
    before = _in_one_place(before, changes)
    return _write(context, deployment, settings.updated(context, before, changes))


def _editable(context: Context, deployment_id: int | None) -> Row:
    """Return the deployment to change: by default the one that was asked."""
    context.subject = deployment = chosen_or_here(context, deployment_id)
    context.require(EDIT, deployment=deployment)
    return deployment


def _in_one_place(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with the limits of runs where the changes have them."""
    moved = dict(before)
    concurrency = dict(moved.get("concurrency") or {})
    if LEGACY in changes and "runs" in concurrency:
        moved[LEGACY] = concurrency.pop("runs")
        moved["concurrency"] = concurrency
    elif LEGACY in before and "runs" in (changes.get("concurrency") or ()):
        moved["concurrency"] = {**concurrency, "runs": moved.pop(LEGACY)}
    return {key: value for key, value in moved.items() if key != "concurrency" or value}


def _write(context: Context, deployment: Row, document: dict[str, Any]) -> Row:
    settings.check(_accepted(context, deployment), document)
    if LEGACY in document and "runs" in (document.get("concurrency") or ()):
        raise Failure(
            "DagsterInvalidConfigError", f"Give either {LEGACY!r} or 'concurrency.runs', not both."
        )
    number = deployment["deploymentId"]
    row = {"deployment": number, "document": document}
    return context.store.put(SETTINGS, number, row)


@seeds("deployment_settings")
def plant_settings(context: Context, deployment: str, settings: dict[str, Any]) -> None:
    """Write the settings of a deployment."""
    _write(context, by_name(context.store, deployment), settings)
