"""The fixtures, as a user's own suite has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("graphql")

pytest_plugins = ["pytester"]

SUITE = """
import time
import pytest
from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus, PermissionDeniedError

def invite():
    with DagsterPlus() as client:
        return client.deployments.create("mine").name

def test_a_script(dagster_plus):
    assert invite() == "mine"
    assert "mine" in [found.name for found in dagster_plus.deployments.list()]

def test_the_next_test_starts_anew(dagster_plus):
    assert [found.name for found in dagster_plus.deployments.list()] == ["prod", "staging"]

@pytest.mark.dagster_plus_sandbox(role="viewer", seed={"deployments": ["third"]})
def test_another_role(dagster_plus_sandbox, dagster_plus):
    with pytest.raises(PermissionDeniedError):
        invite()
    assert [found.name for found in dagster_plus.deployments.list()][2:] == ["third"]
    assert dagster_plus_sandbox.requests(operation="CreateDeployment")

@pytest.mark.dagster_plus_sandbox(switches={"unauthorized_status": "403"})
def test_a_switch(dagster_plus_sandbox):
    value = dagster_plus_sandbox.switches()["unauthorized_status"]["value"]
    assert value == "403"
"""


def test_a_suite(pytester):
    pytester.makepyfile(SUITE)

    result = pytester.runpytest_subprocess("-p", "no:xdist", "--durations=0", "-vv")

    result.assert_outcomes(passed=4)


def test_the_suite_in_the_guide(pytester):
    guide = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
    found = re.findall(r"^```python (script|test)\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    (script,) = [text for kind, text in found if kind == "script"]
    tests = [text for kind, text in found if kind == "test"]
    pytester.makepyfile(my_script=script, **{f"test_{n}": text for n, text in enumerate(tests)})

    # What the guide promises: a script of one's own, and a test of it in ten lines at most.
    assert len(tests[0].splitlines()) <= 10
    pytester.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=len(tests))


@pytest.mark.parametrize("marker", ["port=1", "'inprocess'"])
def test_a_marker_that_cannot_be(pytester, marker):
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.dagster_plus_sandbox({marker})
        def test_it(dagster_plus):
            pass
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:xdist")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the marker is dagster_plus_sandbox(dagster=None*"])


def test_pytest_starts_without_what_the_fixtures_need(pytester):
    pytester.makepyfile(
        """
        import sys

        def test_it():
            heavy = ("graphql", "httpx", "pydantic", "uvicorn", "dagster")
            assert [name for name in heavy if name in sys.modules] == []
        """
    )

    pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:anyio").assert_outcomes(passed=1)
