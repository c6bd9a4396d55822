"""Partitions: their keys and states, and dynamic ones."""

from __future__ import annotations

import pytest
from kit.automation import asset_keys_page, dynamic_partitions, job_keys
from kit.payloads import error, job, jobs
from kit.server import Reply

from dagster_plus_sdk import (
    AssetKey,
    PartitionDimensionStatuses,
    PartitionKeyStatuses,
    PartitionStatus,
    PartitionTimeStatuses,
    errors,
)

pytestmark = pytest.mark.anyio

HOME = {"location": "demo", "repository": "repo"}
SELECTOR = {"repositoryLocationName": "demo", "repositoryName": "repo"}
KEYS = ["a", "b", "c", "d", "e"]


async def test_keys_of_an_asset(client, server):
    server.data(asset_keys_page(KEYS[:2], cursor="c1", more=True), asset_keys_page(KEYS[2:]))
    found = await client.partitions.list(asset="x/y", page_size=2).to_list()
    assert found == KEYS
    first, second = server.received
    assert first.variables["assetKey"] == {"path": ["x", "y"]}
    assert first.variables["limit"] == 2
    assert second.variables["cursor"] == "c1"


async def test_an_asset_without_partitions(client, server):
    server.data(asset_keys_page(None))
    assert await client.partitions.list(asset=AssetKey("x")).to_list() == []


@pytest.mark.parametrize("limit", range(6))
async def test_the_last_keys_of_an_asset(client, server, limit):
    server.data({"assetNodeOrError": {"__typename": "AssetNode", "keys": KEYS}})
    first = client.partitions.list(asset="x", last_first=True, limit=limit)
    head = await first.to_list()
    assert head == KEYS[::-1][:limit]
    rest = client.partitions.list(asset="x", last_first=True, cursor=first.cursor)
    assert head + await rest.to_list() == KEYS[::-1]


def job_server(received):
    """Answer as the real server does."""
    asked = received.variables
    keys = KEYS
    if asked.get("cursor"):
        place = keys.index(asked["cursor"])
        keys = keys[:place] if asked["reverse"] else keys[place + 1 :]
    found = keys[-asked["limit"] :] if asked["reverse"] else keys[: asked["limit"]]
    return Reply({"data": job_keys(*found)})


