"""Events of runs: filters that lose nothing, and following to the end."""

from __future__ import annotations

import time

import pytest
from kit.event_log import EventLog
from kit.payloads import RUN_ID, error, event, event_page
from kit.server import Reply

from dagster_plus_sdk import (
    AssetCheckEvaluationPlannedEvent,
    EngineEvent,
    ExecutionStepFailureEvent,
    FailedToMaterializeEvent,
    FailureEvent,
    FloatMetadataEntry,
    LoadedInputEvent,
    LogLevel,
    LogsCapturedEvent,
    MarkerEvent,
    MaterializationEvent,
    ObjectStoreOperationEvent,
    StepExpectationResultEvent,
    errors,
)

pytestmark = pytest.mark.anyio

LATE = range(400, 450)
#: 450 events with 30 warnings at the end.
LONG = [event(n, level="WARNING" if n in LATE and n % 5 < 3 else "INFO") for n in range(450)]
WARNINGS = [e["message"] for e in LONG if e["level"] == "WARNING"]


@pytest.fixture
def log(server):
    """A long log that the server answers from."""
    made = EventLog(LONG)
    server.reply(made)
    return made


def texts(events):
    return [e.message for e in events]


# What each type of event has

SHARE = {
    "__typename": "FloatMetadataEntry",
    "label": "share",
    "description": None,
    "floatValue": None,
    "floatRepr": "inf",
}
SHOWN = {"label": None, "description": "so it was", "metadataEntries": [SHARE]}
CAUSE = {"className": "KeyError", "message": "KeyError: 'a'", "stack": []}
ERROR = {
    "className": "ValueError",
    "message": "ValueError: no",
    "stack": ["line"],
    "causes": [],
    "chain": [{"isExplicitLink": False, "error": CAUSE}],
}
ASSET = {"assetKey": {"path": ["a", "b"]}, "partition": "p", "tags": [{"key": "k", "value": "v"}]}
TYPES = {
    "MaterializationEvent": (MaterializationEvent, {**SHOWN, **ASSET, "lineage": []}),
    "FailedToMaterializeEvent": (
        FailedToMaterializeEvent,
        {**SHOWN, **ASSET, "reason": "FAILED_TO_MATERIALIZE", "failureType": "FAILED"},
    ),
    "AssetCheckEvaluationPlannedEvent": (
        AssetCheckEvaluationPlannedEvent,
        {"checkedAssetKey": {"path": ["a", "b"]}, "checkName": "c"},
    ),
    "EngineEvent": (
        EngineEvent,
        {**SHOWN, "error": ERROR, "markerStart": "begin", "markerEnd": None},
    ),
    "ExecutionStepFailureEvent": (
        ExecutionStepFailureEvent,
        {"error": ERROR, "errorSource": "USER_CODE_ERROR", "failureMetadata": SHOWN},
    ),
    "LoadedInputEvent": (
        LoadedInputEvent,
        {**SHOWN, "inputName": "i", "managerKey": "m", "upstreamOutputName": "o"},
    ),
    "ObjectStoreOperationEvent": (
        ObjectStoreOperationEvent,
        {"operation": {**SHOWN, "op": "SET_OBJECT"}},
    ),
    "StepExpectationResultEvent": (
        StepExpectationResultEvent,
        {"expectation": {**SHOWN, "success": False}},
    ),
    "LogsCapturedEvent": (
        LogsCapturedEvent,
        {
            "fileKey": "f",
            "stepKeys": ["s"],
            "pid": 7,
            "shellCmd": {"stdout": "cat", "stderr": None},
        },
    ),
}


