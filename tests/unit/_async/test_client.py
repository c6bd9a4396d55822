"""The client itself: its options, hooks, connections, and its end."""

from __future__ import annotations

import httpx
import pytest
from kit.canary import TOKEN
from kit.faults import graphql
from kit.payloads import RUN_ID, get_run
from kit.server import Reply

from dagster_plus_sdk import (
    AsyncDagsterPlus,
    RequestEvent,
    ResponseEvent,
    RetryPolicy,
    Timeout,
    errors,
    operations,
)

pytestmark = pytest.mark.anyio

OK = Reply({"data": get_run()})
GET = operations.get_run(run_id=RUN_ID)


# Hooks


async def test_hooks_are_told_of_each_attempt(connect, server):
    told = []
    hooks = {
        "request": [
            lambda event: told.append(("first", event)),
            lambda event: told.append(("second", event)),
        ],
        "response": [lambda event: told.append(("response", event))],
    }
    server.reply(Reply(b"", 502), Reply(fault="reset"), OK)
    client = connect(event_hooks=hooks)
    await client.runs.get(RUN_ID)
    assert [name for name, _ in told] == ["first", "second", "response"] * 3
    requests = [event for name, event in told if name == "first"]
    responses = [event for name, event in told if name == "response"]
    assert all(type(event) is RequestEvent for event in requests)
    assert all(type(event) is ResponseEvent for event in responses)
    assert [event.attempt for event in requests] == [1, 2, 3] == [e.attempt for e in responses]
    assert {(e.operation, e.kind, e.url) for _, e in told} == {
        ("GetRun", "query", f"{server.url}/graphql")
    }
    assert [event.status_code for event in responses] == [502, None, 200]
    assert [type(event.error) for event in responses] == [
        errors.ServiceUnavailableError,
        errors.ConnectionFailedError,
        type(None),
    ]
    assert [event.retry_in is None for event in responses] == [False, False, True]
    assert all(0 <= e.retry_in <= 0.002 for e in responses[:2])
    assert all(0 < event.duration < 10 for event in responses)
    assert repr(requests[0]) == "RequestEvent(GetRun, attempt 1)"
    assert repr(responses[2]) == "ResponseEvent(GetRun, attempt 3)"


async def test_hooks_are_told_of_the_last_failure(connect, server):
    told = []
    server.reply(Reply(b"", 401))
    client = connect(event_hooks={"response": [told.append]})
    with pytest.raises(errors.AuthenticationError) as caught:
        await client.runs.delete(RUN_ID)
    [event] = told
    assert (event.kind, event.error, event.retry_in) == ("mutation", caught.value, None)


@pytest.mark.parametrize("name", ["requests", "error"])
async def test_hooks_of_other_names_are_refused(server, name):
    with pytest.raises(errors.InvalidInputError, match=f"not \\['{name}'\\]"):
        AsyncDagsterPlus(url=server.url, event_hooks={"request": [], name: [print]})


# Options


async def test_with_options_shares_the_connections(client, server):
    server.reply(OK)
    other = client.with_options(timeout=7)
    await client.runs.get(RUN_ID)
    await other.runs.get(RUN_ID)
    await other.with_options(retries=1).runs.get(RUN_ID)
    assert (server.connections, server.requests) == (1, 3)
    assert type(other) is type(client)
    assert client.runs is client.runs
    assert other.runs is not client.runs


async def test_closing_a_copy_closes_nothing(client, server):
    server.data(get_run())
    async with client.with_options(timeout=7) as other:
        await other.runs.get(RUN_ID)
    await client.runs.get(RUN_ID)
    assert server.connections == 1


async def test_with_options_before_anything_was_sent(client, server):
    server.reply(OK)
    await client.with_options(retries=0).runs.get(RUN_ID)
    await client.runs.get(RUN_ID)
    assert server.connections == 1


