"""A real Dagster in the front's process: runs, assets, subscriptions, code that cannot be loaded."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

pytest.importorskip("dagster_webserver")
pytest.importorskip("uvicorn")
pytest.importorskip("websockets", "15")

from websockets.sync.client import connect

pytest.importorskip("starlette.testclient")

from dagster import DagsterEvent, DagsterEventType
from dagster._core.execution.api import execute_run_iterator
from starlette.testclient import TestClient

from dagster_plus_sdk import DagsterPlus, RunStatus
from dagster_plus_sdk._core.errors import ConfigurationError
from dagster_plus_sdk.sandbox import Sandbox, SandboxError, inprocess, inprocess_dagster
from dagster_plus_sdk.sandbox.inprocess_dagster import loaded
from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes.commands import resolve_target

INTERRUPTED = "The sandbox's process ended while the run was under way."
WORKSPACES = Path(__file__).parent / "workspaces"
REPORT = {"ops": {"extract_orders": {"config": {"region": "north"}}}}
LOCATIONS = """
{ workspaceOrError { ... on Workspace { locationEntries {
    name
    locationOrLoadError {
      __typename
      ... on PythonError { message cause { message } }
      ... on RepositoryLocation { repositories { jobs { name } } }
    }
} } } }
"""
TERMINATE = "mutation ($id: String!) { terminateRun(runId: $id) { __typename } }"
ERRORS = """
query ($id: ID!) { logsForRun(runId: $id, limit: 1000) { ... on EventConnection { events {
    ... on ExecutionStepFailureEvent { stepKey error { errorChain { error { message } } } }
} } } }
"""
LOGS = """
subscription ($run: ID!) { pipelineRunLogs(runId: $run) {
    ... on PipelineRunLogsSubscriptionSuccess { messages { __typename } }
} }
"""
SHOP = """
import os, time
from dagster import Definitions, job, op

LOADS = os.environ["LOADS"] = os.environ.get("LOADS", "") + "x"

@op
def wait():
    time.sleep(60)

@op
def look(context):
    repository = context.repository_def
    context.log.info(f"{LOADS} {os.environ['LOADS']} {os.getpid()} {repository.has_job('patient')}")

@job
def patient():
    wait()

@job(config={"execution": {"config": {"multiprocess": {"max_concurrent": 2}}}})
def curious():
    look()

