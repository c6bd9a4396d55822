"""Runs: every filter on the wire, pages, terminating and deleting."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.payloads import RUN_ID, error, get_run, run, run_summary, runs
from kit.server import Reply

from dagster_plus_sdk import Run, RunStatus, RunSummary, errors

pytestmark = pytest.mark.anyio

NOON = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
FILTERS = {
    "statuses": ["failure", RunStatus.CANCELED],
    "job": "report",
    "tags": {"team": "shop"},
    "run_ids": [RUN_ID],
    "snapshot_id": "snap",
    "mode": "default",
    "created_after": NOON,
    "created_before": 1714564860,
    "updated_after": NOON,
    "updated_before": NOON,
}
SENT = {
    "statuses": ["FAILURE", "CANCELED"],
    "pipelineName": "report",
    "tags": [{"key": "team", "value": "shop"}],
    "runIds": [RUN_ID],
    "snapshotId": "snap",
    "mode": "default",
    "createdAfter": 1714564800.0,
    "createdBefore": 1714564860.0,
    "updatedAfter": 1714564800.0,
    "updatedBefore": 1714564800.0,
}


# list, get, count


async def test_every_filter_reaches_the_server(client, server):
    server.data(runs())
    assert await client.runs.list(**FILTERS).to_list() == []
    [received] = server.received
    assert received.operation == "ListRuns"
    assert received.variables == {"filter": SENT, "cursor": None, "limit": 101, "withTotal": False}

    server.replies[:] = [Reply({"data": {"runsOrError": {"__typename": "Runs", "count": 7}}})]
    assert await client.runs.count(**FILTERS) == 7
    assert server.received[-1].operation == "CountRuns"
    assert server.received[-1].variables == {"filter": SENT}


async def test_no_filter_is_an_empty_one(client, server):
    server.data(runs())
    await client.runs.list().to_list()
    assert server.received[0].variables["filter"] == {}


@pytest.mark.parametrize(
    "given",
    [
        {"statuses": "MOON"},
        {"run_ids": []},
        {"created_after": NOON.replace(tzinfo=None)},
        {"created_before": NOON.replace(tzinfo=None)},
        {"updated_after": NOON.replace(tzinfo=None)},
        {"updated_before": NOON.replace(tzinfo=None)},
    ],
)
async def test_filters_that_cannot_be_are_refused_before_anything_is_sent(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.runs.list(**given)
    with pytest.raises(errors.InvalidInputError):
        await client.runs.count(**given)
    with pytest.raises(errors.InvalidInputError):
        client.runs.list(page_size=0)
    assert server.requests == 0


class Instance:
    """The runs of a server, newest first."""

    def __init__(self, count):
        self.ids = [f"run-{n}" for n in reversed(range(count))]

    def __call__(self, received):
        asked = received.variables
        start = self.ids.index(asked["cursor"]) + 1 if asked["cursor"] else 0
        found = [run_summary(i) for i in self.ids[start : start + asked["limit"]]]
        counted = {"count": len(self.ids)} if asked["withTotal"] else {}
        return Reply({"data": {"runsOrError": {"__typename": "Runs", "results": found, **counted}}})


async def test_runs_that_start_between_two_pages_do_not_shift_the_list(client, server):
    instance = Instance(10)
    server.reply(instance)
    expected, found = list(instance.ids), []
    async for page in client.runs.list(page_size=3).pages():
        found += [r.id for r in page.items]
        instance.ids.insert(0, f"new-{len(found)}")
    assert found == expected
    assert [r.variables["limit"] for r in server.received] == [4] * 4
    assert [r.variables["cursor"] for r in server.received] == [None, "run-7", "run-4", "run-1"]


async def test_lists_resume_behind_the_last_run(client, server):
    server.reply(Instance(10))
    listed = client.runs.list(limit=4)
    assert [r.id for r in await listed.to_list()] == ["run-9", "run-8", "run-7", "run-6"]
    assert listed.cursor == "run-6"
    rest = await client.runs.list(cursor="run-6", where=lambda r: r.id > "run-2").to_list()
    assert [r.id for r in rest] == ["run-5", "run-4", "run-3"]
    assert [r.variables["limit"] for r in server.received] == [5, 1001]


async def test_totals_are_asked_for(client, server):
    server.reply(Instance(5))
    [first, *_] = [page async for page in client.runs.list(page_size=2, with_total=True).pages()]
    assert (first.total, first.has_more, len(first)) == (5, True, 2)
    assert server.received[0].variables["withTotal"] is True


async def test_get(client, server):
    server.data(get_run())
    found = await client.runs.get(RUN_ID)
    assert type(found) is Run
    assert (found.status, found.tags[0].key) == (RunStatus.SUCCESS, "team")
    assert found.created_at == datetime.fromtimestamp(1700000000.25, timezone.utc)
    server.replies[:] = [Reply({"data": runs("a", "b")})]
    assert [type(r) for r in await client.runs.list().to_list()] == [RunSummary, RunSummary]


async def test_a_run_that_is_not_there(client, server):
    server.data({"runOrError": error("RunNotFoundError", "no such run")})
    with pytest.raises(errors.NotFoundError, match="no such run") as caught:
        await client.runs.get(RUN_ID)
    assert (caught.value.code, caught.value.status_code) == ("RUN_NOT_FOUND", 404)


@pytest.mark.parametrize("name", ["get", "terminate", "delete"])
async def test_a_run_needs_an_id(client, server, name):
    with pytest.raises(errors.InvalidInputError, match="run_id must be a text"):
        await getattr(client.runs, name)("")
    assert server.requests == 0


async def test_a_filter_that_the_server_refuses(client, server):
    server.data({"runsOrError": error("InvalidPipelineRunsFilterError", "bad filter")})
    with pytest.raises(errors.InvalidRequestError, match="bad filter") as caught:
        await client.runs.list().to_list()
    assert caught.value.status_code == 400


# terminate, delete


@pytest.mark.parametrize(
    ("options", "policy"),
    [({}, "SAFE_TERMINATE"), ({"force": True}, "MARK_AS_CANCELED_IMMEDIATELY")],
)
async def test_terminate(client, server, options, policy):
    server.data(
        {"terminateRun": {"__typename": "TerminateRunSuccess", "run": run(status="CANCELING")}}
    )
    assert (await client.runs.terminate(RUN_ID, **options)).status == RunStatus.CANCELING
    assert server.received[0].variables == {"runId": RUN_ID, "terminatePolicy": policy}


@pytest.mark.parametrize(
    ("typename", "kind", "status"),
    [
        ("TerminateRunFailure", errors.ConflictError, 409),
        ("RunNotFoundError", errors.NotFoundError, 404),
        ("UnauthorizedError", errors.PermissionDeniedError, 403),
        ("PythonError", errors.ServerError, 500),
    ],
)
async def test_runs_that_cannot_be_terminated(client, server, typename, kind, status):
    server.data({"terminateRun": error(typename, "it has ended")})
    with pytest.raises(kind, match="it has ended") as caught:
        await client.runs.terminate(RUN_ID)
    assert caught.value.status_code == status


async def test_delete(client, server):
    server.data(
        {"deleteRun": {"__typename": "DeletePipelineRunSuccess", "runId": RUN_ID}},
        {"deleteRun": error("RunNotFoundError")},
    )
    assert await client.runs.delete(RUN_ID) is None
    with pytest.raises(errors.NotFoundError):
        await client.runs.delete(RUN_ID)
    assert server.received[0].variables == {"runId": RUN_ID}
