from __future__ import annotations

import importlib.util
import os
import socket
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

import dagster_plus_sdk.sandbox as package
from dagster_plus_sdk._core.errors import ConfigurationError, WaitTimeoutError
from dagster_plus_sdk.sandbox import Dagster, SandboxError, local, server
from dagster_plus_sdk.sandbox.processes import commands, probes
from dagster_plus_sdk.sandbox.processes.group import ProcessGroup


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """An interpreter that runs a line of Python, whatever it is asked to run; temporary folders are below `tmp_path`."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(server, "LONG_PATH", 1000)

    def make(code: str) -> str:
        path = tmp_path / "python"
        path.write_text(f"#!{sys.executable} -IS\n{code}\n")
        path.chmod(0o755)
        return str(path)

    return make


def test_the_package_imports_no_dagster(run_python):
    code = """
import sys
from dagster_plus_sdk.sandbox import Dagster
Dagster(python="python")
print(sorted({"dagster", "httpx", "pydantic", "yaml"} & set(sys.modules)))
"""
    assert run_python(code).stdout.read() == "[]\n"


def test_the_package_names_what_it_exports():
    assert package.__all__ == sorted(package.__all__)
    assert set(package.__all__) <= set(dir(package))
    assert package.SandboxError is SandboxError
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        package.nothing  # noqa: B018


def test_without_dagster_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ConfigurationError, match=r"dagster and dagster_webserver .*\[sandbox\]"):
        Dagster()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"file": __file__, "module": "shop"}, "one of file, module and workspace"),
        ({"file": "nothing.py"}, "no such file: nothing.py"),
        ({"workspace": Path("nothing.yaml")}, "no such file: nothing.yaml"),
    ],
)
def test_targets_that_cannot_be(arguments, message):
    with pytest.raises(ConfigurationError, match=message):
        Dagster(python="python", **arguments)


@pytest.mark.parametrize("use", ["url", "graphql_url", "home", "log_path", "pids"])
def test_what_does_not_run_has_no_address(use):
    with pytest.raises(ConfigurationError, match="does not run"):
        getattr(Dagster(python="python"), use)


def children(tmp_path, **target) -> dict[str, list[str]]:
    found = commands.resolve_target(
        target.get("file"), target.get("module"), target.get("workspace"), tmp_path
    )
    made = commands.Commands(
        found, home=tmp_path, runtime=tmp_path, python="py", log_level="info"
    ).children(port=1234, path_prefix="/shop", daemon=target.get("daemon", True))
    assert all(child["cwd"] == found.directory for child in made.values())
    return {name: child["argv"] for name, child in made.items()}


def test_a_file_and_a_module_get_a_code_server_that_can_reload(tmp_path):
    from_file = children(tmp_path, file=__file__)
    from_module = children(tmp_path, module="shop.definitions", daemon=False)

    assert list(from_file) == ["code", "web", "daemon"]
    assert from_file["code"][:5] == ["py", "-m", "dagster", "code-server", "start"]
    assert from_file["code"][-4:] == ["-f", __file__, "-d", str(tmp_path)]
    assert "test_local.py" in from_file["code"]
    assert list(from_module) == ["code", "web"]
    assert from_module["code"][-4:] == ["-m", "shop.definitions", "-d", str(tmp_path)]


def test_all_listen_on_loopback_only(tmp_path):
    argv = children(tmp_path)

    web = argv["web"]
    assert web[web.index("-h") + 1] == "127.0.0.1"
    assert web[web.index("-p") + 1] == "1234"
    assert "--socket" in argv["code"]
    assert not {"-p", "--port", "-h", "--host"} & set(argv["code"])


def test_a_workspace_needs_no_code_server_of_ours(tmp_path):
    file = tmp_path / "workspace.yaml"
    file.write_text("load_from: []")

    argv = children(tmp_path, workspace=file)

    assert list(argv) == ["web", "daemon"]
    assert argv["web"][-2:] == ["-w", str(file)]
    assert argv["web"][2] == ""


def test_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(
            ConfigurationError, match=f"port {port} cannot be used: Address already"
        ):
            Dagster(python="python", port=port).start()

    assert probes.free_port(port) == port


def test_a_process_that_ends_early_is_told_with_its_log(stand_in, tmp_path):
    dagster = Dagster(python=stand_in("print('No module named shop'); raise SystemExit(3)"))

    with pytest.raises(SandboxError, match=r"'(code|web|daemon)' ended with 3:\nNo module") as info:
        dagster.start(timeout=60)

    assert info.value.code == "SANDBOX_ERROR"
    assert [path.name for path in tmp_path.iterdir()] == ["python"]
    with pytest.raises(ConfigurationError):
        dagster.url  # noqa: B018


#: The webserver's port is among its arguments.
TAKEN = """
import sys, time
if "111" in sys.argv:
    sys.exit("error while attempting to bind: address already in use")
