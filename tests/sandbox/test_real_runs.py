"""Reading runs that have ended, from a scripted Dagster."""

from __future__ import annotations

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.control.callers import Caller
from dagster_plus_sdk.sandbox.control.context import Context
from dagster_plus_sdk.sandbox.control.entities.insights import real_runs, run_facts
from dagster_plus_sdk.sandbox.control.entities.insights import samples as metric_values


class Dagster:
    """Five runs, and pages of two."""

    def __init__(self):
        self.runs = [
            {
                "runId": f"run-{number}",
                "jobName": "etl",
                "status": "SUCCESS",
                "creationTime": 10.0 * number,
                "startTime": 10.0 * number + 1 if number else None,
                "endTime": 10.0 * number + 5 if number else None,
                "repositoryOrigin": None,
            }
            for number in range(5)
        ]
        self.events = {run["runId"]: [] for run in self.runs}
        self.asked = []

    def ask(self, text, variables):
        self.asked.append(variables)
        if "filter" in variables:
            since = variables["filter"].get("updatedAfter", 0)
            runs = [run for run in self.runs[::-1] if (run["endTime"] or 0) >= since]
            names = [run["runId"] for run in runs]
            start = names.index(variables["cursor"]) + 1 if variables["cursor"] else 0
            return {"runsOrError": {"results": runs[start : start + variables["limit"]]}}
        events = self.events[variables["id"]]
        if events is None:
            return {"logsForRun": {}}
        start = int(variables["cursor"] or 0)
        end = start + variables["limit"]
        page = {"events": events[start:end], "cursor": str(end), "hasMore": end < len(events)}
        return {"logsForRun": page}


def event(kind, time, step="s", **more):
    return {"__typename": kind, "timestamp": str(1000 * time), "stepKey": step, **more}


@pytest.fixture
def dagster(monkeypatch):
    monkeypatch.setattr(real_runs, "RUNS_PAGE", 2)
    monkeypatch.setattr(real_runs, "EVENTS_PAGE", 2)
    monkeypatch.setattr(real_runs, "OVERLAP", 0.0)
    return Dagster()


@pytest.fixture
def context(tmp_path, dagster):
    store = open_store(tmp_path / "store.sqlite3", "user:sandbox")
    seed(store, "demo")
    yield Context(store, "prod", Caller("x", None, ()), dagster.ask)
    store.close()


def test_each_run_is_read_once(context, dagster):
    dagster.events["run-3"] = None  # deleted meanwhile

    first = run_facts.all_facts(context)
    asked = [variables.get("id") for variables in dagster.asked]
    again = run_facts.all_facts(context)

    assert [fact["runId"] for fact in first] == [f"run-{number}" for number in range(5)]
    assert again == first
    assert [run for run in asked if run] == [f"run-{number}" for number in range(4, -1, -1)]
    # One look, for what changed since.
    (look,) = dagster.asked[len(asked) :]
    assert look["filter"]["updatedAfter"] == 45.0
    # It was canceled in the queue.
    assert (first[0]["start"], first[0]["end"]) == (0.0, 0.0)


def test_steps_and_what_they_made(context, dagster):
    path = {"path": ["a", "b"]}
    entries = [
        {"label": "rows", "intRepr": "7"},
        {"label": "share", "floatValue": 0.5},
        {"label": "note"},
    ]
    output = {"assetKey": path, "partition": "p", "metadataEntries": entries}
    check = {"assetKey": path, "severity": "WARN", "success": False}
    dagster.runs = dagster.runs[1:2]
    dagster.events["run-1"] = [
        event("AssetMaterializationPlannedEvent", 10, assetKey=path),
        event("AssetCheckEvaluationPlannedEvent", 10, checked=path),
        event("AssetMaterializationPlannedEvent", 10, "never", assetKey=path),
        event("ExecutionStepStartEvent", 11),
        event("ExecutionStepUpForRetryEvent", 12),
        event("MaterializationEvent", 13, **output),
        event("AssetCheckEvaluationEvent", 13, evaluation=check),
        event("AssetCheckEvaluationEvent", 13, evaluation={**check, "success": True}),
        event("ExecutionStepSuccessEvent", 14),
        event("ExecutionStepStartEvent", 14, "op"),
        event("ExecutionStepFailureEvent", 15, "op"),
        event("ExecutionStepSkippedEvent", 15, "skipped"),
        event("RunFailureEvent", 16, None),
    ]

    (fact,) = run_facts.all_facts(context)

    assert {
        step["key"]: (step["start"], step["end"], step["status"], step["retries"], step["assets"])
        for step in fact["steps"]
    } == {
        "s": (11.0, 14.0, "SUCCESS", 1, [["a", "b"]]),
        "op": (14.0, 15.0, "FAILURE", 0, []),
        "skipped": (15.0, 15.0, "SKIPPED", 0, []),
    }
    assert fact["materializations"] == [
        {
            "asset": ["a", "b"],
            "partition": "p",
            "time": 13.0,
            "numbers": {"rows": 7.0, "share": 0.5},
            "labels": ["rows", "share", "note"],
        }
    ]
    assert fact["checks"] == [{"asset": ["a", "b"], "severity": "WARN", "time": 13.0}]
    paid = [s for s in metric_values.samples_of(fact) if s.metric == metric_values.CREDITS]
    assert [(sample.time, sample.assets) for sample in paid] == [
        (15.0, ()),
        (13.0, (("a", "b"),)),
    ]


def test_a_run_without_an_answer_is_not_kept(context, dagster):
    context._ask = lambda text, variables: (
        dagster.ask(text, variables) if "filter" in variables else {}
    )

    with pytest.raises(KeyError):
        run_facts.all_facts(context)
    assert context.store.count(run_facts.FACT) == 0


def test_the_deployment_that_launched_it(context):
    context.store.put(run_facts.LAUNCH, "run-2", {"deployment": "staging"})
    context.store.put(run_facts.LAUNCH, "run-3", {"deployment": "gone"})

    places = {fact["runId"]: fact["deployment"] for fact in run_facts.all_facts(context)}

    assert places["run-2"] == 2
    assert {places[f"run-{number}"] for number in (0, 1, 3, 4)} == {1}
    assert [fact["runId"] for fact in run_facts.facts_here(context)] == [
        "run-0",
        "run-1",
        "run-3",
        "run-4",
    ]
