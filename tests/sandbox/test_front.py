"""The front as an ASGI app, with a control plane of its own and a stand-in for the real webserver."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

pytest.importorskip("graphql")

from dagster_plus_sdk.sandbox.control import open_store, seed
from dagster_plus_sdk.sandbox.control.rights import GRANT
from dagster_plus_sdk.sandbox.control.seed import role_tokens
from dagster_plus_sdk.sandbox.front.app import Front
from dagster_plus_sdk.sandbox.front.asked import read_asked
from dagster_plus_sdk.sandbox.front.upstream import UpstreamError
from dagster_plus_sdk.sandbox.schema import full_schema

TOKEN = "user:test"
VIEWER = role_tokens(TOKEN)["viewer"]
#: The viewer, as a holder of grants.
HOLDER = "user:5"
FIELDS = {"Query": ["version", "runOrError"], "Mutation": ["launchRun", "setNuxSeen"]}
ROOTS = {
    f"{name.lower()}Type": {"name": name, "fields": [{"name": field} for field in fields]}
    for name, fields in FIELDS.items()
} | {"subscriptionType": None}


class Webserver:
    """A stand-in for the upstream: tells which root fields it has, then answers as told."""

    def __init__(self):
        self.answers = []
        self.sent = []
        self.roots = json.dumps({"data": {"__schema": ROOTS}}).encode()
        self.asked_for_roots = 0

    async def post(self, body, *, repeatable):
        payload = json.loads(body)
        if "__schema" in payload["query"]:
            self.asked_for_roots += 1
            if self.roots is None:
                raise UpstreamError("it is off")
            return 200, self.roots
        self.sent.append((payload, repeatable))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self):
        pass


@pytest.fixture
def webserver():
    return Webserver()


@pytest.fixture
def make(tmp_path):
    fronts = []

    def make(upstream=None):
        path = tmp_path / f"{len(fronts)}.sqlite3"
        reader, writer = open_store(path, TOKEN), open_store(path, TOKEN)
        seed(writer, "demo", TOKEN)
        front = Front(
            full_schema(), reader=reader, writer=writer, organization="demo", upstream=upstream
        )
        fronts.append(front)
        return front

    yield make
    for front in fronts:
        front.close()


@pytest.fixture
def alone(make):
    return make()


@pytest.fixture
def front(make, webserver):
    return make(webserver)


def call(front, body, path="/prod/graphql", *, method="POST", token=TOKEN, **headers):
    """Return status, headers and the parsed body of the answer."""
    sent = []
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {"dagster_cloud_api_token": token, **headers}
    pairs = [(k.replace("_", "-").encode(), v.encode()) for k, v in names.items() if v is not None]
    messages = [
        {"type": "http.request", "body": content[:3], "more_body": True},
        {"type": "http.request", "body": content[3:]},
    ]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": pairs}
    asyncio.run(front(scope, receive, send))
    start, answer = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert headers["content-length"] == str(len(answer["body"]))
    return start["status"], headers, json.loads(answer["body"])


def query(front, text, variables=None, **options):
    """Return status and body of a query's answer."""
    body = {"query": text, "variables": variables}
    status, _, answer = call(front, body, **options)
    return status, answer


@pytest.mark.parametrize("token", [None, "", "user:other", "user:tëst"])
def test_a_wrong_token(front, webserver, token):
    status, answer = query(front, "{ version }", token=token)

    assert (status, answer) == (401, {"errors": [{"message": "Unauthorized"}]})
    assert webserver.asked_for_roots == 0


def test_a_wrong_organization(alone):
    assert query(alone, "{ version }", dagster_cloud_organization="other")[0] == 401
    assert query(alone, "{ version }", dagster_cloud_organization="Demo")[0] == 200


CURRENT = "{ currentDeployment { deploymentName } }"


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/prod/graphql", {}, "prod"),
        ("/staging/graphql", {}, "staging"),
        ("/staging/graphql", {"dagster_cloud_organization": "demo"}, "staging"),
        ("/graphql", {"dagster_cloud_deployment": "staging"}, "staging"),
        ("/demo/graphql", {"dagster_cloud_organization": "demo"}, "prod"),
        (
            "/demo/graphql",
            {"dagster_cloud_organization": "demo", "dagster_cloud_deployment": "staging"},
            "staging",
        ),
    ],
)
def test_where_deployments_are(alone, path, headers, name):
    status, answer = query(alone, CURRENT, path=path, **headers)

    assert (status, answer) == (200, {"data": {"currentDeployment": {"deploymentName": name}}})


