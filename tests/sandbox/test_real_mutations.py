"""Mutations of the real Dagster through the front: who may have them, and what the audit log says."""

from __future__ import annotations

import asyncio
import json

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.control.audit import ENTRY
from dagster_plus_sdk.sandbox.control.callers import USER, user_holder
from dagster_plus_sdk.sandbox.control.entities.people.grants import set_grant
from dagster_plus_sdk.sandbox.control.real import REAL_MUTATIONS
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN, plant, role_tokens
from dagster_plus_sdk.sandbox.front.app import Front
from dagster_plus_sdk.sandbox.schema import full_schema

TOKENS = {**role_tokens(DEFAULT_TOKEN), "nobody": "user:nobody"}
NOBODY = {
    "users": [{"email": "nobody@example.com"}],
    "tokens": [{"token": TOKENS["nobody"], "user": "nobody@example.com"}],
}
FIELDS = {
    "Query": ["version", "runOrError"],
    "Mutation": ["launchRun", "terminateRun", "setAutoMaterializePaused", "launchMultipleRuns"],
}
ROOTS = {
    f"{name.lower()}Type": {"name": name, "fields": [{"name": field} for field in fields]}
    for name, fields in FIELDS.items()
} | {"subscriptionType": None}
LAUNCH = """
mutation Launch($location: String!) {
  launchRun(executionParams: {
    mode: "default",
    runConfigData: {password: "hunter2"},
    selector: {repositoryLocationName: $location, repositoryName: "r", jobName: "j"}
  }) { ... on LaunchRunSuccess { run { id } } ... on Error { message } }
}
"""
LAUNCHED = {
    "launchRun": {
        "run": {"id": "1"},
        "sandboxMarkType": "LaunchRunSuccess",
        "sandboxMarkRun": {"runId": "1"},
    }
}
TERMINATE = 'mutation { terminateRun(runId: "7") { __typename ... on Error { message } } }'


class Webserver:
    """Tells which root fields it has, then answers as told, by what is asked."""

    def __init__(self):
        self.answers = {"__schema": {"__schema": ROOTS}}
        self.sent = []

    async def post(self, body, *, repeatable):
        payload = json.loads(body)
        self.sent.append(payload["query"])
        (answer,) = [data for word, data in self.answers.items() if word in payload["query"]]
        return 200, json.dumps({"data": answer}).encode()

    def close(self):
        pass


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "x", DEFAULT_TOKEN)
    seed(opened, "demo")
    plant(opened, NOBODY)
    return opened


@pytest.fixture
def webserver():
    return Webserver()


@pytest.fixture
def ask(store, webserver, tmp_path):
    reader = open_store(tmp_path / "x", DEFAULT_TOKEN)
    front = Front(
        full_schema(), reader=reader, writer=store, organization="demo", upstream=webserver
    )

    def ask(text, role="organization_admin", deployment="prod", **variables):
        body = json.dumps({"query": text, "variables": variables}).encode()
        sent = []

        async def receive():
            return {"type": "http.request", "body": body}

        async def send(message):
            sent.append(message)

        headers = [(b"dagster-cloud-api-token", TOKENS[role].encode())]
        path = f"/{deployment}/graphql"
        scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
        asyncio.run(front(scope, receive, send))
        return json.loads(sent[1]["body"])

    yield ask
    front.close()


def test_a_launch_is_on_record(ask, store, webserver):
    webserver.answers["launchRun"] = LAUNCHED

    assert ask(LAUNCH, location="here") == {"data": {"launchRun": {"run": {"id": "1"}}}}

    (entry,) = store.list(ENTRY)
    assert entry["eventType"] == "LAUNCH_RUN"
    assert (entry["authorUserEmail"], entry["deploymentName"]) == ("ada@example.com", "prod")
    assert entry["eventMetadata"]["run_ids"] == ["1"]
    params = entry["eventMetadata"]["executionParams"]
    assert params["selector"]["repositoryLocationName"] == "here"
    assert params["runConfigData"] == "***"
    assert store.get("launch", "1")["deployment"] == "prod"


def test_a_launch_that_fails_is_not(ask, store, webserver):
    webserver.answers["launchRun"] = {
        "launchRun": {"message": "no", "sandboxMarkType": "PythonError"}
    }

    assert ask(LAUNCH, location="here") == {"data": {"launchRun": {"message": "no"}}}
    assert store.list(ENTRY) == []


