"""Waiting for real runs: how they end, who ends them, what Dagster does with those that fail, and a server that is down.

They are launched at once, at a Dagster with a queue and automatic retries, and go on while others are waited for.
"""

from __future__ import annotations

import asyncio
import os
import time
from threading import Timer
from urllib.parse import urlsplit

import pytest
from kit.stage import moment_config, wait_until_settled
from kit.tcp_proxy import TcpProxy

from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus, RunFailedError, WaitTimeoutError

pytestmark = [pytest.mark.anyio, pytest.mark.dagster]

#: Seconds that only a hang takes.
HANG = 300
#: Seconds; WAIT_OUTAGE=60 is the real thing.
OUTAGE = float(os.environ.get("WAIT_OUTAGE", "3"))
#: The longest pause between two tries, and a slow machine.
LATE = 5 + 15


@pytest.fixture
async def client(queued_url, sent):
    hooks = {"request": [lambda event: sent.append(event.operation)]}
    async with AsyncDagsterPlus(url=queued_url, event_hooks=hooks) as client:
        yield client


@pytest.fixture
def proxy(queued_url):
    made = TcpProxy(urlsplit(queued_url).port)
    yield made
    made.close()


def tags_of(run):
    return {tag.key: tag.value for tag in run.tags}


def url_of(proxy, answers):
    """Return the options of a client that goes through a proxy, and notes what came of its requests: errors, or None."""
    return {"url": proxy.url, "event_hooks": {"response": [lambda e: answers.append(e.error)]}}


async def until(true):
    end = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.02)


async def about_to_give_up(far, run_id, answers):
    """Return a wait whose time is not over yet, and that has been answered."""
    while True:
        answers.clear()
        wait = asyncio.ensure_future(far.runs.wait(run_id, timeout=OUTAGE / 2))
        await until(lambda task=wait: answers or task.done())
        if not wait.done():
            return wait
        with pytest.raises(WaitTimeoutError):
            await wait


async def test_a_server_that_is_down_for_a_while(client, queued_ids, proxy, tmp_path):
    """The run goes on, and ends while it is down; each wait has the right result soon after it is back."""
    file = tmp_path / "end"
    run = await client.runs.create("brief", run_config=moment_config(HANG, str(file)))
    one, two, three, four = answers = [], [], [], []
    sync = DagsterPlus(**url_of(proxy, three))
    async with (
        AsyncDagsterPlus(**url_of(proxy, one)) as first,
        AsyncDagsterPlus(**url_of(proxy, two)) as second,
        AsyncDagsterPlus(**url_of(proxy, four)) as fourth,
    ):
        waits = [
            first.runs.wait(run.id),
            second.runs.wait(run.id, timeout=OUTAGE + HANG),
            asyncio.to_thread(sync.runs.wait, run.id),
        ]
        going = [asyncio.ensure_future(wait) for wait in waits]
        await until(lambda: all(answers[:3]))
        late = await about_to_give_up(fourth, run.id, four)
        proxy.pause()
        began = time.monotonic()
        file.touch()
        with pytest.raises(WaitTimeoutError, match="when it was asked last"):
            await late
        ended = await client.runs.wait(run.id, timeout=HANG)
        await asyncio.sleep(max(0.0, began + OUTAGE - time.monotonic()))
        proxy.resume()
        back = time.monotonic()
        found = await asyncio.gather(*going)
        took = time.monotonic() - back
        sync.close()
    assert ended.status == "SUCCESS"
    assert found == [ended] * 3
    print(f"down for {back - began:.1f} s, and waited for {took:.1f} s longer")  # noqa: T201 - for `make fuzz`
    assert took < LATE
    assert 0 < len([error for error in three if error]) < 8 + (back - began) / 3.75