def test_the_organization_redirects_to_its_default_deployment(alone):
    status, headers, _ = call(alone, {"query": CURRENT}, "/graphql")

    assert (status, headers["location"]) == (307, "/prod/graphql")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/", "There is nothing at /"),
        ("/prod", "There is nothing at /prod"),
        ("/a/b/graphql", "There is nothing at /a/b/graphql"),
        ("/other/graphql", "There is no deployment 'other' in demo"),
    ],
)
def test_where_nothing_is(alone, path, message):
    assert query(alone, CURRENT, path=path) == (404, {"errors": [{"message": message}]})


def test_only_post(alone):
    status, headers, _ = call(alone, b"", method="GET")

    assert (status, headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        {"query": 1},
        {},
        {"query": "{version}", "variables": [1]},
        {"query": "{version}", "operationName": 1},
    ],
)
def test_what_is_no_request(alone, body):
    status, _, answer = call(alone, body)

    assert status == 400
    assert (
        "must be" in answer["errors"][0]["message"] or "no JSON" in answer["errors"][0]["message"]
    )


def test_an_invalid_document(front, webserver):
    status, answer = query(front, "{\n version { a } }")

    assert status == 400
    assert answer["data"] is None
    assert answer["errors"][0]["locations"] == [{"line": 2, "column": 10}]
    assert not webserver.sent


@pytest.mark.parametrize("status", [200, 400, 500])
def test_what_the_real_webserver_answers_alone_is_passed_through(front, webserver, status):
    webserver.answers = [(status, b'{"data": {"version": "1"}, "errors": [ ]}')] * 2
    text = "query A($id: ID!) { version runOrError(runId: $id) { __typename } } query B { version }"
    body = {"query": text, "operationName": "A", "variables": {"id": "x", "no": 1}}

    for _ in range(2):
        assert call(front, body)[0] == status

    payload, repeatable = webserver.sent[0]
    assert payload["query"].rstrip() == text[: text.index("query B")].rstrip()
    assert payload["variables"] == {"id": "x"}
    assert payload["operationName"] == "A"
    assert repeatable
    assert webserver.asked_for_roots == 1


def test_both_sides_in_one_document(front, webserver):
    webserver.answers = [
        (500, b'{"data": {"v": null}, "errors": [{"message": "x", "path": ["v"]}]}')
    ]

    status, answer = query(front, "{ o: organization { name } v: version __typename }")

    assert status == 500
    assert list(answer["data"].items()) == [
        ("o", {"name": "demo"}),
        ("v", None),
        ("__typename", "CloudQuery"),
    ]
    assert answer["errors"] == [{"message": "x", "path": ["v"]}]
    assert webserver.sent[0][0]["query"].split() == ["{", "v:", "version", "}"]


MUTATION = """
mutation { a: setNuxSeen b: createDeployment(deploymentName: "new") { __typename } c: setNuxSeen }
"""


def test_mutations_run_in_their_order(front, webserver):
    webserver.answers = [(200, b'{"data": {"a": true}}'), (200, b'{"data": {"c": true}}')]

    status, answer = query(front, MUTATION)

    made = {"__typename": "DagsterCloudDeployment"}
    assert (status, answer) == (200, {"data": {"a": True, "b": made, "c": True}})
    assert [payload["query"].split()[2] for payload, _ in webserver.sent] == ["a:", "c:"]
    assert not any(repeatable for _, repeatable in webserver.sent)


def test_mutations_end_at_a_field_that_must_not_be_null(front, webserver):
    webserver.answers = [(500, b'{"data": null, "errors": [{"message": "x"}]}')]

    status, answer = query(front, MUTATION)

    assert (status, answer) == (500, {"data": None, "errors": [{"message": "x"}]})
    assert query(front, '{ deploymentByName(name: "new") { __typename } }')[1]["data"] == {
        "deploymentByName": {"__typename": "DeploymentNotFoundError"}
    }


@pytest.mark.parametrize("text", ["{ version }", "{ version organization { name } }"])
def test_the_real_webserver_is_off(front, webserver, text):
    webserver.answers = [UpstreamError("it is off")]

    status, answer = query(front, text)

    assert status == 502
    assert answer["errors"][0]["message"].endswith("gave no answer: it is off")
    assert answer["errors"][0]["extensions"] == {"code": "DAGSTER_UNAVAILABLE"}


def test_the_real_webserver_answers_no_graphql(front, webserver):
    webserver.answers = [(503, b"busy")]

    status, answer = query(front, "{ version organization { name } }")

    assert status == 502
    assert answer["errors"][0]["message"].endswith("it answered 503: busy")


