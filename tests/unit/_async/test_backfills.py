"""Backfills: lists, launches that happen once, changes, waiting."""

from __future__ import annotations

from datetime import datetime, timezone
from uuid import UUID

import pytest
from kit.automation import (
    backfill,
    backfill_refs,
    backfills,
    job_keys,
    launched_backfill,
    partition_sets,
)
from kit.canary import TOKEN
from kit.faults import LATE
from kit.payloads import error
from kit.server import Reply

from dagster_plus_sdk import (
    AssetKey,
    AssetPartitionsStatusCounts,
    Backfill,
    BackfillProgress,
    BackfillSummary,
    BackfillTarget,
    UnpartitionedAssetStatus,
    errors,
)

pytestmark = pytest.mark.anyio

KEY_TAG = "dagster_plus_sdk/backfill_key"
PARENT_TAG = "dagster/parent_backfill_id"
LAUNCHED = launched_backfill()


@pytest.fixture
def waits(monkeypatch):
    """What is waited for between two looks; no time passes."""
    seconds = []

    async def note(wait):
        seconds.append(wait)

    monkeypatch.setattr("dagster_plus_sdk._async.polling.asleep", note)
    return seconds


# Lists


async def test_pages(client, server):
    server.data(backfills("c", "b", "a"), backfills("a"))
    found = await client.backfills.list(page_size=2).to_list()
    assert [(type(b), b.id) for b in found] == [(BackfillSummary, i) for i in ("c", "b", "a")]
    assert [r.variables for r in server.received] == [
        {"filters": {}, "cursor": None, "limit": 3},
        {"filters": {}, "cursor": "b", "limit": 3},
    ]


