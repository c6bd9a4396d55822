"""What alert policies tell of runs, with a real Dagster whose answers are written here."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("graphql")

from graphql import parse, validate

from dagster_plus_sdk.sandbox.admin.administration import Administration
from dagster_plus_sdk.sandbox.control import Store, seed
from dagster_plus_sdk.sandbox.control.callers import Caller
from dagster_plus_sdk.sandbox.control.context import Context
from dagster_plus_sdk.sandbox.control.entities.alerts import alert_notifications
from dagster_plus_sdk.sandbox.control.entities.alerts import asset_events as alert_assets
from dagster_plus_sdk.sandbox.control.entities.alerts import real_runs as alert_runs
from dagster_plus_sdk.sandbox.control.entities.alerts.notification_rows import NOTICE
from dagster_plus_sdk.sandbox.control.entities.catalog import definitions
from dagster_plus_sdk.sandbox.control.entities.deployments.deployments import TYPE as DEPLOYMENT
from dagster_plus_sdk.sandbox.control.seed import plant
from dagster_plus_sdk.sandbox.front.upstream import UpstreamError
from dagster_plus_sdk.sandbox.schema import full_schema

EMAIL = {"email": {"email_addresses": ["ada@example.com"]}}


class Behind:
    """A Dagster with some runs, and events of theirs."""

    def __init__(self):
        self.runs = []
        self.events = []
        self.asked = []
        self.is_away = False

    def run(self, run_id="a", status="FAILURE", *, lasted=60.0, ended=0.0, job="report", **tags):
        """Add a run that ended some seconds from now; a STARTED one runs that long already."""
        now = time.time() + ended
        origin = {"repositoryName": "main", "repositoryLocationName": "shop"}
        tags = {f"dagster/{key}": value for key, value in tags.items()}
        self.runs.append(
            {
                "runId": run_id,
                "status": status,
                "jobName": job,
                "startTime": now - lasted,
                "endTime": None if status == "STARTED" else now,
                "tags": [{"key": key, "value": value} for key, value in tags.items()],
                "repositoryOrigin": origin,
            }
        )

    def ask(self, text, variables):
        """Answer."""
        self.asked.append(variables)
        if self.is_away:
            raise UpstreamError
        if "logsForRun" in text:
            place = int(variables["after"] or 0)
            more = place + 1 < len(self.events)
            page = {"events": self.events[place : place + 1], "hasMore": more}
            return {"logsForRun": {**page, "cursor": str(place + 1)}}
        if "ended" not in variables:
            return {}
        answer = {}
        for name in ("ended", "going"):
            wanted = variables[name]
            found = [
                run
                for run in reversed(self.runs)
                if run["status"] in wanted["statuses"]
                and (run["endTime"] or time.time()) > wanted.get("updatedAfter", 0)
            ]
            ids = [run["runId"] for run in found]
            behind = ids.index(variables["cursor"]) + 1 if variables["cursor"] in ids else 0
            answer[name] = {"results": found[behind : behind + variables["limit"]]}
        return answer


@pytest.fixture
def behind():
    """The Dagster."""
    return Behind()


@pytest.fixture
def store():
    """The demo organization."""
    store = Store(":memory:")
    seed(store, "demo")
    yield store
    store.close()


@pytest.fixture
def told(store, behind):
    """Catch up, and tell what was told: policies' names, runs, and how it went."""
    context = Context(store, "prod", Caller("a test", None, ()), behind.ask)

    def told():
        alert_runs.catch_up(context)
        names = {row["id"]: row["name"] for row in store.list("AlertPolicy")}
        rows = store.list(NOTICE)
        return [(names[row["alertPolicyId"]], row["runId"], row["status"]) for row in rows]

    return told


def plant_policy(store, name="p", event="JOB_FAILURE", *targets, **more):
    entry = {
        "name": name,
        "enabled": True,
        "event_types": [event],
        "alert_targets": [*targets],
        "notification_service": EMAIL,
    }
    plant(store, {"alert_policies": [entry | more]})


LONG = {"long_running_job_threshold_target": {"threshold_seconds": 3600}}


@pytest.mark.parametrize(
    "text",
    [alert_assets.EVENTS, definitions.ASSETS, alert_notifications.RUN, alert_runs.RUNS],
)
def test_what_is_asked_is_valid(text):
    assert validate(full_schema(), parse(text)) == []