def test_a_launch_without_isolation_is_a_launch(ask, store, webserver):
    webserver.answers["launchRun"] = {"launchNonIsolatedRun": LAUNCHED["launchRun"]}

    answer = ask(LAUNCH.replace("launchRun(", "launchNonIsolatedRun("), location="here")

    assert answer == {"data": {"launchNonIsolatedRun": {"run": {"id": "1"}}}}
    assert "launchNonIsolatedRun:launchRun" in webserver.sent[-1]
    assert store.list(ENTRY)[0]["eventType"] == "LAUNCH_RUN"


def test_runs_that_are_launched_together(ask, store, webserver):
    results = [
        {"sandboxMarkType": "LaunchRunSuccess", "sandboxMarkRun": {"runId": run}} for run in "12"
    ]
    webserver.answers["launchMultipleRuns"] = {
        "launchMultipleRuns": {
            "__typename": "LaunchMultipleRunsResult",
            "sandboxMarkType": "LaunchMultipleRunsResult",
            "sandboxMarkRuns": [*results, {"sandboxMarkType": "PythonError"}],
        }
    }

    answer = ask("mutation { launchMultipleRuns(executionParamsList: []) { __typename } }")

    assert answer == {"data": {"launchMultipleRuns": {"__typename": "LaunchMultipleRunsResult"}}}
    assert store.list(ENTRY)[0]["eventMetadata"]["run_ids"] == ["1", "2"]


def test_a_bare_value_is_on_record(ask, store, webserver):
    webserver.answers["setAutoMaterializePaused"] = {"setAutoMaterializePaused": True}

    assert ask("mutation { setAutoMaterializePaused(paused: true) }")["data"] == {
        "setAutoMaterializePaused": True
    }
    assert store.list(ENTRY)[0]["eventMetadata"] == {
        "mutation": "setAutoMaterializePaused",
        "paused": True,
    }


def test_a_viewer_launches_nothing(ask, store, webserver):
    answer = ask(LAUNCH.replace("launchRun(", "refused: launchRun("), "viewer", location="here")

    assert (
        answer["data"]["refused"]["message"]
        == "vic@example.com lacks the permission START_AND_STOP_RUNS."
    )
    assert len(webserver.sent) == 1
    assert store.list(ENTRY) == []


def test_a_refused_field_does_not_stop_the_others(ask, webserver):
    webserver.answers["version"] = {"version": "1"}
    webserver.answers["runOrError"] = {"runOrError": {"id": "1"}}
    text = '{ runOrError(runId: "1") { ...on Run { id } ...on PythonError { className } } '
    text += "fullDeployments { canAccessDeployment } }"
    answer = ask(text, "viewer")
    assert answer["data"]["runOrError"] == {"id": "1"}
    assert {"canAccessDeployment": True} in answer["data"]["fullDeployments"]

    # Nobody has given them a role here.
    answer = ask(text, "nobody")

    assert answer["data"] == {
        "runOrError": {"className": "UnauthorizedError"},
        "fullDeployments": [{"canAccessDeployment": False}] * 2,
    }
    assert ask("{ version }", "nobody") == {"data": {"version": "1"}}


@pytest.mark.parametrize(("location", "may"), [("own", True), ("other", False)])
def test_a_grant_for_a_location(ask, store, webserver, location, may):
    viewer = store.find(USER, email="vic@example.com")
    own = {"locationName": "own", "grant": "LAUNCHER", "customRoleId": None}
    set_grant(
        store, user_holder(viewer["userId"]), "VIEWER", deployment_id=1, location_grants=[own]
    )
    webserver.answers["launchRun"] = LAUNCHED
    webserver.answers["terminateRun"] = {"terminateRun": {"__typename": "TerminateRunSuccess"}}
    origin = {"repositoryOrigin": {"repositoryLocationName": location}}
    webserver.answers["runOrError"] = {"runOrError": origin}

    launched = ask(LAUNCH, "viewer", location=location)["data"]["launchRun"]
    terminated = ask(TERMINATE, "viewer")["data"]["terminateRun"]

    assert ("run" in launched) is may
    assert terminated["__typename"] == ("TerminateRunSuccess" if may else "UnauthorizedError")


def test_every_mutation_of_open_source_dagster_is_known():
    mutations = full_schema().mutation_type.fields
    assert REAL_MUTATIONS.keys() <= mutations.keys()
    dagster = pytest.importorskip("dagster_graphql.schema")
    real = dagster.create_schema().graphql_schema.mutation_type.fields
    assert REAL_MUTATIONS.keys() == real.keys()


def test_what_is_on_record_fits_the_schema():
    schema = full_schema()
    events = schema.type_map["AuditLogEventType"].values
    permissions = {*schema.type_map["CustomRolePermission"].values, "VIEW"}
    for mutation in REAL_MUTATIONS.values():
        assert mutation.audit is None or mutation.audit in events
        assert mutation.needs in permissions
