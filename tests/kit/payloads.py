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
        "parentRunId": None,
        "rootRunId": None,
        "canTerminate": False,
        "assetSelection": None,
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
