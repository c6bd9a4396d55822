"""Answers about partitions, backfills, schedules and sensors, as a server gives them."""

from __future__ import annotations

from .payloads import repository

STATE_ID = "aaaa::bbbb"


def state(name: str, *, kind: str = "SCHEDULE", status: str = "STOPPED", place=("demo", "repo")):
    """The state of a schedule or sensor."""
    data = {
        "SCHEDULE": {"__typename": "ScheduleData", "cronSchedule": "0 6 * * *", "startedAt": None},
        "SENSOR": {
            "__typename": "SensorData",
            "lastCursor": "7",
            "lastRunKey": None,
            "lastTickAt": 1700000000.5,
        },
    }
    return {
        "__typename": "InstigationState",
        "id": STATE_ID,
        "name": name,
        "instigationType": kind,
        "status": status,
        "locationName": place[0],
        "repositoryName": place[1],
        "canStart": True,
        "canStop": True,
        "data": data[kind],
    }


def schedule(name: str, location: str = "demo", repo: str = "repo", *, status: str = "STOPPED"):
    """A schedule as lists have it."""
    return {
        "id": f"{location}::{name}",
        "name": name,
        "cronSchedule": "0 6 * * *",
        "executionTimezone": "Europe/Berlin",
        "jobName": "report",
        "description": None,
        "defaultStatus": "STOPPED",
        "state": state(name, status=status, place=(location, repo)),
        "tags": [],
    }


def sensor(name: str, location: str = "demo", repo: str = "repo", *, status: str = "STOPPED"):
    """A sensor as lists have it."""
    return {
        "id": f"{location}::{name}",
        "name": name,
        "sensorType": "STANDARD",
        "minIntervalSeconds": 30,
        "description": None,
        "defaultStatus": "STOPPED",
        "targets": [{"jobName": "report", "opSelection": None}],
        "state": state(name, kind="SENSOR", status=status, place=(location, repo)),
        "tags": [],
    }


def instigators(noun: str, *found):
    """The data of ListSchedules or ListSensors, and of FindSchedules or FindSensors, a repository for each."""
    nodes = [
        {
            **repository(entry["state"]["repositoryName"], entry["state"]["locationName"]),
            f"{noun}s": [entry],
        }
        for entry in found
    ]
    return {"repositoriesOrError": {"__typename": "RepositoryConnection", "nodes": nodes}}


def whole_schedule(name: str):
    """The data of GetSchedule."""
    more = {
        "__typename": "Schedule",
        "opSelection": None,
        "canReset": True,
        "assetSelection": None,
        "partitionSet": {"name": "report_partition_set"},
        "metadataEntries": [],
        "owners": [{"__typename": "TeamDefinitionOwner", "team": "shop"}],
        "nextTicks": {"results": [{"timestamp": 1700000000.0}, {"timestamp": 1700086400.0}]},
    }
    return {"scheduleOrError": schedule(name) | more}


def whole_sensor(name: str):
    """The data of GetSensor."""
    selection = {
        "selection": "key:a",
        "assetKeys": [{"path": ["a"]}],
        "assetChecks": [{"assetKey": {"path": ["a"]}, "name": "fresh"}],
    }
    more = {
        "__typename": "Sensor",
        "canReset": True,
        "canSetCursor": True,
        "assetSelection": selection,
        "monitors": {"assetKeys": [{"path": ["b", "c"]}]},
        "metadataEntries": [],
        "owners": [{"__typename": "UserDefinitionOwner", "email": "ada@example.com"}],
        "nextTick": {"timestamp": 1700000000.0},
    }
    return {"sensorOrError": sensor(name) | more}


def tick(number: int, **changes):
    """A tick; its time is its number of seconds and a half after a moment."""
    base = {
        "id": str(number),
        "status": "SKIPPED",
        "timestamp": 1700000000.5 + number,
        "endedAt": None,
        "instigationType": "SENSOR",
        "skipReason": "nothing new",
        "cursor": None,
        "runIds": [],
        "runKeys": [],
        "originRunIds": [],
        "requestedAssetKeys": [],
        "requestedMaterializationCount": 0,
        "requestedRunCount": 0,
        "dynamicPartitionsResults": [],
        "evaluationId": None,
        "error": None,
    }
    return base | changes


def tick_page(*found):
    """The data of ListTicks."""
    return {
        "instigationStateOrError": {"__typename": "InstigationState", "ticks": list(found)},
    }


