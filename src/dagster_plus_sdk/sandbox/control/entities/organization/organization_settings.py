"""The settings of the organization."""

from __future__ import annotations

from ... import settings
from ...config_types import schema_of
from ...registry import ORGANIZATION_ADMIN, Failure, kind, mutation, query, seeds
from ...settings import Number, SettingGroup
from ..deployments.deployment_settings import MOST_RUNS, SSO_ROLE, TAG_LIMITS, UNSET
from .organization import the_organization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row

SETTINGS = "OrganizationSettings"
AUDIT = "UPDATE_INTERNAL_ORGANIZATION_SETTINGS"
ALL_BRANCHES = "max_concurrent_branch_deployment_runs"
ONE_BRANCH = "max_concurrent_runs_per_branch_deployment"


#: How many runs all branch deployments can have at a time, if nobody says.
DEFAULT_RUNS = 50


def settings_type(context: Context) -> SettingGroup:
    """Return what the settings may have."""
    most = MOST_RUNS[the_organization(context)["agentType"]]
    fields: dict[str, Any] = {
        "sso_default_role": (SSO_ROLE, "VIEWER"),
        ALL_BRANCHES: (Number(most), DEFAULT_RUNS),
        ONE_BRANCH: UNSET,
        "branch_deployment_tag_concurrency_limits": (TAG_LIMITS, []),
    }
    more = settings.keeps_unknown(context)
    return SettingGroup("OrganizationSettings", fields, open_to_more=more)


kind(
    SETTINGS,
    private=("document",),
    settings=lambda context, row: settings.shown(context, settings_type(context), row["document"]),
)


@query("organizationSettings", needs=None)
def organization_settings(context: Context) -> Row:
    """Return the settings; they need not have been set."""
    return context.store.get(SETTINGS, 1) or {"__typename": SETTINGS, "document": None}


@query("organizationSettingsSchema", needs=None)
def organization_settings_schema(context: Context) -> Row:
    """Return what the settings may have."""
    return {"__typename": "OrganizationSettingsSchema", **schema_of(settings_type(context))}


@mutation("setOrganizationSettings", needs=ORGANIZATION_ADMIN, audit=AUDIT)
def set_organization_settings(
    context: Context, *, organization_settings: dict[str, Any] | None = None
) -> Row:
    """Replace the settings; what is not there returns to its default."""
    return _write(context, settings.read_sent(organization_settings))


@mutation("updateOrganizationSettings", needs=ORGANIZATION_ADMIN, audit=AUDIT)
def update_organization_settings(
    context: Context, *, organization_settings: dict[str, Any] | None = None
) -> Row:
    """Put settings into those that there are."""
    before = (context.store.get(SETTINGS, 1) or {}).get("document") or {}
    changes = settings.read_sent(organization_settings)
    return _write(context, settings.updated(context, before, changes))


@seeds("organization_settings")
def plant_settings(context: Context, settings: dict[str, Any]) -> None:
    """Write the settings."""
    _write(context, settings)


def _write(context: Context, document: dict[str, Any]) -> Row:
    settings.check(settings_type(context), document)
    every, one = document.get(ALL_BRANCHES, DEFAULT_RUNS), document.get(ONE_BRANCH)
    if one is not None and one > every:
        raise Failure(
            "DagsterInvalidConfigError", f"{ONE_BRANCH} must be at most {ALL_BRANCHES}: {every}"
        )
    return context.store.put(SETTINGS, 1, {"document": document})