async def test_every_type_keeps_its_fields(client, server):
    sent = [event(n, __typename=name, **f) for n, (name, (_, f)) in enumerate(TYPES.items())]
    server.data({"logsForRun": event_page(sent, cursor="c")})
    found = await client.run_events.get(RUN_ID).to_list()
    assert [type(e) for e in found] == [kind for kind, _ in TYPES.values()]
    made, failed, planned, engine, step, loaded, stored, expected, captured = found
    [entry] = made.metadata_entries
    assert (type(entry), entry.float_value, entry.float_repr) == (FloatMetadataEntry, None, "inf")
    assert (str(made.asset_key), made.partition, made.tags[0].value) == ("a/b", "p", "v")
    assert (failed.reason, failed.failure_type) == ("FAILED_TO_MATERIALIZE", "FAILED")
    assert (str(planned.checked_asset_key), planned.check_name) == ("a/b", "c")
    assert isinstance(engine, FailureEvent)
    assert isinstance(engine, MarkerEvent)
    assert engine.marker_start == "begin"
    assert isinstance(step, FailureEvent)
    assert [link.error.class_name for link in step.error.chain] == ["KeyError"]
    assert (step.error_source, step.failure_metadata.description) == (
        "USER_CODE_ERROR",
        "so it was",
    )
    assert (loaded.upstream_output_name, loaded.upstream_step_key) == ("o", None)
    assert (stored.operation.op, expected.expectation.success) == ("SET_OBJECT", False)
    assert (captured.pid, captured.shell_cmd.stdout) == (7, "cat")


# get


async def test_events_as_they_are(client, server, log):
    found = await client.run_events.get(RUN_ID).to_list()
    assert texts(found) == [f"event {n}" for n in range(450)]
    assert found[1].timestamp.timestamp() == 1700000000.001
    assert found[1].timestamp.utcoffset().total_seconds() == 0
    assert server.operations == ["ListRunEvents"]


async def test_twenty_of_thirty_late_warnings_take_one_request_and_the_others_one_more(
    client, server, log
):
    events = client.run_events.get(RUN_ID, levels="WARNING", limit=20)
    assert texts(await events.to_list()) == WARNINGS[:20]
    assert server.requests == 1
    assert server.received[0].variables == {"runId": RUN_ID, "afterCursor": None, "limit": 1000}
    rest = client.run_events.get(RUN_ID, levels=[LogLevel.WARNING], cursor=events.cursor)
    assert texts(await rest.to_list()) == WARNINGS[20:]
    assert server.requests == 2


@pytest.mark.parametrize("limit", [1, 7, 29])
@pytest.mark.parametrize("most", [1000, 60])
async def test_in_pieces(client, server, log, limit, most):
    log.most = most
    found, cursor = [], None
    while True:
        events = client.run_events.get(RUN_ID, levels="warning", limit=limit, cursor=cursor)
        part = await events.to_list()
        found += texts(part)
        cursor = events.cursor
        if len(part) < limit:
            break
    assert found == WARNINGS


async def test_filters_and_cursors_of_the_server(client, log):
    log.events[7] = event(7, eventType="RUN_START", stepKey="Load.orders", level="DEBUG")
    run_events = client.run_events
    assert texts(await run_events.get(RUN_ID, types="PIPELINE_START").to_list()) == ["event 7"]
    assert texts(await run_events.get(RUN_ID, steps="load").to_list()) == ["event 7"]
    assert texts(await run_events.get(RUN_ID, steps="load", levels="INFO").to_list()) == []
    own = run_events.get(RUN_ID, where=lambda e: e.message.endswith("9"), limit=2)
    assert texts(await own.to_list()) == ["event 9", "event 19"]
    assert texts(await run_events.get(RUN_ID, cursor="at-448").to_list()) == [
        "event 448",
        "event 449",
    ]
    assert (await run_events.get(RUN_ID).first()).message == "event 0"


async def test_pages_of_ones_own_size(client, server, log):
    pages = [page async for page in client.run_events.get(RUN_ID, page_size=200).pages()]
    assert [len(page) for page in pages] == [200, 200, 50]
    assert [page.has_more for page in pages] == [True, True, False]
    assert [r.variables["limit"] for r in server.received] == [200] * 3


async def test_events_of_a_run_that_is_not_there(client, server):
    server.data({"logsForRun": error("RunNotFoundError", "no such run")})
    with pytest.raises(errors.NotFoundError, match="no such run"):
        await client.run_events.get(RUN_ID).to_list()


