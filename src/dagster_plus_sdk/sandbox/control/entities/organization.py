"""The organization, who asks, what they may do, and the version."""

from __future__ import annotations

from ..callers import USER
from ..registry import VIEW, kind, query, seeds
from ..rights import EVERYTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..context import Context
    from ..store import Row

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

kind(ORGANIZATION, usersOrError=lambda context, _: context.store.list(USER))
kind(
    IDENTITY,
    currentDeployment=lambda context, _: context.here() if context.allows(VIEW) else None,
    viewer=lambda context, _: context.caller.user,
    permissions=lambda context, _: own_permissions(context),
)


@seeds("organization")
def plant_organization(context: Context, name: str) -> None:
    """Write the organization, or give it another name."""
    row = {"id": 1, "name": name, "publicId": name, "status": "ACTIVE"}
    context.store.put(ORGANIZATION, 1, row)


def the_organization(context: Context) -> Row:
    """Return the only organization."""
    found = context.store.find(ORGANIZATION)
    assert found
    return found


@query("organization", needs=None)
def organization(context: Context) -> Row:
    """Return the only organization."""
    return the_organization(context)


@query("identity", needs=None)
def identity(_context: Context) -> Row:
    """Return who asks; all of it is computed."""
    return {"__typename": IDENTITY}


def own_permissions(context: Context) -> list[Row]:
    """Return what the caller may do in the deployment that was asked, as Dagster+ names it."""
    held = context.caller.permissions(context.here())
    names = sorted({permission.lower(): permission for permission in EVERYTHING}.items())
    return [_permission(name, permission in held) for name, permission in names]


@query("permissions", overrides=True)
def permissions(context: Context) -> list[Row]:
    """Return what the caller may do, as open-source Dagster names it."""
    held = context.caller.permissions(context.here())
    return [_permission(name, needed in held) for name, needed in PERMISSIONS.items()]


def _permission(name: str, value: bool) -> Row:  # noqa: FBT001
    return {"permission": name, "value": value, "disabledReason": None if value else REASON}


@query("version", needs=None)
def version(_context: Context) -> str:
    """Return what a client that wants to see any answer asks for."""
    return VERSION
