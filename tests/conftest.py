"""Fixtures for all tests."""

from __future__ import annotations

import gc
import importlib.util
import signal
import sys

import pytest
from hypothesis import HealthCheck, settings
from kit.server import ScriptedServer

pytest_plugins = ["dagster_server"]

# Where it is missing, httpcore would look for it through all of the path with each request.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None

# The same examples each time, and as many on a slow machine: what fails, fails for whoever changed something. Nothing is kept.
settings.register_profile(
    "tests",
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")


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
def own_heap():
    """The garbage collector looks at what the test makes, not at all that there was before: that takes seconds."""
    gc.freeze()
    yield
    gc.unfreeze()


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