def preview(field: str, **changes):
    """The data of a dry run."""
    request = {
        "runKey": "k",
        "jobName": "report",
        "runConfigYaml": "{}\n",
        "tags": [{"key": "a", "value": "b"}],
        "assetSelection": [{"path": ["a", "b"]}],
        "assetChecks": None,
    }
    asked = {"type": "ADD_PARTITIONS", "partitionsDefName": "campaigns", "partitionKeys": ["x"]}
    evaluation = {
        "runRequests": [request],
        "dynamicPartitionsRequests": [asked],
        "cursor": "8",
        "skipReason": None,
        "error": None,
    }
    evaluation |= changes
    tick = {"__typename": "DryRunInstigationTick", "timestamp": None, "evaluation": evaluation}
    return {field: tick}


def backfill_summary(backfill_id: str, **changes):
    """A backfill as lists have it."""
    base = {
        "id": backfill_id,
        "status": "REQUESTED",
        "title": None,
        "jobName": "daily",
        "isAssetBackfill": False,
        "assetSelection": None,
        "createdAt": 1700000000.25,
        "endedAt": None,
        "numPartitions": 2,
        "user": None,
        "tags": [],
    }
    return base | changes


def backfill(backfill_id: str = "abcdefgh", **changes):
    """The data of GetBackfill and PollBackfill."""
    more = {
        "__typename": "PartitionBackfill",
        "description": None,
        "runStatus": "STARTED",
        "fromFailure": False,
        "reexecutionSteps": None,
        "partitionSetName": "daily_partition_set",
        "partitionKeys": ["1", "2"],
        "assetChecks": None,
        "assets": None,
        "runCounts": [{"runStatus": "SUCCESS", "count": 2}],
        "error": None,
        "canCancel": True,
        "canResume": True,
    }
    return {"partitionBackfillOrError": backfill_summary(backfill_id) | more | changes}


def backfills(*ids: str, **changes):
    """The data of ListBackfills."""
    found = [backfill_summary(i, **changes) for i in ids]
    return {
        "partitionBackfillsOrError": {"__typename": "PartitionBackfills", "results": found},
    }


def backfill_refs(**tags):
    """The data of FindBackfills: ids and the keys of their tags."""
    found = [
        {
            "__typename": "PartitionBackfill",
            "id": name,
            "tags": [{"key": key, "value": "x"} for key in keys],
        }
        for name, keys in tags.items()
    ]
    page = {"results": found, "cursor": "", "hasMore": False}
    return {"runsFeedOrError": {"__typename": "RunsFeedConnection", **page}}


def launched_backfill(backfill_id: str = "abcdefgh", field: str = "launchPartitionBackfill"):
    """The data of LaunchBackfill and ReexecuteBackfill."""
    success = {
        "__typename": "LaunchBackfillSuccess",
        "backfillId": backfill_id,
        "launchedRunIds": None,
    }
    return {field: success}


def partition_sets(**jobs: tuple[str, str]):
    """The data of FindPartitionSets: jobs, and their location and repository."""
    nodes = [
        {
            **repository(repo, location),
            "partitionSets": [{"name": f"{job}_partition_set", "jobName": job}],
        }
        for job, (location, repo) in jobs.items()
    ]
    return {"repositoriesOrError": {"__typename": "RepositoryConnection", "nodes": nodes}}


def asset_keys_page(keys, *, cursor: str = "end", more: bool = False):
    """The data of ListAssetPartitionKeys; None for an asset without partitions."""
    page = None if keys is None else {"keys": list(keys), "cursor": cursor, "hasMore": more}
    return {"assetNodeOrError": {"__typename": "AssetNode", "page": page}}


def job_keys(*keys: str):
    """The data of ListJobPartitionKeys."""
    return {"pipelineOrError": {"__typename": "Pipeline", "page": {"keys": list(keys)}}}


def dynamic_partitions(**definitions: tuple[str, str]):
    """The data of FindDynamicPartitions: definitions, and their location and repository."""
    nodes = [
        {
            **repository(repo, location),
            "assets": [
                {"definition": None},
                {"definition": {"dimensions": [{"dynamicPartitionsDefinitionName": None}]}},
                {"definition": {"dimensions": [{"dynamicPartitionsDefinitionName": name}]}},
                {"definition": {"dimensions": [{"dynamicPartitionsDefinitionName": name}]}},
            ],
        }
        for name, (location, repo) in definitions.items()
    ]
    return {"repositoriesOrError": {"__typename": "RepositoryConnection", "nodes": nodes}}
