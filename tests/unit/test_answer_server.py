"""The test kit's server that answers from the schema: what it refuses, what it says, and that clients come to an end."""

from __future__ import annotations

import httpx
import pytest
from kit.answer_server import AnswerServer, RefusedError, answer
from kit.server import Reply

from dagster_plus_sdk import (
    Asset,
    DagsterPlus,
    Deployment,
    GraphQLRequestError,
    NotFoundError,
    Run,
)

RUN = "query Q($id: ID!) { runOrError(runId: $id) { __typename ... on Run { id tags { key } } } }"


@pytest.fixture(scope="module")
def answering():
    with AnswerServer() as server:
        yield server


@pytest.fixture
def client(answering):
    with DagsterPlus(url=answering.url) as client:
        yield client


@pytest.mark.parametrize(
    ("document", "variables", "message"),
    [
        ("{ nope }", {}, "Cannot query field 'nope'"),
        ("{ version", {}, "Syntax Error"),
        (RUN, {}, r"Variable '\$id' .*'ID!'"),
        (RUN, {"id": ["a", "b"]}, "ID cannot represent value"),
        (RUN, {"id": None}, r"Variable '\$id' .*'ID!'"),
    ],
)
def test_what_a_server_refuses(client, document, variables, message):
    with pytest.raises(GraphQLRequestError, match=message) as caught:
        client.graphql(document, variables)
    assert caught.value.status_code == 400


def test_an_operation_is_chosen_by_its_name(client):
    document = "query A { version } query B { b: version }"
    assert client.graphql(document, operation_name="B") == {"b": "b-1"}
    with pytest.raises(RefusedError, match="Unknown operation named 'C'"):
        answer(document, {}, "C")
    with pytest.raises(RefusedError, match="Must provide operation name"):
        answer(document, {})


@pytest.mark.parametrize("body", [b"", b"[]", b"not JSON", b"{}"])
def test_what_is_no_graphql(answering, body):
    answered = httpx.post(f"{answering.url}/graphql", content=body)
    assert answered.status_code == 400
    assert "No GraphQL request" in answered.json()["errors"][0]["message"]


def test_other_places_are_not_found(answering):
    assert httpx.post(f"{answering.url}/elsewhere", content=b"{}").status_code == 404
    assert httpx.get(answering.url).status_code == 404


def test_places_of_the_rest_api():
    with AnswerServer() as server:
        server.places["/prod/upload"] = Reply({"id": 1}, status=201)
        answered = httpx.post(f"{server.url}/prod/upload?a=b", content=b"any bytes")
        assert (answered.status_code, answered.json()) == (201, {"id": 1})
        assert server.received[0].body == b"any bytes"


def test_values_echo_what_was_asked(client):
    deployment = client.deployments.get("prod")
    assert (type(deployment), deployment.name) == (Deployment, "prod")
    assert deployment.parent_deployment.name == "name-1"
    run = client.runs.get("abc")
    assert (type(run), run.id, run.parent_run_id) == (Run, "abc", "parentRunId-1")
    asset = client.assets.get("a/b")
    assert (type(asset), str(asset.key)) == (Asset, "a/b")
    upstream = [str(key) for key in asset.definition.upstream_keys]
    assert "a/b" not in upstream
    assert len({*upstream}) == 2


def test_lists_have_what_get_by_name_finds(client):
    assert [job.name for job in client.jobs.list()] == ["name-1", "name-2", "name-3", "name-4"]
    assert client.jobs.get("name-3").name == "name-3"
    with pytest.raises(NotFoundError, match="did you mean 'name-1'"):
        client.jobs.get("name-11")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, None])
@pytest.mark.parametrize("page_size", [1, 2, 3, None])
def test_lists_come_to_an_end(client, limit, page_size):
    for found in (
        client.runs.list(limit=limit, page_size=page_size),
        client.assets.list(limit=limit, page_size=page_size),
        client.run_events.get("abc", limit=limit, page_size=page_size),
    ):
        items = found.to_list()
        assert items
        assert limit is None or len(items) <= limit


def test_what_waits_comes_to_an_end(client):
    events = list(client.run_events.follow("abc", poll=0.01, timeout=60))
    assert len(events) == len(client.run_events.get("abc").to_list()) > 20


@pytest.mark.parametrize(
    ("limit", "cursor", "size"),
    [(None, None, 2), (1, None, 1), (2, None, 2), (9, None, 2), (9, "c", 0)],
)
def test_lists_keep_to_limits(limit, cursor, size):
    document = (
        "query Q($cursor: String, $limit: Int) { runsOrError(cursor: $cursor, limit: $limit) {"
        " ... on Runs { results { id tags { key } } } } }"
    )
    found = answer(document, {"cursor": cursor, "limit": limit})["runsOrError"]["results"]
    assert len(found) == size
    assert all(len(run["tags"]) == 2 for run in found)


def test_there_is_no_more(client):
    page = next(iter(client.run_events.get("abc", limit=None).pages()))
    assert not page.has_more
    data = client.graphql(
        'query { logsForRun(runId: "a", limit: 5) { ... on EventConnection { hasMore cursor'
        " events { __typename } } } }"
    )["logsForRun"]
    assert data["hasMore"] is False
    assert (data["cursor"], len(data["events"])) == ("cursor-1", 4)


def test_unions_are_successes(client):
    data = client.graphql(
        'mutation { deleteRun(runId: "a") { __typename ... on DeletePipelineRunSuccess { runId }'
        " ... on PythonError { message } } }"
    )
    assert data == {"deleteRun": {"__typename": "DeletePipelineRunSuccess", "runId": "a"}}


def test_what_came_is_kept():
    with AnswerServer() as server, DagsterPlus(url=server.url) as client:
        client.deployments.list().to_list()
        client.runs.get("a")
        assert server.operations == ["ListDeployments", "GetRun"]
        assert server.received[1].variables == {"runId": "a"}


def test_the_same_request_gets_the_same_answer():
    assert answer(RUN, {"id": "x"}) == answer(RUN, {"id": "x"}) != answer(RUN, {"id": "y"})
