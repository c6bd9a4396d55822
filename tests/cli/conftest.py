"""Fixtures of the command's tests."""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from dataclasses import dataclass

import pytest
from kit.answer_server import AnswerServer

from dagster_plus_sdk import InvalidResponseError
from dagster_plus_sdk._core.waiting import Patience
from dagster_plus_sdk.cli import main


@dataclass
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return json.loads(self.err)


@pytest.fixture(autouse=True)
def no_sandbox(monkeypatch, tmp_path):
    """No test finds a sandbox that somebody runs here."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.fixture(autouse=True)
def no_browser(monkeypatch):
    """No test opens a page on this machine."""
    monkeypatch.setattr("webbrowser.open", lambda url: False)


@pytest.fixture(autouse=True)
def quiet():
    """What ``--debug`` changes does not outlive a test."""
    log = logging.getLogger("dagster_plus_sdk")
    level, handlers = log.level, list(log.handlers)
    yield
    log.setLevel(level)
    log.handlers[:] = handlers


@pytest.fixture(autouse=True)
def unfit(monkeypatch):
    """No test waits through answers that do not fit: they are sat out, and what is meant would never be run."""
    found = []
    passes = Patience._passes

    def noted(patience, fault):
        found.extend([fault] * isinstance(fault, InvalidResponseError))
        return passes(patience, fault)

    monkeypatch.setattr(Patience, "_passes", noted)
    yield
    assert found == []


@pytest.fixture
def no_pauses(monkeypatch):
    """Lets pauses take no time, and the clock of deadlines go on by them: a machine may be as slow as it likes."""
    slept = [0.0]

    def sleep(seconds):
        slept[0] += seconds

    for module in ("following", "polling", "run_waiting"):
        monkeypatch.setattr(f"dagster_plus_sdk._sync.{module}.sleep", sleep)
    defaults = Patience.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "clock", lambda: time.monotonic() + slept[0])


@pytest.fixture
def dplus(capsys, monkeypatch):
    """Runs the command in this process."""

    def run(*words: str, stdin: str | None = None) -> Done:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = main(words)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture
def scripted(dplus, server, monkeypatch):
    """Runs the command against the scripted server."""
    monkeypatch.setenv("DAGSTER_GRAPHQL_URL", server.url)
    return dplus


@pytest.fixture(scope="module")
def answering():
    """A server that answers everything from the schema."""
    with AnswerServer() as server:
        yield server


@pytest.fixture(scope="module")
def control_plane():
    """The sandbox's control plane, in this process; it has no Dagster."""
    pytest.importorskip("uvicorn")
    from kit.plus_server import PlusServer

    with PlusServer() as server:
        yield server


@pytest.fixture
def on_plus(dplus, control_plane, monkeypatch, tmp_path):
    """Runs a line of the command against a fresh control plane; a document is the file ``FILE``."""
    control_plane.reset()
    monkeypatch.setenv("DAGSTER_CLOUD_API_TOKEN", control_plane.tokens["organization_admin"])

    def run(line: str, document: str = "") -> Done:
        path = tmp_path / "document.yaml"
        path.write_text(document)
        words = [str(path) if word == "FILE" else word for word in line.split()]
        return dplus(*words, "--url", control_plane.url, "-o", "demo", "-d", "prod")

    return run


@pytest.fixture
def real(dplus, dagster_url, monkeypatch):
    """Runs the command against the real Dagster."""
    monkeypatch.setenv("DAGSTER_GRAPHQL_URL", dagster_url)
    return dplus


@pytest.fixture
def terminal(monkeypatch):
    """Makes the output look like a terminal of 80 columns, without colours."""
    monkeypatch.setattr("dagster_plus_sdk.cli.printing.output.is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
