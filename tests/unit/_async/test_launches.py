"""Launches: what they send, and that they happen once."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from kit.faults import LATE
from kit.payloads import RUN_ID, error, full_runs, jobs, launched, run
from kit.payloads import job as job_payload
from kit.server import Reply

from dagster_plus_sdk import (
    AssetKey,
    Run,
    RunConfigInvalid,
    RunLaunched,
    RunNotLaunched,
    RunStepInvalid,
    errors,
)

pytestmark = pytest.mark.anyio

KEY_TAG = "dagster_plus_sdk/idempotency_key"
HOME = {"location": "demo", "repository": "__repository__"}


async def test_a_launch_carries_its_key(client, server):
    server.data(launched())
    assert type(await client.runs.create("report", **HOME)) is Run
    [received] = server.received
    assert received.operation == "LaunchRun"
    params = received.variables["executionParams"]
    [tag] = params["executionMetadata"]["tags"]
    assert tag["key"] == KEY_TAG
    assert tag["value"] == received.headers["idempotency-key"] == str(UUID(tag["value"]))


async def test_everything_a_launch_can_say(client, server):
    server.data(full_runs(), launched())
    await client.runs.create(
        "__ASSET_JOB",
        **HOME,
        run_config={"ops": {"load": {"config": {"n": 1}}}},
        tags={"team": "shop"},
        partition="2024-05-01",
        asset_selection=["a/b", AssetKey("c")],
        op_selection=["load"],
        idempotency_key="order-7",
    )
    assert server.operations == ["FindRuns", "LaunchRun"]
    assert server.received[1].headers["idempotency-key"] == "order-7"
    assert server.received[1].variables["executionParams"] == {
        "selector": {
            "repositoryLocationName": "demo",
            "repositoryName": "__repository__",
            "jobName": "__ASSET_JOB",
            "assetSelection": [{"path": ["a", "b"]}, {"path": ["c"]}],
            "solidSelection": ["load"],
        },
        "runConfigData": {"ops": {"load": {"config": {"n": 1}}}},
        "executionMetadata": {
            "tags": [
                {"key": "team", "value": "shop"},
                {"key": "dagster/partition", "value": "2024-05-01"},
                {"key": KEY_TAG, "value": "order-7"},
            ]
        },
    }


@pytest.mark.parametrize("form", ["yaml", "json", "path"])
async def test_configurations_reach_the_server_as_mappings(client, server, tmp_path, form):
    source = {"yaml": "ops:\n  day: 2024-05-01", "json": '{"ops": {"day": "2024-05-01"}}'}
    path = tmp_path / "config.yaml"
    path.write_text(source["yaml"], encoding="utf-8")
    server.data(launched())
    await client.runs.create("report", **HOME, run_config=source.get(form, path))
    params = server.received[0].variables["executionParams"]
    assert params["runConfigData"] == {"ops": {"day": "2024-05-01"}}


async def test_the_home_of_a_job_is_found_by_its_name(client, server):
    server.data(jobs(job_payload("report", "north", "shop"), job_payload("other")), launched())
    await client.runs.create("report")
    selector = server.received[1].variables["executionParams"]["selector"]
    assert selector == {
        "repositoryLocationName": "north",
        "repositoryName": "shop",
        "jobName": "report",
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"job": "__ASSET_JOB"}, "would run every asset"),
        ({"run_config": "ops: [1"}, r"no valid YAML in line 1, column 8"),
        ({"tags": {"n": 1}}, "must be text"),
        ({"asset_selection": "a/b"}, "not one text"),
    ],
)
async def test_launches_that_cannot_be_send_nothing(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.runs.create(**{"job": "report", **HOME, **given})
    assert server.requests == 0


async def test_a_configuration_that_does_not_fit(client, server):
    single = [
        {
            "__typename": "RuntimeMismatchConfigError",
            "message": "expected an Int",
            "stack": {
                "entries": [
                    {"__typename": "EvaluationStackPathEntry", "fieldName": "ops"},
                    {"__typename": "EvaluationStackListItemEntry", "listIndex": 0},
                    {"__typename": "EvaluationStackMapKeyEntry", "mapKey": "a"},
                ]
            },
            "reason": "RUNTIME_TYPE_MISMATCH",
        },
        {
            "__typename": "MissingFieldConfigError",
            "message": "missing 'n'",
            "stack": {"entries": []},
            "reason": "MISSING_REQUIRED_FIELD",
        },
    ]
    server.data({"launchRun": {"__typename": "RunConfigValidationInvalid", "errors": single}})
    with pytest.raises(errors.InvalidRequestError) as caught:
        await client.runs.create("report", **HOME)
    assert caught.value.message == "expected an Int; missing 'n'"
    assert [e["path"] for e in caught.value.errors] == [["ops", 0, "a"], []]
    assert (caught.value.code, caught.value.status_code) == ("RUN_CONFIG_VALIDATION_INVALID", 422)
    assert server.requests == 1


@pytest.mark.parametrize(
    ("typename", "fields", "kind", "says"),
    [
        ("UnauthorizedError", {}, errors.PermissionDeniedError, "no"),
        ("PipelineNotFoundError", {}, errors.NotFoundError, "no"),
        ("RunConflict", {}, errors.ConflictError, "no"),
        ("PythonError", {}, errors.ServerError, "no"),
        (
            "InvalidStepError",
            {"invalidStepKey": "load", "message": ""},
            errors.InvalidRequestError,
            "load",
        ),
    ],
)
async def test_launches_that_the_server_refuses(client, server, typename, fields, kind, says):
    server.data({"launchRun": error(typename, **{"message": "no", **fields})})
    with pytest.raises(kind, match=says):
        await client.runs.create("report", **HOME)
    assert server.operations == ["LaunchRun"]


# A launch whose answer is lost

LOST = {
    "reset": Reply(fault="reset"),
    "cut body": Reply(b"x" * 50, fault="truncate"),
    "502": Reply(b"<html>", 502),
    "504": Reply(b"", 504),
    "500 without a word": Reply(b"", 500),
    "timeout": LATE,
    "cut JSON": Reply(b'{"data": {"launchRun"'),
    "data: null": Reply({"data": None}),
    "a resolver that broke": Reply(
        {"data": None, "errors": [{"message": "m", "path": ["launchRun", "run"]}]}
    ),
}
FIRST = run(id="first", jobName="report", parentRunId=None)
RETRY = run(id="retry", parentRunId="first", rootRunId="first")


@pytest.fixture
def waits(monkeypatch):
    """What is waited for between two looks; no time passes."""
    seconds = []

    async def note(wait):
        seconds.append(wait)

    monkeypatch.setattr("dagster_plus_sdk._async.polling.asleep", note)
    return seconds


@pytest.mark.parametrize("lost", LOST.values(), ids=list(LOST))
async def test_a_lost_launch_is_found_by_its_key_and_sent_once(hasty, server, waits, lost):
    server.reply(lost, *(Reply({"data": full_runs(*f)}) for f in ([], [], [RETRY, FIRST])))
    assert (await hasty.runs.create("report", **HOME)).id == "first"
    assert server.operations == ["LaunchRun"] + ["FindRuns"] * 3
    key = server.received[0].headers["idempotency-key"]
    for look in server.received[1:]:
        assert look.variables == {
            "filter": {"tags": [{"key": KEY_TAG, "value": key}]},
            "limit": 100,
        }
    assert waits == [0.25, 0.5]


async def test_the_launched_run_is_found_behind_a_hundred_retries(client, server):
    retries = [run(id=f"retry {n}", parentRunId="first") for n in range(100)]
    server.data(full_runs(*retries), full_runs(FIRST))
    found = await client.runs.create("report", idempotency_key="order-7")
    assert found.id == "first"
    assert server.operations == ["FindRuns", "FindRuns"]
    assert server.received[1].variables["cursor"] == "retry 99"


async def test_a_server_that_knows_no_cursors(client, server):
    """It gives the same page again and again: that is all there is."""
    server.data(full_runs(*(run(id=f"retry {n}", parentRunId="first") for n in range(99)), FIRST))
    assert (await client.runs.create("report", idempotency_key="order-7")).id == "first"
    assert server.operations == ["FindRuns"] * 2


async def test_a_look_does_not_outlast_the_deadline(connect, server, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._async.polling.LOOKUP_SECONDS", 0.1)
    monkeypatch.setattr("dagster_plus_sdk._core.timeouts.SHORTEST_TRY", 0.5)
    server.reply(Reply(b"", 504), Reply(fault="hang"))
    started = time.monotonic()
    with pytest.raises(errors.LaunchUnknownError):
        await connect().runs.create("report", **HOME)
    assert time.monotonic() - started < 50  # it hangs for 60 s
    assert server.operations == ["LaunchRun", "FindRuns"]


async def test_a_lost_launch_that_is_not_found(client, server, waits, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._async.polling.LOOKUP_SECONDS", 0.1)
    server.reply(Reply(b"", 504, {"X-Request-Id": "req-1"}), Reply({"data": full_runs(RETRY)}))
    with pytest.raises(errors.LaunchUnknownError) as caught:
        await client.runs.create("report", **HOME)
    unknown = caught.value
    assert unknown.idempotency_key == server.received[0].headers["idempotency-key"]
    assert unknown.idempotency_key in unknown.message
    assert (unknown.operation, unknown.request_id) == ("LaunchRun", "req-1")
    assert server.operations == ["LaunchRun", "FindRuns"]
    assert waits == []


async def test_the_search_survives_faults_that_pass(connect, server, waits):
    server.reply(
        Reply(fault="reset"),
        Reply(b"", 502),
        Reply(fault="reset"),
        Reply(b'{"data": {"runsOrE'),
        Reply(b"", 500),
        Reply({"data": full_runs(FIRST)}),
    )
    assert (await connect(retries=0).runs.create("report", **HOME)).id == "first"
    assert server.operations == ["LaunchRun"] + ["FindRuns"] * 5


async def test_the_search_ends_with_a_fault_that_does_not_pass(client, server, waits):
    server.reply(Reply(fault="reset"), Reply(b"", 401))
    with pytest.raises(errors.LaunchUnknownError) as caught:
        await client.runs.create("report", **HOME)
    assert isinstance(caught.value.__cause__, errors.AuthenticationError)
    assert caught.value.idempotency_key == server.received[0].headers["idempotency-key"]
    assert server.operations == ["LaunchRun", "FindRuns"]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_refused_launch_is_sent_again_with_the_same_key(client, server, status):
    server.reply(Reply(b"", status, {"Retry-After": "0"}), Reply({"data": launched()}))
    await client.runs.create("report", **HOME)
    first, second = server.received
    assert first.body == second.body
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(b"", 401), errors.AuthenticationError),
        (Reply(b"", 404), errors.InvalidResponseError),
        (Reply(b"", 307, {"Location": "http://elsewhere.test/"}), errors.RedirectError),
        (Reply({"errors": [{"message": "no such field"}]}, 400), errors.GraphQLRequestError),
    ],
)
async def test_a_launch_that_surely_did_not_happen_is_not_looked_for(client, server, reply, kind):
    server.reply(reply)
    with pytest.raises(kind):
        await client.runs.create("report", **HOME)
    assert server.operations == ["LaunchRun"]


async def test_a_key_of_ones_own_finds_the_earlier_run(client, server):
    server.data(full_runs(RETRY, FIRST))
    found = await client.runs.create("report", idempotency_key="order-7")
    assert found.id == "first"
    assert server.operations == ["FindRuns"]
    assert server.received[0].variables["filter"] == {
        "tags": [{"key": KEY_TAG, "value": "order-7"}]
    }


@pytest.mark.parametrize(
    ("pages", "launch"),
    [
        ([[RETRY, FIRST]], "first"),
        ([[]], None),
        # The key of a re-execution: its parent has another one.
        ([[run(id="again", parentRunId="first"), run(id="first", parentRunId="old")]], "first"),
        ([[run(id=f"retry {n}", parentRunId="first") for n in range(100)], [FIRST]], "first"),
    ],
    ids=["a launch", "none", "a re-execution", "behind a page of retries"],
)
async def test_what_became_of_a_launch(client, server, pages, launch):
    server.data(*(full_runs(*page) for page in pages))
    found = await client.runs.find_launch("order-7")
    assert (found and found.id) == launch
    assert server.operations == ["FindRuns"] * len(pages)
    wanted = {"tags": [{"key": KEY_TAG, "value": "order-7"}]}
    assert all(received.variables["filter"] == wanted for received in server.received)


async def test_what_became_of_a_launch_without_a_key(client, server):
    with pytest.raises(errors.InvalidInputError, match="idempotency_key must be"):
        await client.runs.find_launch(" ")
    assert server.requests == 0


# Validation before the launch

VALID = {
    "isPipelineConfigValid": {
        "__typename": "PipelineConfigValidationValid",
        "pipelineName": "report",
    }
}
UNFIT = {
    "__typename": "MissingFieldConfigError",
    "message": "missing 'n'",
    "stack": {"entries": [{"__typename": "EvaluationStackPathEntry", "fieldName": "ops"}]},
    "reason": "MISSING_REQUIRED_FIELD",
}
INVALID = {"isPipelineConfigValid": {"__typename": "RunConfigValidationInvalid", "errors": [UNFIT]}}


@pytest.mark.parametrize("noun", ["runs", "jobs"])
async def test_a_launch_that_is_validated_first(client, server, noun):
    server.data(VALID, launched())
    method = client.runs.create if noun == "runs" else client.jobs.launch
    config = {"ops": {"load": {}}}
    await method("report", **HOME, run_config=config, op_selection=["load"], validate=True)
    assert server.operations == ["ValidateRunConfig", "LaunchRun"]
    asked = server.received[0].variables
    assert asked["runConfigData"] == config
    assert asked["pipeline"] == {
        "pipelineName": "report",
        "repositoryLocationName": "demo",
        "repositoryName": "__repository__",
        "solidSelection": ["load"],
    }


async def test_nothing_is_launched_whose_configuration_does_not_fit(client, server):
    server.data(INVALID)
    with pytest.raises(errors.InvalidRequestError, match="missing 'n'") as caught:
        await client.runs.create("report", **HOME, validate=True)
    assert [e["path"] for e in caught.value.errors] == [["ops"]]
    assert server.operations == ["ValidateRunConfig"]


PARTITION = {"tags": [{"key": "dagster/partition", "value": "2024-01-01"}]}
ASSETS = {"assetSelection": [{"path": ["a"]}, {"path": ["b", "c"]}]}


@pytest.mark.parametrize(
    ("earlier", "given"),
    [
        ({"jobName": "orders"}, {}),
        ({}, {"partition": "2024-01-02"}),
        (PARTITION, {"partition": "2024-01-02"}),
        (PARTITION, {"partition_range": ("2024-01-01", "2024-01-02")}),
        (ASSETS, {"asset_selection": ["d"]}),
    ],
)
async def test_a_key_that_another_launch_has_had(client, server, earlier, given):
    """Nothing would run, and the other one's run would pass for this one."""
    server.data(full_runs(FIRST | earlier))
    with pytest.raises(errors.InvalidInputError, match="'order-7' is the key of run first already"):
        await client.runs.create("report", **HOME, **given, idempotency_key="order-7")
    assert server.operations == ["FindRuns"]