definitions = Definitions(jobs=[patient, curious])
"""


def wait(client, run_id):
    return client.runs.wait(run_id, timeout=120, poll=0.05, raise_on_failure=False).status


def messages(client, run_id):
    return {event.message for event in client.run_events.get(run_id)}


def reload(client, location):
    text = f'mutation {{ reloadRepositoryLocation(repositoryLocationName: "{location}") {{ __typename }} }}'
    return client.graphql(text)["reloadRepositoryLocation"]["__typename"]


def terminate(client, run_id):
    return client.graphql(TERMINATE, {"id": run_id})["terminateRun"]["__typename"]


def locations(client):
    entries = client.graphql(LOCATIONS)["workspaceOrError"]["locationEntries"]
    return {entry["name"]: entry["locationOrLoadError"] for entry in entries}


def jobs(location):
    (repository,) = location["repositories"]
    return {job["name"] for job in repository["jobs"]}


@pytest.fixture(scope="module")
def whole():
    begin = time.monotonic()
    with Sandbox(dagster="inprocess") as running:
        print(f"\nstarted in {time.monotonic() - begin:.1f} s")  # noqa: T201 - a measure, no condition
        yield running
        pids = [*running.pids.values()]
    assert processes.wait_gone(pids, 0.1)


@pytest.fixture(scope="module")
def client(whole):
    with whole.client() as client:
        yield client


def test_there_is_one_process(whole, client, ask):
    assert set(whole.pids) == {"front", "keeper"}
    # The real version, and from the webserver's own port, too.
    version = client.graphql("{ version deployments { deploymentName } }")["version"]
    assert version[0].isdigit()
    assert version != "0+sandbox"
    assert ask(f"{whole.dagster_url}/graphql", "{ version }") == {"version": version}


def test_a_run_succeeds(client):
    run = client.jobs.launch("daily_report", run_config=REPORT)

    assert wait(client, run.id) == RunStatus.SUCCESS
    assert "report: 8 orders, 146.45 EUR" in messages(client, run.id)


def test_a_run_fails_with_the_error_of_its_step(client):
    run = client.jobs.launch("broken_report")

    assert wait(client, run.id) == RunStatus.FAILURE
    (failure,) = filter(None, client.graphql(ERRORS, {"id": run.id})["logsForRun"]["events"])
    assert failure["stepKey"] == "collect_payments"
    causes = [link["error"]["message"] for link in failure["error"]["errorChain"]]
    assert "PaymentError: could not collect 2 payments" in causes[0]
    assert "ConnectionRefusedError" in causes[1]


def test_assets_are_materialized(client):
    both = client.jobs.launch("orders_assets")
    some = client.assets.materialize(["raw_orders"], partition="2024-01-02")

    assert {wait(client, run.id) for run in (both, some)} == {RunStatus.SUCCESS}
    text = """{ assetNodes { assetKey { path } assetMaterializations { runId partition } } }"""
    made = {
        tuple(node["assetKey"]["path"]): node["assetMaterializations"]
        for node in client.graphql(text)["assetNodes"]
    }
    assert made["raw_orders",] == [{"runId": some.id, "partition": "2024-01-02"}]
    assert made["exports", "orders/daily"] == [{"runId": both.id, "partition": None}]
    assert made["forecast",] == []


def test_modules_are_not_loaded_anew(client):
    assert reload(client, "demo") == "ReloadNotSupported"
    client.graphql("mutation { reloadWorkspace { __typename } }")

    assert "daily_report" in jobs(locations(client)["demo"])


def test_runs_at_once(whole):
    async def one(client):
        run = await client.jobs.launch("orders_assets")
        return (
            await client.runs.wait(run.id, timeout=180, poll=0.2, raise_on_failure=False)
        ).status

    async def main():
        async with whole.async_client() as client:
            return await asyncio.gather(*(one(client) for _ in range(4)))

    assert set(asyncio.run(main())) == {RunStatus.SUCCESS}


def test_a_run_that_does_not_wait_in_one_call_is_terminated(client, until):
    run = client.jobs.launch("slow_report")
    until(lambda: "waiting 60.0 s" in messages(client, run.id))

    assert terminate(client, run.id) == "TerminateRunSuccess"
    assert wait(client, run.id) == RunStatus.CANCELED
    assert terminate(client, run.id) == "TerminateRunFailure"


def test_a_subscription_of_events(whole, client):
    headers = {"Dagster-Cloud-Api-Token": whole.token}
    url = f"ws{whole.url.removeprefix('http')}/prod/graphql"
    run = client.jobs.launch("broken_report")
    seen = set()
    with connect(
        url, subprotocols=["graphql-ws"], additional_headers=headers, proxy=None
    ) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(60)) == {"type": "connection_ack"}
        payload = {"query": LOGS, "variables": {"run": run.id}}
        socket.send(json.dumps({"type": "start", "id": "1", "payload": payload}))
        while "RunFailureEvent" not in seen:
            page = json.loads(socket.recv(60))["payload"]["data"]["pipelineRunLogs"]
            seen |= {message["__typename"] for message in page["messages"]}

    assert {"RunStartEvent", "ExecutionStepFailureEvent"} <= seen


def test_a_workspace_of_which_one_cannot_be_loaded(monkeypatch):
    monkeypatch.setenv("MAIL_SERVER", "mail.example.com")
    with (
        Sandbox(dagster="inprocess", workspace=WORKSPACES / "workspace.yaml") as sandbox,
        sandbox.client() as client,
    ):
        found = locations(client)
        run = client.jobs.launch("daily_report", location="south")
        assert wait(client, run.id) == RunStatus.SUCCESS
        steps = {event.step_key for event in client.run_events.get(run.id)}

    assert found["broken"]["__typename"] == "PythonError"
    assert "the shop is closed" in json.dumps(found["broken"])
    assert jobs(found["north"]) == jobs(found["south"]) == {"daily_report"}
    assert "report_south" in steps


def test_state_stays_and_what_was_under_way_has_failed(tmp_path):
    file = tmp_path / "shop.py"
    file.write_text(SHOP)
    home = tmp_path / "home"
    with Sandbox(dagster="inprocess", file=file, home=home) as sandbox, sandbox.client() as client:
        pid = sandbox.pids["front"]
        assert jobs(locations(client)["shop.py"]) == {"patient", "curious"}
        curious = client.jobs.launch("curious")
        assert wait(client, curious.id) == RunStatus.SUCCESS
        # Loaded once, and run where it was loaded.
        assert f"x x {pid} True" in messages(client, curious.id)
        patient = client.jobs.launch("patient")

        file.write_text(SHOP.replace("patient", "quick").replace("60", "0"))
        assert reload(client, "shop.py") == "WorkspaceLocationEntry"
        assert jobs(locations(client)["shop.py"]) == {"quick", "curious"}
        assert wait(client, client.jobs.launch("quick").id) == RunStatus.SUCCESS
    assert processes.wait_gone([pid], 0.1)

    file.write_text("raise RuntimeError('the shop is closed')")
    with Sandbox(dagster="inprocess", file=file, home=home) as sandbox, sandbox.client() as client:
        assert "the shop is closed" in json.dumps(locations(client)["shop.py"])
        assert client.runs.get(curious.id).status == RunStatus.SUCCESS
        assert client.runs.get(patient.id).status == RunStatus.FAILURE
        assert INTERRUPTED in messages(client, patient.id)

        os.kill(sandbox.pids["front"], signal.SIGKILL)
        with pytest.raises(SandboxError, match="'front' ended with -9"):
            sandbox.wait()


GRPC = "load_from: [{grpc_server: {host: localhost, port: 4266, location_name: far}}]"
OTHER = "load_from: [{python_file: {relative_path: a.py, executable_path: /bin/other}}]"
QUEUE = "run_queue: {max_concurrent_runs: 1}"
OWN = "has a server or an interpreter of its own: dagster='inprocess' cannot load it"


def settings(tmp_path, target=None):
    given = {"file": None, "module": None, "workspace": None, **(target or {})}
    return inprocess.in_process(
        resolve_target(**given, working_directory=None), tmp_path, tmp_path / "added.yaml"
    )


def test_what_cannot_be_in_one_process(tmp_path):
    file = tmp_path / "workspace.yaml"
    file.write_text(GRPC)

    with pytest.raises(SandboxError, match=f"the code location 'far' {OWN}") as info:
        Sandbox(dagster="inprocess", workspace=file).start()

    assert "the process 'front' ended with 1" in str(info.value)
    assert "Traceback" not in str(info.value)


@pytest.mark.parametrize(
    ("instance", "workspace", "message"),
    [
        ("", GRPC, f"'far' {OWN}"),
        ("", OTHER, f"'a.py' {OWN}"),
        (QUEUE, "load_from: []", "cannot use .*dagster.yaml: Found config for `run_queue`"),
    ],
)
def test_what_ends_the_process(tmp_path, monkeypatch, instance, workspace, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dagster.yaml").write_text(instance)
    (tmp_path / "workspace.yaml").write_text(workspace)

    with (
        pytest.raises(SystemExit, match=message),
        loaded(settings(tmp_path, {"workspace": tmp_path / "workspace.yaml"})),
    ):
        pass


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A client of a webserver in this process."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("DAGSTER_HOME", str(home))
        (home / "dagster.yaml").write_text("telemetry: {enabled: false}")
        with (
            loaded(settings(home)) as app,
            TestClient(app) as http_client,
            DagsterPlus(url="http://testserver", http_client=http_client) as client,
        ):
            yield client


@pytest.mark.filterwarnings("ignore")  # Dagster's own
@pytest.mark.parametrize(
    ("end", "status"),
    [("success", "SUCCESS"), ("terminate", "CANCELED"), ("raise", "FAILURE"), ("both", "CANCELED")],
)
def test_how_the_thread_of_a_run_ends(here, monkeypatch, until, end, status):
    go = threading.Event()

    def execute(job, run, instance):
        if end in ("success", "terminate"):
            yield from execute_run_iterator(job, run, instance)
        else:
            start = DagsterEvent(DagsterEventType.RUN_START.value, run.job_name)
            instance.report_dagster_event(start, run.run_id)
            assert go.wait(60)
            raise ValueError("the thread fails")

    monkeypatch.setattr(inprocess_dagster, "execute_run_iterator", execute)
    run = here.jobs.launch("slow_report" if end == "terminate" else "orders_assets")
    if end in ("terminate", "both"):
        until(lambda: here.runs.get(run.id).status == RunStatus.STARTED)
    if end == "terminate":  # not in the middle of what Dagster does before it runs the step
        until(lambda: "waiting 60.0 s" in messages(here, run.id))
    if end in ("terminate", "both"):
        assert terminate(here, run.id) == "TerminateRunSuccess"
    go.set()

    assert wait(here, run.id) == status
    if end in ("raise", "both"):
        assert "The run's thread ended with an error." in messages(here, run.id)
    assert terminate(here, run.id) == "TerminateRunFailure"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"file": "a.py", "module": "b"}, "give one of file, module and workspace"),
        ({"file": "none.py"}, "no such file: none.py"),
    ],
)
def test_arguments_that_contradict(options, message):
    with pytest.raises(ConfigurationError, match=message):
        Sandbox(dagster="inprocess", **options)


def test_without_dagster_the_error_says_what_to_install(monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ConfigurationError, match=r"dagster and dagster_webserver .* pip install"):
        Sandbox(dagster="inprocess")


@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ({"module": "shop"}, {"-m": "shop"}),
        ({"file": __file__}, {"-f": __file__}),
        ({"workspace": __file__}, {}),
    ],
)
def test_what_the_process_is_told(tmp_path, monkeypatch, target, arguments):
    monkeypatch.chdir(tmp_path)
    told = settings(Path("/home"), target)

    here = str(tmp_path)
    assert told["arguments"] == (arguments and {**arguments, "-d": here})
    assert (told["directory"], told["home"]) == (here, "/home")
    assert told["workspace"] == target.get("workspace")


def test_the_process_ends_with_its_webserver(tmp_path, monkeypatch):
    import uvicorn

    called = []
    ended = threading.Event()

    def kill(*given):
        called.append(given)
        ended.set()

    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "")
    monkeypatch.setattr(inprocess_dagster, "loaded", lambda told: nullcontext(told["name"]))
    monkeypatch.setattr(uvicorn, "run", lambda app, **given: called.append((app, given["port"])))
    monkeypatch.setattr(os, "kill", kill)

    inprocess.start(settings(tmp_path), 1234)

    assert ended.wait(60)
    assert called == [("demo", 1234), (os.getpid(), signal.SIGTERM)]
    assert os.environ["DAGSTER_HOME"] == str(tmp_path)
