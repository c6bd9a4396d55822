"""Waiting for runs: faults, many at once, automatic retries, what came of them."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest
from kit.canary import TOKEN, leaks
from kit.payloads import (
    RUN_ID,
    error,
    event,
    event_page,
    run,
    run_summary,
    step_failure,
)  # fmt: skip
from kit.server import Reply

from dagster_plus_sdk import FailedStep, Run, errors

pytestmark = pytest.mark.anyio

WILL_RETRY = "dagster/will_retry"
RETRY_RUN = "dagster/auto_retry_run_id"


class Instance:
    """Runs that go from state to state, one with each look; the last one stays.

    Args:
        states: For each run what each look sees: a status, or a status and tags.
        events: For each run its pages of events.
    """

    def __init__(self, server, states, events=None):
        self.states = {run_id: list(seen) for run_id, seen in states.items()}
        self.events = events or {}
        self.faults = []
        self.asked = []
        server.reply(self.answer)

    def answer(self, received):
        if self.faults:
            return self.faults.pop(0)
        return Reply({"data": getattr(self, received.operation)(received.variables)})

    def seen(self, run_id, *, move):
        states = self.states[run_id]
        now = states.pop(0) if move and len(states) > 1 else states[0]
        status, tags = (now, {}) if isinstance(now, str) else now
        return {"status": status, "tags": [{"key": k, "value": v} for k, v in tags.items()]}

    def ListRuns(self, variables):
        chosen = variables["filter"]
        if "tags" in chosen:
            [tag] = chosen["tags"]
            ids = [i for i in self.states if (tag["key"], tag["value"]) in self.tags_of(i)]
        else:
            ids = chosen["runIds"]
            self.asked.append(ids)
            assert variables["limit"] == len(ids)
        # The server's order is its own.
        known = [i for i in reversed(ids) if i in self.states]
        found = [run_summary(i, **self.seen(i, move="tags" not in chosen)) for i in known]
        return {"runsOrError": {"__typename": "Runs", "results": found}}

    def tags_of(self, run_id):
        return {(tag["key"], tag["value"]) for tag in self.seen(run_id, move=False)["tags"]}

    def FindRuns(self, variables):
        ids = variables["filter"]["runIds"]
        found = [run(id=i, **self.seen(i, move=False)) for i in reversed(ids)]
        return {"runsOrError": {"__typename": "Runs", "results": found}}

    def GetRunState(self, variables):
        return {"runOrError": error("RunNotFoundError", f"no run {variables['runId']}")}

    def ListRunEvents(self, variables):
        pages = self.events.get(variables["runId"], [[]])
        number = int(variables["afterCursor"] or 0)
        more = number + 1 < len(pages)
        return {"logsForRun": event_page(pages[number], cursor=str(number + 1), more=more)}

    def TerminateRuns(self, variables):
        self.terminated = variables["runIds"]
        first, *others = self.terminated
        results = [{"__typename": "TerminateRunSuccess", "run": run_summary(first)}]
        results += [error("RunNotFoundError", "gone") for _ in others]
        return {"terminateRuns": {"__typename": "TerminateRunsResult", "results": results}}


@pytest.fixture
def waits(monkeypatch):
    """What is waited for between two looks; no time passes."""
    seconds = []

    async def note(wait):
        seconds.append(wait)

    monkeypatch.setattr("dagster_plus_sdk._async.polling.asleep", note)
    monkeypatch.setattr("dagster_plus_sdk._async.run_waiting.asleep", note)
    return seconds


# One run


async def test_the_run_is_returned_when_it_has_ended(client, server, waits):
    Instance(server, {RUN_ID: ["QUEUED", "STARTED", "STARTED", "CANCELING", "SUCCESS"]})
    found = await client.runs.wait(RUN_ID, poll=0.2)
    assert (type(found), found.id, found.status) == (Run, RUN_ID, "SUCCESS")
    assert server.operations == ["ListRuns"] * 5 + ["FindRuns"]
    # First quickly, then ever more slowly; each shortened by up to a quarter.
    longest = [0.1, 0.11, 0.121, 0.1331]
    assert all(0.75 * most <= wait <= most for wait, most in zip(waits, longest, strict=True))


async def test_pauses_grow_with_the_time_that_was_waited(client, server, clock):
    """What is noticed late is a small part of what was waited for; after some seconds it is `poll`."""
    instance = Instance(server, {RUN_ID: ["STARTED"] * 60 + ["SUCCESS"]})
    times = []

    def answer(received):
        times.append(clock.now)
        return instance.answer(received)

    server.replies[:] = [answer]
    await client.runs.wait(RUN_ID, poll=1.0)
    pauses = [(at, after - at) for at, after in pairwise(times[:-1])]
    assert all(pause <= 0.1 + 0.15 * at for at, pause in pauses)
    assert {pause <= 1 for _, pause in pauses} == {True}
    assert all(pause >= 0.75 for _, pause in pauses[-30:])


@pytest.mark.parametrize("timeout", [None, 5])
async def test_no_such_run(client, server, timeout):
    Instance(server, {})
    with pytest.raises(errors.NotFoundError, match="no run nope") as caught:
        await client.runs.wait("nope", timeout=timeout)
    assert caught.value.code == "RUN_NOT_FOUND"
    assert server.operations == ["ListRuns", "GetRunState"]


@pytest.mark.parametrize(
    ("run_id", "given"),
    [
        (RUN_ID, {"poll": 0}),
        (RUN_ID, {"poll": float("nan")}),
        (RUN_ID, {"timeout": -1}),
        (RUN_ID, {"timeout": float("nan")}),
        ("", {}),
        (None, {}),
        (["a", " "], {}),
    ],
)
async def test_what_cannot_be_is_refused_before_anything_is_sent(client, server, run_id, given):
    with pytest.raises(errors.InvalidInputError):
        await client.runs.wait(run_id, **given)
    assert server.requests == 0


# Faults

FAULTS = [
    Reply(b"", 503),
    Reply(fault="reset"),
    Reply(b"", 502),
    Reply(b"", 500),
    Reply(b"", 429, {"Retry-After": "0.01"}),
    Reply({"maintenance": {"message": "back soon", "retry_interval": 0.01}}, 503),
    Reply(fault="truncate", body=b'{"data": {"runsOrError": {}}}'),
    Reply({"errors": [{"message": "database is away", "path": ["runsOrError"]}]}, 500),
    Reply({"data": {"runsOrError": error("PythonError", "away", className="E", stack=[])}}),
]


@pytest.mark.parametrize("timeout", [None, 600])
async def test_any_number_of_faults_in_the_middle(connect, server, waits, timeout):
    instance = Instance(server, {RUN_ID: ["STARTED", "SUCCESS"]})

    def fail(received):
        server.replies[:] = [instance.answer]
        instance.faults = FAULTS * 10
        return instance.answer(received)

    first = instance.answer
    server.replies[:] = [first, fail]
    found = await connect(retries=0).runs.wait(RUN_ID, timeout=timeout)
    assert found.status == "SUCCESS"
    assert server.requests == 2 + len(FAULTS) * 10 + 1
    assert max(waits) <= 5.0


async def test_a_pause_after_faults_is_as_long_as_the_server_asks(connect, server, waits):
    instance = Instance(server, {RUN_ID: ["SUCCESS"]})
    instance.faults = [Reply(b"", 429, {"Retry-After": "120"})]
    await connect(retries=0).runs.wait(RUN_ID, timeout=600)
    assert waits == [120.0]
    waits.clear()
    instance.faults = [Reply(b"", 429, {"Retry-After": "86400"})]
    await connect(retries=0).runs.wait(RUN_ID, timeout=600)
    assert waits == [300.0]


async def test_a_pause_never_outlasts_the_deadline(connect, server, clock):
    """Then the run is looked at a last time, whatever the server asked for."""
    instance = Instance(server, {RUN_ID: ["SUCCESS"]})
    instance.faults = [Reply(b"", 429, {"Retry-After": "120"})]
    assert (await connect(retries=0).runs.wait(RUN_ID, timeout=60)).status == "SUCCESS"
    assert clock.pauses == [60]


async def test_faults_before_the_first_answer_with_a_timeout(connect, server, waits):
    instance = Instance(server, {RUN_ID: ["SUCCESS"]})
    instance.faults = [Reply(b"", 503), Reply(fault="reset"), Reply(b"oops", 500)] * 7
    assert (await connect(retries=0).runs.wait(RUN_ID, timeout=60)).id == RUN_ID


async def test_a_server_that_never_answered_is_not_waited_for_without_a_timeout(client, server):
    server.reply(Reply(b"", 503))
    with pytest.raises(errors.ServiceUnavailableError):
        await client.runs.wait(RUN_ID)
    assert server.requests == 5  # as ever


@pytest.mark.parametrize("reply", [Reply(b"", 401), Reply({"data": {"runsOrError": error("UnauthorizedError")}})])  # fmt: skip
async def test_errors_that_do_not_pass_end_it(client, server, waits, reply):
    instance = Instance(server, {RUN_ID: ["STARTED"]})
    server.replies[:] = [instance.answer, reply]
    with pytest.raises((errors.AuthenticationError, errors.PermissionDeniedError)):
        await client.runs.wait(RUN_ID, timeout=60)
    assert server.requests == 2


# Timeouts


async def test_the_time_is_over(client, server):
    Instance(server, {RUN_ID: ["STARTED"]})
    with pytest.raises(
        errors.WaitTimeoutError, match=f"^Run {RUN_ID} did not end within 0.05 s"
    ) as caught:
        await client.runs.wait(RUN_ID, timeout=0.05, poll=0.01)
    assert (caught.value.run_ids, caught.value.terminated) == ([RUN_ID], ())
    assert set(server.operations) == {"ListRuns"}
    assert pickle.loads(pickle.dumps(caught.value)).run_ids == [RUN_ID]


async def test_the_error_says_what_the_server_said_last(client, server):
    server.reply(Reply(b"", 502))
    with pytest.raises(errors.WaitTimeoutError, match=r"asked last: .*HTTP 502"):
        await client.runs.wait(RUN_ID, timeout=0.05, poll=0.01)


async def test_runs_are_asked_to_end_when_the_time_is_over(client, server):
    instance = Instance(server, {"a": ["STARTED"], "b": ["SUCCESS"], "c": ["QUEUED"]})
    with pytest.raises(errors.WaitTimeoutError) as caught:
        await client.runs.wait_many(
            ["a", "b", "c"], timeout=0.03, poll=0.01, cancel_on_timeout=True
        )
    failure = caught.value
    assert instance.terminated == failure.run_ids == ["a", "c"]
    assert failure.terminated == ["a"]
    assert failure.message == (
        "2 of 3 runs (a, c) did not end within 0.03 s; asked to end: a; could not be asked to end: c: gone"
    )


async def test_a_server_that_does_not_say_of_each_run_whether_it_ends(client, server):
    instance = Instance(server, {"a": ["STARTED"], "b": ["STARTED"]})
    results = [{"__typename": "TerminateRunSuccess", "run": run_summary("a")}]
    answer = {"__typename": "TerminateRunsResult", "results": results}
    instance.TerminateRuns = lambda _: {"terminateRuns": answer}
    with pytest.raises(errors.WaitTimeoutError, match="b: no answer") as caught:
        await client.runs.wait_many(["a", "b"], timeout=0, cancel_on_timeout=True)
    assert caught.value.terminated == ["a"]


async def test_a_server_that_cannot_even_be_asked_to_end_them(client, server):
    instance = Instance(server, {RUN_ID: ["STARTED"]})
    instance.TerminateRuns = lambda _: {"terminateRuns": error("UnauthorizedError", "not you")}
    with pytest.raises(errors.WaitTimeoutError, match=r"could not be asked to end: .*not you"):
        await client.runs.wait(RUN_ID, timeout=0.03, poll=0.01, cancel_on_timeout=True)


# Many runs


async def test_many_runs_take_one_request_per_look_and_keep_their_order(client, server, waits):
    ids = [f"run-{n}" for n in range(250)]
    slow = ["STARTED", "STARTED", "SUCCESS"]
    instance = Instance(server, {i: slow if n % 2 else ["SUCCESS"] for n, i in enumerate(ids)})
    found = await client.runs.wait_many(iter([*ids, "run-0"]))
    assert [r.id for r in found] == [*ids, "run-0"]
    # 250, then only those that have not ended.
    assert [len(asked) for asked in instance.asked] == [100, 100, 50, 100, 25, 100, 25]
    assert server.operations.count("FindRuns") == 10
    assert await client.runs.wait_many([]) == []


# Retries


async def test_automatic_retries_are_followed_to_the_last_run(client, server, waits):
    first = ("FAILURE", {WILL_RETRY: "true"})
    Instance(
        server,
        {
            "a": ["STARTED", first, first, ("FAILURE", {WILL_RETRY: "true", RETRY_RUN: "b"})],
            "b": ["STARTED", "FAILURE", ("FAILURE", {WILL_RETRY: "true", RETRY_RUN: "c"})],
            "c": ["QUEUED", "SUCCESS"],
            "d": ["SUCCESS"],
        },
    )
    found = await client.runs.wait_many(["a", "d"])
    assert [(r.id, r.status) for r in found] == [("c", "SUCCESS"), ("d", "SUCCESS")]


@pytest.mark.parametrize("tags", [{}, {WILL_RETRY: "false"}])
async def test_a_failure_that_is_not_retried(client, server, waits, tags):
    instance = Instance(server, {RUN_ID: [("FAILURE", tags)]})
    found = await client.runs.wait(RUN_ID, raise_on_failure=False, poll=60)
    assert (found.id, found.status) == (RUN_ID, "FAILURE")
    # Without the mark it is looked at once more, and soon, but not too soon: the mark comes behind the state.
    assert (len(instance.asked), waits) == ((1, []) if tags else (2, [0.5]))


async def test_a_mark_that_comes_late(client, server, waits):
    """The run stood as failed before it was marked."""
    marked = ("FAILURE", {WILL_RETRY: "true", RETRY_RUN: "b"})
    Instance(server, {"a": ["STARTED", "FAILURE", marked], "b": ["SUCCESS"]})
    assert (await client.runs.wait("a", poll=0.01)).id == "b"
    assert waits[1] == 0.5


async def test_a_retry_that_dagster_gives_up(client, server, waits):
    """It could not be launched: the mark is taken back."""
    seen = [("FAILURE", {WILL_RETRY: word}) for word in ("true", "true", "false")]
    instance = Instance(server, {"a": seen})
    assert (await client.runs.wait("a", raise_on_failure=False)).id == "a"
    assert len(instance.asked) == 3


async def test_a_failure_without_a_mark_when_the_time_is_over(client, server):
    Instance(server, {RUN_ID: ["FAILURE"]})
    assert (await client.runs.wait(RUN_ID, timeout=0, raise_on_failure=False)).id == RUN_ID


async def test_retries_are_not_followed_where_that_is_not_wanted(client, server, waits):
    Instance(server, {"a": [("FAILURE", {WILL_RETRY: "true", RETRY_RUN: "b"})]})
    found = await client.runs.wait("a", follow_retries=False, raise_on_failure=False)
    assert found.id == "a"
    assert server.operations == ["ListRuns", "FindRuns"]


async def test_a_retry_that_does_not_come(client, server, clock, monkeypatch):
    Instance(server, {RUN_ID: [("FAILURE", {WILL_RETRY: "true"})]})
    with pytest.raises(errors.WaitTimeoutError, match="has failed, but its automatic retry"):
        await client.runs.wait(RUN_ID, timeout=2)
    monkeypatch.setattr("dagster_plus_sdk._core.run_watch.RETRY_SECONDS", 5)
    with pytest.raises(errors.RunFailedError, match="its automatic retry did not start within"):
        await client.runs.wait(RUN_ID)
    assert 7 <= clock.now < 8


async def test_retries_of_servers_that_do_not_mark_them(client, server, waits):
    """They are runs with a parent and a number; what somebody executed again has no number."""
    failed = ("FAILURE", {"dagster/max_retries": "1"})
    Instance(
        server,
        {
            "a": [failed],
            "by-hand": [("FAILURE", {"dagster/parent_run_id": "a"})],
            "b": [("SUCCESS", {"dagster/parent_run_id": "a", "dagster/retry_number": "1"})],
        },
    )
    assert (await client.runs.wait("a")).id == "b"


async def test_a_retry_that_only_a_tag_lets_expect(client, server, clock, monkeypatch):
    """Where retries are off it does not come; until that is sure, it is looked for as often as ever."""
    monkeypatch.setattr("dagster_plus_sdk._core.run_watch.UNMARKED_RETRY_SECONDS", 5)
    Instance(server, {"a": [("FAILURE", {"dagster/max_retries": "1"})]})
    assert (await client.runs.wait("a", raise_on_failure=False)).id == "a"
    assert 0.5 not in clock.pauses
    assert 5 <= clock.now < 6


async def test_a_server_whose_retries_go_in_circles(client, server, waits):
    Instance(
        server,
        {
            "a": [("FAILURE", {RETRY_RUN: "b"})],
            "b": [("FAILURE", {RETRY_RUN: "a"})],
        },
    )
    assert (await client.runs.wait("a", raise_on_failure=False)).id == "b"


# What came of it


async def test_the_error_has_the_failed_steps(client, server, waits):
    pages = [
        [event(0, eventType="RUN_START"), step_failure("load", "no disk", class_name="OSError")],
        [step_failure("charge", "card declined", stack=("  File b\n", "  File c\n"))],
        [event(3, eventType="RUN_FAILURE", message="Execution of run failed.")],
    ]
    Instance(server, {RUN_ID: ["STARTED", "FAILURE"]}, {RUN_ID: pages})
    with pytest.raises(errors.RunFailedError) as caught:
        await client.runs.wait(RUN_ID)
    failure = caught.value
    assert failure.message == f"Run {RUN_ID} ended with FAILURE: step load: no disk (and 1 more)"
    assert (failure.code, failure.run_id, failure.status) == ("RUN_FAILED", RUN_ID, "FAILURE")
    assert (type(failure.run), failure.runs) == (Run, [failure.run])
    assert failure.steps == [
        FailedStep("load", "no disk", "OSError", ["  File a\n"]),
        FailedStep("charge", "card declined", "ValueError", ["  File b\n", "  File c\n"]),
    ]
    assert failure.stack == ["  File a\n"]
    assert [e["step_key"] for e in failure.errors] == ["load", "charge"]
    again = pickle.loads(pickle.dumps(failure))
    assert (again.steps, again.run_id) == (failure.steps, RUN_ID)


async def test_a_failure_without_a_step_has_the_runs_own_reason(client, server, waits):
    reason = event(0, eventType="RUN_FAILURE", message="The process died.")
    Instance(server, {RUN_ID: ["FAILURE"]}, {RUN_ID: [[reason]]})
    with pytest.raises(errors.RunFailedError, match=r"ended with FAILURE: The process died\.$"):
        await client.runs.wait(RUN_ID)


async def test_a_canceled_run(client, server, waits):
    Instance(server, {RUN_ID: ["CANCELED"]})
    with pytest.raises(errors.RunFailedError, match=f"^Run {RUN_ID} ended with CANCELED$"):
        await client.runs.wait(RUN_ID)
    assert "ListRunEvents" not in server.operations
    assert (await client.runs.wait(RUN_ID, raise_on_failure=False)).status == "CANCELED"


async def test_a_failure_is_one_even_if_its_reasons_cannot_be_read(client, server, waits):
    instance = Instance(server, {RUN_ID: ["FAILURE"]})
    instance.ListRunEvents = lambda _: {"logsForRun": error("UnauthorizedError")}
    with pytest.raises(errors.RunFailedError, match=r"ended with FAILURE$") as caught:
        await client.runs.wait(RUN_ID)
    assert caught.value.steps == []


async def test_a_run_that_is_named_twice_failed_once(client, server, waits):
    Instance(server, {"a": ["CANCELED"], "b": ["SUCCESS"]})
    with pytest.raises(errors.RunFailedError) as caught:
        await client.runs.wait_many(["a", "b", "a"])
    assert caught.value.message == "1 of 2 runs did not succeed: a (CANCELED)"
    assert [r.id for r in caught.value.runs] == ["a", "b", "a"]
    with pytest.raises(errors.RunFailedError, match=r"^Run a ended with CANCELED$"):
        await client.runs.wait_many(["a", "a"])


async def test_a_run_that_is_deleted_while_it_is_waited_for(client, server, waits):
    instance = Instance(server, {"a": ["STARTED"], "b": ["STARTED"]})

    def delete(received):
        instance.states.pop("b", None)
        return instance.answer(received)

    server.replies[:] = [instance.answer, delete]
    with pytest.raises(errors.NotFoundError, match="no run b"):
        await client.runs.wait_many(["a", "b"], timeout=60)


@pytest.mark.parametrize(("tags", "last"), [({}, "real"), ({RETRY_RUN: "retry"}, "retry")])
async def test_a_run_that_the_server_lists_under_another_id(client, server, waits, tags, last):
    """It is known by the one that was asked for nevertheless, and that is what says that it has ended."""
    status = "FAILURE" if tags else "SUCCESS"
    instance = Instance(server, {"real": [(status, tags)], "retry": ["SUCCESS"]})
    looks = ["STARTED", status]

    def state(_):
        now = looks.pop(0) if looks else status
        return {"runOrError": {"__typename": "Run", "id": "real", "status": now}}

    def whole(_):
        return {"runOrError": run(id="real", **instance.seen("real", move=False))}

    def found(variables):
        known = [i for i in variables["filter"]["runIds"] if i in instance.states]
        results = [run(id=i, **instance.seen(i, move=False)) for i in known]
        return {"runsOrError": {"__typename": "Runs", "results": results}}

    instance.GetRunState, instance.GetRun, instance.FindRuns = state, whole, found
    assert (await client.runs.wait("alias", timeout=60)).id == last
    assert instance.asked[:2] == [["alias"]] * 2


async def test_of_several_runs_all_are_waited_for(client, server, waits):
    Instance(
        server,
        {"a": ["STARTED", "STARTED", "SUCCESS"], "b": ["FAILURE"], "c": ["CANCELED"]},
        {"b": [[step_failure("load", "no disk")]]},
    )
    with pytest.raises(errors.RunFailedError) as caught:
        await client.runs.wait_many(["a", "b", "c"])
    assert [(r.id, r.status) for r in caught.value.runs] == [
        ("a", "SUCCESS"),
        ("b", "FAILURE"),
        ("c", "CANCELED"),
    ]
    assert caught.value.run_id == "b"
    assert caught.value.message == (
        "2 of 3 runs did not succeed: b (FAILURE), c (CANCELED); b: step load: no disk"
    )


async def test_the_token_is_not_in_the_error(client, server, waits):
    """Code in a step may know it, and log it."""
    told = step_failure("load", f"refused: {TOKEN}", stack=(f"  token = {TOKEN}\n",))
    last = event(1, eventType="RUN_FAILURE", message=f"with {TOKEN}")
    Instance(server, {RUN_ID: ["FAILURE"]}, {RUN_ID: [[told, last]]})
    with pytest.raises(errors.RunFailedError) as caught:
        await client.runs.wait(RUN_ID)
    assert leaks(caught.value) == []
    assert caught.value.steps[0].message == "refused: ***"


async def test_a_minute_without_a_server_takes_no_longer_than_that(connect, server, clock):
    """When it is back, the run is found within the longest pause, and it is not asked all the time before."""
    instance = Instance(server, {RUN_ID: ["STARTED", "SUCCESS"]})
    asked_at = []

    def answer(received):
        asked_at.append(clock.now)
        return Reply(b"", 502) if 0 < clock.now < 60 else instance.answer(received)

    server.replies[:] = [answer]
    found = await connect(retries=0).runs.wait(RUN_ID, poll=0.25)
    assert (found.id, found.status) == (RUN_ID, "SUCCESS")
    failed, [back, read] = asked_at[1:-2], asked_at[-2:]
    assert 60 <= back == read < 65
    assert 60 / 5 < len(failed) < 25