@pytest.mark.parametrize(
    ("earlier", "given"),
    [
        (PARTITION, {"partition": "2024-01-01", "tags": {"try": "2"}}),
        (ASSETS, {"asset_selection": ["b/c", "new"]}),
        ({}, {"asset_selection": ["a"]}),
    ],
)
async def test_a_launch_that_is_tried_again(client, server, earlier, given):
    server.data(full_runs(FIRST | earlier))
    found = await client.runs.create("report", **HOME, **given, idempotency_key="order-7")
    assert found.id == "first"


async def test_an_earlier_run_is_not_validated_again(client, server):
    server.data(full_runs(FIRST))
    await client.runs.create("report", **HOME, validate=True, idempotency_key="order-7")
    assert server.operations == ["FindRuns"]


async def test_none_of_several_is_launched_where_one_does_not_fit(client, server):
    server.data(VALID, INVALID)
    checked = {"job": "report", "validate": True, **HOME}
    with pytest.raises(errors.InvalidRequestError, match=r"^launch 3: missing 'n'"):
        await client.runs.create_many([checked, {"job": "report", **HOME}, checked])
    assert server.operations == ["ValidateRunConfig"] * 2


async def test_several_launches_over_ranges_of_partitions(client, server):
    server.data(launches(launch_of(FIRST)))
    await client.runs.create_many([{"job": "report", "partition_range": ["a", "c"], **HOME}])
    [params] = server.received[0].variables["executionParamsList"]
    assert params["executionMetadata"]["tags"][:2] == [
        {"key": "dagster/asset_partition_range_start", "value": "a"},
        {"key": "dagster/asset_partition_range_end", "value": "c"},
    ]