async def test_with_options_changes_what_it_names_and_no_more(connect, server):
    client = connect(timeout=9, retries=RetryPolicy(1, base=0.001))
    server.reply(Reply(b"", 502))
    for retries, sent in ((None, 2), (0, 1), (RetryPolicy(2, base=0.001), 3)):
        server.received.clear()
        with pytest.raises(errors.ServiceUnavailableError):
            await client.with_options(retries=retries).runs.get(RUN_ID)
        assert server.requests == sent
    assert client.with_options(retries=0)._transport.timeout.read == 9
    assert client.with_options(timeout=3)._transport.timeout.read == 3
    assert client._transport.timeout.read == 9

    server.replies[:] = [Reply(fault="hang")]
    with pytest.raises(errors.RequestTimeoutError):
        await client.with_options(timeout=0.05, retries=0).runs.get(RUN_ID)


async def test_with_options_for_another_deployment(connect, server):
    seen = []

    def answer(request):
        seen.append((str(request.url), request.headers["dagster-cloud-api-token"]))
        return httpx.Response(200, json={"data": get_run()})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
        plus = connect(url=None, organization="acme", deployment="prod", http_client=http_client)
        staging = plus.with_options(deployment="staging")
        await plus.runs.get(RUN_ID)
        await staging.runs.get(RUN_ID)
        await staging.with_options(timeout=5).runs.get(RUN_ID)
    paths = ["prod", "staging", "staging"]
    assert seen == [(f"https://acme.dagster.cloud/{p}/graphql", TOKEN) for p in paths]
    assert staging.settings.deployment == "staging"
    assert plus.settings.deployment == "prod"
    assert (
        repr(staging) == f"{type(staging).__name__}('https://acme.dagster.cloud/staging/graphql')"
    )

    plain = connect(token=None)
    with pytest.raises(errors.ConfigurationError):
        plain.with_options(deployment="staging")


async def test_options_of_one_call(client, server):
    server.reply(Reply(b"", 502))
    for call in (
        lambda **options: client.execute(GET, **options),
        lambda **options: client.graphql("{ version }", **options),
    ):
        server.received.clear()
        with pytest.raises(errors.ServiceUnavailableError):
            await call(retries=0)
        assert server.requests == 1
        with pytest.raises(errors.ServiceUnavailableError):
            await call(retries=RetryPolicy(1, base=0))
        assert server.requests == 3
    server.replies[:] = [Reply(fault="hang")]
    with pytest.raises(errors.RequestTimeoutError):
        await client.execute(GET, timeout=0.05, retries=0)
    with pytest.raises(errors.RequestTimeoutError):
        await client.graphql("{ version }", timeout=Timeout(0.05), retries=0)


async def test_timeouts_reach_the_http_library(connect, server):
    seen = []

    def answer(request):
        seen.append(request.extensions["timeout"])
        return httpx.Response(200, json={"data": get_run()})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), timeout=1) as http_client:
        client = connect(http_client=http_client)
        await client.runs.get(RUN_ID)
        await client.with_options(timeout=Timeout(None, connect=1, write=2, pool=3)).runs.get(
            RUN_ID
        )
    assert seen == [
        {"connect": 5.0, "read": 60.0, "write": 30.0, "pool": 10.0},
        {"connect": 1, "read": None, "write": 2, "pool": 3},
    ]


# Any operation, any document


async def test_execute_returns_the_decoded_result(client, server):
    server.data(get_run())
    result = await client.execute(GET)
    assert type(result).__name__ == "GetRun"
    assert result.ok.id == RUN_ID


async def test_graphql_returns_data_as_they_came(client, server):
    data = {"runOrError": {"__typename": "RunNotFoundError", "x": [1, None]}}
    server.data(data)
    document = "query A { version } query B($id: ID!) { runOrError(runId: $id) { __typename } }"
    assert await client.graphql(document, {"id": "r"}, operation_name="B") == data
    [received] = server.received
    assert received.json == {"query": document, "variables": {"id": "r"}, "operationName": "B"}
    await client.graphql("{ version }")
    assert server.received[-1].json == {"query": "{ version }", "variables": {}}