@pytest.mark.parametrize(
    "given",
    [
        {"types": "MOON"},
        {"levels": "LOUD"},
        {"steps": " "},
        {"levels": []},
        {"page_size": 1001},
        {"limit": -1},
    ],
)
async def test_what_cannot_be_is_refused_before_anything_is_sent(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.run_events.get(RUN_ID, **given)
    with pytest.raises(errors.InvalidInputError, match="run_id must be a text"):
        client.run_events.get("")
    assert server.requests == 0


# follow


def arriving(log, *batches, status="SUCCESS"):
    """Let events come poll by poll; the run ends with the last."""

    def step(batch, *, last):
        def arrive():
            log.events += batch
            if last:
                log.status = status

        return arrive

    log.steps = [step(batch, last=n == len(batches) - 1) for n, batch in enumerate(batches)]


@pytest.fixture
def running(server):
    """The log of a run that has just begun."""
    made = EventLog(status="STARTED")
    server.reply(made)
    return made


async def drain(events, found):
    async for e in events:
        found.append(e.message)


async def collect(events):
    found = []
    await drain(events, found)
    return found


@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE", "CANCELED"])
async def test_follow_gives_each_event_once_and_ends_after_the_run(client, server, running, status):
    numbers = [range(3), [], range(3, 5), range(5, 6)]
    arriving(running, *([event(n) for n in part] for part in numbers), status=status)
    found = await collect(client.run_events.follow(RUN_ID, poll=0.01))
    assert found == [f"event {n}" for n in range(6)]
    # One more poll after the end was seen, for what came in between.
    assert server.operations == ["PollRunEvents"] * 5


async def test_follow_gives_events_that_come_after_the_end_was_seen(client, server, running):
    arriving(running, [event(0)], [event(1)])
    running.steps.append(lambda: running.events.append(event(2)))
    assert await collect(client.run_events.follow(RUN_ID, poll=0.01)) == [
        "event 0",
        "event 1",
        "event 2",
    ]


async def test_follow_a_run_that_has_ended_long_ago(client, server, log):
    log.most = 100
    assert len(await collect(client.run_events.follow(RUN_ID, poll=0.01))) == 450
    assert server.requests == 6  # five pages at once, and the last look


async def test_follow_filters_and_resumes(client, log):
    kept = client.run_events.follow(RUN_ID, levels="WARNING", poll=0.01)
    assert await collect(kept) == WARNINGS
    rest = client.run_events.follow(RUN_ID, cursor="at-447", poll=0.01)
    assert await collect(rest) == ["event 447", "event 448", "event 449"]
    read = client.run_events.get(RUN_ID, limit=448)
    await read.to_list()
    for most in (1000, 60):  # the used events may be more than a page
        log.most = most
        rest = client.run_events.follow(RUN_ID, cursor=read.cursor, poll=0.01)
        assert await collect(rest) == ["event 448", "event 449"]
    none = client.run_events.follow(
        RUN_ID, types="STEP_START", steps="x", where=lambda e: True, poll=0.01
    )
    assert await collect(none) == []


FAULTS = [
    Reply(b"<html>", 502),
    Reply(b"", 503),
    Reply(b"", 429, {"Retry-After": "0"}),
    Reply(fault="reset"),
    Reply({"maintenance": {"retry_interval": 0}}),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["502", "503", "429", "reset", "maintenance"])
async def test_follow_with_a_deadline_survives_faults(connect, server, running, clock, fault):
    arriving(running, [event(0)], [], [event(1)])
    running.steps[1:1] = [lambda: fault] * 5
    client = connect(retries=0)
    found = await collect(client.run_events.follow(RUN_ID, poll=0.005, timeout=60))
    assert found == ["event 0", "event 1"]
    assert server.requests == 9


async def test_follow_without_a_deadline_survives_faults_from_the_first_answer_on(
    connect, server, running
):
    arriving(running, [event(0)], [event(1)])
    running.steps[1:1] = [lambda: FAULTS[0]] * 6
    assert await collect(connect().run_events.follow(RUN_ID, poll=0.005)) == ["event 0", "event 1"]


async def test_follow_without_a_deadline_gives_up_where_the_first_request_does(connect, server):
    server.reply(FAULTS[0])
    with pytest.raises(errors.ServiceUnavailableError) as caught:
        await collect(connect().run_events.follow(RUN_ID, poll=0.005))
    assert (caught.value.attempts, server.requests) == (5, 5)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(b"", 401), errors.AuthenticationError),
        (Reply({"errors": [{"message": "m"}]}, 400), errors.GraphQLRequestError),
    ],
)
async def test_follow_does_not_survive_what_will_not_pass(client, server, reply, kind):
    server.reply(reply)
    with pytest.raises(kind):
        await collect(client.run_events.follow(RUN_ID, timeout=60))
    assert server.requests == 1


