"""Fixtures for all tests."""

from __future__ import annotations

import signal

import pytest
from kit.server import ScriptedServer

pytest_plugins = ["dagster_server"]


@pytest.fixture
def anyio_backend():
    """Async tests run on asyncio."""
    return "asyncio"


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch, tmp_path_factory):
    """No test sees the configuration of the machine that it runs on."""
    import os

    for name in list(os.environ):
        if name.startswith(("DAGSTER_", "DG_CLI")) and name != "DAGSTER_PLUS_SANDBOX":
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def server():
    """A real HTTP server that answers as it is told."""
    scripted = ScriptedServer()
    yield scripted
    scripted.close()


def pytest_configure():
    """Let Ctrl-C be tested where the tests run in the background: a shell starts what is there with it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
