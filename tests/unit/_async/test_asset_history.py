"""What happened to assets: their events, partitions, evaluations and changes."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kit.payloads import RUN_ID, asset_event, error
from kit.server import Reply

from dagster_plus_sdk import (
    AssetEvaluation,
    AssetEvaluationTick,
    AssetFailure,
    AssetHistoryEntry,
    AssetKey,
    AssetMaterialization,
    AssetObservation,
    AssetPartition,
    EvaluatedAsset,
    errors,
)

pytestmark = pytest.mark.anyio

ALL = ["FAILED_TO_MATERIALIZE", "MATERIALIZATION", "OBSERVATION"]


class Log:
    """The events of an asset, newest first; a cursor is the number of those that were given."""

    def __init__(self, count: int) -> None:
        self.events = [asset_event(at=1700000000000 - n, description=f"e{n}") for n in range(count)]

    def __call__(self, received):
        asked = received.variables
        start = int(asked.get("cursor") or 0)
        page = self.events[start : start + asked["limit"]]
        return Reply({"data": history(*page, cursor=str(start + len(page)))})


def history(*events, known=True, cursor=""):
    page = {"results": list(events), "cursor": cursor}
    return {"assetOrError": {"__typename": "Asset", "isKnown": known, "history": page}}


async def test_events(client, server):
    lineage = [{"key": {"path": ["up"]}, "partitions": ["p"]}]
    server.data(
        history(
            asset_event("FailedToMaterializeEvent"),
            asset_event("ObservationEvent", tags=[{"key": "a", "value": "b"}]),
            asset_event(
                at=1700000000250,
                lineage=lineage,
                metadataEntries=[
                    {
                        "__typename": "IntMetadataEntry",
                        "label": "rows",
                        "description": None,
                        "intValue": 7,
                        "intRepr": "7",
                    }
                ],
            ),
            {"__typename": "NewEvent", "novel": 1},
        )
    )
    failure, observation, made, new = await client.assets.events(["shop", "a/b"]).to_list()
    assert [type(e) for e in (failure, observation, made)] == [
        AssetFailure,
        AssetObservation,
        AssetMaterialization,
    ]
    assert failure.failure_reason == "FAILED_TO_MATERIALIZE"
    assert observation.tags[0].value == "b"
    assert made.timestamp == datetime(2023, 11, 14, 22, 13, 20, 250000, tzinfo=timezone.utc)
    assert made.metadata_entries[0].int_value == 7
    assert made.lineage[0].key == AssetKey("up")
    assert new.novel == 1
    assert server.received[0].variables == {
        "assetKey": {"path": ["shop", "a/b"]},
        "types": ALL,
        "limit": 100,
    }


@pytest.mark.parametrize("size", [None, 1, 4, 11, 12, 30])
async def test_pages_of_events_lose_nothing(client, server, size):
    server.reply(Log(12))
    found = [e.description async for e in client.assets.events("a", page_size=size)]
    assert found == [f"e{n}" for n in range(12)]


async def test_events_resume_and_filter(client, server):
    server.reply(Log(12))
    odd = {"where": lambda e: int(e.description[1:]) % 2, "page_size": 5}
    first = client.assets.events("a", limit=2, **odd)
    assert [e.description for e in await first.to_list()] == ["e1", "e3"]
    rest = client.assets.events("a", cursor=first.cursor, **odd)
    assert [e.description for e in await rest.to_list()] == ["e5", "e7", "e9", "e11"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"types": "materialization"}, {"types": ["MATERIALIZATION"]}),
        (
            {"types": ["failure", "OBSERVATION"]},
            {"types": ["FAILED_TO_MATERIALIZE", "OBSERVATION"]},
        ),
        ({"partitions": "p"}, {"types": ALL, "partitions": ["p"]}),
        ({"partitions": ["p", "q"]}, {"types": ALL, "partitions": ["p", "q"]}),
        (
            {"after": 1.5, "before": datetime(2024, 1, 1, tzinfo=timezone.utc)},
            {"types": ALL, "after": "1500", "before": "1704067200000"},
        ),
    ],
)
async def test_filters_of_events(client, server, given, sent):
    server.data(history())
    assert await client.assets.events("a", **given).to_list() == []
    assert server.received[0].variables == {"assetKey": {"path": ["a"]}, "limit": 100, **sent}


@pytest.mark.parametrize(
    "given",
    [{"types": "party"}, {"types": []}, {"partitions": []}, {"after": datetime(2024, 1, 1)}],  # noqa: DTZ001
)
async def test_filters_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.assets.events("a", **given)
    assert server.requests == 0


@pytest.mark.parametrize(
    "answer", [history(known=False), {"assetOrError": error("AssetNotFoundError")}]
)
async def test_events_of_what_nobody_knows(client, server, answer):
    server.data(answer)
    with pytest.raises(errors.NotFoundError) as caught:
        await client.assets.events("nope").to_list()
    assert caught.value.code == "ASSET_NOT_FOUND"


def stretch(first, last, **more):
    times = {"startTime": 1700000000.0, "endTime": 1700086400.0}
    return {"startKey": first, "endKey": last, **times, **more}


def partitions(keys, statuses, dimensions=(), *, partitioned=True):
    node = {
        "__typename": "AssetNode",
        "isPartitioned": partitioned,
        "partitionKeys": list(keys),
        "dimensions": [{"name": n, "partitionKeys": list(k)} for n, k in dimensions],
        "statuses": statuses,
    }
    return {"assetNodeOrError": node}


DEFAULT = {
    "__typename": "DefaultPartitionStatuses",
    "materialized": ["a", "b", "c"],
    "failed": ["b"],
    "materializing": ["c", "e"],
    "missing": ["d"],
}
TIME = {
    "__typename": "TimePartitionStatuses",
    "ranges": [
        stretch("a", "b", status="MATERIALIZED"),
        stretch("d", "d", status="FAILED"),
        stretch("e", "z", status="MATERIALIZING"),
    ],
}


@pytest.mark.parametrize(
    ("statuses", "found"),
    [
        (DEFAULT, ["MATERIALIZED", "FAILED", "MATERIALIZING", None, "MATERIALIZING"]),
        (TIME, ["MATERIALIZED", "MATERIALIZED", None, "FAILED", "MATERIALIZING"]),
    ],
)
async def test_partitions(client, server, statuses, found):
    server.data(partitions("abcde", statuses))
    listed = await client.assets.partitions("x/y").to_list()
    assert all(type(partition) is AssetPartition for partition in listed)
    assert [partition.key for partition in listed] == list("abcde")
    assert [partition.status for partition in listed] == found
    assert server.received[0].variables == {"assetKey": {"path": ["x", "y"]}}


@pytest.mark.parametrize("primary", ["day", "region"])
async def test_partitions_of_two_dimensions(client, server, primary):
    days, regions = ["1", "2"], ["south", "north"]
    inner = {
        "day": {
            "__typename": "DefaultPartitionStatuses",
            "materialized": ["south"],
            "failed": ["north"],
            "materializing": [],
            "missing": [],
        },
        "region": {
            "__typename": "TimePartitionStatuses",
            "ranges": [
                stretch("1", "1", status="MATERIALIZED"),
                stretch("2", "2", status="FAILED"),
            ],
        },
    }[primary]
    outer = {"day": ("1", "2"), "region": ("south", "south")}[primary]
    statuses = {
        "__typename": "MultiPartitionStatuses",
        "primaryDimension": primary,
        "dimensionRanges": [stretch(*outer, secondary=inner)],
    }
    keys = [f"{day}|{region}" for day in days for region in regions]
    # The dimensions' order in the answer means nothing: keys are joined by the order of their names.
    dimensions = [("region", regions), ("day", days)]
    server.data(partitions(keys, statuses, dimensions))
    listed = await client.assets.partitions("x").to_list()
    assert {partition.key: partition.status for partition in listed} == {
        "1|south": "MATERIALIZED",
        "1|north": "FAILED" if primary == "day" else None,
        "2|south": "MATERIALIZED" if primary == "day" else "FAILED",
        "2|north": "FAILED" if primary == "day" else None,
    }


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"status": "failed"}, "b"),
        ({"status": ["FAILED", "MATERIALIZED"]}, "ab"),
        ({"missing": True}, "d"),
        ({"missing": False, "limit": 3}, "abc"),
        ({"where": lambda p: p.key > "c"}, "de"),
    ],
)
async def test_filters_of_partitions(client, server, given, kept):
    server.data(partitions("abcde", DEFAULT))
    assert "".join([p.key async for p in client.assets.partitions("x", **given)]) == kept


async def test_states_in_a_form_of_the_future(client, server):
    server.data(partitions("ab", {"__typename": "SomeStatuses", "some": []}))
    with pytest.raises(errors.UnexpectedResultError, match="SomeStatuses"):
        await client.assets.partitions("x").to_list()


async def test_partitions_that_cannot_be_asked_for(client, server):
    with pytest.raises(errors.InvalidInputError, match="MATERIALIZING"):
        client.assets.partitions("x", status="party")
    assert server.requests == 0
    server.data({"assetNodeOrError": error("AssetNotFoundError")})
    with pytest.raises(errors.NotFoundError):
        await client.assets.partitions("x").to_list()


def evaluation(number: int):
    entity = {"__typename": "AssetKey", "path": ["a/b", "c"]}
    node = {
        "uniqueId": "u",
        "childUniqueIds": [],
        "userLabel": None,
        "expandedLabel": ["any"],
        "operatorType": "and",
        "isPartitioned": False,
        "numTrue": 1,
        "numCandidates": None,
        "startedAt": 1700000000.0,
        "endedAt": None,
        "entity": {"__typename": "AssetCheckhandle", "key": {"path": ["a"]}, "name": "x"},
        "since": None,
    }
    return {
        "id": f"id{number}",
        "evaluationId": str(number),
        "entity": entity,
        "evaluatedAt": 1700000000.0,
        "startedAt": None,
        "endedAt": None,
        "numRequested": 0,
        "runIds": [RUN_ID],
        "isLegacy": False,
        "rootUniqueId": "u",
        "nodes": [node],
    }


class Evaluations:
    """Evaluations with falling ids; a cursor is the id before."""

    def __call__(self, received):
        asked = received.variables
        last = int(asked.get("cursor") or 8)
        records = [evaluation(n) for n in range(last - 1, 0, -1)][: asked["limit"]]
        found = {"__typename": "AssetConditionEvaluationRecords", "records": records}
        return Reply({"data": {"assetConditionEvaluationRecordsOrError": found}})


@pytest.mark.parametrize("size", [None, 1, 3, 7])
async def test_evaluations(client, server, size):
    server.reply(Evaluations())
    found = await client.assets.evaluations(["a/b"], page_size=size).to_list()
    assert [e.evaluation_id for e in found] == list("7654321")
    assert type(found[0]) is AssetEvaluation
    assert type(found[0].entity) is EvaluatedAsset
    assert AssetKey(*found[0].entity.path) == AssetKey("a/b", "c")
    assert found[0].nodes[0].entity.name == "x"
    assert server.received[0].variables["assetKey"] == {"path": ["a/b"]}


async def test_evaluations_of_a_check_resume(client, server):
    server.reply(Evaluations())
    first = client.assets.evaluations("a", check="rows", limit=2)
    assert [e.evaluation_id for e in await first.to_list()] == ["7", "6"]
    assert first.cursor == "6"
    rest = client.assets.evaluations("a", check="rows", cursor=first.cursor)
    assert [e.evaluation_id for e in await rest.to_list()] == list("54321")
    assert server.received[-1].variables == {
        "assetCheckKey": {"assetKey": {"path": ["a"]}, "name": "rows"},
        "cursor": "6",
        "limit": 101,
    }


async def test_evaluations_that_are_not_kept(client, server):
    failed = error("AutoMaterializeAssetEvaluationNeedsMigrationError", "migrate")
    server.data({"assetConditionEvaluationRecordsOrError": failed})
    with pytest.raises(errors.NotSupportedError, match="migrate"):
        await client.assets.evaluations("a").to_list()


async def test_evaluation_partitions(client, server):
    server.data({"truePartitionsForAutomationConditionEvaluationNode": ["p", "q"]})
    assert await client.assets.evaluation_partitions("a", "7", "u").to_list() == ["p", "q"]
    assert server.received[0].variables == {
        "assetKey": {"path": ["a"]},
        "evaluationId": "7",
        "nodeUniqueId": "u",
    }


@pytest.mark.parametrize("given", [("", "u"), ("7", "")])
async def test_evaluations_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        client.assets.evaluation_partitions("a", *given)
    with pytest.raises(errors.InvalidInputError):
        client.assets.evaluations("a", check="")
    assert server.requests == 0


def tick(number: int):
    return {
        "id": f"t{number}",
        "tickId": str(number),
        "status": "SKIPPED",
        "timestamp": 1700000000.25 + number,
        "endedAt": None,
        "evaluationId": str(number),
        "requestedCount": 1,
        "requested": [{"key": {"path": ["a"]}, "partitionKeys": ["p"]}],
        "runIds": [],
        "skipReason": "nothing",
        "error": None,
    }


class Ticks:
    """Ticks, newest first; a cursor ends with the time of the one before, and yields to ``before``."""

    def __call__(self, received):
        asked = received.variables
        before = asked.get("before")
        if before is None and "cursor" in asked:
            before = float(asked["cursor"].split(":")[-1])
        found = [tick(n) for n in range(6, 0, -1)]
        found = [t for t in found if before is None or t["timestamp"] < before]
        return Reply({"data": {"autoMaterializeTicks": found[: asked["limit"]]}})


@pytest.mark.parametrize("size", [None, 1, 4])
async def test_evaluation_ticks(client, server, size):
    server.reply(Ticks())
    found = await client.assets.evaluation_ticks(before=1700000006, page_size=size).to_list()
    assert [t.tick_id for t in found] == list("54321")
    assert type(found[0]) is AssetEvaluationTick
    assert found[0].requested[0].partition_keys == ["p"]


async def test_filters_of_evaluation_ticks(client, server):
    server.reply(Ticks())
    await client.assets.evaluation_ticks(statuses="skipped", after=5, limit=3).to_list()
    assert server.received[0].variables == {"statuses": ["SKIPPED"], "after": 5.0, "limit": 4}
    with pytest.raises(errors.InvalidInputError):
        client.assets.evaluation_ticks(statuses="party")


def change(number: int):
    return {
        "key": {"path": ["a"]},
        "locationName": "demo",
        "loadedAt": 1700000000.5 + number,
        "commitHash": f"c{number}",
        "previousCommitHash": None,
        "change": {
            "types": ["TAGS", "SOMETHING_NEW"],
            "details": {
                "codeVersion": {"old": "1", "new": "2"},
                "partitionsDefinition": None,
                "dependencies": None,
                "metadata": None,
                "tags": {"addedKeys": ["tier"], "changedKeys": [], "removedKeys": []},
            },
        },
    }


class Changes:
    """Changes, newest first; a cursor is the time of the one before."""

    def __call__(self, received):
        asked = received.variables
        before = float(asked.get("cursor", "1e12"))
        found = [c for c in (change(n) for n in range(5, 0, -1)) if c["loadedAt"] < before]
        return Reply({"data": {"assetDiffHistory": found[: asked["limit"]]}})


@pytest.mark.parametrize("size", [None, 1, 2])
async def test_history(client, server, size):
    server.reply(Changes())
    found = await client.assets.history(["a/b"], page_size=size).to_list()
    assert [entry.commit_hash for entry in found] == ["c5", "c4", "c3", "c2", "c1"]
    assert type(found[0]) is AssetHistoryEntry
    assert found[0].change.types == ["TAGS", "SOMETHING_NEW"]
    assert found[0].change.details.code_version.new == "2"
    assert found[0].change.details.tags.added_keys == ["tier"]
    assert server.received[0].variables["assetKey"] == {"path": ["a/b"]}


async def test_evaluation_ticks_are_not_lost_where_the_server_cuts_them(client, server):
    """Dagster gives 1000 at most, whatever it is asked for."""
    server.reply(Ticks())
    await client.assets.evaluation_ticks(where=lambda _: False).to_list()
    assert server.received[0].variables["limit"] == 1000
    with pytest.raises(errors.InvalidInputError, match="page_size must be 1 to 999"):
        client.assets.evaluation_ticks(page_size=1000)


async def test_a_cursor_that_lies_behind_the_end_of_the_period(client, server):
    server.reply(Ticks())
    late = client.assets.evaluation_ticks(before=1700000003, cursor="6:1700000006.25")
    assert [t.tick_id for t in await late.to_list()] == list("21")
    with pytest.raises(errors.InvalidInputError, match="names no tick"):
        client.assets.evaluation_ticks(cursor="6")


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.evaluation_ticks(after=5, before=5),
        lambda a: a.events("a", after=5, before=4),
        lambda a: a.events("a", partitions=["p", ""]),
        lambda a: a.list(group=""),
        lambda a: a.list(location=" "),
        lambda a: a.list(pattern=""),
        lambda a: a.definitions(location=""),
    ],
)
async def test_lists_that_cannot_be(client, server, call):
    with pytest.raises(errors.InvalidInputError):
        call(client.assets)
    assert server.requests == 0


async def test_reports_need_names_of_partitions(client, server):
    with pytest.raises(errors.InvalidInputError, match="a partition's key"):
        await client.assets.report("a", "materialization", partitions=["p", ""])
    with pytest.raises(errors.InvalidInputError, match="a partition's key"):
        await client.checks.report("a", "c", passed=True, partitions="")
    assert server.requests == 0