async def test_runs_that_are_ended(client, queued_url, queued_ids):
    """One by the wait for it, when its time is over; one by somebody else, in the middle of the wait."""
    timed, canceled = queued_ids["timed"], queued_ids["canceled"]
    with DagsterPlus(url=queued_url) as somebody:
        for run_id in (timed, canceled):
            wait_until_settled(somebody, run_id, works=True)
        with pytest.raises(WaitTimeoutError) as late:
            await client.runs.wait(timed, timeout=0.1, cancel_on_timeout=True)
        assert (late.value.run_ids, late.value.terminated) == ([timed], [timed])
        soon = Timer(0.3, somebody.runs.terminate, [canceled])
        soon.start()
        with pytest.raises(RunFailedError, match=rf"^Run {canceled} ended with CANCELED$"):
            await client.runs.wait(canceled, timeout=HANG)
        soon.join()
    found = await client.runs.wait(timed, timeout=HANG, raise_on_failure=False)
    assert found.status == "CANCELED"
    # Its process was asked, and ended its step itself.
    assert await client.run_events.get(timed, types="STEP_FAILURE").first() is not None


async def test_runs_of_one_lane_come_one_after_the_other(client, queued_ids):
    ids = [queued_ids["first"], queued_ids["second"]]
    runs = await client.runs.wait_many(ids, timeout=HANG)
    assert [(run.id, run.status) for run in runs] == [(run_id, "SUCCESS") for run_id in ids]
    first, second = sorted(runs, key=lambda run: run.started_at)
    assert second.started_at >= first.ended_at


async def test_a_run_that_succeeds_when_it_is_retried(client, queued_ids):
    run = await client.runs.wait(queued_ids["recovering"], timeout=HANG)
    assert (run.status, run.parent_run_id) == ("SUCCESS", queued_ids["recovering"])
    assert tags_of(run)["dagster/retry_number"] == "1"


async def test_the_events_of_a_run_and_its_retries(client, queued_ids):
    followed = client.run_events.follow(
        queued_ids["failing"], types=["RUN_FAILURE"], follow_retries=True, timeout=HANG
    )
    runs = [event.run_id async for event in followed]
    last = await client.runs.wait(queued_ids["failing"], timeout=HANG, raise_on_failure=False)
    assert (runs[0], runs[-1], len({*runs})) == (queued_ids["failing"], last.id, 3)
    alone = client.run_events.follow(queued_ids["failing"], timeout=HANG)
    assert {event.run_id async for event in alone} == {queued_ids["failing"]}


async def test_a_run_that_fails_with_every_retry(client, queued_ids):
    with pytest.raises(RunFailedError) as caught:
        await client.runs.wait(queued_ids["failing"], timeout=HANG)
    last = caught.value.run
    assert (last.root_run_id, tags_of(last)["dagster/retry_number"]) == (queued_ids["failing"], "2")
    assert last.parent_run_id != last.root_run_id
    [step] = caught.value.steps
    assert step[:3] == ("fail", "ValueError: attempt 2", "ValueError")
    assert len((await client.runs.group(last.id)).runs) == 3


async def test_a_run_that_is_not_retried(client, queued_ids):
    good, bad = queued_ids["first"], queued_ids["not retried"]
    with pytest.raises(RunFailedError) as caught:
        await client.runs.wait_many([good, bad], timeout=HANG)
    failure = caught.value
    assert failure.message == (
        f"1 of 2 runs did not succeed: {bad} (FAILURE); {bad}: step fail: ValueError: attempt 0"
    )
    assert [(run.id, run.status) for run in failure.runs] == [(good, "SUCCESS"), (bad, "FAILURE")]
    assert tags_of(failure.run)["dagster/will_retry"] == "false"
    [step] = failure.steps
    assert failure.stack == step.stack
    assert "raise ValueError" in step.stack[-1]


async def test_retries_that_are_not_followed(client, queued_ids):
    first = queued_ids["failing"]
    run = await client.runs.wait(first, follow_retries=False, raise_on_failure=False)
    assert (run.id, run.status) == (first, "FAILURE")


async def test_all_of_them_at_once(client, queued_ids, sent):
    ids = queued_ids.values()
    found = await client.runs.wait_many(ids, timeout=HANG, raise_on_failure=False)
    assert dict(zip(queued_ids, [run.status for run in found], strict=True)) == {
        "recovering": "SUCCESS",
        "failing": "FAILURE",
        "not retried": "FAILURE",
        **dict.fromkeys(("first", "second"), "SUCCESS"),
        **dict.fromkeys(("timed", "canceled"), "CANCELED"),
    }
    # They have ended: a request per step along the chain of retries.
    assert sent == ["ListRuns"] * 3 + ["FindRuns"]
