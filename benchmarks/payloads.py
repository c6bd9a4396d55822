"""Answers for our queries and for those of the official package: the same objects, each with the fields it selects."""

from __future__ import annotations

import json
from typing import Any

RUN_ID = "0f0f0f0f-1111-4222-8333-444455556666"
#: What the official package selects of a run.
_OFFICIAL_RUN = {"runId": "id", "status": "status", "creationTime": "createdAt"}
_OFFICIAL_RUN |= {
    "startTime": "startedAt",
    "endTime": "endedAt",
    "jobName": "jobName",
    "tags": "tags",
}

#: A run's events, as a job of assets gives them, over and over.
_EVENTS = (
    ("ExecutionStepStartEvent", "STEP_START"),
    ("LogMessageEvent", None),
    ("LogMessageEvent", None),
    ("ExecutionStepInputEvent", "STEP_INPUT"),
    ("ExecutionStepOutputEvent", "STEP_OUTPUT"),
    ("MaterializationEvent", "ASSET_MATERIALIZATION"),
    ("HandledOutputEvent", "HANDLED_OUTPUT"),
    ("LogMessageEvent", None),
    ("ExecutionStepSuccessEvent", "STEP_SUCCESS"),
    ("EngineEvent", "ENGINE_EVENT"),
)


def run_summary(number: int = 0) -> dict[str, Any]:
    """Return a run as our lists select it."""
    return {
        "__typename": "Run",
        "id": f"{RUN_ID[:-6]}{number:06}",
        "status": "SUCCESS",
        "jobName": "daily_report",
        "createdAt": 1700000000.25 + number,
        "startedAt": 1700000001.5 + number,
        "endedAt": 1700000061.75 + number,
        "updatedAt": 1700000061.75 + number,
        "tags": [{"key": f"team/{i}", "value": f"value-{i}"} for i in range(8)],
        "repositoryOrigin": {"repositoryName": "__repository__", "locationName": "demo"},
    }


def official_run(number: int = 0) -> dict[str, Any]:
    """Return the same run as the official package selects it in lists."""
    whole = run_summary(number)
    return {"__typename": "Run", **{wire: whole[ours] for wire, ours in _OFFICIAL_RUN.items()}}


def _stats() -> dict[str, Any]:
    counts = ("stepsSucceeded", "stepsFailed", "materializations", "expectations")
    return {"__typename": "RunStatsSnapshot", **dict.fromkeys(counts, 1)}


def get_run() -> dict[str, Any]:
    """Return the data of our GetRun."""
    nulls = ("parentRunId", "rootRunId", "assetSelection", "assetCheckSelection", "opSelection")
    more = ("stepKeysToExecute", "resolvedOpSelection", "jobSnapshotId", "parentJobSnapshotId")
    run = run_summary() | dict.fromkeys((*nulls, *more))
    run |= {"pipelineName": "daily_report", "mode": "default", "runConfig": {"ops": {}}}
    run |= {"runConfigYaml": "ops: {}\n", "assets": [], "steps": [], "canTerminate": False}
    may = ("hasDeletePermission", "hasReexecutePermission", "hasTerminatePermission")
    run |= dict.fromkeys(may, True)
    run["stats"] = _stats() | {"enqueuedAt": 1700000000.5, "launchedAt": 1700000001.0}
    return {"runOrError": run}


def official_get_run() -> dict[str, Any]:
    """Return the data of the official package's GetRun."""
    return {"runOrError": official_run() | {"runConfigYaml": "ops: {}\n", "stats": _stats()}}


def list_runs(first: int, count: int) -> dict[str, Any]:
    """Return the data of our ListRuns."""
    runs = [run_summary(n) for n in range(first, first + count)]
    return {"runsOrError": {"__typename": "Runs", "results": runs}}


def official_list_runs(first: int, count: int) -> dict[str, Any]:
    """Return the data of the official package's ListRuns, which always counts too."""
    runs = [official_run(n) for n in range(first, first + count)]
    return {"runsOrError": {"__typename": "Runs", "results": runs, "count": count}}


def event(number: int, *, ours: bool) -> dict[str, Any]:
    """Return an event: we also select what materializations and failures carry."""
    typename, kind = _EVENTS[number % len(_EVENTS)]
    one: dict[str, Any] = {
        "__typename": typename,
        "runId": RUN_ID,
        "message": f"Event {number} of the run, with a message of common length that says something.",
        "timestamp": str(1700000000000 + number),
        "level": "DEBUG" if kind else "INFO",
        "stepKey": f"step_{number % 40}",
        "eventType": kind,
    }
    if ours and typename == "MaterializationEvent":
        rows = {"__typename": "IntMetadataEntry", "label": "rows", "description": None}
        rows |= {"intValue": number, "intRepr": str(number)}
        one |= {
            "assetKey": {"path": ["shop", "orders"]},
            "partition": None,
            "metadataEntries": [rows],
        }
    if ours and typename == "EngineEvent":
        one["error"] = None
    return one


def run_events(first: int, count: int, *, total: int, ours: bool) -> dict[str, Any]:
    """Return the data of one page of events; both packages name the operation's root alike."""
    end = min(first + count, total)
    page: dict[str, Any] = {"__typename": "EventConnection"}
    page["events"] = [event(n, ours=ours) for n in range(first, end)]
    page |= {"cursor": str(end), "hasMore": end < total}
    return {"logsForRun": page}


def body(data: dict[str, Any]) -> bytes:
    """Return an answer with these data."""
    return json.dumps({"data": data}).encode()
