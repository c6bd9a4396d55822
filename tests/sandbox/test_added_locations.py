"""Code locations that are added through the API: the real Dagster loads those whose code is here."""

from __future__ import annotations

import json
import time
from contextlib import nullcontext

import httpx
import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from dagster_plus_sdk import DagsterPlusError
from dagster_plus_sdk.sandbox import Sandbox
from dagster_plus_sdk.sandbox.added_locations import workspace_text
from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes import keeper

CODE = """
import dagster as dg

@dg.asset
def {name}():
    return 1

defs = dg.Definitions(assets=[{name}])
"""


def location(name, source, **settings):
    document = {"location_name": name, "code_source": source, **settings}
    return {"locationName": name, "document": document, "version": "1"}


def written(*rows):
    text, _, version = workspace_text([*rows], "/here").partition("\n")
    return json.loads(text)["load_from"], version


def test_the_workspace_file():
    first = location("file", {"python_file": "a.py"}, attribute="defs")
    package = location("package", {"package_name": "p"}, working_directory="/src")
    loaded, version = written(
        first,
        location("file", {"module_name": "another_deployments"}),
        package,
        location(
            "auto", {"autoload_defs_module_name": "m"}, attribute="defs", working_directory="a"
        ),
        location("image", {"module_name": "m"}, image="image:1"),
        location("pex", {"module_name": "m"}, pex_metadata={"pex_tag": "files=a.pex"}),
    )
    name = "location_name"
    assert loaded == [
        {
            "python_file": {
                name: "file",
                "relative_path": "/here/a.py",
                "working_directory": "/here",
                "attribute": "defs",
            }
        },
        {"python_package": {name: "package", "package_name": "p", "working_directory": "/src"}},
        {
            "autoload_defs_module": {
                name: "auto",
                "module_name": "m",
                "working_directory": "/here/a",
            }
        },
    ]
    assert version == "# 1 1 1\n"
    assert written() == ([], "# \n")


def wait_for(check, timeout=180):
    end = time.monotonic() + timeout
    while not (found := check()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


@pytest.mark.parametrize("dagster", ["process", "inprocess"])
def test_a_real_dagster_loads_them(tmp_path, dagster):
    pytest.importorskip("dagster_webserver")
    code = tmp_path / "etl.py"
    code.write_text(CODE.format(name="first"))
    target = tmp_path / "real.py"
    target.write_text(CODE.format(name="own"))
    with Sandbox(dagster=dagster, file=target) as sandbox, sandbox.client() as client:

        def settled():
            (entry,) = [one for one in client.code_locations.entries() if one.name == "etl"]
            return None if entry.has_outdated_data else entry

        made = client.code_locations.create("etl", python_file=str(code))
        assert made.has_outdated_data
        assert not wait_for(settled).has_load_error
        assert {found.name for found in client.code_locations.list()} == {"real.py", "etl"}
        assert client.assets.get("first").definition
        check_reports(sandbox, client)
        check_runs(client)

        code.write_text("import nothing_of_this_name")
        client.code_locations.update("etl", attribute="defs")
        assert wait_for(settled).has_load_error
        failed, loaded = client.code_locations.history("etl").to_list()
        assert (failed.status, loaded.status) == ("ERROR", "LOADED")
        assert "nothing_of_this_name" in failed.error.message

        for name, reached in (("etl", False), ("real.py", True), ("nothing", False)):
            with nullcontext() if reached else pytest.raises(DagsterPlusError):
                client.code_locations.ping(name)
        client.code_locations.delete("etl")
        wait_for(lambda: [one.name for one in client.code_locations.list()] == ["real.py"])
        pids = [*sandbox.pids.values(), *keeper.descendants(sandbox.pids["keeper"])]
    assert processes.wait_gone(pids, 0.1)


def check_reports(sandbox, client):
    """Asset events over REST reach the real Dagster."""
    path = f"{sandbox.url}/prod/report_asset_materialization/first"
    headers = {"Dagster-Cloud-Api-Token": sandbox.token}
    assert httpx.post(path, json={"description": "reported"}).status_code == 401
    answer = httpx.post(path, json={"description": "reported"}, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {})
    assert httpx.post(f"{path}?partition=a", content=b"{", headers=headers).status_code >= 400
    (found,) = client.assets.events("first").to_list()
    assert found.description == "reported"


def check_runs(client):
    """The code runs, and its container's metrics are those of the time that this took."""
    run = client.assets.materialize("first")
    run = client.runs.wait(run.id, timeout=180)
    assert run.status == "SUCCESS"
    series = client.container_metrics.run(run.id).cpu_percent
    assert (series.start, series.end) == (run.started_at, run.ended_at)
