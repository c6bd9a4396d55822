"""Replays recordings; ``--record`` makes them anew: from a real Dagster that it starts, and those of tests marked
``plus``, which open-source Dagster has nothing to say to, from the test kit's server that answers from the schema.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from kit import automation_stage
from kit import stage as staged
from kit.answer_server import AnswerServer
from kit.cassettes import Cassette, Scrubber, machine_places

from dagster_plus_sdk import DagsterPlus

RECORDINGS = Path(__file__).with_name("recordings")


class Source(NamedTuple):
    """A server to record from: its address, and its folder where it has one."""

    url: str
    home: Path | None = None


def pytest_addoption(parser):
    parser.addoption("--record", action="store_true", help="record the cassettes anew")


@pytest.fixture(scope="session")
def answer_server():
    """A server that answers what only Dagster+ has."""
    with AnswerServer() as server:
        yield server


@pytest.fixture
def recorded(request):
    """While recording: where to record the test from; each server is started by the first test that needs it."""
    if not request.config.getoption("--record", default=False):
        return None
    if request.node.get_closest_marker("plus"):
        return Source(request.getfixturevalue("answer_server").url)
    dagster = request.getfixturevalue("dagster")
    return Source(dagster.url, dagster.home)


@pytest.fixture(scope="session")
def staged_runs(dagster):
    """The runs that tests look at, launched before anything is recorded."""
    report = {"name": "daily_report", "tags": {"stage": "report"}}
    slow = {"name": "slow_report", "run_config": staged.slow_config()}
    launches = {
        "first_report": {**report, "run_config": staged.report_config("north")},
        "second_report": {**report, "run_config": staged.report_config("south")},
        "deleted_report": {"name": "daily_report", "run_config": staged.report_config("west")},
        "broken_report": {"name": "broken_report"},
        "noisy_report": {"name": "noisy_report", "run_config": staged.noisy_config(8, 6)},
        "orders_assets": {"name": "orders_assets"},
        "regional_sales": {
            "name": "__ASSET_JOB",
            "asset_selection": ["regional_sales"],
            "partition": "north",
        },
        "terminated_report": slow,
        "forced_report": slow,
    }
    staged.evaluate_assets(dagster.url)
    return staged.launch_all(dagster.url, launches)


@pytest.fixture(scope="session")
def staged_backfills(dagster):
    """Backfills that have ended."""
    with DagsterPlus(url=dagster.url) as client:
        return automation_stage.run_backfills(client, dagster.home)


@pytest.fixture(scope="session")
def staged_ticks(dagster):
    """Ticks of the sensor."""
    with DagsterPlus(url=dagster.url) as client:
        return automation_stage.let_sensor_tick(client)


@pytest.fixture
def stage(request, recorded):
    """While recording from a Dagster: the runs that tests look at, by name.

    What else a test looks at is made here too: before the recording begins.
    """
    if recorded is None or recorded.home is None:
        return {}
    for name in ("backfills", "ticks"):
        if name in request.fixturenames:
            request.getfixturevalue(f"staged_{name}")
    return request.getfixturevalue("staged_runs")


@pytest.fixture
def cassette(request, recorded, stage):
    """The test's recording: made by the async test, replayed by both."""
    records = recorded is not None and "_async" in request.path.parts
    scrubber = Scrubber(machine_places(recorded.url, recorded.home) if records else None)
    path = RECORDINGS / f"{request.node.name}.yaml"
    with Cassette(path, scrubber, recorded.url if records else None) as cassette:
        yield cassette
    cassette.check()


@pytest.fixture
def run_id(cassette, stage):
    """Return the id of one of the runs on the stage."""

    def run_id(name: str) -> str:
        if name in stage:
            cassette.recording.runs.setdefault(name, stage[name])
        return cassette.recording.runs[name]

    return run_id


@pytest.fixture
def backfills(request, recorded, stage):
    """While recording from a Dagster: backfills that have ended, by name."""
    staging = recorded is not None and recorded.home is not None
    return request.getfixturevalue("staged_backfills") if staging else {}


@pytest.fixture
def backfill_id(backfills, cassette):
    """Return the id of one of those backfills."""

    def backfill_id(name: str) -> str:
        if name in backfills:
            cassette.recording.runs.setdefault(name, backfills[name])
        return cassette.recording.runs[name]

    return backfill_id


@pytest.fixture
def ticks(stage):
    """While recording from a Dagster: the sensor has ticked."""


@pytest.fixture
def poll(recorded):
    """The longest pause of ``follow``: none when no run is under way."""
    return 0.001 if recorded is None or recorded.home is None else 1.0
