"""The token is seen in the header of requests to the configured origin, and nowhere else."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback

import httpx
import pytest
from kit.canary import TOKEN, leaks
from kit.faults import FAULTS, HTML, error_member
from kit.payloads import RUN_ID, get_run
from kit.server import Reply

from dagster_plus_sdk import BasicAuth, BearerAuth, HeaderAuth, Secret, errors, operations

pytestmark = pytest.mark.anyio

OK = Reply({"data": get_run()})
MEMBERS = [
    error_member("runOrError", "PythonError", stack=[TOKEN], className="E"),
    error_member("runOrError", "RunNotFoundError"),
    error_member("runOrError", "MoonError", proof=TOKEN),
    error_member("runOrError", "Moon", proof=TOKEN, deep={"er": [TOKEN]}),
    Reply({"data": {"runOrError": {"__typename": TOKEN}}}),
]
REPLIES = [
    *(pytest.param(fault.reply, id=fault.name) for fault in FAULTS),
    *(pytest.param(reply, id=f"member {n}") for n, reply in enumerate(MEMBERS)),
    pytest.param(Reply(HTML, 307, {"Location": f"http://elsewhere.test/{TOKEN}"}), id="redirect"),
    pytest.param(Reply(HTML, 307, {"Location": f"/{TOKEN}?t={TOKEN}"}), id="redirect within"),
    pytest.param(Reply(HTML, 500, {"X-Request-Id": TOKEN}), id="request id"),
]


class Watch:
    """What hooks are told, and what is logged."""

    def __init__(self, caplog):
        self.caplog = caplog
        self.events = []
        self.hooks = {"request": [self.events.append], "response": [self.events.append]}
        for name in ("httpx", "dagster_plus_sdk"):
            caplog.set_level(logging.DEBUG if name != "httpx" else logging.INFO, name)

    def leaks(self):
        slots = [
            {
                name: getattr(event, name)
                for kind in type(event).__mro__
                for name in getattr(kind, "__slots__", ())
            }
            for event in self.events
        ]
        return leaks([self.events, slots, self.caplog.text, self.caplog.records])


@pytest.fixture
def watch(caplog):
    return Watch(caplog)


@pytest.mark.parametrize("reply", REPLIES)
async def test_errors_do_not_show_the_token(connect, server, watch, reply):
    server.reply(reply)
    client = connect(event_hooks=watch.hooks)
    with pytest.raises(errors.DagsterPlusError) as caught:
        await client.runs.get(RUN_ID)
    assert leaks(caught.value) == []
    assert watch.events
    assert watch.leaks() == []
    assert leaks([client, vars(client), client.settings, client._transport, client.runs]) == []
    # It was sent, so that there was something to hide.
    assert all(r.headers["dagster-cloud-api-token"] == TOKEN for r in server.received)


@pytest.mark.parametrize("reply", MEMBERS)
async def test_results_do_not_show_the_token_when_they_are_unwrapped_later(client, server, reply):
    server.reply(reply)
    result = await client.execute(operations.get_run(run_id=RUN_ID))
    with pytest.raises(errors.ResultError) as caught:
        _ = result.ok
    assert leaks(caught.value) == []
    assert leaks(result) == []


@pytest.mark.parametrize("reply", [f.reply for f in FAULTS], ids=[f.name for f in FAULTS])
async def test_documents_of_ones_own_do_not_show_the_token(client, server, reply):
    server.reply(reply)
    failure = None
    try:
        await client.graphql("mutation { deleteRun { __typename } }")
    except errors.DagsterPlusError as error:
        failure = error
    assert leaks(failure) == []
    assert failure is not None or reply.content().startswith(b'{"data"')


async def test_data_are_not_touched(client, server):
    """Somebody who lists tokens gets them, the one in use included."""
    server.data({"userTokens": [{"token": TOKEN}]})
    data = await client.graphql("{ userTokens { token } }")
    assert data == {"userTokens": [{"token": TOKEN}]}
    server.replies.clear()
    server.data(get_run(jobName=TOKEN))
    assert (await client.runs.get(RUN_ID)).job_name == TOKEN


@pytest.mark.parametrize(
    "kind",
    [
        httpx.ConnectError,
        httpx.ReadTimeout,
        httpx.LocalProtocolError,
        httpx.DecodingError,
        ValueError,
    ],
)
async def test_exceptions_of_the_http_library_do_not_show_the_token(connect, watch, kind):
    def fail(request):
        seen = dict(request.headers)
        error = kind(f"cannot send {seen}")
        raise error from ValueError(str(seen))

    async with httpx.AsyncClient(transport=httpx.MockTransport(fail)) as http_client:
        client = connect(http_client=http_client, event_hooks=watch.hooks)
        with pytest.raises(errors.DagsterPlusError) as caught:
            await client.runs.get(RUN_ID)
    assert leaks(caught.value) == []
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert watch.leaks() == []


async def test_an_interrupt_does_not_show_the_token(connect):
    """It passes through as it is, without the frames that held the request."""

    class Stop(BaseException):
        pass

    stop = Stop()

    def fail(request):
        raise stop

    async with httpx.AsyncClient(transport=httpx.MockTransport(fail)) as http_client:
        with pytest.raises(Stop) as caught:
            await connect(http_client=http_client).runs.get(RUN_ID)
    assert caught.value is stop
    assert leaks(stop) == []


@pytest.mark.parametrize(
    "auth",
    [
        BearerAuth(TOKEN),
        BasicAuth("user", TOKEN),
        HeaderAuth({"X-Door": TOKEN}),
        HeaderAuth({"X-Door": Secret(TOKEN)}),
    ],
    ids=lambda auth: auth.kind,
)
async def test_other_kinds_of_authentication(connect, server, watch, auth):
    def echo(received):
        seen = " ".join(received.headers.values())
        return Reply(seen.encode(), 500)

    server.reply(echo)
    client = connect(token=None, auth=auth, event_hooks=watch.hooks)
    with pytest.raises(errors.ServerError) as caught:
        await client.runs.get(RUN_ID)
    [sent] = auth.headers().values()
    for secret in (TOKEN, sent.split()[-1]):
        assert leaks([caught.value, client, watch.events], secret) == []
    assert sent in server.received[0].headers.values()


async def test_a_client_that_works_shows_nothing(connect, server, watch):
    server.reply(OK)
    client = connect(event_hooks=watch.hooks, headers={"X-Team": "shop"})
    await client.runs.get(RUN_ID)
    for thing in (client, client.settings, client._transport, client.runs, client.runs.list()):
        assert leaks(thing) == []
        assert leaks(vars(thing) if hasattr(thing, "__dict__") else repr(thing)) == []
    assert watch.leaks() == []
    assert "GetRun attempt 1: HTTP 200, ok" in watch.caplog.text
    assert "HTTP Request: POST" in watch.caplog.text


async def test_a_client_is_not_pickled(client):
    for refused in (lambda: pickle.dumps(client), lambda: copy.deepcopy(client)):
        with pytest.raises(TypeError, match="not pickled") as caught:
            refused()
        assert leaks(caught.value) == []


def test_the_search_finds_a_planted_token():
    class Plain:
        pass

    def nested(value):
        planted = Plain()
        planted.deep = [{"a": (value,)}]
        return planted

    def raised(local):
        note = local  # what a traceback with locals shows
        try:
            return {}[len(note)]
        except KeyError as error:
            return error

    class Speaks:
        def __repr__(self):
            return f"<{TOKEN}>"

    hidden = ValueError("clean")
    hidden.__context__ = KeyError(TOKEN)
    caused = ValueError("clean")
    caused.__cause__ = KeyError(TOKEN)
    planted = {
        "text": TOKEN,
        "bytes": f"x{TOKEN}".encode(),
        "nested": nested(TOKEN),
        "bytes inside": nested(TOKEN.encode()),
        "key": {TOKEN: 1},
        "repr": Speaks(),
        "locals": raised(TOKEN),
        "context": hidden,
        "cause": caused,
        "attribute": nested(caused),
    }
    assert [name for name, value in planted.items() if not leaks(value)] == []
    clean = {"text": "t", "nested": nested("t"), "secret": Secret(TOKEN), "locals": raised("t")}
    assert [name for name, value in clean.items() if leaks(value)] == []
    shown = traceback.format_exception(planted["locals"])
    assert TOKEN not in "".join(shown)  # only the locals show it
