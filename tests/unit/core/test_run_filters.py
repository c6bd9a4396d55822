"""Filters of runs and of their events."""

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from dagster_plus_sdk import DagsterEventType, InvalidInputError, LogLevel, RunStatus
from dagster_plus_sdk._core.run_filters import event_filter, modern_name, runs_filter

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {}),
        ({"statuses": "failure"}, {"statuses": ["FAILURE"]}),
        ({"statuses": [RunStatus.QUEUED, "started"]}, {"statuses": ["QUEUED", "STARTED"]}),
        ({"job": "report"}, {"pipelineName": "report"}),
        ({"tags": {"a": "b"}}, {"tags": [{"key": "a", "value": "b"}]}),
        ({"tags": {}}, {}),
        ({"run_ids": ["r1", "r2"]}, {"runIds": ["r1", "r2"]}),
        ({"run_ids": "r1"}, {"runIds": ["r1"]}),
        ({"snapshot_id": "s"}, {"snapshotId": "s"}),
        ({"mode": "m"}, {"mode": "m"}),
        ({"created_after": NOON}, {"createdAfter": 1714564800.0}),
        ({"created_before": 5}, {"createdBefore": 5.0}),
        ({"updated_after": NOON}, {"updatedAfter": 1714564800.0}),
        ({"updated_before": NOON}, {"updatedBefore": 1714564800.0}),
    ],
)
def test_filters_of_runs(given, sent):
    assert runs_filter(**given) == sent


@pytest.mark.parametrize(
    "given",
    [
        {"statuses": "MOON"},
        {"statuses": []},
        {"run_ids": []},
        {"job": ""},
        {"tags": {"a": 1}},
        {"created_after": datetime(2024, 5, 1)},  # noqa: DTZ001 - that is the point
        {"created_before": "noon"},
        {"updated_after": datetime(2024, 5, 1)},  # noqa: DTZ001
        {"updated_before": datetime(2024, 5, 1)},  # noqa: DTZ001
    ],
)
def test_filters_of_runs_that_cannot_be(given):
    with pytest.raises(InvalidInputError):
        runs_filter(**given)


def event(event_type="STEP_START", step="load.orders", level="INFO", message=""):
    kind = None if event_type is None else DagsterEventType(event_type)
    return SimpleNamespace(event_type=kind, step_key=step, level=LogLevel(level), message=message)


EVENTS = [
    event("RUN_START", None),
    event("PIPELINE_SUCCESS", None),
    event("STEP_START"),
    event("STEP_FAILURE", "extract", "ERROR"),
    event(None, "extract", "WARNING", "late"),
    event(None, None, "DEBUG"),
    event("MOON_RISE", "Load", "INFO"),
]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"types": "STEP_START"}, [2]),
        ({"types": "step_start"}, [2]),
        ({"types": ["RUN_START", DagsterEventType.STEP_FAILURE]}, [0, 3]),
        ({"types": "PIPELINE_START"}, [0]),
        ({"types": "run_success"}, [1]),
        ({"types": DagsterEventType("MOON_RISE")}, [6]),
        ({"levels": "warning"}, [4]),
        ({"levels": ["ERROR", LogLevel.DEBUG]}, [3, 5]),
        ({"steps": "LOAD"}, [2, 6]),
        ({"steps": ["extr", "orders"]}, [2, 3, 4]),
        ({"where": lambda e: e.message == "late"}, [4]),
        ({"types": "STEP_START", "steps": "extract"}, []),
        ({"steps": "extract", "levels": "ERROR", "where": lambda e: e.step_key}, [3]),
    ],
)
def test_filters_of_events(given, kept):
    keep = event_filter(**given)
    assert [index for index, e in enumerate(EVENTS) if keep(e)] == kept


def test_no_filter_of_events():
    assert event_filter() is None


@pytest.mark.parametrize(
    "given",
    [
        {"types": "MOON"},
        {"levels": "LOUD"},
        {"steps": ""},
        {"types": []},
        {"levels": []},
        {"steps": []},
    ],
)
def test_filters_of_events_that_cannot_be(given):
    with pytest.raises(InvalidInputError):
        event_filter(**given)


@pytest.mark.parametrize(
    ("old", "new"),
    [("PIPELINE_START", "RUN_START"), ("RUN_START", "RUN_START"), ("STEP_START", "STEP_START")],
)
def test_names_of_today(old, new):
    assert modern_name(old) == modern_name(DagsterEventType(old)) == new