async def test_what_the_server_filters(client, server):
    server.data(backfills("a", "b"))
    found = client.backfills.list(
        statuses=["failed", "CANCELED"],
        created_after=datetime.fromtimestamp(1700000000, tz=timezone.utc),
        created_before=1700000009.5,
        where=lambda b: b.id == "b",
    )
    assert [b.id for b in await found.to_list()] == ["b"]
    assert server.received[0].variables == {
        "filters": {
            "statuses": ["FAILED", "CANCELED"],
            "createdAfter": 1700000000.0,
            "createdBefore": 1700000009.5,
        },
        "cursor": None,
        "limit": 501,
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"statuses": "ASLEEP"}, "choose from CANCELED"),
        ({"statuses": []}, "is empty"),
        ({"created_after": datetime(2024, 5, 1)}, "needs a timezone"),  # noqa: DTZ001
        ({"page_size": 501}, "1 to 500"),
    ],
)
async def test_lists_that_cannot_be(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        client.backfills.list(**given)
    assert server.requests == 0


async def test_get(client, server):
    key = {"assetKey": {"path": ["a"]}}
    counts = {"targeted": 4, "inProgress": 1, "materialized": 2, "failed": 1}
    flags = {"isInProgress": False, "isMaterialized": True, "isFailed": False}
    assets = {
        "statuses": [
            {"__typename": "AssetPartitionsStatusCounts", **key, **counts},
            {"__typename": "UnpartitionedAssetStatus", **key, **flags},
        ],
        "rootPartitions": {"keys": None, "ranges": [{"start": "1", "end": "4"}]},
    }
    raised = {"className": "E", "message": "m", "stack": [], "causes": []}
    server.data(backfill("x", assets=assets, error=raised, status="FAILED"))
    found = await client.backfills.get("x")
    assert type(found) is Backfill
    one, other = found.assets.statuses
    assert (type(one), one.targeted, one.failed) == (AssetPartitionsStatusCounts, 4, 1)
    assert (type(other), other.is_materialized) == (UnpartitionedAssetStatus, True)
    assert [(r.start, r.end) for r in found.assets.root_partitions.ranges] == [("1", "4")]
    assert (found.error.message, found.run_counts[0].count) == ("m", 2)
    assert server.received[0].variables == {"backfillId": "x"}


async def test_get_unknown(client, server):
    server.data({"partitionBackfillOrError": error("BackfillNotFoundError")})
    with pytest.raises(errors.NotFoundError) as caught:
        await client.backfills.get("x")
    assert caught.value.code == "BACKFILL_NOT_FOUND"


async def test_preview(client, server):
    target = {"assetKey": {"path": ["a"]}, "partitions": {"keys": ["1"], "ranges": None}}
    plain = {"assetKey": {"path": ["b"]}, "partitions": None}
    server.data({"assetBackfillPreview": [target, plain]})
    found = await client.backfills.preview(["a", AssetKey("b")], partitions=["1"]).to_list()
    assert [type(t) for t in found] == [BackfillTarget] * 2
    assert (found[0].partitions.keys, found[1].partitions) == (["1"], None)
    assert server.received[0].variables == {
        "params": {"assetSelection": [{"path": ["a"]}, {"path": ["b"]}], "partitionNames": ["1"]}
    }


@pytest.mark.parametrize(
    ("assets", "partitions"),
    [([], ["1"]), ("a", ["1"]), (AssetKey("a"), ["1"]), (["a"], []), (["a"], "1"), (["a"], [""])],
)
async def test_previews_that_cannot_be(client, server, assets, partitions):
    with pytest.raises(errors.InvalidInputError):
        client.backfills.preview(assets, partitions=partitions)
    assert server.requests == 0


# Launches


async def test_a_launch_carries_its_key(client, server):
    server.data(LAUNCHED, backfill())
    found = await client.backfills.create(assets=["a"], partitions=["1"])
    assert type(found) is Backfill
    assert server.operations == ["LaunchBackfill", "GetBackfill"]
    received = server.received[0]
    [tag] = received.variables["backfillParams"]["tags"]
    assert tag["key"] == KEY_TAG
    assert tag["value"] == received.headers["idempotency-key"] == str(UUID(tag["value"]))


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"partitions": ["1", "2"]}, {"assetSelection": 2, "partitionNames": ["1", "2"]}),
        ({"all_partitions": True}, {"assetSelection": 2, "allPartitions": True}),
        ({"partition_range": ("1", "4")}, {"partitionsByAssets": ("1", "4")}),
    ],
)
async def test_launches_of_assets(client, server, given, sent):
    keys = [{"path": ["a"]}, {"path": ["b", "c"]}]
    sent = dict(sent)
    if "assetSelection" in sent:
        sent["assetSelection"] = keys
    else:
        bounds = {"range": {"start": "1", "end": "4"}}
        sent["partitionsByAssets"] = [{"assetKey": k, "partitions": bounds} for k in keys]
    server.data(backfill_refs(), LAUNCHED, backfill())
    await client.backfills.create(
        assets=["a", AssetKey("b", "c")],
        **given,
        run_config="ops: {}",
        tags={"team": "shop"},
        title="t",
        description="d",
        idempotency_key="order-7",
    )
    assert server.operations == ["FindBackfills", "LaunchBackfill", "GetBackfill"]
    assert server.received[0].variables == {
        "filter": {"tags": [{"key": KEY_TAG, "value": "order-7"}]},
        "limit": 100,
    }
    assert server.received[1].variables["backfillParams"] == {
        **sent,
        "tags": [{"key": "team", "value": "shop"}, {"key": KEY_TAG, "value": "order-7"}],
        "title": "t",
        "description": "d",
        "runConfigData": {"ops": {}},
    }


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"partitions": ["1", "2"]}, {"partitionNames": ["1", "2"]}),
        ({"all_partitions": True}, {"allPartitions": True}),
        ({"partition_range": ["2", "4"]}, {"partitionNames": ["2", "3", "4"]}),
        ({"partition_range": ["4", "4"]}, {"partitionNames": ["4"]}),
    ],
)
async def test_launches_of_a_job(client, server, given, sent):
    ranged = [job_keys("1", "2", "3", "4", "5")] if "partition_range" in given else []
    sets = partition_sets(daily=("north", "shop"), other=("demo", "repo"))
    server.data(sets, *ranged, LAUNCHED, backfill())
    await client.backfills.create(job="daily", **given)
    params = server.received[1 + len(ranged)].variables["backfillParams"]
    params.pop("tags")
    assert params == {
        "selector": {
            "partitionSetName": "daily_partition_set",
            "repositorySelector": {
                "repositoryLocationName": "north",
                "repositoryName": "shop",
            },
        },
        **sent,
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"partition_range": ["2", "9"]}, "job 'daily' has no partition '9'"),
        ({"partition_range": ["4", "2"]}, "ends with '2', which is before '4'"),
    ],
)
async def test_ranges_that_are_none(client, server, given, says):
    server.data(partition_sets(daily=("north", "shop")), job_keys("1", "2", "3", "4"))
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.backfills.create(job="daily", **given)
    assert server.operations == ["FindPartitionSets", "ListJobPartitionKeys"]


