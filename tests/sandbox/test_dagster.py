"""Against a real Dagster: the demo project of the session, and some that are started here."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from kit.hurry import hurried

from dagster_plus_sdk.sandbox import Dagster
from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes import keeper

pytestmark = pytest.mark.dagster

WORKSPACE = Path(__file__).parent / "workspaces" / "workspace.yaml"
LOCATIONS = """
{ workspaceOrError { ... on Workspace { locationEntries {
    name
    locationOrLoadError {
      __typename
      ... on PythonError { message cause { message } }
      ... on RepositoryLocation { repositories {
          name
          jobs { name }
          schedules { name scheduleState { status } }
          sensors { name sensorState { status } }
      } }
    }
} } } }
"""
EVENTS = """
query ($id: ID!) { logsForRun(runId: $id, limit: 1000) { ... on EventConnection { events {
    __typename
    ... on MessageEvent { level message }
    ... on ExecutionStepFailureEvent { stepKey error { message errorChain { error { message } } } }
} } } }
"""
ASSETS = """
{ assetNodes { assetKey { path } groupName kinds owners { __typename } isPartitioned isMaterializable
    partitionDefinition { type } assetChecksOrError { ... on AssetChecks { checks { name } } }
    assetMaterializations(limit: 1) { metadataEntries { __typename } } } }
"""
CHECKS = """
query ($name: String!) { assetCheckExecutions(assetKey: {path: ["customers"]}, checkName: $name, limit: 1) {
    evaluation { success severity } } }
"""
DAEMONS = "{ instance { daemonHealth { allDaemonStatuses { daemonType healthy } } } }"
TERMINATE = "mutation ($id: String!) { terminateRun(runId: $id) { __typename } }"
REPORT = {"ops": {"extract_orders": {"config": {"region": "north"}}}}


def events(ask, url, run_id):
    return ask(url, EVENTS, id=run_id)["logsForRun"]["events"]


def locations(ask, url):
    entries = ask(url, LOCATIONS)["workspaceOrError"]["locationEntries"]
    return {entry["name"]: entry["locationOrLoadError"] for entry in entries}


def listening(pids):
    """Return the addresses that processes listen on, as /proc shows them."""
    inodes = set()
    for pid in pids:
        with suppress(OSError):  # ended meanwhile, as a run's process does
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):  # closed meanwhile
                    inodes.add(str(descriptor.readlink()))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                found.add(fields[1])
    return found


def test_the_demo_project_is_loaded(dagster, ask):
    ((name, location),) = locations(ask, dagster.graphql_url).items()
    (repository,) = location["repositories"]

    assert (name, repository["name"]) == ("demo", "__repository__")
    assert {job["name"] for job in repository["jobs"]} == {
        "__ASSET_JOB",
        "broken_report",
        "daily_orders",
        "daily_report",
        "noisy_report",
        "orders_assets",
        "slow_report",
    }
    assert repository["schedules"] == [
        {"name": "every_morning", "scheduleState": {"status": "STOPPED"}}
    ]
    assert repository["sensors"] == [
        {"name": "due_assets", "sensorState": {"status": "STOPPED"}},
        {"name": "new_campaigns", "sensorState": {"status": "STOPPED"}},
    ]


def test_it_listens_on_loopback_only(dagster):
    port = int(dagster.url.rpartition(":")[2])

    pids = keeper.descendants(dagster.pids["keeper"])
    assert set(dagster.pids.values()) - {dagster.pids["keeper"]} <= set(pids)
    assert listening(pids) == {f"0100007F:{port:04X}"}


def test_the_daemon_lives(dagster, ask, until):
    def healthy():
        health = ask(dagster.graphql_url, DAEMONS)["instance"]["daemonHealth"]
        return {d["daemonType"] for d in health["allDaemonStatuses"] if d["healthy"]}

    until(lambda: healthy() >= {"SCHEDULER", "SENSOR", "BACKFILL"})


def test_a_report_succeeds(dagster, ask, launch, finish):
    run_id = launch(dagster.graphql_url, "daily_report", REPORT)

    assert finish(dagster.graphql_url, run_id) == "SUCCESS"
    found = events(ask, dagster.graphql_url, run_id)
    assert {event["level"] for event in found} >= {"DEBUG", "INFO", "WARNING"}
    assert "report: 8 orders, 146.45 EUR" in {event["message"] for event in found}


def test_a_broken_report_fails_by_an_error_with_a_cause(dagster, ask, launch, finish):
    run_id = launch(dagster.graphql_url, "broken_report")

    assert finish(dagster.graphql_url, run_id) == "FAILURE"
    (failure,) = [
        event
        for event in events(ask, dagster.graphql_url, run_id)
        if event["__typename"] == "ExecutionStepFailureEvent"
    ]
    assert failure["stepKey"] == "collect_payments"
    causes = [link["error"]["message"] for link in failure["error"]["errorChain"]]
    assert "PaymentError: could not collect 2 payments" in causes[0]
    assert "ConnectionRefusedError" in causes[1]


def test_a_noisy_report_warns_late(dagster, ask, launch, finish):
    run_id = launch(dagster.graphql_url, "noisy_report")

    assert finish(dagster.graphql_url, run_id) == "SUCCESS"
    levels = [event["level"] for event in events(ask, dagster.graphql_url, run_id)]
    assert 430 <= len(levels) <= 470
    assert levels.count("WARNING") == 30
    assert levels.index("WARNING") > 400


def test_a_slow_report_can_be_terminated(dagster, ask, launch, finish, until):
    run_id = launch(dagster.graphql_url, "slow_report")
    until(
        lambda: "waiting 60.0 s" in {e["message"] for e in events(ask, dagster.graphql_url, run_id)}
    )

    answer = ask(dagster.graphql_url, TERMINATE, id=run_id)["terminateRun"]

    assert answer["__typename"] == "TerminateRunSuccess"
    assert finish(dagster.graphql_url, run_id) == "CANCELED"


def test_assets_of_every_kind_are_made_and_checked(dagster, ask, launch, finish):
    run_id = launch(dagster.graphql_url, "orders_assets")
    assert finish(dagster.graphql_url, run_id) == "SUCCESS"

    nodes = {
        tuple(n["assetKey"]["path"]): n for n in ask(dagster.graphql_url, ASSETS)["assetNodes"]
    }
    partitioned = {
        key[-1]: node["partitionDefinition"]["type"]
        for key, node in nodes.items()
        if node["isPartitioned"]
    }
    assert partitioned == {
        "raw_orders": "TIME_WINDOW",
        "orders": "TIME_WINDOW",
        "regional_sales": "STATIC",
        "campaign_results": "DYNAMIC",
        "shop_visits": "MULTIPARTITIONED",
    }
    assert nodes["exports", "orders/daily"]["assetMaterializations"]
    assert nodes["forecast",]["assetMaterializations"] == []
    assert not nodes["payments",]["isMaterializable"]
    assert {node["groupName"] for node in nodes.values()} == {
        "ingestion",
        "warehouse",
        "analytics",
        "exports",
        "logistics",
    }
    entries = nodes["customers",]["assetMaterializations"][0]["metadataEntries"]
    assert len({entry["__typename"] for entry in entries}) >= 11
    results = {
        name: ask(dagster.graphql_url, CHECKS, name=name)["assetCheckExecutions"][0]["evaluation"]
        for name in ("has_customers", "emails_are_known")
    }
    assert results["has_customers"]["success"]
    assert results["emails_are_known"] == {"success": False, "severity": "WARN"}


@pytest.fixture(scope="module")
def shops():
    """A Dagster below a path, with a workspace of three locations of which one cannot be loaded."""
    with Dagster(workspace=WORKSPACE, daemon=False, path_prefix="/shops", grace=0.1) as running:
        yield running
        pids = [*running.pids.values(), *keeper.descendants(running.pids["keeper"])]
    assert processes.wait_gone(pids, 0.1)


def test_a_location_that_fails_to_load_does_not_prevent_the_start(shops, ask):
    found = locations(ask, shops.graphql_url)

    assert shops.url.endswith("/shops")
    assert "the shop is closed" in found["broken"]["cause"]["message"]
    assert found["broken"]["__typename"] == "PythonError"


def test_two_locations_have_a_job_of_the_same_name(shops, ask):
    found = locations(ask, shops.graphql_url)

    jobs = {
        name: {job["name"] for job in found[name]["repositories"][0]["jobs"]}
        for name in ("north", "south")
    }
    assert jobs == {"north": {"daily_report"}, "south": {"daily_report"}}


DEFINITIONS = """
from dagster import Definitions, job, op