async def test_follow_a_run_that_is_not_there(client, server):
    gone = error("RunNotFoundError", "no such run")
    server.data({"runOrError": gone, "logsForRun": gone})
    with pytest.raises(errors.NotFoundError, match="no such run") as caught:
        await collect(client.run_events.follow(RUN_ID, timeout=60))
    assert (caught.value.operation, server.requests) == ("PollRunEvents", 1)


async def test_follow_a_run_that_does_not_end_in_time(client, server, running, clock):
    running.events = [event(0)]
    found = []
    with pytest.raises(errors.WaitTimeoutError, match=f"Run {RUN_ID} did not end within 20 s"):
        await drain(client.run_events.follow(RUN_ID, poll=1, timeout=20), found)
    assert found == ["event 0"]
    assert clock.now == pytest.approx(20)
    assert server.requests > 20


async def test_follow_a_run_that_has_ended_takes_no_time_limit(client, server, log):
    """That it has ended is known with the first answer; what is behind it is asked for nevertheless."""
    log.events, log.most = [event(n) for n in range(5)], 2
    found = await collect(client.run_events.follow(RUN_ID, timeout=0))
    assert found == [f"event {n}" for n in range(5)]
    log.steps = [lambda: None, lambda: None, lambda: None, *[lambda: Reply(b"", 503)] * 3]
    with pytest.raises(errors.WaitTimeoutError, match="did not end"):
        await collect(client.run_events.follow(RUN_ID, timeout=0))


async def test_follow_a_run_that_writes_faster_than_it_is_read(client, server, log):
    log.status, log.most = "STARTED", 1

    def write():
        log.events += [event(len(log.events)), event(len(log.events) + 1)]

    log.events, log.steps = [event(0), event(1)], [write] * 5000
    found = []
    with pytest.raises(errors.WaitTimeoutError, match="did not end"):
        await drain(client.run_events.follow(RUN_ID, timeout=0.2), found)
    assert found == [f"event {n}" for n in range(len(found))]
    assert log.steps


async def test_a_server_that_hangs_does_not_outlast_the_deadline(client, server, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._core.timeouts.SHORTEST_TRY", 0.5)
    server.reply(Reply(fault="hang"))
    started = time.monotonic()
    with pytest.raises(errors.WaitTimeoutError):
        await collect(client.run_events.follow(RUN_ID, poll=0.01, timeout=0.01))
    assert time.monotonic() - started < 50  # it hangs for 60 s


async def test_follow_with_a_cursor_that_does_not_move(client, server):
    stuck = {
        "logsForRun": event_page([event(0)], cursor="at-0", more=True),
        "runOrError": {"__typename": "Run", "id": RUN_ID, "status": "STARTED"},
    }
    server.data(stuck)
    found = []
    with pytest.raises(errors.PaginationError, match="its cursor stays 'at-0'"):
        await drain(client.run_events.follow(RUN_ID, poll=0.01), found)
    assert found == ["event 0", "event 0"]
    assert server.requests == 2


@pytest.mark.parametrize("poll", [0, -1])
async def test_follow_needs_a_pause(client, server, poll):
    with pytest.raises(errors.InvalidInputError, match="poll must be more than 0 s"):
        await collect(client.run_events.follow(RUN_ID, poll=poll))
    with pytest.raises(errors.InvalidInputError, match="run_id"):
        await collect(client.run_events.follow(""))
    assert server.requests == 0
