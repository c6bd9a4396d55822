from __future__ import annotations

import pytest

pytest.importorskip("graphql")

from graphql import parse

from dagster_plus_sdk.sandbox.control import ControlPlane, open_store, seed
from dagster_plus_sdk.sandbox.control.callers import authenticate
from dagster_plus_sdk.sandbox.control.entities.agents import RUNS
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN
from dagster_plus_sdk.sandbox.schema import full_schema

TEXT = parse("{ agents { agentLabel runWorkerStates { runId status run { id } } } }")


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "control.sqlite3", DEFAULT_TOKEN)
    seed(opened, "demo")
    yield opened
    opened.close()


def dagster(text, variables):
    """Answer as a Dagster with two runs, one of which is gone when it is looked at."""
    if text == RUNS:
        return {"runsOrError": {"results": [{"runId": "a"}, {"runId": "b"}]}}
    key = variables["sandboxKey"]
    found = {"__typename": "Run", "id": key}
    return {"ref": found if key == "a" else {"__typename": "RunNotFoundError"}}


@pytest.mark.parametrize("ask", [dagster, None])
def test_runs_that_are_under_way_are_the_oldest_running_agents(store, ask):
    caller = authenticate(store, DEFAULT_TOKEN)
    plane = ControlPlane(full_schema(), store, ask)

    result = plane.execute(TEXT, {}, deployment="prod", caller=caller).result

    assert result.errors is None
    first, second = result.data["agents"]
    assert first["runWorkerStates"] == (
        [
            {"runId": "a", "status": "RUNNING", "run": {"id": "a"}},
            {"runId": "b", "status": "RUNNING", "run": None},
        ]
        if ask
        else []
    )
    assert second["runWorkerStates"] == []
