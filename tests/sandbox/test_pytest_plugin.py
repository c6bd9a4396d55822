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


WORKERS = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_it(dagster_plus_sandbox, dagster_plus, number, worker_id):
    assert [found.name for found in dagster_plus.deployments.list()] == ["prod", "staging"]
    dagster_plus.deployments.create("mine")
    print("WORKER", worker_id, dagster_plus_sandbox.url)
"""


def test_each_worker_of_xdist_has_a_sandbox_of_its_own(pytester):
    pytest.importorskip("xdist")
    pytester.makepyfile(WORKERS)

    result = pytester.runpytest_subprocess("-n2", "--dist=each", "-rP")

    result.assert_outcomes(passed=12)
    seen = {tuple(line.split()[1:]) for line in result.outlines if line.startswith("WORKER")}
    assert len(seen) == len({url for _, url in seen}) == len({worker for worker, _ in seen}) == 2


ASYNC = """
import pytest
from dagster_plus_sdk import AsyncDagsterPlus, PermissionDeniedError

pytestmark = pytest.mark.anyio

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.fixture
async def client(dagster_plus_sandbox):
    async with dagster_plus_sandbox.async_client() as client:
        yield client

async def test_a_client(dagster_plus_sandbox):
    async with dagster_plus_sandbox.async_client() as client:
        await client.deployments.create("mine")
        assert "mine" in [found.name async for found in client.deployments.list()]

async def test_a_client_of_a_fixture(client):
    assert [found.name async for found in client.deployments.list()] == ["prod", "staging"]

@pytest.mark.dagster_plus_sandbox(role="viewer")
async def test_the_environment(client, dagster_plus_sandbox):
    async with AsyncDagsterPlus() as viewer:
        with pytest.raises(PermissionDeniedError):
            await viewer.deployments.create("mine")
    await client.deployments.create("mine")
    (first, second) = dagster_plus_sandbox.requests("CreateDeployment")
    assert (first.status, second.status) == (200, 200)
"""


def test_async_tests(pytester):
    pytester.makepyfile(ASYNC)

    result = pytester.runpytest_subprocess("-p", "no:xdist")

    result.assert_outcomes(passed=3)


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


def test_a_role_that_nobody_has(pytester):
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.dagster_plus_sandbox(role="king")
        def test_it(dagster_plus):
            pass
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:xdist")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the role can be organization_admin, admin,*and not 'king'*"])


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
