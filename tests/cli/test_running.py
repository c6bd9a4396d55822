"""Running things on a real Dagster, from the shell."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

REGION = "{ops: {extract_orders: {config: {region: north}}}}"
WRONG = "{ops: {extract_orders: {config: {region: 1, day: []}}, nothing: {}}}"


def test_every_error_of_a_configuration(real):
    done = real("run", "create", "--job", "daily_report", "--config-yaml", WRONG, "--validate-only")
    assert (done.code, done.out) == (2, "")
    title, *lines = done.err.splitlines()
    assert title.startswith("dplus: the run configuration of daily_report has ")
    paths = [line.split(":")[0].strip() for line in lines]
    assert {"ops", "ops.extract_orders.config.region", "ops.extract_orders.config.day"} <= set(
        paths
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--job", "daily_report", "--config-yaml", REGION],
        ["--asset-selection", "products,customers"],
        ["--asset-pattern", "prod*"],
    ],
)
def test_a_configuration_that_fits(real, words):
    tag = f"by={uuid4()}"  # others may have runs under way
    done = real("run", "create", *words, "--tags", tag, "--validate-only", "--json")
    assert (done.code, done.json["valid"]) == (0, True)
    assert real("run", "list", "--tag", tag, "--json").json["items"] == []


def test_assets_that_cannot_be(real):
    done = real("run", "create", "--asset-selection", "nope", "--validate-only")
    assert (done.code, "nope" in done.err) == (1, True)
    done = real("run", "create", "--asset-pattern", "nope*", "--validate-only")
    assert (done.code, "nope*" in done.err) == (2, True)


def test_assets_are_made_and_waited_for_and_can_be_watched_after(real):
    done = real("asset", "materialize", "products", "customers", "--json")
    run_id, url = done.json["id"], done.json["url"]
    assert (done.code, done.json["status"]) == (0, "SUCCESS")
    assert sorted(done.json["asset_selection"]) == ["customers", "products"]
    assert url.endswith(f"/runs/{run_id}")
    assert done.err == f"Launched run {run_id}\n{url}\n"
    done = real("run", "watch", run_id)
    assert (done.code, done.err) == (0, "")
    lines = [line.split() for line in done.out.splitlines()]
    assert ["SUCCESS", "products", "after"] in [line[1:4] for line in lines]
    assert lines[-1][1:4] == ["SUCCESS", "run", run_id]


def test_csv_has_the_columns_of_runs(real):
    words = ["--config-yaml", REGION, "--no-wait"]
    done = real("run", "create", "--job", "daily_report", *words, "--format", "csv")
    header, row = done.out.splitlines()
    assert header == "id,status,job_name,created_at,ended_at"
    assert row.split(",")[2] == "daily_report"


def test_a_run_that_fails_is_watched_and_executed_again(real):
    done = real("job", "launch", "broken_report", "--no-wait", "--json")
    run_id = done.json["id"]
    done = real("run", "watch", run_id, "--json", "--timeout", "180")
    changes = [json.loads(line) for line in done.out.splitlines()]
    states = [(change["step_key"], change["state"]) for change in changes]
    assert done.code == 5
    assert ("read_payments", "SUCCESS") in states
    assert ("collect_payments", "FAILURE") in states
    assert states[-1] == (None, "FAILURE")
    assert done.error["run_id"] == run_id
    again = real("run", "reexecute", run_id, "--strategy", "FROM_FAILURE", "--json")
    assert (again.code, again.json["parent_run_id"]) == (5, run_id)


def test_a_log_of_a_real_run(real):
    done = real("job", "launch", "daily_report", "--config-yaml", REGION, "--json")
    assert done.code == 0
    found = real("log", "get", done.json["id"])
    assert found.code == 0
    assert " orders, " in found.out
    assert real("log", "follow", done.json["id"]).code == 0


def test_events_while_waiting(real):
    done = real("job", "launch", "daily_report", "--config-yaml", REGION, "-v")
    assert done.code == 0
    assert "STEP_SUCCESS" in done.out
    assert done.out.count("RUN_SUCCESS") == 1
