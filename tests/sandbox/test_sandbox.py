"""A whole sandbox: alone, and with a real Dagster behind it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from kit.server import Reply

from dagster_plus_sdk import (
    AuthenticationError,
    DagsterPlus,
    GraphQLRequestError,
    InvalidInputError,
    RunStatus,
)
from dagster_plus_sdk._core.errors import ConfigurationError
from dagster_plus_sdk.sandbox import Sandbox, SandboxError, schema, serve
from dagster_plus_sdk.sandbox import sandbox as module
from dagster_plus_sdk.sandbox import server as local_server
from dagster_plus_sdk.sandbox.admin.door import Door
from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes import keeper, probes

CURRENT = "{ currentDeployment { deploymentName } organization { name } }"


@pytest.fixture(scope="module")
def alone():
    with Sandbox(dagster=None) as running:
        yield running
        pids = running.pids.values()
    assert processes.wait_gone(pids, 0.1)


@pytest.fixture(scope="module")
def whole():
    pytest.importorskip("dagster_webserver")
    with Sandbox() as running:
        yield running
        pids = [*running.pids.values(), *keeper.descendants(running.pids["keeper"])]
    assert processes.wait_gone(pids, 0.1)


def test_the_control_plane_alone(alone):
    assert set(alone.pids) == {"front", "keeper"}
    assert alone.dagster_url is None
    assert alone.url == f"http://127.0.0.1:{alone.port}"
    assert (alone.home / "control-plane.sqlite3").exists()
    with alone.client() as client:
        assert client.graphql(CURRENT) == {
            "currentDeployment": {"deploymentName": "prod"},
            "organization": {"name": "demo"},
        }
        with pytest.raises(GraphQLRequestError, match="'runsOrError' is not in the sandbox"):
            client.graphql("{ runsOrError { __typename } }")


def test_no_dagster_is_imported(run_python):
    code = """