@op
def nothing():
    pass

@job
def {job}():
    nothing()

definitions = Definitions(jobs=[{job}])
"""
RELOAD = 'mutation { reloadRepositoryLocation(repositoryLocationName: "shop.py") { __typename } }'


def test_changed_code_is_loaded_anew(tmp_path, ask):
    def jobs() -> set[str]:
        (repository,) = locations(ask, running.graphql_url)["shop.py"]["repositories"]
        return {job["name"] for job in repository["jobs"]}

    file = tmp_path / "shop.py"
    file.write_text(DEFINITIONS.format(job="before"))
    with Dagster(file=file, daemon=False, grace=0.1) as running:
        assert jobs() == {"before"}
        file.write_text(DEFINITIONS.format(job="afterwards"))
        ask(running.graphql_url, RELOAD)
        assert jobs() == {"afterwards"}


PARENT = """
import os, sys, time
from dagster_plus_sdk.sandbox import Dagster
with Dagster(grace=0.2) as dagster:
    print(dagster.url, dagster.home, dagster.pids["keeper"])
    time.sleep(600)
"""


@pytest.mark.parametrize("end", ["parent", "keeper", "ctrl-c"])
def test_nothing_is_left_while_a_run_is_under_way(run_python, launch, ask, until, end):
    with hurried():
        process = run_python(PARENT)
    url, home, kept = process.stdout.readline().split()
    url += "/graphql"
    run_id = launch(url, "slow_report")
    until(lambda: "waiting 60.0 s" in {event["message"] for event in events(ask, url, run_id)})
    # The code server, the webserver, the daemon and the run's process, at least.
    pids = [int(kept), *keeper.descendants(int(kept))]
    assert len(pids) >= 5
    assert listening(pids)

    if end == "ctrl-c":
        process.send_signal(signal.SIGINT)
    else:
        os.kill(process.pid if end == "parent" else int(kept), signal.SIGKILL)

    assert processes.wait_gone(pids, 30)
    if end == "keeper":
        process.send_signal(signal.SIGINT)
    process.wait(60)
    assert not Path(home).exists()