# Several launches in one request

BATCH_TAG = "dagster_plus_sdk/launch_batch"
TWO = [{"job": "report", "idempotency_key": "a", **HOME}, {"job": "orders", **HOME}]


def launches(*results):
    """The data of LaunchRuns."""
    return {"launchMultipleRuns": {"__typename": "LaunchMultipleRunsResult", "results": results}}


def launch_of(launched_run):
    return {"__typename": "LaunchRunSuccess", "run": launched_run}


def keyed(received):
    """The keys and batches of what LaunchRuns asked for."""
    listed = received.variables["executionParamsList"]
    tags = [{t["key"]: t["value"] for t in p["executionMetadata"]["tags"]} for p in listed]
    return [t[KEY_TAG] for t in tags], {t[BATCH_TAG] for t in tags}


def carrying(*tags, **changes):
    """A run with these tags."""
    return run(tags=[{"key": k, "value": v} for k, v in tags], **changes)


async def test_several_launches_take_one_request(client, server):
    config = {"__typename": "RunConfigValidationInvalid", "errors": []}
    step = {"__typename": "InvalidStepError", "invalidStepKey": "load"}
    results = [launch_of(FIRST), config, step, error("UnauthorizedError", "not you")]
    server.data(jobs(job_payload("report", "north", "shop")), launches(*results))
    asked = [{"job": "report", "tags": {"n": str(n)}, "partition": "p"} for n in range(4)]
    found = await client.runs.create_many(asked)
    kinds = [RunLaunched, RunConfigInvalid, RunStepInvalid, RunNotLaunched]
    assert [type(r) for r in found] == kinds
    assert (found[0].run.id, found[2].invalid_step_key) == ("first", "load")
    assert (found[3].message, found[3].typename__) == ("not you", "UnauthorizedError")
    assert server.operations == ["FindJobs", "LaunchRuns"]
    keys, batches = keyed(server.received[1])
    assert (len(set(keys)), len(batches)) == (4, 1)
    assert {server.received[1].headers["idempotency-key"]} == batches
    sent = server.received[1].variables["executionParamsList"]
    assert [p["executionMetadata"]["tags"][0] for p in sent] == [
        {"key": "n", "value": str(n)} for n in range(4)
    ]
    assert sent[0]["selector"] == {
        "repositoryLocationName": "north",
        "repositoryName": "shop",
        "jobName": "report",
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "at least one launch"),
        ("report", "list of mappings"),
        ({"job": "report"}, "list of mappings"),
        ([{"job": "report"}, {"job": "report", "config": {}}], "launch 2 has 'config'"),
        ([{"location": "demo"}], "launch 1: the job's name"),
        ([{"job": "report", "tags": {"n": 1}}], "launch 1: .* must be text"),
        ([{"job": "__ASSET_JOB"}], "launch 1: .* every asset"),
        ([{"job": "a", "idempotency_key": "k"}] * 2, "two launches have .* 'k'"),
    ],
)
async def test_several_launches_that_cannot_be_send_nothing(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.runs.create_many(given)
    assert server.requests == 0


async def test_no_launch_where_one_job_is_unknown(client, server):
    server.data(jobs(job_payload("report")))
    with pytest.raises(errors.NotFoundError, match=r"^launch 2, 3: .*no job 'reprot'.*; nothing"):
        await client.runs.create_many([{"job": "report"}, *[{"job": "reprot"}] * 2])
    assert server.operations == ["FindJobs"]


async def test_keys_of_ones_own_are_not_launched_again(client, server):
    server.data(full_runs(RETRY, FIRST), launches(launch_of(run(id="second"))))
    found = await client.runs.create_many(TWO)
    assert [r.run.id for r in found] == ["first", "second"]
    assert server.operations == ["FindRuns", "LaunchRuns"]
    assert len(server.received[1].variables["executionParamsList"]) == 1
    server.replies[:] = [Reply({"data": full_runs(FIRST)})]
    assert [r.run.id for r in await client.runs.create_many(TWO[:1])] == ["first"]
    assert server.operations[2:] == ["FindRuns"]


@pytest.mark.parametrize(
    "lost",
    [*LOST.values(), Reply({"data": launches(launch_of(run(id="whose")))})],
    ids=[*LOST, "one result for two"],
)
async def test_several_lost_launches_are_found_by_their_tag(hasty, server, waits, lost):
    def found(*numbers, more=()):
        def answer(received):
            (batch,) = received.variables["filter"]["tags"]
            keys, batches = keyed(server.received[1])
            assert {batch["value"]} == batches
            made = [carrying((KEY_TAG, keys[n]), id=f"run {n}") for n in numbers]
            return Reply({"data": full_runs(*more, *made)})

        return answer

    nobody = Reply({"data": full_runs()})
    retry = carrying((KEY_TAG, "a"), id="retry", parentRunId="run 0")
    server.reply(nobody, lost, found(), found(1), found(1, 0, more=[retry]))
    results = await hasty.runs.create_many(TWO)
    assert [(type(r), r.run.id) for r in results] == [
        (RunLaunched, "run 0"),
        (RunLaunched, "run 1"),
    ]
    assert server.operations == ["FindRuns", "LaunchRuns"] + ["FindRuns"] * 3
    assert waits == [0.25, 0.5]


async def test_several_lost_launches_of_which_one_is_not_found(client, server, waits, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._async.polling.LOOKUP_SECONDS", 0.1)
    server.data(full_runs())
    server.reply(Reply(b"", 504), Reply({"data": full_runs(carrying((KEY_TAG, "a")))}))
    with pytest.raises(errors.LaunchUnknownError) as caught:
        await client.runs.create_many(TWO)
    keys, (batch,) = keyed(server.received[1])
    assert [e["idempotency_key"] for e in caught.value.errors] == keys[1:]
    assert caught.value.idempotency_key == batch
    assert [found.id for found in caught.value.runs] == [RUN_ID]
    assert server.operations == ["FindRuns", "LaunchRuns", "FindRuns"]


async def test_earlier_runs_are_known_where_the_others_are_not(client, server, waits, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._async.polling.LOOKUP_SECONDS", 0.1)
    server.data(full_runs(FIRST))
    server.reply(Reply(b"", 504), Reply({"data": full_runs()}))
    with pytest.raises(errors.LaunchUnknownError) as caught:
        await client.runs.create_many(TWO)
    assert [found.id for found in caught.value.runs] == ["first"]
    assert len(caught.value.errors) == 1
    assert server.operations == ["FindRuns", "LaunchRuns", "FindRuns"]


async def test_several_launches_that_the_server_refuses(client, server):
    server.data({"launchMultipleRuns": error("PythonError", "broken")})
    with pytest.raises(errors.ServerError, match="broken"):
        await client.runs.create_many(TWO[1:])
    assert server.operations == ["LaunchRuns"]


# Executing a run again

AGAIN = carrying((KEY_TAG, "k"), id="again", parentRunId="old", rootRunId="old")


def reexecuted(found=AGAIN):
    """The data of ReexecuteRun."""
    return {"launchRunReexecution": launch_of(found)}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {"strategy": "ALL_STEPS"}),
        ({"strategy": "from_failure"}, {"strategy": "FROM_FAILURE"}),
        (
            {"strategy": "FROM_ASSET_FAILURE", "use_parent_tags": False},
            {"strategy": "FROM_ASSET_FAILURE", "useParentRunTags": False},
        ),
    ],
)
async def test_reexecute(client, server, given, sent):
    server.data(reexecuted())
    found = await client.runs.reexecute("old", tags={"team": "shop"}, **given)
    assert (type(found), found.id) == (Run, "again")
    [received] = server.received
    params = received.variables["reexecutionParams"]
    team, key = params.pop("extraTags")
    assert params == {"parentRunId": "old", **sent}
    assert team == {"key": "team", "value": "shop"}
    assert key == {"key": KEY_TAG, "value": received.headers["idempotency-key"]}


