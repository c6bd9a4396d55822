"""Against a real Dagster: what both kinds of clients look at. The runs are launched once, by the sync one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest
from kit import automation_stage, stage
from kit.hurry import running

from dagster_plus_sdk import DagsterPlus
from dagster_plus_sdk.sandbox import Dagster

QUEUED = Path(__file__).with_name("queued")
WORKSPACE = Path(__file__).parents[1] / "sandbox" / "workspaces" / "workspace.yaml"
ASSETS = ["customers", "products", "top_products", r"exports/orders\/daily"]
#: Warnings of the noisy run, after its other events.
WARNINGS = 30


@pytest.fixture(scope="session")
def run_ids(dagster_url):
    """Runs that have ended, by the names of what they are."""
    report = {"name": "daily_report", "tags": {"suite": "integration"}}
    launches = {
        "north": {**report, "run_config": stage.report_config("north")},
        "south": {**report, "run_config": stage.report_config("south")},
        "broken": {"name": "broken_report", "tags": {"suite": "integration"}},
        "noisy": {"name": "noisy_report", "run_config": stage.noisy_config(402, WARNINGS)},
        "assets": {"name": "orders_assets", "asset_selection": ASSETS},
    }
    return stage.launch_all(dagster_url, launches)


@pytest.fixture(scope="session")
def asset_runs(dagster_url, run_ids):
    """Runs of assets that have ended, by the assets; all else about assets is evaluated, too."""
    with DagsterPlus(url=dagster_url) as client:
        launched = {
            "regional_sales": client.assets.materialize("regional_sales", partition="north"),
            "shop_visits": client.assets.materialize("shop_visits", partition="tea|north"),
            "raw_orders": client.assets.materialize("raw_orders", partition="2024-01-05"),
            "exchange_rates": client.assets.observe("exchange_rates"),
            "parcels": client.assets.materialize("returns", add_required=True),
        }
        for run in launched.values():
            stage.wait_until_settled(client, run.id, works=False)
    stage.evaluate_assets(dagster_url)
    return {name: run.id for name, run in launched.items()}


@pytest.fixture(scope="session")
def org_url():
    """A second Dagster, below a path: two locations with a job of the same name, and one that is broken."""
    with running(Dagster(workspace=WORKSPACE, daemon=False, path_prefix="/org")) as second:
        yield second.url


@pytest.fixture(scope="session")
def control(tmp_path_factory):
    """A third Dagster, and the file with its definitions, which may be changed."""
    file = tmp_path_factory.mktemp("control") / "definitions.py"
    file.write_bytes((WORKSPACE.parent / "control" / "definitions.py").read_bytes())
    with running(Dagster(file=file)) as dagster:
        yield dagster.url, file


@pytest.fixture(scope="session")
def backfill_progress():
    """How the first of the backfills went, step by step; filled by their fixture."""
    return []


@pytest.fixture(scope="session")
def queued_url(tmp_path_factory):
    """A Dagster with a queue that lets one run per lane through, and with automatic retries."""
    home = tmp_path_factory.mktemp("queued")
    shutil.copy(QUEUED / "dagster.yaml", home)
    # It looks for failed runs every 5 s otherwise.
    soon = {"DAGSTER_EVENT_LOG_CONSUMER_DAEMON_INTERVAL_SECONDS": "1"}
    with (
        patch.dict(os.environ, soon),
        running(Dagster(file=QUEUED / "definitions.py", home=home)) as dagster,
    ):
        yield dagster.url


@pytest.fixture(scope="session")
def queued_ids(queued_url):
    """Runs that were just launched there, by the names of what they are."""
    long = {"job": "brief", "run_config": stage.moment_config(600)}
    launches = {
        "recovering": {"job": "recovering"},
        "failing": {"job": "failing"},
        "not retried": {"job": "failing", "tags": {"dagster/max_retries": "0"}},
        **{name: {"job": "brief", "tags": {"lane": "north"}} for name in ("first", "second")},
        **dict.fromkeys(("timed", "canceled"), long),
    }
    with DagsterPlus(url=queued_url) as client:
        return {name: client.runs.create(**launch).id for name, launch in launches.items()}


@pytest.fixture(scope="session")
def backfill_ids(dagster, backfill_progress):
    """Backfills that have ended, by the names of what they are."""
    with DagsterPlus(url=dagster.url) as client:
        return automation_stage.run_backfills(client, dagster.home, backfill_progress.append)


@pytest.fixture(scope="session")
def tick_ids(dagster_url):
    """The ids of the sensor's ticks, newest first: the first did something, the last failed."""
    with DagsterPlus(url=dagster_url) as client:
        return automation_stage.let_sensor_tick(client)


@pytest.fixture
def fresh():
    """Return a name that nothing has yet."""
    return lambda name: f"{name}-{uuid4().hex[:8]}"


@pytest.fixture
def sent():
    """The operations that the test's client has sent, by their names."""
    return []


@pytest.fixture
def heard():
    """The operations that the test's client was answered, by their names."""
    return []


@pytest.fixture(autouse=True)
def no_misfit(caplog):
    """What follows goes on without a subscription whose frames do not fit: no test means that."""
    caplog.set_level("DEBUG", "dagster_plus_sdk")
    yield
    said = [record.getMessage() for record in caplog.get_records("call")]
    assert [message for message in said if "does not fit" in message] == []
