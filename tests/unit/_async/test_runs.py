"""Runs: every filter on the wire, pages, terminating and deleting."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.payloads import RUN_ID, error, get_run, job, jobs, run, run_summary, runs
from kit.server import Reply

from dagster_plus_sdk import (
    ExecutionPlan,
    Run,
    RunConfigSchema,
    RunGroupMember,
    RunNotTerminated,
    RunsFeedBackfill,
    RunsFeedRun,
    RunStatus,
    RunSummary,
    RunTagValues,
    RunTerminated,
    RunTerminationRefused,
    errors,
)

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
    "updated_before": 1714564860,
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
    "updatedBefore": 1714564860.0,
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
        {"created_after": NOON, "created_before": NOON},
        {"updated_after": NOON, "updated_before": 5},
        {"created_after": float("nan")},
        {"run_ids": ["a", ""]},
        {"snapshot_id": ""},
        {"mode": " "},
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


async def test_terminate_many(client, server):
    ended = error("TerminateRunFailure", "it has ended", run=run_summary("b"))
    results = [
        {"__typename": "TerminateRunSuccess", "run": run_summary("a")},
        ended,
        error("RunNotFoundError", "no such run"),
    ]
    server.data({"terminateRuns": {"__typename": "TerminateRunsResult", "results": results}})
    found = await client.runs.terminate_many(["a", "b", "c"], force=True)
    assert [type(r) for r in found] == [RunTerminated, RunNotTerminated, RunTerminationRefused]
    assert (found[0].run.id, found[1].message, found[2].message) == (
        "a",
        "it has ended",
        "no such run",
    )
    assert server.received[0].variables == {
        "runIds": ["a", "b", "c"],
        "terminatePolicy": "MARK_AS_CANCELED_IMMEDIATELY",
    }
    server.replies[:] = [Reply({"data": {"terminateRuns": error("PythonError", "broken")}})]
    with pytest.raises(errors.ServerError, match="broken"):
        await client.runs.terminate_many(["a"])


@pytest.mark.parametrize("given", [[], [""], ["a", " "]])
async def test_terminate_many_needs_ids(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.runs.terminate_many(given)
    assert server.requests == 0


# ids, group, tags, feed


async def test_ids(client, server):
    known = [f"run-{n}" for n in reversed(range(7))]

    def answer(received):
        asked = received.variables
        start = known.index(asked["cursor"]) + 1 if asked["cursor"] else 0
        found = known[start : start + asked["limit"]]
        return Reply({"data": {"runIdsOrError": {"__typename": "RunIds", "results": found}}})

    server.reply(answer)
    listed = client.runs.ids(page_size=3, limit=5, where=lambda i: i != "run-5", **FILTERS)
    assert await listed.to_list() == ["run-6", "run-4", "run-3", "run-2", "run-1"]
    assert listed.cursor == "run-1"
    assert await client.runs.ids(cursor="run-1").to_list() == ["run-0"]
    assert [r.variables["filter"] for r in server.received[:2]] == [SENT, SENT]
    assert [r.variables["limit"] for r in server.received] == [4, 4, 101]


async def test_group(client, server):
    member = run_summary("b") | {"parentRunId": "a", "rootRunId": "a"}
    group = {"__typename": "RunGroup", "rootRunId": "a", "runs": [member]}
    server.data({"runGroupOrError": group}, {"runGroupOrError": error("RunGroupNotFoundError")})
    found = await client.runs.group("b")
    assert (found.root_run_id, type(found.runs[0])) == ("a", RunGroupMember)
    assert found.runs[0].parent_run_id == "a"
    with pytest.raises(errors.NotFoundError):
        await client.runs.group("b")
    assert server.received[0].variables == {"runId": "b"}


def tag_keys(*keys):
    return {"runTagKeysOrError": {"__typename": "RunTagKeys", "keys": list(keys)}}


def tag_values(**values):
    tags = [{"key": key, "values": found} for key, found in values.items()]
    return {"runTagsOrError": {"__typename": "RunTags", "tags": tags}}


async def test_tag_keys(client, server):
    server.data(tag_keys("team", "a"))
    assert await client.runs.tag_keys().to_list() == ["a", "team"]
    assert await client.runs.tag_keys(where=lambda key: key != "a").to_list() == ["team"]
    assert await client.runs.tag_keys(limit=1).to_list() == ["a"]


async def test_tags_of_all_keys_take_two_requests(client, server):
    server.data(tag_keys("team", "a"), tag_values(team=["shop"], a=["1", "2"]))
    found = await client.runs.tags(prefix="s").to_list()
    assert found == [
        RunTagValues(key="a", values=["1", "2"]),
        RunTagValues(key="team", values=["shop"]),
    ]
    assert server.operations == ["ListRunTagKeys", "ListRunTags"]
    assert server.received[1].variables == {"tagKeys": ["team", "a"], "valuePrefix": "s"}


@pytest.mark.parametrize("keys", ["team", ["team"]])
async def test_tags_of_chosen_keys_take_one(client, server, keys):
    server.data(tag_values(team=["shop"]))
    assert [t.values for t in await client.runs.tags(keys=keys).to_list()] == [["shop"]]
    assert server.received[0].variables == {"tagKeys": ["team"]}


async def test_tags_where_there_are_none(client, server):
    server.data(tag_keys())
    assert await client.runs.tags().to_list() == []
    assert server.operations == ["ListRunTagKeys"]
    with pytest.raises(errors.InvalidInputError, match="keys is empty"):
        client.runs.tags(keys=[])


def entry(entry_id, **changes):
    shared = {
        "id": entry_id,
        "status": "SUCCESS",
        "jobName": None,
        "createdAt": 1700000000.0,
        "startedAt": None,
        "endedAt": None,
        "tags": [],
        "assetSelection": [{"path": ["a", "b"]}],
        "assetCheckSelection": None,
    }
    own = {"parentRunId": None, "rootRunId": None, "repositoryOrigin": None}
    return {"__typename": "Run"} | shared | own | changes


BACKFILL = entry(
    "backfill",
    __typename="PartitionBackfill",
    backfillStatus="REQUESTED",
    title="all days",
    description=None,
    user=None,
    isAssetBackfill=True,
    numPartitions=91,
    partitionSetName=None,
    fromFailure=False,
)


def feed(received):
    """Five entries, by a cursor of the server's own."""
    known = [entry("4"), BACKFILL, entry("2"), entry("1"), entry("0")]
    asked = received.variables
    start = int(asked["cursor"] or 0)
    end = min(start + asked["limit"], len(known))
    page = {"results": known[start:end], "cursor": str(end), "hasMore": end < len(known)}
    return Reply({"data": {"runsFeedOrError": {"__typename": "RunsFeedConnection"} | page}})


