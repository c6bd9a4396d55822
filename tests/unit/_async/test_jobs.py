"""Jobs: lists, lookups by name, launches."""

from __future__ import annotations

import pytest
from kit.payloads import error, get_job, job, jobs, launched
from kit.server import Reply

from dagster_plus_sdk import (
    Job,
    JobResource,
    JobSnapshot,
    JobSummary,
    PartitionSet,
    Run,
    errors,
)

pytestmark = pytest.mark.anyio

FOUND = jobs(
    job("report", "south"),
    job("orders", "north", "shop"),
    job("report", "north", "shop"),
    job("clean", "north"),
)


def names(found):
    return [f"{j.repository.location.name}/{j.repository.name}/{j.name}" for j in found]


EVERYTHING = [
    "north/__repository__/clean",
    "north/shop/orders",
    "north/shop/report",
    "south/__repository__/report",
]


async def test_lists_are_sorted_and_take_one_request(client, server):
    server.data(FOUND)
    found = await client.jobs.list().to_list()
    assert names(found) == EVERYTHING
    assert {type(j) for j in found} == {JobSummary}
    [received] = server.received
    assert (received.operation, received.variables) == ("ListJobs", {})


@pytest.mark.parametrize(
    ("given", "kept", "selector"),
    [
        ({"location": "north"}, [0, 1, 2], None),
        ({"repository": "shop"}, [1, 2], None),
        (
            {"location": "north", "repository": "shop"},
            [1, 2],
            {"repositoryLocationName": "north", "repositoryName": "shop"},
        ),
        ({"where": lambda j: j.name == "report"}, [2, 3], None),
        ({"location": "south", "where": lambda j: j.name != "report"}, [], None),
        ({"limit": 2}, [0, 1], None),
    ],
)
async def test_filters(client, server, given, kept, selector):
    server.data(FOUND)
    assert names(await client.jobs.list(**given).to_list()) == [EVERYTHING[n] for n in kept]
    assert server.received[0].variables.get("repositorySelector") == selector
    assert server.requests == 1


async def test_lists_resume(client, server):
    server.data(FOUND)
    first = client.jobs.list(limit=3)
    await first.to_list()
    assert names(await client.jobs.list(cursor=first.cursor).to_list()) == EVERYTHING[3:]


async def test_get_with_its_home(client, server):
    server.data(get_job("report"))
    found = await client.jobs.get("report", location="demo", repository="__repository__")
    assert type(found) is Job
    assert found.job_snapshot_id == "snap"
    [received] = server.received
    assert received.variables == {
        "params": {
            "pipelineName": "report",
            "repositoryLocationName": "demo",
            "repositoryName": "__repository__",
        }
    }


async def test_get_by_name(client, server):
    server.data(FOUND, get_job("orders"))
    await client.jobs.get("orders")
    assert server.operations == ["FindJobs", "GetJob"]
    params = server.received[1].variables["params"]
    assert (params["repositoryLocationName"], params["repositoryName"]) == ("north", "shop")


@pytest.mark.parametrize(
    ("given", "home"),
    [
        ({"name": "orders"}, ("north", "shop")),
        ({"name": "report", "location": "south"}, ("south", "__repository__")),
        ({"name": "report", "repository": "shop"}, ("north", "shop")),
    ],
)
async def test_the_place_of_a_job(client, server, given, home):
    server.data(FOUND, get_job(given["name"]))
    await client.jobs.get(**given)
    params = server.received[1].variables["params"]
    assert (params["repositoryLocationName"], params["repositoryName"]) == home


