"""What the control plane keeps of runs and assets of the real Dagster behind it."""

from __future__ import annotations

import pytest

pytest.importorskip("dagster")

from dagster_plus_sdk import NotFoundError
from dagster_plus_sdk.sandbox import Sandbox

CONFIG = {"ops": {"extract_orders": {"config": {"region": "north"}}}}


@pytest.fixture(scope="module")
def client():
    with Sandbox(dagster="inprocess") as sandbox, sandbox.client() as client:
        yield client


def test_an_issue_about_a_run_and_an_asset(client):
    run = client.jobs.launch("daily_report", run_config=CONFIG)
    done = client.runs.wait(run.id, timeout=180)
    asset = client.assets.list(limit=1).first()

    issue = client.issues.create("Odd", "Look at it", run=run.id)
    issue = client.issues.link(issue.id, asset=asset.key)
    issue = client.issues.link(issue.id, run="gone")

    assert (issue.origin.id, issue.origin.job_name, issue.origin.status) == (
        run.id,
        "daily_report",
        done.status,
    )
    assert [type(link).__name__ for link in issue.links] == ["IssueRun", "AssetRef"]
    assert issue.links[1].key == asset.key
    client.runs.delete(run.id)
    assert client.issues.get(issue.id).origin is None


def test_a_favorite_is_an_asset_that_there_is(client):
    asset = client.assets.list(limit=1).first()
    assert client.favorites.add(asset.key) == asset.key
    with pytest.raises(NotFoundError):
        client.favorites.add("no/such")


def test_a_run_without_isolation_is_a_run(client):
    run = client.serverless.launch("daily_report", run_config=CONFIG)

    assert client.runs.wait(run.id, timeout=180).status == "SUCCESS"