time.sleep(600)
"""


@pytest.mark.parametrize(
    ("given", "times", "starts"), [(0, 1, True), (0, 2, True), (0, 3, False), (111, 1, False)]
)
def test_a_free_port_that_another_takes_is_chosen_anew(stand_in, monkeypatch, given, times, starts):
    ports = [111] * times
    monkeypatch.setattr(server, "free_port", lambda *_: ports.pop() if ports else 222)
    monkeypatch.setattr(local, "is_ready", lambda port, _: port == 222)

    with nullcontext() if starts else pytest.raises(SandboxError, match="already in use"):
        Dagster(python=stand_in(TAKEN), port=given, grace=0.1).start(timeout=60).stop()

    assert ports == []


def test_the_time_is_limited_and_nothing_stays(stand_in, tmp_path, monkeypatch):
    python = stand_in("import time; time.sleep(600)")
    begin = time.monotonic()

    with pytest.raises(WaitTimeoutError, match=r"in time:\n\(its log is empty\)"):
        Dagster(python=python, grace=0.1).start(timeout=0.3)

    assert time.monotonic() - begin < 20
    assert [path.name for path in tmp_path.iterdir()] == ["python"]


def test_a_killed_keeper_ends_the_start(stand_in, monkeypatch):
    def killed(*_):
        os.kill(dagster.pids["keeper"], 9)
        dagster._group._thread.join(60)
        dagster.log_path.unlink()
        return False

    dagster = Dagster(python=stand_in("import time; time.sleep(600)"))
    monkeypatch.setattr(local, "is_ready", killed)

    with pytest.raises(SandboxError, match=r"'keeper' ended with -9:\n.no log"):
        dagster.start()


def test_ctrl_c_while_starting_leaves_nothing(stand_in, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(local, "is_ready", interrupted)

    with pytest.raises(KeyboardInterrupt):
        Dagster(python=stand_in("import time; time.sleep(600)"), grace=0.1).start()

    assert [path.name for path in tmp_path.iterdir()] == ["python"]


def test_a_failure_before_the_start_leaves_nothing(stand_in, tmp_path, monkeypatch):
    def full(_):
        raise OSError("no space left")

    monkeypatch.setattr(commands.Commands, "write_workspace", full)

    with pytest.raises(OSError, match="no space"):
        Dagster(python=stand_in("")).start()

    assert [path.name for path in tmp_path.iterdir()] == ["python"]


@pytest.fixture
def started(stand_in, monkeypatch):
    """Start a Dagster whose processes only sleep."""
    monkeypatch.setattr(local, "is_ready", lambda *_: True)
    python = stand_in("import time; time.sleep(600)")
    made = []

    def start(**options) -> Dagster:
        made.append(Dagster(python=python, grace=0.1, **options).start())
        return made[-1]

    yield start
    for each in made:
        each.stop()


def test_a_given_home_and_its_settings_stay(started, tmp_path):
    home = tmp_path / "state" / "home"

    dagster = started(home=home, path_prefix="shop/", daemon=False)
    assert set(dagster.pids) == {"code", "web", "keeper"}
    assert dagster.url.endswith("/shop")
    assert dagster.graphql_url == dagster.url + "/graphql"
    assert dagster.home == home
    assert "DefaultRunCoordinator" in (home / "dagster.yaml").read_text()
    with pytest.raises(ConfigurationError, match=f"runs already, at {dagster.url}"):
        dagster.start()
    dagster.stop()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}")
    dagster.start()
    dagster.stop()

    assert (home / "dagster.yaml").read_text() == "telemetry: {enabled: false}"
    assert (home / "sandbox.log").exists()


def test_a_temporary_home_is_removed(started, tmp_path):
    dagster = started()
    home = dagster.home
    assert home.is_dir()

    with pytest.raises(RuntimeError, match="of the block"), dagster_block(dagster):
        raise RuntimeError("of the block")

    assert not home.parent.exists()


def dagster_block(dagster):
    """The end of a with block, of one that was started already."""
    from contextlib import ExitStack

    stack = ExitStack()
    stack.push(dagster)
    return stack


def test_where_the_temporary_folder_is_deep_a_short_one_is_used(started, monkeypatch):
    monkeypatch.setattr(server, "LONG_PATH", 1)

    assert started().home.parent.parent == Path("/tmp")


def test_a_group_is_what_a_dagster_is_made_of(started):
    assert isinstance(started()._group, ProcessGroup)
