"""Runs for tests to look at, launched side by side, as each takes some seconds."""

from __future__ import annotations

import time
from typing import Any

from dagster_plus_sdk import DagsterPlus

ENDED = ("SUCCESS", "FAILURE", "CANCELED")


def report_config(region: str = "north") -> dict[str, Any]:
    """The configuration of the demo project's ``daily_report``."""
    return {"ops": {"extract_orders": {"config": {"region": region}}}}


def noisy_config(lines: int, warnings: int) -> dict[str, Any]:
    """The configuration of ``noisy_report``."""
    return {"ops": {"audit_orders": {"config": {"lines": lines, "warnings": warnings}}}}


def slow_config(seconds: float = 600) -> dict[str, Any]:
    """The configuration of ``slow_report``: longer than any test."""
    return {"ops": {"wait_for_suppliers": {"config": {"seconds": seconds}}}}


def moment_config(seconds: float, file: str = "") -> dict[str, Any]:
    """The configuration of ``brief``, a job of the Dagster with a queue: it ends early when the file is there."""
    return {"ops": {"take_a_moment": {"config": {"seconds": seconds, "file": file}}}}


def launch_all(url: str, launches: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Launch runs, and wait until they have ended, or work if they are slow ones.

    Args:
        url: The Dagster to launch them at.
        launches: By a name of the caller's, what ``jobs.launch`` is given.

    Returns:
        The runs' ids by those names.
    """
    with DagsterPlus(url=url) as client:
        ids = {name: client.jobs.launch(**launch).id for name, launch in launches.items()}
        for name, run_id in ids.items():
            wait_until_settled(client, run_id, works=launches[name]["name"] == "slow_report")
    return ids


def wait_until_settled(client: DagsterPlus, run_id: str, *, works: bool) -> None:
    """Wait until a run has ended, its process too; until it is in its step, if that is what is wanted."""
    end = time.monotonic() + 180
    while True:
        if works:
            settled = client.run_events.get(run_id, types="STEP_START").first() is not None
        else:
            settled = client.runs.get(run_id).status in ENDED and _has_left(client, run_id)
        if settled:
            return
        assert time.monotonic() < end, f"run {run_id} did not settle in time"
        time.sleep(0.3)


def _has_left(client: DagsterPlus, run_id: str) -> bool:
    """Tell whether a run's process has logged that it ends: nothing comes behind that."""
    events = client.run_events.get(run_id, types="ENGINE_EVENT")
    return any(event.message.startswith("Process for run exited") for event in events)


def evaluate_assets(url: str, key: str = "forecast") -> None:
    """Let the demo project's sensor evaluate the automation conditions once."""
    sensor = {
        "repositoryLocationName": "demo",
        "repositoryName": "__repository__",
        "sensorName": "due_assets",
    }
    start = """mutation Start($sensor: SensorSelector!) {
        startSensor(sensorSelector: $sensor) { ... on Sensor { sensorState { id } } }
    }"""
    stop = "mutation Stop($id: String!) { stopSensor(id: $id) { __typename } }"
    with DagsterPlus(url=url) as client:
        if client.assets.evaluations(key).first():
            return
        state = client.graphql(start, {"sensor": sensor})["startSensor"]["sensorState"]
        end = time.monotonic() + 180
        while not client.assets.evaluations(key).first():
            assert time.monotonic() < end, f"{key} was not evaluated in time"
            time.sleep(0.3)
        client.graphql(stop, {"id": state["id"]})