@pytest.mark.parametrize("roots", [None, b"busy", b'{"data": null}'])
def test_the_real_webserver_does_not_tell_its_fields(front, webserver, roots):
    webserver.roots, known = roots, webserver.roots
    assert query(front, "{ version }")[0] == 502

    webserver.roots = known
    webserver.answers = [(200, b"{}")]
    assert query(front, "{ version }")[0] == 200


def test_requests_at_once_learn_once(front, webserver):
    async def both():
        return await asyncio.gather(front._learn(), front._learn())

    first, second = asyncio.run(both())

    assert first is second
    assert webserver.asked_for_roots == 1


@pytest.mark.parametrize(
    "text",
    [
        "{ aiChatList { __typename } }",
        'mutation { a: dispatchIssueAgent(issueId: "a", repoName: "b", repoOwner: "c") { __typename } }',
    ],
)
def test_what_is_not_in_the_sandbox_says_so(alone, text):
    status, answer = query(alone, text)

    (error,) = answer["errors"]
    assert status == 200
    assert "is not in the sandbox" in error["message"]
    assert error["extensions"] == {"code": "NOT_IN_SANDBOX"}
    assert error["locations"][0]["line"] == 1


def test_without_a_dagster_its_fields_are_not_in_the_sandbox(alone):
    answer = query(alone, "{ version runsOrError { __typename } }")[1]

    assert answer["errors"][0]["message"] == "'runsOrError' is not in the sandbox"


def test_introspection_is_of_the_whole_schema(alone):
    from graphql import build_client_schema, get_introspection_query, print_schema

    status, answer = query(alone, get_introspection_query(descriptions=False))

    assert status == 200
    assert print_schema(build_client_schema(answer["data"])) == print_schema(full_schema())


@pytest.mark.parametrize("bad", ["no", None, 1.5])
def test_a_skipped_field_with_a_bad_variable_opens_no_door(front, webserver, bad):
    """The real webserver gets neither the field nor the variable: it would answer."""
    front._writer.delete_all(GRANT, holder=HOLDER)
    text = """query ($id: ID!, $page: Int!, $more: Boolean!) {
      runOrError(runId: $id) { __typename }
      auditLog @include(if: $more) { auditLogEntries(limit: $page) { id } }
    }"""

    status, answer = query(front, text, {"id": "x", "page": bad, "more": False}, token=VIEWER)

    assert not webserver.sent
    assert (status, answer["data"]) != (200, {"runOrError": {"__typename": "Run"}})
    assert answer["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"query": "{version}", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        {"query": "{ a" * 5000},
        {"query": "{ x(a: " + "[" * 5000 + "]" * 5000 + ") }"},
    ],
)
def test_what_is_too_deep_is_refused(alone, body):
    status, _, answer = call(alone, body)

    assert status == 400
    assert answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "text", ["query" + " " * 50_000 + "!", '{ a(b: "' + "x" * 200_000 + '") }', "query " * 20_000]
)
def test_what_is_asked_is_read_in_no_time(text):
    started = time.thread_time()

    read_asked(json.dumps({"query": text}))

    assert time.thread_time() - started < 5


def test_half_a_body_is_none(alone):
    """A client that goes away in the middle has asked nothing."""
    sent = []
    messages = [
        {"type": "http.request", "body": b'{"query": "{version}"}', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    headers = [(b"dagster-cloud-api-token", TOKEN.encode())]
    scope = {"type": "http", "method": "POST", "path": "/prod/graphql", "headers": headers}
    asyncio.run(alone(scope, receive, send))

    assert not sent


def test_a_permission_that_depends_on_a_dagster_that_is_gone(front, webserver):
    """Who may end runs of one code location has the run looked up."""
    store = front._writer
    (grant,) = store.list(GRANT, holder=HOLDER, deploymentId=1)
    own = {"locationName": "demo", "grant": "LAUNCHER", "customRoleId": None}
    store.put(GRANT, grant["id"], {**grant, "locationGrants": [own]})
    webserver.roots = webserver.roots.replace(b'"launchRun"', b'"terminateRun"')
    webserver.answers = [UpstreamError("it is off")]

    status, answer = query(
        front, 'mutation { terminateRun(runId: "x") { __typename } }', token=VIEWER
    )

    assert (status, answer) == (
        502,
        {
            "errors": [
                {"message": "The Dagster webserver behind the sandbox gave no answer: it is off"}
            ]
        },
    )


def test_a_body_has_an_end(alone, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk.sandbox.front.asked.LARGEST_BODY", 100)
    sent = []

    async def receive():
        return {"type": "http.request", "body": b" " * 60, "more_body": True}

    async def send(message):
        sent.append(message)

    asyncio.run(alone({"type": "http"}, receive, send))

    assert [message.get("status") for message in sent] == [413, None]
