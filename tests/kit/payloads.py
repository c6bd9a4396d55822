"""Answers as a server gives them."""

from __future__ import annotations

RUN_ID = "0f0f0f0f-1111-4222-8333-444455556666"


def run(**changes):
    """A run with all that the ``Run`` fragment selects."""
    base = {
        "__typename": "Run",
        "id": RUN_ID,
        "status": "SUCCESS",
        "jobName": "daily_report",
        "createdAt": 1700000000.25,
        "startedAt": 1700000001.5,
        "endedAt": None,
        "updatedAt": None,
        "tags": [{"key": "team", "value": "shop"}],
        "repositoryOrigin": {"repositoryName": "__repository__", "locationName": "demo"},
        "pipelineName": "daily_report",
        "mode": "default",
        "runConfig": {},
        "runConfigYaml": "{}\n",
        "parentRunId": None,
        "rootRunId": None,
        "canTerminate": False,
        "hasDeletePermission": True,
        "hasReexecutePermission": True,
        "hasTerminatePermission": True,
        "assetSelection": None,
        "assetCheckSelection": None,
        "assets": [],
        "stepKeysToExecute": None,
        "opSelection": None,
        "jobSnapshotId": None,
        "stats": {
            "__typename": "RunStatsSnapshot",
            "stepsSucceeded": 1,
            "stepsFailed": 0,
            "materializations": 0,
            "expectations": 0,
            "enqueuedAt": None,
            "launchedAt": None,
        },
        "steps": [],
    }
    return base | changes


def run_summary(run_id: str, **changes):
    """A run as lists have it."""
    keys = (
        "id", "status", "jobName", "createdAt", "startedAt", "endedAt", "updatedAt", "tags", "repositoryOrigin",
    )  # fmt: skip
    whole = run(id=run_id, **changes)
    return {key: whole[key] for key in keys}


def get_run(**changes):
    """The data of GetRun."""
    return {"runOrError": run(**changes)}


def error(typename: str, message: str = "no", **fields):
    """An error member."""
    return {"__typename": typename, "message": message, **fields}


def runs(*ids: str, **changes):
    """The data of ListRuns."""
    return {
        "runsOrError": {"__typename": "Runs", "results": [run_summary(i, **changes) for i in ids]}
    }


def launched(**changes):
    """The data of LaunchRun."""
    return {"launchRun": {"__typename": "LaunchRunSuccess", "run": run(**changes)}}


def full_runs(*found):
    """The data of FindRuns."""
    return {"runsOrError": {"__typename": "Runs", "results": list(found)}}


def repository(name: str = "__repository__", location: str = "demo"):
    """A repository as others refer to it."""
    return {"name": name, "location": {"name": location}}


def job(name: str, location: str = "demo", repo: str = "__repository__", **changes):
    """A job as lists have it."""
    base = {
        "id": f"{location}.{repo}.{name}",
        "name": name,
        "description": None,
        "isAssetJob": False,
        "tags": [],
        "repository": repository(repo, location),
    }
    return base | changes


def jobs(*found):
    """The data of ListJobs and FindJobs."""
    nodes = [{"jobs": [entry]} for entry in found]
    return {"repositoriesOrError": {"__typename": "RepositoryConnection", "nodes": nodes}}


def get_job(name: str, **changes):
    """The data of GetJob."""
    whole = {
        "__typename": "Pipeline",
        "graphName": name,
        "runTags": [],
        "metadataEntries": [],
        "owners": [],
        "opNames": ["load"],
        "schedules": [],
        "sensors": [],
        "jobSnapshotId": "snap",
        "canLaunch": True,
        "canReexecute": True,
    }
    return {"pipelineOrError": job(name) | whole | changes}


def asset(*path: str, group: str | None = "default", **changes):
    """An asset as lists have it; without a group it has no definition."""
    definition = {
        "id": "node",
        "key": {"path": list(path)},
        "groupName": group,
        "description": None,
        "kinds": ["python"],
        "tags": [],
        "owners": [],
        "isPartitioned": False,
        "isMaterializable": True,
        "isObservable": False,
        "isExecutable": True,
        "jobNames": ["__ASSET_JOB"],
        "repository": repository(),
    }
    base = {
        "__typename": "Asset",
        "id": "/".join(path),
        "key": {"path": list(path)},
        "lastMaterializedAt": None,
        "lastObservedAt": None,
        "definition": definition if group is not None else None,
    }
    return base | changes


def asset_definition(*path: str, group: str = "default", **changes):
    """The definition of an asset, as ``assetNodes`` has it."""
    whole = {
        "computeKind": None,
        "codeVersion": None,
        "opNames": ["load"],
        "graphName": None,
        "opTags": [],
        "pools": [],
        "hasAssetChecks": False,
        "isVirtual": False,
        "isAutoCreatedStub": False,
        "requiredResources": [],
        "metadataEntries": [],
        "upstreamKeys": [],
        "downstreamKeys": [],
        "partitionsDefinition": None,
        "backfillPolicy": None,
        "automationCondition": None,
        "freshnessPolicy": None,
        "changedReasons": [],
        "canMaterialize": True,
        "canWipe": True,
        "canReportEvents": True,
    }
    return asset(*path, group=group)["definition"] | whole | changes


