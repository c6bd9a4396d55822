"""What is made of each answer, and how often a request is sent."""

from __future__ import annotations

import time

import pytest
from kit.canary import TOKEN
from kit.faults import FAULTS, error_member, graphql, maintenance
from kit.payloads import RUN_ID, error, get_run
from kit.server import Reply

from dagster_plus_sdk import (
    AsyncDagsterPlus,
    RetryPolicy,
    errors,
    operations,
)

pytestmark = pytest.mark.anyio

OK = Reply({"data": get_run()})
DELETED = Reply(
    {"data": {"deleteRun": {"__typename": "DeletePipelineRunSuccess", "runId": RUN_ID}}}
)
HTML_401 = b"<html>who are you?</html>"
FAILED = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


def check(error, fault, operation):
    assert type(error) is fault.error
    assert error.code == fault.code
    assert error.status_code == fault.status_code
    assert error.operation == operation
    assert fault.says in error.message
    assert error.message in str(error)
    assert operation in str(error)


@FAILED
async def test_a_read_that_fails(client, server, fault):
    server.reply(fault.reply)
    with pytest.raises(errors.DagsterPlusError) as caught:
        await client.runs.get(RUN_ID)
    check(caught.value, fault, "GetRun")
    assert server.requests == caught.value.attempts == fault.reads


@FAILED
async def test_a_mutation_that_fails(client, server, fault):
    server.reply(fault.reply)
    with pytest.raises(errors.DagsterPlusError) as caught:
        await client.runs.delete(RUN_ID)
    check(caught.value, fault, "DeleteRun")
    assert server.requests == caught.value.attempts == fault.writes


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.reads > 1], ids=lambda fault: fault.name)
async def test_a_read_that_succeeds_in_the_end(client, server, fault):
    server.reply(*[fault.reply] * 4, OK)
    assert (await client.runs.get(RUN_ID)).id == RUN_ID
    assert server.requests == 5


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.writes > 1], ids=lambda fault: fault.name)
async def test_a_mutation_that_was_refused_is_sent_again(client, server, fault):
    server.reply(fault.reply, DELETED)
    assert await client.runs.delete(RUN_ID) is None
    assert server.requests == 2
    assert server.received[-1].operation == "DeleteRun"


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.reads > 1], ids=lambda fault: fault.name)
async def test_a_mutation_that_may_be_repeated_is_treated_as_a_read(client, server, fault):
    server.reply(fault.reply)
    with pytest.raises(fault.error):
        await client.code_locations.reload("demo", wait=False)
    assert server.requests == 5


@pytest.mark.parametrize("retries", [0, 2])
async def test_as_many_retries_as_asked_for(connect, server, retries):
    server.reply(Reply(b"", 502))
    client = connect(retries=RetryPolicy(retries, base=0.001))
    with pytest.raises(errors.ServiceUnavailableError) as caught:
        await client.runs.get(RUN_ID)
    assert server.requests == caught.value.attempts == retries + 1


async def test_nothing_is_waited_for_after_the_last_attempt(connect, server):
    server.reply(Reply(b"", 503, {"Retry-After": "50"}))
    client = connect(retries=RetryPolicy(0))
    started = time.monotonic()
    with pytest.raises(errors.ServiceUnavailableError) as caught:
        await client.runs.get(RUN_ID)
    assert time.monotonic() - started < 20
    assert caught.value.retry_after == 50


async def test_waits_as_long_as_the_server_says(client, server):
    server.reply(
        Reply(b"", 429, {"Retry-After": "0.05"}),
        maintenance(503, retry_interval=0.05),
        OK,
    )
    started = time.monotonic()
    await client.runs.get(RUN_ID)
    assert time.monotonic() - started >= 0.1
    assert server.requests == 3


async def test_gives_up_when_the_budget_is_spent(connect, server):
    server.reply(Reply(b"busy", 503, {"Retry-After": "2"}))
    client = connect(retries=RetryPolicy(budget=1))
    with pytest.raises(errors.ServiceUnavailableError) as caught:
        await client.runs.get(RUN_ID)
    assert "busy; given up after 1 attempts within 1 s" in str(caught.value)
    assert server.requests == 1


async def test_500_with_an_error_of_the_api(client, server):
    server.reply(
        Reply(
            {
                "data": {
                    "runOrError": error(
                        "PythonError", "boom", className="KeyError", stack=["a", "b"]
                    )
                }
            },
            500,
            {"X-Request-Id": "req-1"},
        )
    )
    with pytest.raises(errors.ServerError) as caught:
        await client.runs.get(RUN_ID)
    raised = caught.value
    assert (raised.message, raised.stack, raised.typename) == ("boom", ["a", "b"], "PythonError")
    assert (raised.code, raised.status_code, raised.operation) == ("INTERNAL_ERROR", 500, "GetRun")
    assert raised.request_id == "req-1"
    assert str(raised) == "boom (operation GetRun, type PythonError, request req-1)"
    assert raised.result.class_name == "KeyError"
    assert server.requests == 1


