"""Who asks, what they may do, and who else is in the organization."""

from __future__ import annotations

from ...registry import ORGANIZATION_ADMIN, VIEW, kind, query
from ...rights import EVERYTHING
from ..people.seats import counts, has_seats
from ..people.users import listed_users
from .feature_gates import all_gates
from .organization import ORGANIZATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

IDENTITY = "DagsterCloudIdentity"
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


@query("planAllowsAddingMoreUsers", needs=None)
def plan_allows_adding_more_users(context: Context) -> bool:
    """Tell whether the plan has a seat left for one who may change something."""
    return has_seats(context)


@query("userCountsByHighestLevel", needs=None)
def user_counts(context: Context) -> list[Row]:
    """Return how many users have which role at most: in the organization, or in a deployment."""
    return counts(context.store)


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