def whole_asset(*path: str, group: str | None = "default", **changes):
    """The data of GetAsset."""
    details = {
        "checks": {"__typename": "AssetChecks", "checks": []},
        "freshness": None,
        "partitionStats": None,
        "staleStatus": "FRESH",
        "staleCauses": [],
    }
    whole = {
        "lastFailedAt": None,
        "freshnessChangedAt": None,
        "latestMaterializations": [],
        "health": None,
    }
    found = asset(*path, group=group) | whole | changes
    if group is not None:
        found["definition"] = asset_definition(*path, group=group) | details
    return {"assetOrError": found}


def assets(*found, cursor: str | None = None):
    """The data of ListAssets."""
    return {
        "assetsOrError": {
            "__typename": "AssetConnection",
            "nodes": [{k: v for k, v in a.items() if k != "__typename"} for a in found],
            "cursor": cursor,
        }
    }


def asset_place(*path: str, jobs=("__ASSET_JOB",), location: str = "demo", **changes):
    """An asset as FindAssets has it."""
    base = {
        "key": {"path": list(path)},
        "jobNames": list(jobs),
        "isPartitioned": False,
        "isMaterializable": True,
        "isObservable": False,
        "isExecutable": True,
        "repository": repository(location=location),
    }
    return base | changes


def asset_event(typename: str = "MaterializationEvent", at: int = 1700000000000, **changes):
    """An event of an asset."""
    base = {
        "__typename": typename,
        "key": {"path": ["orders"]},
        "partition": None,
        "timestamp": str(at),
        "runId": RUN_ID,
        "stepKey": "orders",
        "label": "orders",
        "description": None,
        "message": "",
        "level": "INFO",
        "tags": [],
        "metadataEntries": [],
    }
    if typename == "MaterializationEvent":
        base["lineage"] = []
    if typename == "FailedToMaterializeEvent":
        base |= {"failureType": "FAILED", "failureReason": "FAILED_TO_MATERIALIZE"}
    return base | changes


def asset_check(name: str, *path: str, status: str | None = None, **changes):
    """A check of an asset; with a status it was executed."""
    execution = check_execution(7, status) if status else None
    base = {
        "__typename": "AssetCheck",
        "key": {"path": list(path or ("orders",))},
        "name": name,
        "description": None,
        "blocking": False,
        "canExecuteIndividually": "CAN_EXECUTE",
        "jobNames": ["__ASSET_JOB"],
        "additionalKeys": [],
        "partitionsDefinition": None,
        "automationCondition": None,
        "latestExecution": execution,
    }
    return base | changes


def check_execution(number: int, status: str = "SUCCEEDED", **changes):
    """An execution of a check."""
    base = {
        "id": str(number),
        "status": status,
        "timestamp": 1700000000.0 + number,
        "runId": RUN_ID,
        "stepKey": None,
        "partition": None,
        "evaluation": None,
    }
    return base | changes


def code_location(name: str, *, status: str = "LOADED", fails: bool = False):
    """A code location."""
    loaded = {
        "__typename": "RepositoryLocation",
        "name": name,
        "isReloadSupported": True,
        "libraryVersions": [],
        "repositories": [{"name": "__repository__"}],
    }
    failed = error("PythonError", "no module", className="ImportError", stack=[], causes=[])
    return {
        "__typename": "WorkspaceLocationEntry",
        "id": name,
        "name": name,
        "loadStatus": status,
        "updatedAt": 1700000000.0,
        "versionKey": "1",
        "metadata": [],
        "locationOrLoadError": failed if fails else loaded,
    }


def code_locations(*found):
    """The data of ListCodeLocations."""
    entries = [{k: v for k, v in e.items() if k != "__typename"} for e in found]
    return {"workspaceOrError": {"__typename": "Workspace", "locationEntries": entries}}


def deployment(name: str, **changes):
    """A deployment of Dagster+."""
    base = {
        "__typename": "DagsterCloudDeployment",
        "id": 87,
        "name": name,
        "type": "PRODUCTION",
        "status": "ACTIVE",
        "agentType": "HYBRID",
        "isBranchDeployment": False,
        "organizationName": "acme",
        "organizationStatus": "ACTIVE",
        "parentDeployment": None,
        "canAccess": True,
        "canDelete": True,
        "canEditPermissions": True,
        "canEditSettings": True,
        "canHaveBranchDeployments": True,
    }
    return base | changes


def event(number: int, **changes):
    """One event of a run."""
    base = {
        "__typename": "LogMessageEvent",
        "runId": RUN_ID,
        "message": f"event {number}",
        "timestamp": str(1700000000000 + number),
        "level": "INFO",
        "stepKey": None,
        "eventType": None,
    }
    return base | changes


def step_failure(
    step, message="no disk", *, class_name="ValueError", stack=("  File a\n",), cursor=0
):
    """A step's failure, wrapped as Dagster wraps what an op raised."""
    raised = {"__typename": "PythonError", "className": class_name, "message": f"{message}\n", "stack": [*stack]}  # fmt: skip
    wrapper = {
        "__typename": "PythonError",
        "className": "DagsterExecutionStepExecutionError",
        "message": "Error occurred while executing op",
        "stack": ["  File dagster\n"],
        "causes": [raised],
        "chain": [],
    }
    return event(cursor) | {
        "__typename": "ExecutionStepFailureEvent",
        "eventType": "STEP_FAILURE",
        "stepKey": step,
        "error": wrapper,
        "errorSource": "USER_CODE_ERROR",
        "failureMetadata": None,
    }


def event_page(events, *, cursor: str, more: bool = False):
    """A page of events."""
    return {
        "__typename": "EventConnection",
        "events": list(events),
        "cursor": cursor,
        "hasMore": more,
    }