@pytest.mark.parametrize("last_first", [False, True])
@pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
async def test_keys_of_a_job(client, server, size, last_first):
    server.reply(job_server)
    want = KEYS[::-1] if last_first else KEYS
    options = {"job": "daily", "last_first": last_first, **HOME}
    assert await client.partitions.list(**options, page_size=size).to_list() == want
    assert server.requests == -(-5 // size)
    assert server.received[0].variables["params"] == {
        "pipelineName": "daily",
        "repositoryLocationName": "demo",
        "repositoryName": "repo",
    }
    for limit in range(6):
        first = client.partitions.list(**options, page_size=size, limit=limit)
        head = await first.to_list()
        rest = client.partitions.list(**options, cursor=first.cursor)
        assert head + await rest.to_list() == want


async def test_a_job_is_found_once_by_its_name(client, server):
    server.data(jobs(job("daily", "north", "shop")), job_keys("a", "b"), job_keys("b"))
    found = client.partitions.list(job="daily", page_size=1, where=lambda key: key != "a")
    assert await found.to_list() == ["b"]
    assert server.operations == ["FindJobs", "ListJobPartitionKeys", "ListJobPartitionKeys"]
    assert server.received[1].variables["params"]["repositoryName"] == "shop"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "either asset or job"),
        ({"asset": "x", "job": "y"}, "either asset or job"),
        ({"asset": "x", "location": "demo"}, "an asset is found by its key"),
        ({"asset": ""}, "asset key"),
        ({"job": ""}, "the job's name"),
        ({"job": "x", "page_size": 0}, "page_size"),
    ],
)
async def test_lists_that_cannot_be_send_nothing(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        client.partitions.list(**given)
    assert server.requests == 0


NOTHING = {"materialized": [], "failed": [], "materializing": [], "missing": []}
RANGE = {"startKey": "1", "endKey": "9", "startTime": 1700000000.0, "endTime": 1700086400.0}
DEFAULT = {"__typename": "DefaultPartitionStatuses", **NOTHING, "missing": ["n"]}
TIMES = {
    "__typename": "TimePartitionStatuses",
    "ranges": [{**RANGE, "status": "MATERIALIZED"}],
}
TWO = {
    "__typename": "MultiPartitionStatuses",
    "primaryDimension": "day",
    "dimensionRanges": [{**RANGE, "secondary": DEFAULT}, {**RANGE, "secondary": TIMES}],
}


def status(statuses, **changes):
    counts = {"total": 4, "materialized": 1, "failed": 2, "materializing": 0}
    base = {
        "__typename": "AssetNode",
        "assetKey": {"path": ["x"]},
        "definition": None,
        "counts": counts,
        "statuses": statuses,
    }
    return {"assetNodeOrError": base | changes}


async def test_states(client, server):
    server.data(status(DEFAULT), status(TIMES), status(TWO), status(DEFAULT, counts=None))
    keys, times, two, none = [await client.partitions.status("x") for _ in range(4)]
    assert type(keys) is PartitionStatus
    assert (keys.counts.total, keys.counts.materialized, keys.counts.failed) == (4, 1, 2)
    assert type(keys.statuses) is PartitionKeyStatuses
    assert keys.statuses.missing == ["n"]
    assert type(times.statuses) is PartitionTimeStatuses
    [made] = times.statuses.ranges
    assert (made.status, made.start_key, made.start_time.year) == ("MATERIALIZED", "1", 2023)
    assert type(two.statuses) is PartitionDimensionStatuses
    assert [type(r.secondary) for r in two.statuses.dimension_ranges] == [
        PartitionKeyStatuses,
        PartitionTimeStatuses,
    ]
    assert none.counts is None


async def test_an_asset_that_is_not_there(client, server):
    server.data({"assetNodeOrError": error("AssetNotFoundError")})
    with pytest.raises(errors.NotFoundError) as caught:
        await client.partitions.status("x")
    assert caught.value.code == "ASSET_NOT_FOUND"
    for last_first in (False, True):
        with pytest.raises(errors.NotFoundError):
            await client.partitions.list(asset="x", last_first=last_first).to_list()


ADDED = {
    "addDynamicPartition": {
        "__typename": "AddDynamicPartitionSuccess",
        "partitionsDefName": "campaigns",
        "partitionKey": "x",
    }
}
DUPLICATE = {"addDynamicPartition": error("DuplicateDynamicPartitionError")}
DELETED = {
    "deleteDynamicPartitions": {
        "__typename": "DeleteDynamicPartitionsSuccess",
        "partitionsDefName": "campaigns",
    }
}


@pytest.mark.parametrize("keys", ["a", ["a", "b"]])
async def test_add(client, server, keys):
    server.data(ADDED)
    assert await client.partitions.add("campaigns", keys, **HOME) is None
    assert [r.variables for r in server.received] == [
        {"repositorySelector": SELECTOR, "partitionsDefName": "campaigns", "partitionKey": key}
        for key in keys
    ]


async def test_add_what_there_is(client, server):
    server.data(DUPLICATE, DUPLICATE, ADDED)
    with pytest.raises(errors.ConflictError) as caught:
        await client.partitions.add("campaigns", ["a", "b"], **HOME)
    assert caught.value.code == "DUPLICATE_DYNAMIC_PARTITION"
    await client.partitions.add("campaigns", ["a", "b"], exist_ok=True, **HOME)
    assert [r.variables["partitionKey"] for r in server.received] == ["a", "a", "b"]


@pytest.mark.parametrize("wipe", [False, True])
async def test_delete(client, server, wipe):
    server.data(dynamic_partitions(campaigns=("north", "shop"), other=("demo", "repo")), DELETED)
    gone = await client.partitions.delete("campaigns", ["a", "b"], wipe_materializations=wipe)
    assert gone is None
    assert server.operations == ["FindDynamicPartitions", "DeleteDynamicPartitions"]
    assert server.received[1].variables == {
        "repositorySelector": {"repositoryLocationName": "north", "repositoryName": "shop"},
        "partitionsDefName": "campaigns",
        "partitionKeys": ["a", "b"],
        "wipeMaterializations": wipe,
    }


@pytest.mark.parametrize("verb", ["add", "delete"])
async def test_definitions_are_found_by_name(client, server, verb):
    server.data(dynamic_partitions(campaigns=("north", "shop")))
    call = getattr(client.partitions, verb)
    with pytest.raises(errors.NotFoundError, match="did you mean 'campaigns'"):
        await call("campaign", "a")
    assert server.operations == ["FindDynamicPartitions"]


@pytest.mark.parametrize("verb", ["add", "delete"])
@pytest.mark.parametrize("keys", [[], "", ["a", " "]])
async def test_keys_that_cannot_be_send_nothing(client, server, verb, keys):
    with pytest.raises(errors.InvalidInputError):
        await getattr(client.partitions, verb)("campaigns", keys)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("UnauthorizedError", errors.PermissionDeniedError),
        ("UnsupportedOperationError", errors.NotSupportedError),
        ("PythonError", errors.ServerError),
    ],
)
async def test_deletions_that_the_server_refuses(client, server, typename, kind):
    server.data({"deleteDynamicPartitions": error(typename)})
    with pytest.raises(kind):
        await client.partitions.delete("campaigns", "a", **HOME)
    assert server.requests == 1
