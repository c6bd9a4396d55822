"""Jobs: lists, lookups by name, launches."""

from __future__ import annotations

import pytest
from kit.payloads import error, get_job, job, jobs, launched

from dagster_plus_sdk import Job, JobSummary, Run, errors

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
        ({"name": "clean", "repository": "shop"}, "There is no job 'clean' in repository 'shop'"),
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