def test_each_run_once_in_the_order_of_their_ends(store, behind, told):
    plant_policy(store)
    for number in range(5):
        behind.run(str(number), ended=1 - number / 10)
    behind.run("ok", "SUCCESS", ended=1)
    behind.run("stopped", "CANCELED", ended=1)

    for _ in range(2):
        assert told() == [("p", str(number), "SUCCESS") for number in (4, 3, 2, 1, 0)]


def test_more_runs_than_a_page(store, behind, told, monkeypatch):
    monkeypatch.setattr(alert_runs, "PAGE", 2)
    plant_policy(store)
    for number in range(5):
        behind.run(str(number), ended=1)
    assert sorted(run for _, run, _ in told()) == ["0", "1", "2", "3", "4"]


def test_what_was_before_the_policy_is_not_told(store, behind, told):
    behind.run("old", ended=-5)
    plant_policy(store)
    behind.run("new", ended=1)
    assert told() == [("p", "new", "SUCCESS")]
    assert told() == [("p", "new", "SUCCESS")]


def test_what_happened_is_told_when_the_webserver_answers_again(store, behind, told):
    plant_policy(store)
    behind.run(ended=1)
    behind.is_away = True
    assert told() == []
    behind.is_away = False
    assert told() == [("p", "a", "SUCCESS")]


def test_only_what_is_new_is_asked_for(store, behind, told):
    plant_policy(store)
    behind.run(ended=1)
    begin = time.time()
    told()
    told()
    assert behind.asked[-1]["ended"]["updatedAfter"] >= begin - alert_runs.AGAIN


@pytest.mark.parametrize(
    ("tags", "ended", "tells"),
    [
        ({}, 1, True),
        ({"will_retry": "true", "max_retries": "1"}, 1, False),
        ({"will_retry": "false", "max_retries": "1"}, 1, True),
        # Not decided yet, and never decided.
        ({"max_retries": "1"}, 60, False),
        ({"max_retries": "1"}, -6, True),
        ({"max_retries": "many"}, -6, True),
    ],
)
def test_only_the_last_retry_is_told(store, behind, told, tags, ended, tells):
    plant_policy(store)
    row = store.find("AlertPolicy", name="p")
    store.put("AlertPolicy", row["id"], row | {"madeAt": time.time() - 9})
    behind.run(ended=ended, **tags)
    assert told() == ([("p", "a", "SUCCESS")] if tells else [])


def test_a_retry_is_of_the_deployment_of_the_first_run(store, behind, told):
    plant_policy(store, "there", deployment="staging")
    plant_policy(store, "here")
    store.put("launch", "first", {"deployment": "staging"})
    behind.run("second", ended=1, root_run_id="first")
    assert told() == [("there", "second", "SUCCESS")]


@pytest.mark.parametrize("type_", ["PRODUCTION", "BRANCH", None])
def test_of_branch_deployments_nothing_is_told(store, behind, told, type_):
    plant_policy(store, deployment="staging")
    there = store.find(DEPLOYMENT, deploymentName="staging")
    store.put("launch", "a", {"deployment": "staging"})
    if type_ is None:
        store.delete(DEPLOYMENT, there["deploymentId"])
    else:
        store.put(DEPLOYMENT, there["deploymentId"], there | {"deploymentType": type_})
    behind.run(ended=1)
    assert told() == ([("p", "a", "SUCCESS")] if type_ == "PRODUCTION" else [])


@pytest.mark.parametrize(("before", "after"), [(0, 7200), (7200, 0)])
def test_a_mute_counts_when_the_run_ends(store, behind, told, before, after):
    clock = Administration(store, token="t", organization="demo")
    plant_policy(store)
    row = store.find("AlertPolicy", name="p")
    store.put("AlertPolicy", row["id"], row | {"mutedUntil": time.time() + 3600})
    clock.advance(before)
    behind.run(ended=0)
    time.sleep(0.01)
    clock.advance(after)

    assert told() == [("p", "a", "SUCCESS" if before else "MUTED")]
    assert store.list(NOTICE)[0]["sendTimestamp"] == pytest.approx(time.time() + before, abs=60)