async def test_the_feed_has_runs_and_backfills(client, server):
    server.reply(feed)
    found = await client.runs.feed(view="roots", page_size=2, **FILTERS).to_list()
    assert [type(e) for e in found] == [RunsFeedRun, RunsFeedBackfill] + [RunsFeedRun] * 3
    assert (found[1].title, found[1].num_partitions, found[1].backfill_status) == (
        "all days",
        91,
        "REQUESTED",
    )
    assert [str(k) for k in found[0].asset_selection] == ["a/b"]
    assert [r.variables["cursor"] for r in server.received] == [None, "2", "4"]
    assert server.received[0].variables == {
        "view": "ROOTS",
        "filter": SENT,
        "cursor": None,
        "limit": 2,
    }


@pytest.mark.parametrize("limit", range(6))
async def test_the_feed_resumes(client, server, limit):
    server.reply(feed)
    first = client.runs.feed(limit=limit, page_size=2)
    before = [e.id for e in await first.to_list()]
    rest = [e.id for e in await client.runs.feed(cursor=first.cursor, page_size=3).to_list()]
    assert before + rest == ["4", "backfill", "2", "1", "0"]
    assert len(before) == min(limit, 5)


async def test_feed_count(client, server):
    server.data({"runsFeedCountOrError": {"__typename": "RunsFeedCount", "count": 7}})
    assert await client.runs.feed_count(view="BACKFILLS", **FILTERS) == 7
    assert server.received[0].variables == {"view": "BACKFILLS", "filter": SENT}


