"""Notifications about runs that a real Dagster made."""

from __future__ import annotations

import pytest
from kit.hurry import running

from dagster_plus_sdk.sandbox import Sandbox

EMAIL = {"email": {"email_addresses": ["ada@example.com"]}}


def policy(name, event="JOB_FAILURE", *targets):
    return {
        "name": name,
        "enabled": True,
        "event_types": [event],
        "alert_targets": [*targets],
        "notification_service": EMAIL,
    }


def of_job(job):
    place = {"location_name": "demo", "repo_name": "__repository__", "job_name": job}
    return {"run_result_target": {"jobs": [place]}}


POLICIES = [
    policy("failures"),
    policy("broken", "JOB_FAILURE", of_job("broken_report")),
    policy("muted", "JOB_FAILURE", {"run_result_target": {"location_names": ["demo"]}}),
    policy("another job", "JOB_FAILURE", of_job("noisy_report")),
    policy("another location", "JOB_FAILURE", {"run_result_target": {"location_names": ["x"]}}),
    policy(
        "a tag", "JOB_FAILURE", {"run_result_target": {"tags": [{"key": "team", "value": "x"}]}}
    ),
    policy("successes", "JOB_SUCCESS"),
    policy(
        "long",
        "JOB_LONG_RUNNING",
        {"long_running_job_threshold_target": {"threshold_seconds": 0.001}},
    ),
    policy(
        "too long",
        "JOB_LONG_RUNNING",
        {"long_running_job_threshold_target": {"threshold_seconds": 9e9}},
    ),
    policy("off") | {"enabled": False},
    policy(
        "made", "ASSET_MATERIALIZATION_SUCCESS", {"asset_key_target": {"asset_key": ["customers"]}}
    ),
    policy(
        "group",
        "ASSET_MATERIALIZATION_SUCCESS",
        {"asset_selection_target": {"asset_selection": "*"}},
    ),
    policy("not made", "ASSET_MATERIALIZATION_FAILURE"),
]


@pytest.fixture(scope="module")
def sandbox():
    """A sandbox with a Dagster."""
    with running(Sandbox()) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox):
    """A client of the default deployment, whose only policies came from a document."""
    with sandbox.client() as client:
        client.alert_policies.sync({"alert_policies": []})
        yield client


def run(client, job, **options):
    """Launch a job, wait for its end, and return its id."""
    return client.runs.wait(
        client.jobs.launch(job, **options).id, timeout=180, poll=0.2, raise_on_failure=False
    ).id


def told(client, run_id):
    """Return which policies told what about a run."""
    names = {policy.id: policy.name for policy in client.alert_policies.list()}
    found = client.alert_notifications.list(run=run_id).to_list()
    return sorted((names[one.alert_policy_id], one.status) for one in found)


def test_a_run_that_fails_is_told_once_by_each_policy_that_is_about_it(client):
    client.alert_policies.sync({"alert_policies": POLICIES})
    client.alert_policies.mute("muted", for_seconds=3600)
    failed = run(client, "broken_report")
    client.alert_policies.unmute("muted")
    client.alert_policies.create(policy("too late"))

    for _ in range(2):
        assert told(client, failed) == [
            ("Failed reports", "SUCCESS"),
            ("broken", "SUCCESS"),
            ("failures", "SUCCESS"),
            ("long", "SUCCESS"),
            ("muted", "MUTED"),
        ]
    (found,) = client.alert_notifications.list(policy="failures").to_list()
    assert (found.run_id, found.job_name, found.location_name) == (failed, "broken_report", "demo")
    assert found.event_type == "JOB_FAILURE"
    assert found.sent_at == client.runs.get(failed).ended_at
    assert client.alert_notifications.list(policy="too late").to_list() == []
    client.alert_policies.delete("too late")


def test_a_run_of_assets(client):
    client.alert_policies.sync({"alert_policies": POLICIES})
    made = run(client, "orders_assets")

    assert told(client, made) == [
        (name, "SUCCESS") for name in ("group", "long", "made", "successes")
    ]
    (found,) = client.alert_notifications.list(policy="made").to_list()
    assert [(str(asset.asset_key), asset.event_type) for asset in found.assets] == [
        ("customers", "ASSET_MATERIALIZATION_SUCCESS")
    ]
    (every,) = client.alert_notifications.list(policy="group").to_list()
    assert len(every.assets) > 1


def test_each_deployment_tells_of_its_own_runs(client, sandbox):
    with sandbox.client(deployment="staging") as staging:
        client.alert_policies.sync({"alert_policies": [policy("failures")]})
        staging.alert_policies.sync({"alert_policies": [policy("staged")]})
        failed = run(staging, "broken_report")

        assert told(client, failed) == []
        assert told(staging, failed) == [("staged", "SUCCESS")]


def test_policies_of_an_asset_s_group(client):
    groups = [
        {"asset_group_target": {"asset_group": name, "location_name": "demo"}}
        for name in ("ingestion", "analytics")
    ]
    wanted = [
        policy(name, "ASSET_CHECK_PASSED", group) for name, group in zip("ab", groups, strict=True)
    ]
    client.alert_policies.sync({"alert_policies": wanted})

    found = [policy.name for policy in client.alert_policies.for_asset("customers")]
    assert found == ["a"]
    found = [policy.name for policy in client.alert_policies.for_job("broken_report")]
    assert found == ["Failed reports", "[Dagster Plus] Run longer than 24 hours"]