@pytest.mark.parametrize(
    ("typename", "kind", "code", "status"),
    [
        ("RunNotFoundError", errors.NotFoundError, "RUN_NOT_FOUND", 404),
        ("UnauthorizedError", errors.PermissionDeniedError, "UNAUTHORIZED", 403),
        ("RunOnTheMoonError", errors.ResultError, "INTERNAL_ERROR", 500),
        ("MoonNotFoundError", errors.NotFoundError, "MOON_NOT_FOUND", 404),
        ("MoonLimitError", errors.ConflictError, "MOON_LIMIT", 409),
        ("RunOnTheMoon", errors.UnexpectedResultError, "INTERNAL_ERROR", 500),
    ],
)
async def test_members_that_say_no(client, server, typename, kind, code, status):
    server.reply(error_member("runOrError", typename))
    with pytest.raises(errors.ResultError) as caught:
        await client.runs.get(RUN_ID)
    raised = caught.value
    assert type(raised) is kind
    assert (raised.code, raised.status_code, raised.typename) == (code, status, typename)
    assert raised.message == "no ***"


async def test_partial_data_beside_errors(client, server):
    data = get_run(stats=None)
    server.reply(graphql({"message": "stats broke", "path": ["runOrError", "stats"]}, data=data))
    with pytest.raises(errors.GraphQLRequestError) as caught:
        await client.runs.get(RUN_ID)
    assert caught.value.status_code == 500
    assert caught.value.errors[0]["path"] == ["runOrError", "stats"]
    assert caught.value.data == data

    server.replies.clear()
    server.reply(graphql({"message": "Trace (Trace ID: 77)"}, data=get_run()))
    with pytest.raises(errors.GraphQLRequestError) as caught:
        await client.runs.get(RUN_ID)
    assert caught.value.data.ok.id == RUN_ID
    assert caught.value.trace_id == "77"


async def test_values_and_types_that_are_newer_than_this_version(client, server):
    server.data(get_run(status="DREAMING"))
    status = (await client.runs.get(RUN_ID)).status
    assert status == "DREAMING"
    assert not status.is_known

    event = {"runId": RUN_ID, "message": "m", "timestamp": "1700000000000", "level": "INFO"}
    events = [
        {"__typename": "MoonEvent", **event, "eventType": "MOON_RISE", "phase": "full"},
        {"__typename": "RunStartEvent", **event, "eventType": "RUN_START"},
    ]
    page = {"__typename": "EventConnection", "events": events, "cursor": "c", "hasMore": False}
    server.replies.clear()
    server.data({"logsForRun": page})
    moon, start = await client.run_events.get(RUN_ID).to_list()
    assert type(moon).__name__ == "UnknownRunEvent"
    assert (moon.event_type, moon.event_type.is_known, moon.phase) == ("MOON_RISE", False, "full")
    assert type(start).__name__ == "RunEvent"
    assert start.event_type.is_known


async def test_a_null_where_a_value_was_expected(client, server):
    server.data({"runOrError": None})
    with pytest.raises(errors.DagsterPlusError) as caught:
        await client.runs.get(RUN_ID)
    assert type(caught.value) is errors.InvalidResponseError


# Authentication


async def test_a_fixed_token_that_is_refused_is_not_sent_again(client, server):
    server.reply(Reply(b"", 401))
    with pytest.raises(errors.AuthenticationError) as caught:
        await client.runs.get(RUN_ID)
    assert (caught.value.code, server.requests) == ("UNAUTHENTICATED", 1)


@pytest.mark.parametrize("is_async", [True, False])
@pytest.mark.parametrize("read", [True, False])
async def test_a_refused_token_is_renewed_once(connect, server, is_async, read):
    asked = []

    def give():
        asked.append(1)
        return f"token-{len(asked)}"

    async def agive():
        return give()

    # In the sync twin both are plain functions.
    client = connect(token=agive if is_async else give)
    server.reply(Reply(HTML_401, 401), OK if read else DELETED)
    await (client.runs.get(RUN_ID) if read else client.runs.delete(RUN_ID))
    sent = [r.headers["dagster-cloud-api-token"] for r in server.received]
    assert sent == ["token-1", "token-2"]
    assert server.received[0].body == server.received[1].body

    server.replies[:] = [Reply(HTML_401, 401)]
    with pytest.raises(errors.AuthenticationError):
        await (client.runs.get(RUN_ID) if read else client.runs.delete(RUN_ID))
    assert len(asked) == 3
    assert server.requests == 4


async def test_a_token_that_cannot_be_had(connect, server):
    def give():
        raise OSError("vault is sealed")

    with pytest.raises(errors.AuthenticationError, match="failed with OSError"):
        await connect(token=give).runs.get(RUN_ID)
    assert server.requests == 0


# What is sent


async def test_what_a_request_looks_like(connect, server):
    server.reply(OK)
    await connect(headers={"X-Team": "shop"}).runs.get(RUN_ID)
    [received] = server.received
    assert received.path == "/graphql"
    assert received.headers["content-type"] == received.headers["accept"] == "application/json"
    assert received.headers["x-team"] == "shop"
    assert received.headers["dagster-cloud-api-token"] == TOKEN
    assert received.json["query"] == operations.get_run(run_id=RUN_ID).document
    assert received.json["operationName"] == "GetRun"
    assert received.json["variables"] == {"runId": RUN_ID}


async def test_a_plain_server_gets_no_token(server):
    server.reply(OK)
    async with AsyncDagsterPlus(url=server.url) as client:
        await client.runs.get(RUN_ID)
    [received] = server.received
    assert not {"dagster-cloud-api-token", "authorization"} & received.headers.keys()