async def test_a_view_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from BACKFILLS, ROOTS, RUNS"):
        client.runs.feed(view="all")
    with pytest.raises(errors.InvalidInputError, match="view"):
        await client.runs.feed_count(view="all")
    assert server.requests == 0


# validate, execution_plan, config_schema

HOME = {"location": "demo", "repository": "__repository__"}
SELECTOR = {
    "pipelineName": "report",
    "repositoryLocationName": "demo",
    "repositoryName": "__repository__",
}
INVALID = {
    "__typename": "RunConfigValidationInvalid",
    "errors": [
        {
            "__typename": "MissingFieldConfigError",
            "message": "missing 'n'",
            "reason": "MISSING_REQUIRED_FIELD",
            "stack": {"entries": []},
        }
    ],
}


async def test_validate(client, server):
    valid = {"__typename": "PipelineConfigValidationValid", "pipelineName": "report"}
    server.data({"isPipelineConfigValid": valid}, {"isPipelineConfigValid": INVALID})
    given = {"run_config": "ops: {load: {}}", "op_selection": ["load"], **HOME}
    assert await client.runs.validate("report", **given) == []
    [found] = await client.runs.validate("report", **given)
    assert (found.message, found.reason) == ("missing 'n'", "MISSING_REQUIRED_FIELD")
    assert server.received[0].variables == {
        "pipeline": SELECTOR | {"solidSelection": ["load"]},
        "runConfigData": {"ops": {"load": {}}},
    }


@pytest.mark.parametrize("name", ["validate", "execution_plan", "config_schema"])
async def test_what_is_asked_about_a_job_finds_its_place(client, server, name):
    no_job = error("PipelineNotFoundError", "no such job")
    fields = ("isPipelineConfigValid", "executionPlanOrError", "runConfigSchemaOrError")
    server.data(jobs(job("report")), dict.fromkeys(fields, no_job))
    with pytest.raises(errors.NotFoundError, match="no such job"):
        await getattr(client.runs, name)("report")
    sent = server.received[1].variables
    assert sent.get("selector", sent.get("pipeline")) == SELECTOR
    with pytest.raises(errors.InvalidInputError, match="op_selection is empty"):
        await getattr(client.runs, name)("report", op_selection=[])
    assert server.operations[0] == "FindJobs"
    assert server.requests == 2


async def test_execution_plan(client, server):
    first = {"key": "load", "kind": "COMPUTE", "inputs": [], "outputs": [{"name": "result"}]}
    depends = [{"name": "in", "dependsOn": [{"key": "load"}]}]
    second = {"key": "report", "kind": "COMPUTE", "inputs": depends, "outputs": []}
    plan = {
        "__typename": "ExecutionPlan",
        "artifactsPersisted": True,
        "assetKeys": [{"path": ["a"]}],
        "assetCheckKeys": [],
        "steps": [first | {"metadata": []}, second | {"metadata": []}],
    }
    server.data({"executionPlanOrError": plan}, {"executionPlanOrError": INVALID})
    found = await client.runs.execution_plan("report", asset_selection=["a"], **HOME)
    assert type(found) is ExecutionPlan
    assert [d.key for s in found.steps for i in s.inputs for d in i.depends_on] == ["load"]
    assert server.received[0].variables == {
        "pipeline": SELECTOR | {"assetSelection": [{"path": ["a"]}]},
        "runConfigData": {},
    }
    with pytest.raises(errors.InvalidRequestError, match="missing 'n'"):
        await client.runs.execution_plan("report", **HOME)


async def test_config_schema(client, server):
    schema = {
        "__typename": "RunConfigSchema",
        "types": [],
        "root": {"__typename": "CompositeConfigType", "key": "Shape.1"},
        "defaultYaml": "ops: {}\n",
    }
    server.data({"runConfigSchemaOrError": schema})
    found = await client.runs.config_schema("report", **HOME)
    assert type(found) is RunConfigSchema
    assert (found.root.key, found.default_yaml) == ("Shape.1", "ops: {}\n")
    assert server.received[0].variables == {"selector": SELECTOR}
