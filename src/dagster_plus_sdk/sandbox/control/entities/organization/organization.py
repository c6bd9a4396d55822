"""The organization and its plan, who asks, what they may do, and the version."""

from __future__ import annotations

from ...registry import ORGANIZATION_ADMIN, VIEW, kind, mutation, query, seeds
from ...rights import EVERYTHING
from ..people.seats import counts, has_seats
from ..people.users import listed_users
from .gates import all_gates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row

ORGANIZATION = "DagsterCloudOrganization"
IDENTITY = "DagsterCloudIdentity"
#: What is said where no Dagster is behind the sandbox, whose version would be returned.
VERSION = "0+sandbox"

#: What open-source Dagster calls its permissions, and what each needs here.
PERMISSIONS = {
    "cancel_partition_backfill": "START_AND_STOP_RUNS",
    "delete_pipeline_run": "DELETE_RUNS",
    "edit_concurrency_limit": "EDIT_CONCURRENCY_LIMITS",
    "edit_dynamic_partitions": "EDIT_DYNAMIC_PARTITIONS",
    "edit_sensor": "TOGGLE_SENSORS",
    "launch_partition_backfill": "START_AND_STOP_RUNS",
    "launch_pipeline_execution": "START_AND_STOP_RUNS",
    "launch_pipeline_reexecution": "START_AND_STOP_RUNS",
    "reload_repository_location": "REDEPLOY_CODE_LOCATIONS",
    "reload_workspace": "REDEPLOY_CODE_LOCATIONS",
    "report_runless_asset_events": "REPORT_ASSET_EVENTS",
    "start_schedule": "TOGGLE_SCHEDULES",
    "stop_running_schedule": "TOGGLE_SCHEDULES",
    "terminate_pipeline_execution": "START_AND_STOP_RUNS",
    "toggle_auto_materialize": "TOGGLE_SENSORS",
    "update_sensor_cursor": "EDIT_SENSOR_CURSORS",
    "wipe_assets": "WIPE_ASSETS",
}
REASON = "Insufficient permissions"

#: The build of the web interface that the sandbox claims to have.
BUILD = "sandbox"
#: What an organization has that its seed says nothing about.
DEFAULTS = {
    "status": "ACTIVE",
    "planType": "ENTERPRISE",
    "agentType": "HYBRID",
    "timezone": "UTC",
    "catalogMode": False,
    "scimSync": False,
}

kind(
    ORGANIZATION,
    private=("planType", "agentType", "timezone", "catalogMode", "scimSync"),
    usersOrError=lambda context, _: listed_users(context),
)
kind(
    IDENTITY,
    currentDeployment=lambda context, _: context.here() if context.allows(VIEW) else None,
    viewer=lambda context, _: context.caller.user,
    permissions=lambda context, _: own_permissions(context),
    featureGates=lambda context, _: all_gates(context),
)


@seeds("organization")
def plant_organization(
    context: Context,
    name: str,
    status: str | None = None,
    plan: str | None = None,
    agent_type: str | None = None,
    timezone: str | None = None,
    viewers_in_catalog_mode: bool | None = None,  # noqa: FBT001 - a seed has keywords
) -> None:
    """Write the organization, or change what is said of it.

    Args:
        context: Where.
        name: Its name.
        status: A member of OrganizationStatus.
        plan: A member of DagsterCloudPlanType.
        agent_type: What new deployments have: SERVERLESS or HYBRID.
        timezone: The default time zone.
        viewers_in_catalog_mode: Whether viewers get the catalog only.
    """
    given = {
        "status": status,
        "planType": plan,
        "agentType": agent_type,
        "timezone": timezone,
        "catalogMode": viewers_in_catalog_mode,
    }
    row = {
        **DEFAULTS,
        **(context.store.find(ORGANIZATION) or {}),
        **{key: value for key, value in given.items() if value is not None},
    }
    context.store.put(ORGANIZATION, 1, {**row, "id": 1, "name": name, "publicId": name})


def the_organization(context: Context) -> Row:
    """Return the only organization."""
    found = context.store.find(ORGANIZATION)
    assert found
    return found


@query("organization", needs=None)
def organization(context: Context) -> Row:
    """Return the only organization."""
    return the_organization(context)


@query("planType", needs=None)
def plan_type(context: Context) -> Any:
    """Return the plan."""
    return the_organization(context)["planType"]


@query("planAllowsAddingMoreUsers", needs=None)
def plan_allows_adding_more_users(context: Context) -> bool:
    """Tell whether the plan has a seat left for one who may change something."""
    return has_seats(context)


@query("userCountsByHighestLevel", needs=None)
def user_counts(context: Context) -> list[Row]:
    """Return how many users have which role at most: in the organization, or in a deployment."""
    return counts(context.store)


@query("scimSyncEnabled", needs=None)
def scim_sync_enabled(context: Context) -> Any:
    """Tell whether users come from an identity provider by SCIM."""
    return the_organization(context)["scimSync"]


@mutation(
    "setScimSyncEnabled",
    needs="MANAGE_SSO_AND_SCIM",
    audit="UPDATE_INTERNAL_ORGANIZATION_SETTINGS",
)
def set_scim_sync_enabled(context: Context, *, enabled: bool | None = None) -> Row:
    """Say whether users come from an identity provider by SCIM."""
    row = {**the_organization(context), "scimSync": bool(enabled)}
    context.store.put(ORGANIZATION, row["id"], row)
    return {"enabled": row["scimSync"]}


@query("defaultViewersToCatalogMode", needs=None)
def default_viewers_to_catalog_mode(context: Context) -> Any:
    """Tell whether viewers get the catalog only."""
    return the_organization(context)["catalogMode"]


@query("defaultTimezone", needs=None)
def default_timezone(context: Context) -> Any:
    """Return the time zone of what has none."""
    return the_organization(context)["timezone"]


@query("buildStatus", needs=None)
def build_status(_context: Context, *, build_id: str) -> Row:
    """Tell whether a build of the web interface is the server's."""
    status = "CURRENT" if build_id == BUILD else "OUTDATED"
    return {"currentBuildId": BUILD, "status": status}


@query("identity", needs=None)
def identity(_context: Context) -> Row:
    """Return who asks; all of it is computed."""
    return {"__typename": IDENTITY}


def own_permissions(context: Context) -> list[Row]:
    """Return what the caller may do in the deployment that was asked, as Dagster+ names it."""
    held = context.caller.permissions(context.here())
    named = sorted(EVERYTHING - {VIEW, ORGANIZATION_ADMIN})
    return [_permission(permission.lower(), permission in held) for permission in named]


@query("permissions", overrides=True)
def permissions(context: Context) -> list[Row]:
    """Return what the caller may do, as open-source Dagster names it."""
    return permissions_in(context)


def permissions_in(context: Context, location: str | None = None) -> list[Row]:
    """Return what the caller may do in a code location, or in the whole deployment."""
    held = context.caller.permissions(context.here(), location)
    return [_permission(name, needed in held) for name, needed in PERMISSIONS.items()]


def _permission(name: str, value: bool) -> Row:  # noqa: FBT001
    return {"permission": name, "value": value, "disabledReason": None if value else REASON}


@query("version", needs=None)
def version(_context: Context) -> str:
    """Return what a client that wants to see any answer asks for."""
    return VERSION
