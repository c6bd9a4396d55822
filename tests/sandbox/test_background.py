"""A sandbox in the background, with the control plane alone: what starts and ends is the same."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")

from dagster_plus_sdk._core.errors import ConfigurationError, WaitTimeoutError
from dagster_plus_sdk.sandbox import SandboxError, background, hold
from dagster_plus_sdk.sandbox import sandbox as module
from dagster_plus_sdk.sandbox.processes import find as processes
from dagster_plus_sdk.sandbox.processes import keeper, pids


@pytest.fixture
def folder(tmp_path):
    yield tmp_path / "state"
    background.down(tmp_path / "state")


def up(folder, **options):
    return background.up(**{"state_dir": folder, "port": 0, "dagster": None, **options})


def test_up_status_down(folder):
    ready = []
    assert background.status(folder) is None

    found = up(folder, detach=True, on_ready=ready.append)

    assert ready == [found]
    assert found.as_dict() == background.status(folder).as_dict()
    assert found.url in repr(found)
    assert found.token not in repr(found)
    assert found.pid != os.getpid()
    assert time.time() - 60 < found.started_at <= time.time()
    assert (folder / "sandbox.json").stat().st_mode & 0o777 == 0o600
    assert module.default_deployment(int(found.url.rpartition(":")[2]), found.token) == "prod"
    running = [found.pid, *keeper.descendants(found.pid)]
    assert len(running) >= 3

    with pytest.raises(ConfigurationError, match=f"already, at {found.url}"):
        up(folder)
    assert background.down(folder)

    assert processes.wait_gone(running, 30)
    assert background.status(folder) is None
    assert not (folder / "sandbox.json").exists()
    assert not background.down(folder)
    assert (folder / "home").is_dir()


def test_a_killed_one_leaves_nothing_and_can_be_started_again(folder):
    found = up(folder, detach=True)
    running = [found.pid, *keeper.descendants(found.pid)]

    os.kill(found.pid, signal.SIGKILL)

    assert processes.wait_gone(running, 30)
    assert background.status(folder) is None
    assert up(folder, detach=True).pid != found.pid


def test_in_the_foreground_until_sigterm(folder, monkeypatch):
    def end(status):
        seen.append(background.status(folder).as_dict() == status.as_dict())

    def wait(sandbox):
        # Not before: Ctrl-C while it starts is an exception.
        os.kill(os.getpid(), signal.SIGTERM)
        wait_for(sandbox)

    seen, wait_for = [], module.Sandbox.wait
    monkeypatch.setattr(module.Sandbox, "wait", wait)
    before = signal.getsignal(signal.SIGTERM)

    found = up(folder, on_ready=end)

    assert seen == [True]
    assert found.pid == os.getpid()
    assert signal.getsignal(signal.SIGTERM) is before
    assert not (folder / "sandbox.json").exists()
    assert module.default_deployment(int(found.url.rpartition(":")[2]), found.token) is None


def test_in_a_thread_a_process_that_ends_ends_it(folder):
    def run():
        with pytest.raises(SandboxError, match="the process 'front' ended with -9"):
            up(folder, on_ready=kill)
        done.append(True)

    def kill(_):
        (front,) = {p for p in keeper.descendants(os.getpid()) if is_front(p)} - before
        os.kill(front, signal.SIGKILL)

    def is_front(pid):
        try:
            return b"sandbox.serve" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:  # it has just ended
            return False

    done, before = [], {p for p in keeper.descendants(os.getpid()) if is_front(p)}
    thread = threading.Thread(target=run)
    thread.start()
    thread.join(150)

    assert done


def test_from_python(folder):
    with pytest.raises(ConfigurationError, match=f"no sandbox runs in {folder}"):
        background.connect(folder)
    found = up(folder, detach=True, seed={"teams": ["Mine"]}, organization="acme", token="user:own")

    assert (found.is_new, found.dagster, found.dagster_url) == (True, None, None)
    assert found.remote().about["seeded"] == {"teams": 1}
    with found.client() as client:
        client.deployments.create("third")
    assert background.connect(folder).about["deployments"] == ["prod", "staging", "third"]
    assert background.connect(folder).about["organization"] == "acme"
    assert found.async_client().settings.deployment == found.deployment


def test_a_state_stays_until_it_is_to_be_fresh(folder):
    up(folder, detach=True, organization="acme").remote().seed({"teams": ["Mine"]})
    (folder / "home" / "dagster.yaml").write_text("# mine")
    (folder / "home" / "storage").mkdir()
    background.down(folder)
    for fresh, found in ((False, ["Data engineers", "Mine"]), (True, ["Data engineers"])):
        status = up(folder, detach=True, fresh=fresh)
        assert (status.is_new, status.organization) == (fresh, "demo" if fresh else "acme")
        with status.client() as client:
            assert [team.details.name for team in client.teams.list()] == found
        background.down(folder)
    assert (folder / "home" / "dagster.yaml").read_text() == "# mine"
    assert not (folder / "home" / "storage").exists()


def test_nothing_is_removed_that_is_no_sandbox(folder):
    (folder / "home" / "me").mkdir(parents=True)

    with pytest.raises(ConfigurationError, match="nothing is removed"):
        up(folder, detach=True, fresh=True)

    assert (folder / "home" / "me").is_dir()


def test_what_is_written_is_for_the_owner_alone(folder):
    folder.mkdir()
    (folder / "background.log").write_text("old")
    found = up(folder, detach=True, seed={"teams": ["Mine"]})
    found.remote().advance_clock(1)
    home = Path(found.home)

    assert home.stat().st_mode & 0o777 == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {
        "background.log", "sandbox.json", "sandbox.lock", "sandbox.log",
        "control-plane.sqlite3", "control-plane.sqlite3-wal", "control-plane.sqlite3-shm",
    }  # fmt: skip
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in files} == dict.fromkeys(
        (path.name for path in files), "0o600"
    )


def test_what_is_wrong_with_the_arguments_is_told_at_once(folder):
    with pytest.raises(ConfigurationError, match="there is nothing to load"):
        up(folder, module="shop", detach=True)


def test_a_taken_port(folder):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port} cannot be used"):
            up(folder, port=port, detach=True)


def test_one_that_does_not_start(folder, monkeypatch):
    monkeypatch.setattr(hold, "free_port", lambda port, host: port)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(SandboxError, match=f"port {port} cannot be used"):
            up(folder, port=port, detach=True)
    monkeypatch.setattr(hold, "END_WITHIN", -120)
    with pytest.raises(WaitTimeoutError, match="did not start in time"):
        up(folder, detach=True)
    assert background.status(folder) is None


def test_one_that_ends_without_a_word(folder, monkeypatch):
    monkeypatch.setattr(hold, "_command", lambda: ["/bin/false"])

    with pytest.raises(SandboxError, match="ended with 1"):
        up(folder, detach=True)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": 1}'])
def test_a_file_that_is_no_status(folder, text):
    folder.mkdir()
    (folder / "sandbox.json").write_text(text)

    assert background.status(folder) is None


def test_another_process_with_the_same_id_is_left_alone(folder):
    folder.mkdir()
    found = dict.fromkeys(("url", "token", "organization", "deployment", "home"), "")
    found |= {"pid": os.getpid(), "started_at": 0, "process_start": "1"}
    (folder / "sandbox.json").write_text(json.dumps(found))

    assert background.status(folder) is None
    assert not background.down(folder)


def test_one_that_does_not_end(folder, monkeypatch):
    found = up(folder, detach=True)
    os.kill(found.pid, signal.SIGSTOP)
    monkeypatch.setattr(hold, "END_WITHIN", 0)
    with pytest.raises(SandboxError, match="still runs"):
        background.down(folder)
    monkeypatch.undo()
    os.kill(found.pid, signal.SIGCONT)


def test_without_proc_a_process_is_looked_up_by_its_id(monkeypatch):
    monkeypatch.setattr(pids, "PROC", "/nowhere")
    process = subprocess.Popen(["/bin/true"])
    process.wait()

    def refuse(_pid, _signal):
        raise PermissionError

    assert pids.start_time(os.getpid()) == "runs"
    assert pids.start_time(process.pid) == ""
    monkeypatch.setattr(os, "kill", refuse)
    assert pids.start_time(process.pid) == "runs"


def test_the_process_left_behind_says_what_is_wrong(folder, monkeypatch):
    told = {
        "folder": str(folder),
        "options": {"token": "", "dagster": None, "home": str(folder), "port": 0},
        "timeout": 1,
        "fresh": False,
    }
    monkeypatch.setattr(hold.sys, "stdin", io.StringIO(json.dumps(told)))

    with pytest.raises(SystemExit, match="printable ASCII"):
        hold.main()