@pytest.mark.parametrize("lost", LOST.values(), ids=list(LOST))
async def test_a_lost_re_execution_is_found_and_sent_once(hasty, server, waits, lost):
    retry = run(id="retry", parentRunId="again")
    server.reply(lost, *(Reply({"data": full_runs(*f)}) for f in ([retry], [retry, AGAIN])))
    assert (await hasty.runs.reexecute("old")).id == "again"
    assert server.operations == ["ReexecuteRun", "FindRuns", "FindRuns"]
    key = server.received[0].headers["idempotency-key"]
    assert server.received[1].variables["filter"] == {"tags": [{"key": KEY_TAG, "value": key}]}


async def test_a_re_execution_with_a_key_of_ones_own_happens_once(client, server):
    server.data(full_runs(), reexecuted(), full_runs(AGAIN))
    for _ in range(2):
        assert (await client.runs.reexecute("old", idempotency_key="k")).id == "again"
    assert server.operations == ["FindRuns", "ReexecuteRun", "FindRuns"]


async def test_a_re_execution_with_the_key_of_the_run_itself(client, server):
    server.data(full_runs(run(id="retry", parentRunId="first"), FIRST))
    with pytest.raises(errors.InvalidInputError, match="'k' is the key of run first already"):
        await client.runs.reexecute("first", idempotency_key="k")
    assert server.operations == ["FindRuns"]