@pytest.mark.parametrize("status", ["STARTED", "SUCCESS"])
@pytest.mark.parametrize(("lasted", "tells"), [(3700, True), (3500, False)])
def test_how_long_a_run_takes(store, behind, told, status, lasted, tells):
    plant_policy(store, "p", "JOB_LONG_RUNNING", LONG)
    behind.run(status=status, lasted=lasted, ended=1)
    for _ in range(2):
        assert told() == ([("p", "a", "SUCCESS")] if tells else [])


def test_a_day_passes_by_the_sandbox_s_clock(store, behind, told):
    clock = Administration(store, token="t", organization="demo")
    assert told() == []
    behind.run(status="STARTED", lasted=5)
    assert told() == []
    clock.advance(86_400)
    assert [name for name, _, _ in told()] == ["[Dagster Plus] Run longer than 24 hours"]
    assert len(told()) == 1


ASSET = {"assetKey": {"path": ["a"]}}


def check(success, severity="ERROR"):
    found = ASSET | {"checkName": "c", "success": success, "severity": severity}
    return {"__typename": "AssetCheckEvaluationEvent", "evaluation": found}


PLANNED = {"__typename": "AssetMaterializationPlannedEvent", "stepKey": "s", **ASSET}
CHECK_PLANNED = {
    "__typename": "AssetCheckEvaluationPlannedEvent",
    "stepKey": "s",
    "checkName": "c",
    "checked": ASSET["assetKey"],
}
DONE = {"__typename": "MaterializationEvent", "stepKey": "s", **ASSET}
BROKE = {"__typename": "ExecutionStepFailureEvent", "stepKey": "s"}


@pytest.mark.parametrize(
    ("event", "logged", "status", "tells"),
    [
        ("ASSET_MATERIALIZATION_SUCCESS", [PLANNED, DONE, DONE], "SUCCESS", True),
        ("ASSET_MATERIALIZATION_SUCCESS", [PLANNED], "FAILURE", False),
        ("ASSET_MATERIALIZATION_FAILURE", [PLANNED, BROKE], "FAILURE", True),
        ("ASSET_MATERIALIZATION_FAILURE", [PLANNED], "FAILURE", True),
        ("ASSET_MATERIALIZATION_FAILURE", [PLANNED, DONE, BROKE], "FAILURE", False),
        ("ASSET_MATERIALIZATION_FAILURE", [PLANNED, {**BROKE, "stepKey": "t"}], "FAILURE", False),
        ("ASSET_MATERIALIZATION_FAILURE", [PLANNED], "CANCELED", False),
        ("ASSET_CHECK_PASSED", [CHECK_PLANNED, check(success=True)], "SUCCESS", True),
        ("ASSET_CHECK_SEVERITY_WARN", [check(success=False, severity="WARN")], "SUCCESS", True),
        ("ASSET_CHECK_SEVERITY_WARN", [check(success=False)], "SUCCESS", False),
        ("ASSET_CHECK_SEVERITY_ERROR", [check(success=False)], "FAILURE", True),
        ("ASSET_CHECK_EXECUTION_FAILURE", [CHECK_PLANNED, BROKE], "FAILURE", True),
        ("ASSET_CHECK_EXECUTION_FAILURE", [CHECK_PLANNED, check(success=False)], "FAILURE", False),
    ],
)
def test_assets(store, behind, told, event, logged, status, tells):
    plant_policy(store, "p", event, {"asset_key_target": {"asset_key": ["a"]}})
    plant_policy(store, "another", event, {"asset_key_target": {"asset_key": ["b"]}})
    behind.events = logged
    behind.run(status=status, ended=1)
    assert told() == ([("p", "a", "SUCCESS")] if tells else [])
    if tells:
        (found,) = store.list(NOTICE)
        assert found["assetsEvents"] == [{**ASSET, "eventType": event}]


def test_a_webhook_that_cannot_be_called(store, behind, told):
    Administration(store, token="t", organization="demo").set_switches(
        {"webhook_calls": "loopback"}
    )
    service = {"webhook": {"webhook_url": "http://127.0.0.1:9/"}}
    plant_policy(store, notification_service=service)
    behind.run(ended=1)
    assert told() == [("p", "a", "FAILURE")]
    assert "could not be called" in store.list(NOTICE)[0]["errorMessage"]