async def test_a_place_narrows_the_search(client, server):
    server.data(partition_sets(daily=("north", "shop")), LAUNCHED, backfill())
    place = {"location": "north", "repository": "shop"}
    await client.backfills.create(job="daily", all_partitions=True, **place)
    assert server.received[0].variables["repositorySelector"] == {
        "repositoryLocationName": "north",
        "repositoryName": "shop",
    }


async def test_a_job_without_partitions(client, server):
    server.data(partition_sets(daily=("north", "shop")))
    with pytest.raises(errors.NotFoundError, match="no partitioned job 'dayly'; did you mean"):
        await client.backfills.create(job="dayly", all_partitions=True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"partitions": ["1"]}, "either assets or job"),
        ({"assets": ["a"], "job": "b", "partitions": ["1"]}, "either assets or job"),
        ({"assets": ["a"]}, "one of partitions, partition_range and all_partitions"),
        ({"job": "b", "partitions": ["1"], "all_partitions": True}, "one of partitions"),
        ({"assets": [], "partitions": ["1"]}, "assets is empty"),
        ({"assets": "a", "partitions": ["1"]}, "not one"),
        ({"assets": ["a"], "partitions": []}, "partitions is empty"),
        ({"assets": ["a"], "partitions": "1"}, "not one text"),
        ({"assets": ["a"], "partition_range": ["1"]}, "first and the last .* not 1 keys"),
        ({"assets": ["a"], "partition_range": ["1", ""]}, "a partition's key"),
        ({"assets": ["a"], "all_partitions": True, "location": "x"}, "found by its key"),
        ({"assets": ["a"], "all_partitions": True, "tags": {"n": 1}}, "must be text"),
        ({"assets": ["a"], "all_partitions": True, "run_config": "a: ["}, "no valid YAML"),
        ({"assets": ["a"], "all_partitions": True, "idempotency_key": ""}, "idempotency_key"),
        ({"job": "", "all_partitions": True}, "the job's name"),
    ],
)
async def test_launches_that_cannot_be_send_nothing(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.backfills.create(**given)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "fields", "kind"),
    [
        ("UnauthorizedError", {}, errors.PermissionDeniedError),
        ("PartitionKeysNotFoundError", {"partitionKeys": ["1"]}, errors.NotFoundError),
        ("PartitionSetNotFoundError", {}, errors.NotFoundError),
        ("RunConflict", {}, errors.ConflictError),
        ("PythonError", {}, errors.ServerError),
    ],
)
async def test_launches_that_the_server_refuses(client, server, typename, fields, kind):
    server.data({"launchPartitionBackfill": error(typename, **fields)})
    with pytest.raises(kind):
        await client.backfills.create(assets=["a"], all_partitions=True)
    assert server.operations == ["LaunchBackfill"]


async def test_a_launched_backfill_that_cannot_be_read(client, server):
    server.data(LAUNCHED, {"partitionBackfillOrError": error("UnauthorizedError")})
    with pytest.raises(
        errors.DagsterPlusError, match="Backfill abcdefgh was launched, but not read"
    ):
        await client.backfills.create(assets=["a"], all_partitions=True)
    assert server.operations == ["LaunchBackfill", "GetBackfill"]


LOST = {
    "reset": Reply(fault="reset"),
    "504": Reply(b"", 504),
    "500 without a word": Reply(b"", 500),
    "timeout": LATE,
    "a resolver that broke": Reply(
        {"data": None, "errors": [{"message": "m", "path": ["launchPartitionBackfill"]}]}
    ),
}


@pytest.mark.parametrize("lost", LOST.values(), ids=list(LOST))
async def test_a_lost_launch_is_found_by_its_key_and_sent_once(hasty, server, waits, lost):
    retry = {"again": [KEY_TAG, PARENT_TAG]}
    looks = [backfill_refs(), backfill_refs(**retry), backfill_refs(**retry, first=[KEY_TAG])]
    server.reply(lost, *(Reply({"data": found}) for found in (*looks, backfill("first"))))
    found = await hasty.backfills.create(assets=["a"], all_partitions=True)
    assert found.id == "first"
    assert server.operations == ["LaunchBackfill", *["FindBackfills"] * 3, "GetBackfill"]
    key = server.received[0].headers["idempotency-key"]
    assert server.received[1].variables["filter"] == {"tags": [{"key": KEY_TAG, "value": key}]}
    assert server.received[-1].variables == {"backfillId": "first"}
    assert waits == [0.25, 0.5]