@pytest.mark.parametrize(
    ("state", "kind", "says"),
    [
        (error("RunNotFoundError", "no such run"), errors.NotFoundError, "no such run"),
        (
            {"__typename": "Run", "id": "old", "status": "SUCCESS"},
            errors.ServerError,
            "did not fail",
        ),
    ],
)
async def test_a_run_that_cannot_be_executed_again(client, server, state, kind, says):
    broken = error("PythonError", "it did not fail")
    server.data({"launchRunReexecution": broken}, {"runOrError": state})
    with pytest.raises(kind, match=says):
        await client.runs.reexecute("old", strategy="FROM_FAILURE")
    assert server.operations == ["ReexecuteRun", "GetRunState"]


async def test_what_the_server_said_counts_where_the_run_cannot_be_looked_for(connect, server):
    broken = {"launchRunReexecution": error("PythonError", "it did not fail")}
    server.reply(Reply({"data": broken}), Reply(fault="reset"))
    with pytest.raises(errors.ServerError, match="did not fail"):
        await connect(retries=0).runs.reexecute("old", strategy="FROM_FAILURE")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"run_id": ""}, "run_id"),
        ({"strategy": "half"}, "choose from ALL_STEPS"),
        ({"tags": {"n": 1}}, "must be text"),
        ({"idempotency_key": ""}, "idempotency_key"),
    ],
)
async def test_re_executions_that_cannot_be_send_nothing(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.runs.reexecute(**{"run_id": "old", **given})
    assert server.requests == 0