async def test_a_name_that_several_places_have(client, server):
    server.data(FOUND)
    with pytest.raises(errors.InvalidInputError) as caught:
        await client.jobs.get("report")
    assert caught.value.code == "AMBIGUOUS_NAME"
    assert caught.value.message == (
        "2 places have a job 'report'; say which: "
        'location="south", repository="__repository__", location="north", repository="shop"'
    )
    assert server.operations == ["FindJobs"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "reprot"}, "There is no job 'reprot'; did you mean 'report'?"),
        (
            {"name": "order", "location": "north"},
            "There is no job 'order' in location 'north'; did you mean 'orders'?",
        ),
        (
            {"name": "clean", "repository": "shop"},
            "There is no job 'clean' in repository 'shop'; there is one in "
            'location="north", repository="__repository__"',
        ),
        ({"name": "zzz"}, "There is no job 'zzz'"),
    ],
)
async def test_a_name_that_nobody_has(client, server, given, says):
    server.data(FOUND)
    for call in (client.jobs.get, client.jobs.launch):
        with pytest.raises(errors.NotFoundError) as caught:
            await call(**given)
        assert caught.value.message == says
        assert (caught.value.code, caught.value.status_code) == ("PIPELINE_NOT_FOUND", 404)
    assert set(server.operations) == {"FindJobs"}


async def test_a_job_that_went_between_two_requests(client, server):
    server.data(FOUND, {"pipelineOrError": error("PipelineNotFoundError", "gone")})
    with pytest.raises(errors.NotFoundError, match="gone"):
        await client.jobs.get("orders")


@pytest.mark.parametrize("name", ["", " "])
async def test_a_job_needs_a_name(client, server, name):
    home = {"location": "demo", "repository": "r"}
    for call in (
        lambda: client.jobs.get(name, **home),
        lambda: client.jobs.get(name),
        lambda: client.jobs.launch(name, **home),
    ):
        with pytest.raises(errors.InvalidInputError, match="the job's name must be a text"):
            await call()
    assert server.requests == 0


async def test_launch_is_the_same_as_creating_a_run(client, server):
    options = {
        "location": "demo",
        "repository": "__repository__",
        "run_config": {"ops": {}},
        "tags": {"a": "b"},
        "partition": "p",
        "asset_selection": ["x/y"],
        "op_selection": ["load"],
        "idempotency_key": "k",
    }
    nothing = {"runsOrError": {"__typename": "Runs", "results": []}}
    server.data(nothing, launched(), nothing, launched())
    assert type(await client.jobs.launch("report", **options)) is Run
    assert type(await client.runs.create("report", **options)) is Run
    first, second = server.received[1], server.received[3]
    assert first.operation == second.operation == "LaunchRun"
    assert first.body == second.body


# partitions, resources, snapshot

HOME = {"location": "demo", "repository": "__repository__"}
PARAMS = {
    "pipelineName": "report",
    "repositoryLocationName": "demo",
    "repositoryName": "__repository__",
}
KEYS = [f"2024-05-{day:02}" for day in range(1, 8)]


def partitions(received):
    asked = received.variables
    start = KEYS.index(asked["cursor"]) + 1 if asked["cursor"] else 0
    found = {"partitions": {"keys": KEYS[start : start + asked["limit"]]}}
    return Reply({"data": {"pipelineOrError": {"__typename": "Pipeline"} | found}})


@pytest.mark.parametrize("size", [1, 3, 7, None])
async def test_partitions_are_paged(client, server, size):
    server.reply(partitions)
    listed = client.jobs.partitions("report", page_size=size, limit=5, **HOME)
    assert await listed.to_list() == KEYS[:5]
    assert listed.cursor == KEYS[4]
    rest = client.jobs.partitions("report", cursor=listed.cursor, **HOME)
    assert await rest.to_list() == KEYS[5:]


async def test_what_is_asked_about_partitions(client, server):
    server.data(jobs(job("report")))
    server.reply(partitions)
    listed = client.jobs.partitions(
        "report", asset_selection=["a/b"], where=lambda key: key > "2024-05-05"
    )
    assert await listed.to_list() == KEYS[5:]
    assert server.operations == ["FindJobs", "ListJobPartitions"]
    assert server.received[1].variables == {
        "params": PARAMS,
        "cursor": None,
        "limit": 1001,
        "selectedAssetKeys": [{"path": ["a", "b"]}],
    }


