"""The mutations of the real Dagster: what they need, and what the audit log says of them. It checks nothing itself."""

from __future__ import annotations

from .registry import VIEW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: Under this alias the front asks for what it needs to know; it is taken out of the answer.
MARK = "sandboxMark"
TYPENAME = f"{MARK}Type:__typename"
_LAUNCHED = f"{TYPENAME} ...on LaunchRunSuccess{{{MARK}Run:run{{runId}}}}"


class RealMutation:
    """A mutation of the real Dagster.

    Attributes:
        needs: The permission.
        audit: The type of the audit entry, if there is one that fits.
        marks: What to select as well, if it is audited.
    """

    __slots__ = ("audit", "marks", "needs")

    def __init__(self, needs: str, audit: str | None = None, marks: str = TYPENAME) -> None:
        self.needs: str = needs
        self.audit: str | None = audit
        self.marks: str = marks


_RUNS = "START_AND_STOP_RUNS"
_LAUNCH = RealMutation(_RUNS, "LAUNCH_RUN", _LAUNCHED)
_BACKFILL = RealMutation(_RUNS, "LAUNCH_BACKFILL")
_CHANGE_RUN = RealMutation(_RUNS)
_DELETE_RUN = RealMutation("DELETE_RUNS")
_SCHEDULE = RealMutation("TOGGLE_SCHEDULES", "UPDATE_SCHEDULE")
_SENSOR = RealMutation("TOGGLE_SENSORS", "UPDATE_SENSOR")
_LIMITS = RealMutation("EDIT_CONCURRENCY_LIMITS")
_PARTITIONS = RealMutation("EDIT_DYNAMIC_PARTITIONS")
_EVENTS = RealMutation("REPORT_ASSET_EVENTS")
_RELOAD = RealMutation("REDEPLOY_CODE_LOCATIONS", "UPDATE_CODE_LOCATION")
_COMPONENT = RealMutation("EDIT_APP_MANAGED_COMPONENTS")
_ANYONE = RealMutation(VIEW)

REAL_MUTATIONS: Mapping[str, RealMutation] = {
    "addDynamicPartition": _PARTITIONS,
    "cancelPartitionBackfill": _CHANGE_RUN,
    "deleteAppManagedComponent": _COMPONENT,
    "deleteConcurrencyLimit": _LIMITS,
    "deleteDynamicPartitions": _PARTITIONS,
    "deletePipelineRun": _DELETE_RUN,
    "deleteRun": _DELETE_RUN,
    "freeConcurrencySlots": _LIMITS,
    "freeConcurrencySlotsForRun": _LIMITS,
    "launchMultipleRuns": RealMutation(
        _RUNS,
        "LAUNCH_RUN",
        f"{TYPENAME} ...on LaunchMultipleRunsResult{{{MARK}Runs:launchMultipleRunsResult{{{_LAUNCHED}}}}}",
    ),
    "launchPartitionBackfill": _BACKFILL,
    "launchPipelineExecution": _LAUNCH,
    "launchPipelineReexecution": _LAUNCH,
    "launchRun": _LAUNCH,
    "launchRunReexecution": _LAUNCH,
    "logTelemetry": _ANYONE,
    "reexecutePartitionBackfill": _BACKFILL,
    "refreshComponentState": RealMutation("REFRESH_COMPONENT_STATE"),
    "reloadRepositoryLocation": _RELOAD,
    "reloadWorkspace": _RELOAD,
    "reportAssetCheckEvaluations": _EVENTS,
    "reportRunlessAssetEvents": _EVENTS,
    "resetSchedule": _SCHEDULE,
    "resetSensor": _SENSOR,
    "resumePartitionBackfill": _CHANGE_RUN,
    "scheduleDryRun": _ANYONE,
    "sensorDryRun": _ANYONE,
    "setAppManagedComponent": _COMPONENT,
    "setAutoMaterializePaused": RealMutation("TOGGLE_SENSORS", "SET_AUTO_MATERIALIZE_PAUSED", ""),
    "setConcurrencyLimit": _LIMITS,
    "setNuxSeen": _ANYONE,
    "setSensorCursor": RealMutation("EDIT_SENSOR_CURSORS", "UPDATE_SENSOR"),
    "shutdownRepositoryLocation": _RELOAD,
    "startSchedule": _SCHEDULE,
    "startSensor": _SENSOR,
    "stopRunningSchedule": _SCHEDULE,
    "stopSensor": _SENSOR,
    "terminatePipelineExecution": _CHANGE_RUN,
    "terminateRun": _CHANGE_RUN,
    "terminateRuns": _CHANGE_RUN,
    "wipeAssets": RealMutation("WIPE_ASSETS"),
}
#: Root fields that Dagster+ has beside one of open-source Dagster that does the same here.
SAME = {"launchNonIsolatedRun": "launchRun"}


def location_of(arguments: Mapping[str, Any]) -> str | None:
    """Return the code location that a mutation's arguments name."""
    for name, value in arguments.items():
        if name == "repositoryLocationName":
            return str(value)
        found = location_of(value) if isinstance(value, dict) else None
        if found is not None:
            return found
    return None


def run_ids(arguments: Mapping[str, Any]) -> list[str]:
    """Return the runs that a mutation's arguments name."""
    many = arguments.get("runIds") or ()
    one = arguments.get("runId") or arguments.get("pipelineRunId")
    return [*map(str, many), *([str(one)] if one else [])]