async def test_a_lost_launch_that_is_not_found(client, server, waits, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._async.polling.LOOKUP_SECONDS", 0.1)
    server.reply(Reply(b"", 504), Reply({"data": backfill_refs()}))
    with pytest.raises(errors.LaunchUnknownError) as caught:
        await client.backfills.create(assets=["a"], all_partitions=True)
    key = server.received[0].headers["idempotency-key"]
    assert caught.value.idempotency_key == key
    assert f'runs.feed(view="BACKFILLS", tags={{"{KEY_TAG}": "{key}"}})' in caught.value.message
    assert server.operations == ["LaunchBackfill", "FindBackfills"]


async def test_the_search_survives_faults_that_pass(connect, server, waits):
    found = [backfill_refs(x=[KEY_TAG]), backfill("x")]
    server.reply(Reply(fault="reset"), Reply(b"", 502), *(Reply({"data": f}) for f in found))
    made = await connect(retries=0).backfills.create(assets=["a"], all_partitions=True)
    assert made.id == "x"
    assert server.operations == ["LaunchBackfill", *["FindBackfills"] * 2, "GetBackfill"]


async def test_the_search_ends_with_a_fault_that_does_not_pass(client, server, waits):
    server.reply(Reply(fault="reset"), Reply(b"", 401))
    with pytest.raises(errors.LaunchUnknownError) as caught:
        await client.backfills.create(assets=["a"], all_partitions=True)
    assert isinstance(caught.value.__cause__, errors.AuthenticationError)
    assert server.operations == ["LaunchBackfill", "FindBackfills"]


async def test_the_launched_backfill_is_found_behind_a_page_of_its_re_executions(client, server):
    first = backfill_refs(**{f"again {n}": [KEY_TAG, PARENT_TAG] for n in range(100)})
    first["runsFeedOrError"].update(cursor="behind", hasMore=True)
    server.data(first, backfill_refs(first=[KEY_TAG]), backfill("first"))
    found = await client.backfills.create(job="daily", all_partitions=True, idempotency_key="k")
    assert found.id == "first"
    assert server.operations == ["FindBackfills", "FindBackfills", "GetBackfill"]
    assert server.received[1].variables["cursor"] == "behind"


async def test_a_key_of_ones_own_finds_the_earlier_backfill(client, server):
    server.data(backfill_refs(again=[PARENT_TAG], first=[KEY_TAG]), backfill("first"))
    found = await client.backfills.create(job="daily", all_partitions=True, idempotency_key="k")
    assert found.id == "first"
    assert server.operations == ["FindBackfills", "GetBackfill"]


ORDERS = {
    "assetSelection": [{"path": ["orders"]}],
    "isAssetBackfill": True,
    "jobName": None,
}


@pytest.mark.parametrize(
    ("earlier", "given"),
    [
        ({}, {"job": "other", "all_partitions": True}),
        ({}, {"job": "daily", "partitions": ["3"]}),
        ({}, {"assets": ["orders"], "all_partitions": True}),
        (ORDERS, {"job": "daily", "all_partitions": True}),
        (ORDERS, {"assets": ["customers"], "partitions": ["1"]}),
        (ORDERS, {"assets": ["orders"], "partitions": ["3"]}),
    ],
)
async def test_a_key_that_another_backfill_has_had(client, server, earlier, given):
    """Nothing would be made, and the other one would pass for this one."""
    server.data(backfill_refs(first=[KEY_TAG]), backfill("first", **earlier))
    with pytest.raises(errors.InvalidInputError, match="'k' is the key of backfill first already"):
        await client.backfills.create(**given, idempotency_key="k")
    assert server.operations == ["FindBackfills", "GetBackfill"]


@pytest.mark.parametrize(
    ("earlier", "given"),
    [
        ({}, {"job": "daily", "partitions": ["2", "3"]}),
        (ORDERS, {"assets": ["orders", "customers"], "partitions": ["1"]}),
        ({**ORDERS, "partitionKeys": None}, {"assets": ["orders"], "partitions": ["3"]}),
    ],
)
async def test_a_backfill_that_is_launched_again(client, server, earlier, given):
    server.data(backfill_refs(first=[KEY_TAG]), backfill("first", **earlier))
    assert (await client.backfills.create(**given, idempotency_key="k")).id == "first"


@pytest.mark.parametrize("status", [429, 503])
async def test_a_refused_launch_is_sent_again_with_the_same_key(client, server, status):
    server.reply(
        Reply(b"", status, {"Retry-After": "0"}),
        Reply({"data": LAUNCHED}),
        Reply({"data": backfill()}),
    )
    await client.backfills.create(assets=["a"], all_partitions=True)
    assert server.received[0].body == server.received[1].body


# Changes

CANCELED = {"cancelPartitionBackfill": {"__typename": "CancelBackfillSuccess", "backfillId": "x"}}
RESUMED = {"resumePartitionBackfill": {"__typename": "ResumeBackfillSuccess", "backfillId": "x"}}


@pytest.mark.parametrize(
    ("verb", "status", "answer"),
    [
        ("cancel", "REQUESTED", CANCELED),
        ("cancel", "NEW_STATUS", CANCELED),
        ("resume", "FAILED", RESUMED),
        ("resume", "CANCELED", RESUMED),
    ],
)
async def test_cancel_and_resume(client, server, verb, status, answer):
    server.data(backfill("x", status=status), answer)
    assert await getattr(client.backfills, verb)("x") is None
    assert server.operations == ["PollBackfill", f"{verb.capitalize()}Backfill"]
    assert server.received[1].variables == {"backfillId": "x"}


@pytest.mark.parametrize(
    ("verb", "status"),
    [("cancel", "COMPLETED_SUCCESS"), ("cancel", "CANCELED"), ("resume", "COMPLETED_FAILED")],
)
async def test_what_has_ended_stays_so(client, server, verb, status):
    server.data(backfill("x", status=status))
    with pytest.raises(errors.ConflictError, match=f"x has ended already, as {status}") as caught:
        await getattr(client.backfills, verb)("x")
    assert caught.value.code == "BACKFILL_HAS_ENDED"
    assert server.operations == ["PollBackfill"]


@pytest.mark.parametrize("verb", ["cancel", "resume"])
async def test_changes_of_nothing(client, server, verb):
    server.data({"partitionBackfillOrError": error("BackfillNotFoundError")})
    with pytest.raises(errors.NotFoundError):
        await getattr(client.backfills, verb)("x")
    with pytest.raises(errors.InvalidInputError):
        await getattr(client.backfills, verb)("")
    assert server.operations == ["PollBackfill"]


@pytest.mark.parametrize(
    ("given", "sent"), [({}, "FROM_FAILURE"), ({"strategy": "all_steps"}, "ALL_STEPS")]
)
async def test_reexecute(client, server, given, sent):
    server.data(launched_backfill("new", "reexecutePartitionBackfill"), backfill("new"))
    found = await client.backfills.reexecute("x", **given)
    assert (type(found), found.id) == (Backfill, "new")
    assert server.received[0].variables == {
        "reexecutionParams": {"parentRunId": "x", "strategy": sent}
    }


async def test_a_lost_reexecution(client, server):
    server.reply(Reply(fault="reset"))
    with pytest.raises(errors.LaunchUnknownError, match=f"{PARENT_TAG}=x"):
        await client.backfills.reexecute("x")
    assert server.operations == ["ReexecuteBackfill"]


async def test_reexecutions_that_are_refused(client, server):
    refused = {"reexecutePartitionBackfill": error("PythonError", "still in progress")}
    server.data(
        refused,
        {"partitionBackfillOrError": error("UnauthorizedError")},
        refused,
        {"partitionBackfillOrError": error("BackfillNotFoundError", backfillId="x")},
    )
    with pytest.raises(errors.ServerError, match="still in progress"):
        await client.backfills.reexecute("x")
    with pytest.raises(errors.NotFoundError):
        await client.backfills.reexecute("x")
    with pytest.raises(errors.InvalidInputError, match="choose from ALL_STEPS"):
        await client.backfills.reexecute("x", strategy="some")
    assert server.operations == ["ReexecuteBackfill", "PollBackfill"] * 2


# Waiting


@pytest.mark.parametrize(
    "status", ["COMPLETED", "COMPLETED_SUCCESS", "COMPLETED_FAILED", "CANCELED", "FAILED"]
)
async def test_wait(client, server, waits, status):
    states = [backfill(status=s) for s in ("REQUESTED", "CANCELING", "NEW_STATUS", status)]
    server.data(*states, backfill(status=status))
    found = await client.backfills.wait("x", poll=0.12, raise_on_failure=False)
    assert (type(found), found.status) == (Backfill, status)
    longest = (0.1, 0.11, 0.12)
    assert [0.75 * most <= wait <= most for wait, most in zip(waits, longest, strict=True)] == [
        True
    ] * 3
    assert server.operations == ["PollBackfill"] * 4 + ["GetBackfill"]


def asset_status(key, targeted, materialized, failed, in_progress=0):
    return {
        "__typename": "AssetPartitionsStatusCounts",
        "assetKey": {"path": key.split("/")},
        "targeted": targeted,
        "inProgress": in_progress,
        "materialized": materialized,
        "failed": failed,
    }


def whole_asset(key, *, failed):
    return {
        "__typename": "UnpartitionedAssetStatus",
        "assetKey": {"path": [key]},
        "isInProgress": False,
        "isMaterialized": not failed,
        "isFailed": failed,
    }


def counts(**runs):
    return [{"runStatus": status, "count": count} for status, count in runs.items()]


def of_assets(*statuses):
    return {"statuses": list(statuses), "rootPartitions": None}


RAISED = {"className": "E", "message": f"no\n{TOKEN}", "stack": [f"at {TOKEN}\n"], "causes": []}
MADE = {"assets": of_assets(asset_status("a", 4, 4, 0)), "runCounts": []}
BROKEN = of_assets(
    asset_status("a", 4, 4, 0),
    asset_status("b/c", 4, 1, 3),
    whole_asset("d", failed=True),
    whole_asset("e", failed=False),
    asset_status("f", 4, 0, 0),
    {"__typename": "Moon"},
)


@pytest.mark.parametrize(
    ("fields", "says", "failed", "known"),
    [
        (
            {"status": "COMPLETED_FAILED", "assets": BROKEN, "runCounts": []},
            "COMPLETED_FAILED: b/c: 3 of 4 partitions failed (and 1 more)",
            4,
            [("b/c", 4, 1, 3), ("d", 1, 0, 1), ("f", 4, 0, 0)],
        ),
        (
            {
                "status": "CANCELED",
                "assets": of_assets(asset_status("f", 4, 1, 0)),
                "runCounts": [],
            },
            "CANCELED: f: 3 of 4 partitions were not made",
            0,
            [("f", 4, 1, 0)],
        ),
        (
            {"status": "COMPLETED", "runCounts": counts(CANCELED=1, SUCCESS=5, FAILURE=2)},
            "COMPLETED: 2 of 8 partitions are FAILURE",
            2,
            [("CANCELED", 1), ("FAILURE", 2)],
        ),
        ({"status": "FAILED", "error": RAISED}, "FAILED: no ***", 0, []),
        ({"status": "CANCELED"}, "CANCELED", 0, []),
        ({"status": "NEW_END", **MADE}, "NEW_END", 0, []),
    ],
)
async def test_backfills_that_failed(
    client, server, waits, monkeypatch, fields, says, failed, known
):
    monkeypatch.setattr("dagster_plus_sdk._async.resources.backfills.ENDED", {fields["status"]})
    server.data(backfill(**fields))
    with pytest.raises(errors.BackfillFailedError) as caught:
        await client.backfills.wait("abcdefgh")
    raised = caught.value
    assert raised.message == f"Backfill abcdefgh ended with {says}"
    assert (raised.code, raised.status_code) == ("BACKFILL_FAILED", 500)
    assert (raised.backfill_id, raised.status) == ("abcdefgh", fields["status"])
    assert (type(raised.backfill), raised.failed) == (Backfill, failed)
    assert [tuple(what.values()) for what in raised.errors] == known
    assert raised.stack == (["at ***\n"] if "error" in fields else [])


@pytest.mark.parametrize("status", ["COMPLETED", "COMPLETED_SUCCESS"])
async def test_backfills_that_are_whole(client, server, waits, status):
    server.data(backfill(status=status, **MADE))
    assert (await client.backfills.wait("x")).status == status


@pytest.mark.parametrize(
    ("state", "told", "asked"),
    [
        ("REQUESTED", "; asked to end: x", ["x"]),
        ("CANCELED", "; could not be asked to end: x: Backfill x has ended already", []),
    ],
)
async def test_a_backfill_that_is_late_is_canceled(client, server, state, told, asked):
    server.data(backfill("x"), backfill("x", status=state), CANCELED)
    with pytest.raises(errors.WaitTimeoutError, match=told) as caught:
        await client.backfills.wait("x", timeout=0, cancel_on_timeout=True)
    assert caught.value.terminated == asked
    assert server.operations == ["PollBackfill", "PollBackfill", "CancelBackfill"][: 2 + len(asked)]


async def test_follow(connect, server, waits):
    """Only what has changed comes, faults are sat out, and the last one is how it ended."""

    def seen(status, *progress):
        return Reply({"data": backfill("x", status=status, assets=of_assets(*progress))})

    begun, more = asset_status("a", 4, 0, 0, 2), asset_status("a", 4, 2, 1, 1)
    fault = Reply(b"", 502)
    server.reply(
        seen("REQUESTED"),
        seen("REQUESTED", begun),
        *[fault] * 7,
        seen("REQUESTED", begun),
        seen("REQUESTED", more),
        Reply(fault="reset"),
        seen("REQUESTED", more),
        seen("COMPLETED_FAILED", more),
    )
    found = [
        (step.status, [(s.materialized, s.failed, s.in_progress) for s in step.assets.statuses])
        async for step in connect(retries=0).backfills.follow("x")
    ]
    assert found == [
        ("REQUESTED", []),
        ("REQUESTED", [(0, 0, 2)]),
        ("REQUESTED", [(2, 1, 1)]),
        ("COMPLETED_FAILED", [(2, 1, 1)]),
    ]
    assert {*server.operations} == {"GetBackfillProgress"}
    assert server.requests == 14


async def test_following_has_an_end(client, server, clock):
    server.data(backfill("x"))
    steps = client.backfills.follow("x", timeout=20, poll=1)
    first = await anext(steps)
    assert (type(first), first.id) == (BackfillProgress, "x")
    with pytest.raises(errors.WaitTimeoutError, match=r"x did not end within 20 s"):
        await anext(steps)
    assert clock.now == pytest.approx(20)
    server.replies.clear()
    server.data({"partitionBackfillOrError": error("BackfillNotFoundError")})
    with pytest.raises(errors.NotFoundError):
        [step async for step in client.backfills.follow("x", timeout=60)]


@pytest.mark.parametrize("timeout", [60, None])
async def test_faults_that_pass_are_survived(connect, server, waits, timeout):
    """Those behind the first answer, and while the backfill itself is read; with a deadline those before, too."""
    faults = [Reply(fault="reset"), Reply(b"", 502), Reply(b"", 503), Reply(b"", 500)] * 3
    first = Reply({"data": backfill(status="REQUESTED")})
    ended = Reply({"data": backfill(status="COMPLETED_SUCCESS")})
    server.reply(*(faults if timeout else ()), first, *faults, ended, *faults, ended)
    found = await connect(retries=0).backfills.wait("x", timeout=timeout)
    assert found.status == "COMPLETED_SUCCESS"
    before = 12 if timeout else 0
    assert server.operations == ["PollBackfill"] * (before + 14) + ["GetBackfill"] * 13


@pytest.mark.parametrize("reply", [Reply(b"", 502), Reply({"data": backfill()})])
async def test_the_time_is_over(client, server, reply, clock):
    server.reply(reply)
    with pytest.raises(errors.WaitTimeoutError, match="abc did not end within 20 s"):
        await client.backfills.wait("abc", timeout=20, poll=1)
    assert (clock.now, server.requests > 5) == (pytest.approx(20), True)


async def test_faults_that_do_not_pass_end_it(client, server, waits):
    server.data({"partitionBackfillOrError": error("BackfillNotFoundError")})
    for timeout in (None, 60):
        with pytest.raises(errors.NotFoundError):
            await client.backfills.wait("x", timeout=timeout)
    assert server.requests == 2


@pytest.mark.parametrize("given", [{"poll": 0}, {"poll": -1}, {"timeout": -1}])
async def test_times_that_cannot_be(client, server, given):
    for verb in ("wait", "follow"):
        with pytest.raises(errors.InvalidInputError, match=r"must be (more than )?0"):
            await anext(client.backfills.follow("x", **given)) if verb == "follow" else (
                await client.backfills.wait("x", **given)
            )
    assert server.requests == 0