async def test_a_job_is_looked_up_once_for_all_pages(client, server):
    server.data(jobs(job("report")))
    server.reply(partitions)
    assert await client.jobs.partitions("report", page_size=2).to_list() == KEYS
    assert server.operations.count("FindJobs") == 1
    assert server.operations.count("ListJobPartitions") > 2


async def test_partition_sets(client, server):
    found = {
        "id": "1",
        "name": "days",
        "jobName": "report",
        "mode": "default",
        "opSelection": None,
        "repositoryOrigin": {"repositoryName": "__repository__", "locationName": "demo"},
        "canLaunchBackfill": True,
        "canCancelBackfill": False,
    }
    server.data({"partitionSetsOrError": {"__typename": "PartitionSets", "results": [found]}})
    [listed] = await client.jobs.partition_sets("report", **HOME).to_list()
    assert (type(listed), listed.name, listed.can_cancel_backfill) == (PartitionSet, "days", False)
    assert server.received[0].variables == {
        "repositorySelector": {
            "repositoryLocationName": "demo",
            "repositoryName": "__repository__",
        },
        "pipelineName": "report",
    }


async def test_resources(client, server):
    field = {
        "name": "config",
        "description": None,
        "typeKey": "Any",
        "isRequired": False,
        "defaultJson": "{}",
    }
    found = [
        {"name": "store", "description": "The store.", "configField": field},
        {"name": "book", "description": None, "configField": None},
    ]
    data = {"__typename": "ResourceConnection", "resources": found}
    server.data({"resourcesOrError": data})
    listed = await client.jobs.resources("report", **HOME).to_list()
    assert [(type(r), r.name) for r in listed] == [(JobResource, "book"), (JobResource, "store")]
    assert listed[1].config_field.default_json == "{}"
    assert server.received[0].variables == {"pipelineSelector": PARAMS}
    only = client.jobs.resources("report", where=lambda r: r.name != "book", **HOME)
    assert [r.name for r in await only.to_list()] == ["store"]


async def test_snapshot(client, server):
    data = {
        "__typename": "PipelineSnapshot",
        "id": "snap",
        "name": "report",
        "description": None,
        "graphName": "report",
        "tags": [],
        "runTags": [],
        "metadataEntries": [],
        "owners": [{"__typename": "TeamDefinitionOwner", "team": "shop"}],
        "opSelection": None,
        "jobSnapshotId": "snap",
        "parentJobSnapshotId": None,
        "externalJobSource": None,
    }
    gone = error("PipelineSnapshotNotFoundError")
    server.data({"pipelineSnapshotOrError": data}, {"pipelineSnapshotOrError": data})
    for given in (HOME, {"snapshot_id": "snap"}):
        found = await client.jobs.snapshot("report", **given)
        assert (type(found), found.owners[0].team) == (JobSnapshot, "shop")
    assert [received.variables for received in server.received] == [
        {"activePipelineSelector": PARAMS},
        {"snapshotId": "snap"},
    ]
    with pytest.raises(errors.NotFoundError, match="'snap' of job 'orders': it is one of 'report'"):
        await client.jobs.snapshot("orders", snapshot_id="snap")
    server.replies[:] = [Reply({"data": {"pipelineSnapshotOrError": gone}})]
    with pytest.raises(errors.NotFoundError) as caught:
        await client.jobs.snapshot("report", snapshot_id="old")
    assert caught.value.code == "PIPELINE_SNAPSHOT_NOT_FOUND"


async def test_what_is_asked_about_a_job_needs_its_name(client, server):
    for call in (client.jobs.partitions, client.jobs.partition_sets, client.jobs.resources):
        with pytest.raises(errors.InvalidInputError, match="the job's name"):
            call("")
    with pytest.raises(errors.InvalidInputError, match="snapshot_id"):
        await client.jobs.snapshot("report", snapshot_id="")
    with pytest.raises(errors.InvalidInputError, match="asset_selection is empty"):
        client.jobs.partitions("report", asset_selection=[])
    assert server.requests == 0