async def test_graphql_raises_for_top_level_errors(client, server):
    server.reply(graphql({"message": "no such field"}, status=400, data=None))
    with pytest.raises(errors.GraphQLRequestError, match="no such field") as caught:
        await client.graphql("{ moon }")
    assert caught.value.operation == "anonymous query"
    server.replies[:] = [graphql({"message": "half", "path": ["a"]}, data={"a": None, "b": 1})]
    with pytest.raises(errors.GraphQLRequestError) as caught:
        await client.graphql("{ a b }")
    assert caught.value.data == {"a": None, "b": 1}


@pytest.mark.parametrize(
    ("document", "sent"),
    [("query Q { a }", 5), ("mutation M { a }", 1), ("subscription S { a }", 1)],
)
async def test_graphql_repeats_queries_only(client, server, document, sent):
    server.reply(Reply(b"", 502))
    with pytest.raises(errors.ServiceUnavailableError):
        await client.graphql(document)
    assert server.requests == sent


async def test_variables_that_cannot_be_sent(client, server):
    with pytest.raises(errors.InvalidInputError, match="a variable cannot be a set"):
        await client.graphql("{ a }", {"x": {1}})
    assert server.requests == 0


# A client of one's own, and the end


async def test_a_given_http_client_is_used_and_left_open(server):
    server.reply(OK)
    async with httpx.AsyncClient(headers={"X-Mine": "yes"}) as http_client:
        async with AsyncDagsterPlus(url=server.url, http_client=http_client) as client:
            await client.runs.get(RUN_ID)
        assert not http_client.is_closed
        with pytest.raises(errors.ConfigurationError, match="this client is closed"):
            await client.runs.get(RUN_ID)
    assert server.received[0].headers["x-mine"] == "yes"
    assert server.requests == 1


async def test_a_given_http_client_that_is_closed(connect, server):
    http_client = httpx.AsyncClient()
    await http_client.aclose()
    with pytest.raises(errors.ConfigurationError, match="the client has been closed"):
        await connect(http_client=http_client).runs.get(RUN_ID)
    assert server.requests == 0


async def test_a_closed_client_says_so(connect, server):
    server.reply(OK)
    client = connect()
    async with client as entered:
        assert entered is client
        await client.runs.get(RUN_ID)
        http_client = client._transport._pool.client()
    assert http_client.is_closed
    other = client.with_options(timeout=1)
    for call in (client.runs.get, other.runs.get, lambda i: client.graphql("{ a }", {"i": i})):
        with pytest.raises(
            errors.ConfigurationError, match="this client is closed; make a new one"
        ):
            await call(RUN_ID)
    await client.aclose()  # twice is no error
    assert server.requests == 1


async def test_a_client_that_sent_nothing_is_closed_too(server):
    client = AsyncDagsterPlus(url=server.url)
    await client.aclose()
    assert server.connections == 0


async def test_reprs_name_the_server(client, server):
    shown = f"('{server.url}/graphql')"
    assert repr(client) == type(client).__name__ + shown
    assert repr(client.runs) == type(client.runs).__name__ + shown
    assert client.settings.url == f"{server.url}/graphql"


async def test_resources_are_made_once(client):
    names = ("assets", "code_locations", "jobs", "run_events", "runs")
    for name in names:
        made = getattr(client, name)
        assert getattr(client, name) is made
        assert type(made).__name__.removeprefix("Async") == name.title().replace("_", "")


async def test_connections_of_another_process_are_neither_used_nor_closed(
    connect, server, monkeypatch
):
    server.reply(OK)
    client = connect()
    await client.runs.get(RUN_ID)
    pool = client._transport._pool
    before = pool.client()
    assert pool.client() is before
    with monkeypatch.context() as in_child:
        in_child.setattr("os.getpid", lambda: -1)
        after = pool.client()
        assert after is not before
        assert pool.client() is after
    await pool.aclose()  # in neither of the two processes
    assert not before.is_closed
    assert not after.is_closed
    await before.aclose()
    await after.aclose()
