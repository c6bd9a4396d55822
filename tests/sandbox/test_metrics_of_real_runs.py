"""Metrics of runs that really happened: exact counts, from the event log of a real Dagster."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("graphql")
pytest.importorskip("dagster_webserver")

from kit.hurry import running

from dagster_plus_sdk import RunStatus, ServerError
from dagster_plus_sdk.sandbox import Sandbox

pytestmark = pytest.mark.dagster

REGION = {"ops": {"extract_orders": {"config": {"region": "north"}}}}
DAY = 86400.0


class Ran:
    """A sandbox in which three runs have ended."""

    def __init__(self, client, staging):
        self.client = client
        self.since = time.time() - DAY
        self.good = client.jobs.launch("daily_report", run_config=REGION)
        self.bad = client.jobs.launch("broken_report")
        self.assets = staging.assets.materialize(["customers", "products"])
        launched = [run.id for run in (self.good, self.bad, self.assets)]
        ended = client.runs.wait_many(launched, timeout=180, raise_on_failure=False)
        statuses = [run.status for run in ended]
        assert statuses == [RunStatus.SUCCESS, RunStatus.FAILURE, RunStatus.SUCCESS]

    @property
    def window(self):
        return {"after": self.since, "before": time.time() + DAY}


@pytest.fixture(scope="module")
def ran():
    with (
        running(Sandbox()) as sandbox,
        sandbox.client() as client,
        sandbox.client(deployment="staging") as staging,
    ):
        found = Ran(client, staging)
        found.staging = staging
        yield found


def whole(found):
    return {entry.entity.job_name: entry.aggregate_value for entry in found.metrics}


@pytest.mark.parametrize(
    ("metric", "values"),
    [
        ("dagster_credits", {"daily_report": 3, "broken_report": 2}),
        ("step_failures", {"broken_report": 1}),
        ("runs_in_progress", {"daily_report": 1, "broken_report": 1}),
    ],
)
def test_jobs(ran, metric, values):
    assert whole(ran.client.insights.by_job(f"__dagster_{metric}", **ran.window)) == values


def test_durations_are_those_of_the_runs(ran):
    found = whole(ran.client.insights.by_job("__dagster_run_duration_ms", **ran.window))
    run = ran.client.runs.get(ran.good.id)

    lasted = (run.ended_at - run.started_at).total_seconds() * 1000
    assert found["daily_report"] == pytest.approx(lasted, abs=1)
    steps = whole(ran.client.insights.by_job("__dagster_execution_time_ms", **ran.window))
    assert 0 < steps["daily_report"] <= lasted


def test_a_run_is_of_the_deployment_that_launched_it(ran):
    insights = ran.staging.insights
    made = insights.by_asset("__dagster_materializations", **ran.window)
    warned = insights.by_asset("__dagster_asset_check_warnings", **ran.window)
    groups = insights.by_asset_group("__dagster_dagster_credits", **ran.window)

    assert {entry.entity.asset_key.path: entry.values[1] for entry in made.metrics} == {
        ("customers",): 1.0,
        ("products",): 1.0,
    }
    assert [entry.entity.asset_key.path for entry in warned.metrics] == [("customers",)]
    assert [(e.entity.group_name, e.aggregate_value) for e in groups.metrics] == [("ingestion", 2)]
    with pytest.raises(ServerError, match="Trace ID"):
        ran.client.insights.by_asset("__dagster_materializations", **ran.window)
    deployments = ran.client.insights.by_deployment("__dagster_dagster_credits", **ran.window)
    assert {e.entity.name: e.aggregate_value for e in deployments.metrics} == {
        "prod": 5,
        "staging": 2,
    }


def test_numbers_in_metadata(ran):
    ran.staging.insights.create_custom_metric("dagster/row_count", unit="INTEGER")

    found = ran.staging.insights.by_asset("dagster/row_count", **ran.window, selection="kind:csv")

    assert [(e.entity.asset_key.path, e.aggregate_value) for e in found.metrics] == [
        (("customers",), 6.0)
    ]
    assert "share_active" in ran.staging.insights.metadata().metadata_keys


def test_selections_go_along_real_dependencies(ran):
    found = ran.staging.insights.by_asset(
        "__dagster_materializations", **ran.window, selection="1+top_products and not kind:csv"
    )

    assert [entry.entity.asset_key.path for entry in found.metrics] == [("products",)]


def test_run_by_run(ran):
    found = ran.client.insights.run_metrics("broken_report", "__dagster_step_failures")

    assert [(run.run_id, run.value) for run in found.runs_with_data] == [(ran.bad.id, 1.0)]


def test_usage(ran):
    found = ran.client.usage.credits(by_job_since=ran.since)

    assert {row.job_name: row.value for row in found.values} == {
        "daily_report": 3.0,
        "broken_report": 2.0,
        "__ASSET_JOB": 2.0,
    }


def test_what_is_deleted_was_used(ran):
    ran.client.runs.delete(ran.bad.id)

    found = ran.client.insights.by_job("__dagster_dagster_credits", **ran.window)
    assert whole(found)["broken_report"] == 2


def test_search(ran):
    found = list(ran.client.search.list("orders"))
    values = ran.client.search.values("OWNERS", "")

    assert ["/".join(result.key.path) for result in found] == [
        "orders",
        "exports/orders/daily",
        "raw_orders",
    ]
    assert (found[0].group, found[0].location_name) == ("warehouse", "demo")
    assert {getattr(o.owner, "team", None) or o.owner.email for o in values.owners} == {
        "ada@example.com",
        "payments",
        "shop",
    }
