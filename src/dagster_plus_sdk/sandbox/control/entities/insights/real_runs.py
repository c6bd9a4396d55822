"""Runs of the real Dagster that have ended, as facts: read once, page by page, from its event log."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ...context import Context
    from ...store import Row

#: How many runs, and how many events of one, are asked for at once.
RUNS_PAGE = 100
EVENTS_PAGE = 1000
#: Seconds to look back behind the newest run that is known: others may have been written at the same time.
OVERLAP = 60.0
ENDED = ["SUCCESS", "FAILURE", "CANCELED"]
RUNS = """
query ($filter: RunsFilter, $limit: Int, $cursor: String) {
  runsOrError(filter: $filter, limit: $limit, cursor: $cursor) {
    ... on Runs {
      results {
        runId jobName status creationTime startTime endTime
        repositoryOrigin { repositoryLocationName repositoryName }
      }
    }
  }
}
"""
EVENTS = """
query ($id: ID!, $limit: Int, $cursor: String) {
  logsForRun(runId: $id, limit: $limit, afterCursor: $cursor) {
    ... on EventConnection {
      cursor
      hasMore
      events {
        __typename
        ... on MessageEvent { timestamp stepKey }
        ... on AssetMaterializationPlannedEvent { assetKey { path } }
        ... on AssetCheckEvaluationPlannedEvent { checked: assetKey { path } }
        ... on MaterializationEvent { assetKey { path } partition metadataEntries { ...Entry } }
        ... on ObservationEvent { assetKey { path } partition metadataEntries { ...Entry } }
        ... on AssetCheckEvaluationEvent { evaluation { assetKey { path } severity success } }
      }
    }
  }
}
fragment Entry on MetadataEntry {
  label
  ... on IntMetadataEntry { intRepr }
  ... on FloatMetadataEntry { floatValue }
}
"""
#: A step is of the assets that it is to make, or to check.
PLANS = ("AssetMaterializationPlannedEvent", "AssetCheckEvaluationPlannedEvent")
STEP_ENDS = {
    "ExecutionStepSuccessEvent": "SUCCESS",
    "ExecutionStepFailureEvent": "FAILURE",
    "ExecutionStepSkippedEvent": "SKIPPED",
}


def ended_runs(context: Context, since: float | None) -> Iterator[Row]:
    """Yield the runs that have ended, newest first.

    Args:
        context: Asks the real Dagster.
        since: Only those that changed since then.
    """
    wanted: Row = {"statuses": ENDED}
    if since is not None:
        wanted["updatedAfter"] = since - OVERLAP
    cursor = None
    while True:
        found = context.ask(RUNS, filter=wanted, limit=RUNS_PAGE, cursor=cursor)
        runs = found["runsOrError"].get("results", [])
        yield from runs
        if len(runs) < RUNS_PAGE:
            return
        cursor = runs[-1]["runId"]


def fact_of(context: Context, run: Row) -> Row:
    """Return what a run did, from its events."""
    origin = run["repositoryOrigin"] or {}
    # A run that was canceled in the queue never started.
    end = run["endTime"] or run["startTime"] or run["creationTime"]
    fact: Row = {
        "runId": run["runId"],
        "job": run["jobName"],
        "location": origin.get("repositoryLocationName") or "",
        "repository": origin.get("repositoryName") or "",
        "status": run["status"],
        "created": run["creationTime"],
        "start": run["startTime"] or end,
        "end": end,
        "steps": [],
        "materializations": [],
        "observations": [],
        "checks": [],
    }
    steps: dict[str, Row] = {}
    for event in _events(context, run["runId"]):
        time = float(event.get("timestamp") or 0) / 1000
        _note(fact, event, time)
        if event.get("stepKey"):
            _note_step(steps, event, time)
    # Of a step that never began, only the plan is known.
    fact["steps"] = [step for step in steps.values() if step["status"]]
    return fact


def _events(context: Context, run_id: str) -> Iterator[Row]:
    cursor = None
    while True:
        found = context.ask(EVENTS, id=run_id, limit=EVENTS_PAGE, cursor=cursor)
        # A run without its events must not be kept. One that was deleted meanwhile has none.
        page = found["logsForRun"]
        yield from page.get("events", ())
        if not page.get("hasMore"):
            return
        cursor = page["cursor"]


def _note(fact: Row, event: Row, time: float) -> None:
    typename = event["__typename"]
    if typename == "MaterializationEvent":
        fact["materializations"].append(_output(event, time))
    elif typename == "ObservationEvent":
        fact["observations"].append(_output(event, time))
    elif typename == "AssetCheckEvaluationEvent":
        evaluation = event["evaluation"]
        if not evaluation["success"]:
            asset = evaluation["assetKey"]["path"]
            fact["checks"].append(
                {"asset": asset, "severity": evaluation["severity"], "time": time}
            )


def _note_step(steps: dict[str, Row], event: Row, time: float) -> None:
    typename, key = event["__typename"], event["stepKey"]
    step = steps.setdefault(
        key, {"key": key, "start": time, "end": time, "status": "", "retries": 0, "assets": []}
    )
    if typename in PLANS:
        key_of = event.get("checked") or event.get("assetKey") or {"path": None}
        if key_of["path"] not in (None, *step["assets"]):
            step["assets"].append(key_of["path"])
    elif typename == "ExecutionStepStartEvent":
        step.update(start=time, status="FAILURE")
    elif typename == "ExecutionStepUpForRetryEvent":
        step["retries"] += 1
    if typename in STEP_ENDS:
        step.update(end=time, status=STEP_ENDS[typename])


def _output(event: Row, time: float) -> Row:
    entries = event["metadataEntries"]
    return {
        "asset": (event["assetKey"] or {}).get("path"),
        "partition": event["partition"],
        "time": time,
        "numbers": {e["label"]: _number(e) for e in entries if _number(e) is not None},
        "labels": [entry["label"] for entry in entries],
    }


def _number(entry: Row) -> Any:
    value = entry.get("intRepr") or entry.get("floatValue")
    return None if value is None else float(value)
