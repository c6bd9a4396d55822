"""Replays recordings of a real Dagster; ``--record`` makes them anew, from one that it starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit import stage as staged
from kit.cassettes import Cassette, Scrubber, machine_places

RECORDINGS = Path(__file__).with_name("recordings")


def pytest_addoption(parser):
    parser.addoption("--record", action="store_true", help="record the cassettes anew")


@pytest.fixture(scope="session")
def recorded(request):
    """While recording: the Dagster to record from."""
    if not request.config.getoption("--record", default=False):
        return None
    return request.getfixturevalue("dagster")


@pytest.fixture(scope="session")
def stage(recorded):
    """While recording: the runs that tests look at, launched before anything is recorded."""
    if recorded is None:
        return {}
    report = {"name": "daily_report", "tags": {"stage": "report"}}
    slow = {"name": "slow_report", "run_config": staged.slow_config()}
    launches = {
        "first_report": {**report, "run_config": staged.report_config("north")},
        "second_report": {**report, "run_config": staged.report_config("south")},
        "deleted_report": {"name": "daily_report", "run_config": staged.report_config("west")},
        "broken_report": {"name": "broken_report"},
        "noisy_report": {"name": "noisy_report", "run_config": staged.noisy_config(8, 6)},
        "orders_assets": {"name": "orders_assets"},
        "terminated_report": slow,
        "forced_report": slow,
    }
    return staged.launch_all(recorded.url, launches)


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
def poll(recorded):
    """The longest pause of ``follow``: none when no run is under way."""
    return 0.001 if recorded is None else 1.0
