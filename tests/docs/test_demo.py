"""The demo does the main job."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from kit.hurry import hurried

from dagster_plus_sdk import RunStatus

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo.py"


@pytest.fixture
def demo():
    spec = importlib.util.spec_from_file_location("demo", DEMO)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_demo_on_a_plain_webserver(demo, dagster_url, capsys):
    assert demo.main([dagster_url]) == 0
    printed = capsys.readouterr().out
    assert "Organization" not in printed
    assert printed.count(": SUCCESS\n") == 2
    assert printed.count("  RUN_SUCCESS ") == 2
    assert printed.count("report: 8 orders, 146.45 EUR") == 2
    assert printed.count(": FAILURE\n") == 1
    assert "could not collect 2 payments" in printed
    assert "payments.shop.example refused the connection" in printed


def test_a_job_that_fails_makes_the_demo_fail(demo, dagster_url, monkeypatch):
    async def succeeded(_client):
        return RunStatus.SUCCESS

    monkeypatch.setattr(demo, "JOB", "broken_report")
    monkeypatch.setattr(demo, "CONFIG", {})
    # One run is enough: each takes seconds.
    monkeypatch.setattr(demo, "with_async", succeeded)
    monkeypatch.setattr(demo, "run_failing_job", lambda _client: RunStatus.FAILURE)
    assert demo.main([dagster_url]) == 1


def test_the_demo_on_a_sandbox_of_its_own(demo, capsys):
    with hurried():
        assert demo.main([]) == 0
    printed = capsys.readouterr().out
    assert "Organization demo, with deployments:\n  prod " in printed
    assert printed.count(": SUCCESS\n") == 2
    assert printed.endswith("The sandbox is stopped; nothing is left running.\n")