import sys
from importlib.abc import MetaPathFinder
class Finder(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("dagster", "dagster_webserver", "starlette"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Finder())
from dagster_plus_sdk.sandbox import Sandbox, front, serve, schema
import dagster_plus_sdk.sandbox.background
with Sandbox(dagster=None) as sandbox, sandbox.client() as client:
    print(client.graphql("{ version }"))
"""

    assert run_python(code).stdout.readline() == "{'version': '0+sandbox'}\n"


def test_the_organization_url_redirects(alone):
    with DagsterPlus(url=alone.url, token=alone.token) as client:
        assert client.graphql(CURRENT)["currentDeployment"] == {"deploymentName": "prod"}


def test_another_deployment(alone):
    with alone.client(deployment="staging") as client:
        assert client.graphql(CURRENT)["currentDeployment"] == {"deploymentName": "staging"}


def test_a_wrong_token(alone):
    with (
        alone.client(token="user:wrong") as client,
        pytest.raises(AuthenticationError, match="Unauthorized"),
    ):
        client.graphql(CURRENT)


@pytest.mark.anyio
async def test_async():
    async with Sandbox(dagster=None, organization="acme", token="secret") as sandbox:
        async with sandbox.async_client() as client:
            assert (await client.graphql(CURRENT))["organization"] == {"name": "acme"}
        pids = sandbox.pids.values()

    assert processes.wait_gone(pids, 0.1)


def test_state_stays_in_a_home(tmp_path):
    mutation = "mutation { deleteDeployment(deploymentId: 1) { __typename } }"
    with Sandbox(dagster=None, home=tmp_path) as sandbox, sandbox.client() as client:
        assert (
            client.graphql(mutation)["deleteDeployment"]["__typename"] == "DagsterCloudDeployment"
        )

    with Sandbox(dagster=None, home=tmp_path) as sandbox, sandbox.client() as client:
        assert sandbox.deployment == "staging"
        assert client.graphql(CURRENT)["currentDeployment"] == {"deploymentName": "staging"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dagster": "other"}, "'process', 'inprocess' or None, and not 'other'"),
        ({"dagster": None, "module": "x"}, "there is nothing to load"),
        ({"dagster": None, "token": ""}, "printable ASCII"),
        ({"dagster": None, "token": "tëst"}, "printable ASCII"),
    ],
)
def test_what_cannot_be(options, message):
    with pytest.raises(ConfigurationError, match=message):
        Sandbox(**options)


PUBLIC = "can be reached from other machines, and everyone knows the default token: give it a token"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"host": "0.0.0.0"}, ConfigurationError, PUBLIC),
        ({"host": "::"}, ConfigurationError, PUBLIC),
        ({"host": "10.0.0.1"}, ConfigurationError, PUBLIC),
        ({"host": "my-laptop.example.com"}, ConfigurationError, PUBLIC),
        ({"host": "127.1"}, ConfigurationError, PUBLIC),
        ({"host": "0.0.0.0", "token": "user:sandbox-admin"}, ConfigurationError, PUBLIC),
        ({"host": " ", "token": "user:own"}, ConfigurationError, "host must be an address"),
        ({"seed": "gone.yaml"}, ConfigurationError, "gone.yaml cannot be read: No such file"),
        ({"seed": {"teams": [{"size": 1}]}}, InvalidInputError, "entry of 'teams' cannot be"),
        ({"seed": {"planets": []}}, InvalidInputError, "cannot have 'planets'"),
    ],
)
def test_what_is_refused_before_anything_runs(options, error, message):
    with pytest.raises(error, match=message):
        Sandbox(dagster=None, **options)


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("localhost", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("0.0.0.0", "127.0.0.1"),
        ("::1", "[::1]"),
        ("::", "[::1]"),
    ],
)
def test_where_it_listens(host, reached):
    if ":" in host:
        try:
            probes.free_port(0, "::1")
        except ConfigurationError:
            pytest.skip("there is no IPv6")
    with Sandbox(dagster=None, host=host, token="user:own") as sandbox:
        assert sandbox.url == f"http://{reached}:{sandbox.port}"
        assert sandbox.about["deployments"] == ["prod", "staging"]
        with sandbox.client() as client:
            assert client.deployments.get("prod").name == "prod"


def test_a_place_where_nobody_can_listen():
    with pytest.raises(ConfigurationError, match=r"port 0 of 192\.0\.2\.1 cannot be used"):
        Sandbox(dagster=None, host="192.0.2.1", token="user:own").start()
    with pytest.raises(ConfigurationError, match="port 99999 cannot be used"):
        Sandbox(dagster=None, port=99999).start()


def test_the_dagster_stays_on_this_machine(tmp_path):
    pytest.importorskip("dagster_webserver")
    sandbox = Sandbox(host="0.0.0.0", token="user:own", home=tmp_path)
    children = sandbox._children(tmp_path, tmp_path)

    words = children["web"]["argv"]
    assert words[words.index("-h") + 1] == "127.0.0.1"
    assert "0.0.0.0" not in str({k: v for k, v in children.items() if k != "front"})
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.glob("*.yaml")}
    assert modes["dagster.yaml"] == modes["added_locations.yaml"] == "0o600"


def test_without_its_packages_the_error_says_what_to_install(monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ConfigurationError, match=r"graphql and uvicorn .* pip install"):
        Sandbox(dagster=None)


def test_it_must_run():
    sandbox = Sandbox(dagster=None)

    for name in ("url", "port", "dagster_url", "home"):
        with pytest.raises(ConfigurationError, match="this sandbox does not run"):
            getattr(sandbox, name)


def test_a_front_that_ends_is_told():
    with Sandbox(dagster=None) as sandbox:
        os.kill(sandbox.pids["front"], signal.SIGKILL)

        with pytest.raises(SandboxError, match="the process 'front' ended with -9"):
            sandbox.wait()


def test_a_free_port_that_another_took_meanwhile(monkeypatch, server):
    server.reply(Reply(status=404))
    ports = [urlsplit(server.url).port]
    monkeypatch.setattr(
        local_server, "free_port", lambda *_: ports.pop() if ports else probes.free_port(0)
    )
    with Sandbox(dagster=None) as sandbox:
        assert sandbox.url != server.url
    assert ports == []


def test_the_port_of_the_dagster_is_another(monkeypatch):
    found = iter([1, 1, 2])
    monkeypatch.setattr(module, "free_port", lambda _: next(found))

    assert module._other_port(1) == 2


def test_the_schema_of_an_installed_package(monkeypatch, tmp_path):
    package = tmp_path / "site-packages" / "dagster_plus_sdk"
    (package / "sandbox").mkdir(parents=True)
    monkeypatch.setattr(schema, "__file__", str(package / "sandbox" / "schema.py"))
    with pytest.raises(FileNotFoundError, match="install the package again"):
        schema.schema_path()

    (package / "schema.graphql").write_text("")
    assert schema.schema_path() == package / "schema.graphql"


@pytest.mark.parametrize("dagster_port", [None, 1234])
def test_what_the_front_process_does(monkeypatch, tmp_path, dagster_port):
    import uvicorn

    settings = {
        "host": "127.0.0.1",
        "port": 1,
        "token": "t",
        "organization": "acme",
        "store": str(tmp_path / "store.sqlite3"),
        "dagster_port": dagster_port,
    }
    child = serve.front_child(settings)
    served = []
    monkeypatch.setenv(serve.VARIABLE, child["env"][serve.VARIABLE])
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: served.append((app, options)))

    serve.main()

    ((app, options),) = served
    assert isinstance(app, Door)
    assert (options["host"], options["port"]) == ("127.0.0.1", 1)
    assert serve.VARIABLE not in os.environ
    assert child["cwd"] == str(tmp_path)
    assert "t" not in child["argv"]


# -- with a Dagster -------------------------------------------------------------------------------


def test_jobs_and_deployments(whole):
    assert {"web", "code", "daemon", "front", "keeper"} == set(whole.pids)
    with whole.client() as client:
        assert "daily_report" in [job.name for job in client.jobs.list()]
        both = client.graphql(
            "{ currentDeployment { deploymentName } version fullDeployments { deploymentId } }"
        )
    with DagsterPlus(url=whole.dagster_url) as client:
        version = client.graphql("{ version }")["version"]
    assert list(both.items()) == [
        ("currentDeployment", {"deploymentName": "prod"}),
        ("version", version),
        ("fullDeployments", [{"deploymentId": 1}, {"deploymentId": 2}]),
    ]


def test_jobs_are_launched_and_followed(whole):
    config = {"ops": {"extract_orders": {"config": {"region": "north"}}}}
    with whole.client() as client:
        failing = client.jobs.launch("broken_report")
        succeeding = client.jobs.launch("daily_report", run_config=config)
        events = list(client.run_events.follow(succeeding.id))
        types = [event.event_type for event in client.run_events.follow(failing.id)]

        assert client.runs.get(succeeding.id).status == RunStatus.SUCCESS
        assert client.runs.get(failing.id).status == RunStatus.FAILURE
    assert "report: 8 orders, 146.45 EUR" in [event.message for event in events]
    assert "STEP_FAILURE" in types


def test_errors_of_the_real_dagster_keep_their_places(whole):
    text = "{\n  deployments { deploymentName }\n  run: runOrError(runId: $id) { __typename }\n}"
    with whole.client() as client:
        with pytest.raises(GraphQLRequestError, match="Variable '\\$id' is not defined") as info:
            client.graphql(text)
        assert info.value.errors[0]["locations"][0] == {"line": 3, "column": 26}

        answer = client.graphql("query ($id: ID!) " + text, {"id": "none"})
    assert answer["run"] == {"__typename": "RunNotFoundError"}


def test_requests_at_once(whole):
    async def main():
        async with whole.async_client() as client:
            one = "{ version organization { name } }"
            return await asyncio.gather(*(client.graphql(one) for _ in range(20)))

    assert len({str(answer) for answer in asyncio.run(main())}) == 1


PARENT = """
import time
from dagster_plus_sdk.sandbox import Sandbox
with Sandbox(dagster={dagster!r}) as sandbox:
    print(sandbox.url, sandbox.home, sandbox.pids["keeper"], sandbox.pids["front"])
    time.sleep(600)
"""


@pytest.mark.parametrize("end", ["parent", "keeper", "front", "ctrl-c"])
def test_nothing_is_left(run_python, end):
    process = run_python(PARENT.format(dagster=None))
    _, home, kept, front = process.stdout.readline().split()
    pids = [int(kept), int(front)]

    if end == "ctrl-c":
        process.send_signal(signal.SIGINT)
    else:
        killed = {"parent": process.pid, "keeper": int(kept), "front": int(front)}[end]
        os.kill(killed, signal.SIGKILL)
    if end == "front":
        assert processes.wait_gone([int(front)], 30)
        process.send_signal(signal.SIGINT)
    assert processes.wait_gone(pids, 30)
    if end == "keeper":
        process.send_signal(signal.SIGINT)
    process.wait(60)
    assert not Path(home).exists()


@pytest.mark.dagster
def test_nothing_is_left_of_a_whole_one(run_python):
    process = run_python(PARENT.format(dagster="process"))
    _, home, kept, _ = process.stdout.readline().split()
    pids = [int(kept), *keeper.descendants(int(kept))]
    assert len(pids) >= 5

    os.kill(process.pid, signal.SIGKILL)

    assert processes.wait_gone(pids, 30)
    assert not Path(home).exists()


def test_a_home_is_for_one_sandbox_at_a_time(tmp_path):
    with (
        Sandbox(dagster=None, home=tmp_path),
        pytest.raises(SandboxError, match="another sandbox runs with the state in"),
    ):
        Sandbox(dagster=None, home=tmp_path).start()

    with Sandbox(dagster=None, home=tmp_path) as sandbox, sandbox.client() as client:
        assert client.deployments.get("prod").name == "prod"
