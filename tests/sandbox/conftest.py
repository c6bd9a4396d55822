"""What the sandbox's tests share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from dagster_plus_sdk.sandbox.processes.commands import IMPORT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LAUNCH = """
mutation ($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


def ask(url: str, document: str, **variables: Any) -> dict[str, Any]:
    """Execute a GraphQL document and return its data."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["data"]


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait for something to be true, and return it."""
    end = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
    return value


@pytest.fixture(name="until")
def _until() -> Callable[..., Any]:
    return until


@pytest.fixture(name="ask")
def _ask() -> Callable[..., dict[str, Any]]:
    return ask


@pytest.fixture
def serving() -> Callable[..., Any]:
    """Serve an app by uvicorn in a thread; the port."""

    @contextmanager
    def serving(app: Any, **options: Any) -> Iterator[int]:
        import uvicorn

        config = uvicorn.Config(
            app, port=0, lifespan="off", log_level="warning", ws="none", **options
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            until(lambda: server.started)
            yield server.servers[0].sockets[0].getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()

    return serving


@pytest.fixture
def launch() -> Callable[..., str]:
    """Launch a job of the demo project and return the run's id."""

    def launch(url: str, job: str, config: object = None, location: str = "demo") -> str:
        selector = {
            "repositoryLocationName": location,
            "repositoryName": "__repository__",
            "jobName": job,
        }
        params = {"selector": selector, "runConfigData": config or {}, "mode": "default"}
        result = ask(url, LAUNCH, params=params)["launchRun"]
        assert result["__typename"] == "LaunchRunSuccess", result
        return result["run"]["runId"]

    return launch


@pytest.fixture
def finish() -> Callable[..., str]:
    """Wait for a run's end and return its status."""

    def finish(url: str, run_id: str) -> str:
        def status() -> str | None:
            found = ask(url, STATUS, id=run_id)["runOrError"]["status"]
            return found if found in ("SUCCESS", "FAILURE", "CANCELED") else None

        return until(status, 180)

    return finish


@pytest.fixture
def run_python() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start a process that runs some Python with this package; its output is read line by line."""
    with ExitStack() as stack:

        def run(code: str) -> subprocess.Popen[str]:
            paths = [IMPORT_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])]
            more = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
            process = subprocess.Popen(
                [sys.executable, "-c", code],
                env={**os.environ, **more},
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            stack.enter_context(process)  # closes the pipe and waits
            stack.callback(process.kill)
            return process

        yield run
