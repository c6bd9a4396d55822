"""Finding out what a deployment has, and the pages about it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from kit.payloads import (
    asset_definition,
    code_location,
    code_locations,
    error,
    get_run,
    job,
    jobs,
    repository,
)

from dagster_plus_sdk import (
    AssetDefinitionSummary,
    AssetKey,
    CodeLocation,
    Discovery,
    ErrorInfo,
    JobSummary,
    RepositoryRef,
    errors,
)

pytestmark = pytest.mark.anyio


def located(*path, group="sales", location="north", **tags):
    """An asset with tags, in a location."""
    return asset_definition(
        *path,
        group=group,
        tags=[{"key": key, "value": value} for key, value in tags.items()],
        repository=repository(location=location),
    )


SOUTH = code_location("south")
SOUTH["locationOrLoadError"]["repositories"] = [{"name": "shop"}, {"name": "crm"}]
FOUND = {
    **code_locations(
        SOUTH, code_location("broken", fails=True), code_location("north"),
        code_location("new", status="LOADING") | {"locationOrLoadError": None},
    ),
    **jobs(
        job("report", "south", "shop", tags=[{"key": "team", "value": "sales_eu"}]),
        job("Report_all", "north"),
        job("clean", "north", tags=[{"key": "team", "value": ""}, {"key": "a[b]", "value": "c[d]"}]),
    ),
    "assetNodes": [
        located("orders", "daily", location="south", group="sales_eu", tier="1", team="sales_eu"),
        located("customers", team="sales_us"),
    ],
}  # fmt: skip
LOCATIONS = ["broken", "new", "north", "south"]
REPOSITORIES = ["north.__repository__", "south.crm", "south.shop"]
JOBS = ["north.Report_all", "north.clean", "south.report"]
ASSETS = ["north.customers", "south.orders/daily"]
EVERYTHING = [LOCATIONS, REPOSITORIES, JOBS, ASSETS]


def names(found):
    """The names of each list, with their locations."""
    return [
        [location.name for location in found.locations],
        [f"{home.location.name}.{home.name}" for home in found.repositories],
        [f"{job.repository.location.name}.{job.name}" for job in found.jobs],
        [f"{asset.repository.location.name}.{asset.key}" for asset in found.assets],
    ]


async def test_everything_with_one_request(client, server):
    server.data(FOUND)
    found = await client.discover()
    assert names(found) == EVERYTHING
    assert server.operations == ["Discover"]
    assert server.received[0].variables == {"withJobs": True, "withAssets": True}
    assert type(found) is Discovery
    kinds = (
        [CodeLocation] * 4 + [RepositoryRef] * 3 + [JobSummary] * 3 + [AssetDefinitionSummary] * 2
    )
    assert [type(thing) for thing in found] == kinds
    assert (len(found), bool(found)) == (12, True)
    with pytest.raises(FrozenInstanceError):
        found.jobs = []
    assert repr(found) == ("<Discovery locations=4 repositories=3 jobs=3 assets=2 unavailable=2>")


async def test_a_location_that_failed_stands_there_with_its_error(client, server):
    server.data(FOUND)
    broken, new = (await client.discover("jobs", pattern="nothing")).unavailable
    assert (broken.name, new.name) == ("broken", "new")
    assert type(broken.location_or_load_error) is ErrorInfo
    assert broken.location_or_load_error.message == "no module"
    assert new.location_or_load_error is None


@pytest.mark.parametrize(
    ("filter_", "index", "asked"),
    [
        ("locations", 0, (False, False)),
        ("repos", 1, (False, False)),
        ("jobs", 2, (True, False)),
        ("assets", 3, (False, True)),
    ],
)
async def test_nothing_else_is_asked_for(client, server, filter_, index, asked):
    # A server leaves out what is not included.
    data = {"workspaceOrError": FOUND["workspaceOrError"]}
    data |= {"repositoriesOrError": FOUND["repositoriesOrError"]} if asked[0] else {}
    data |= {"assetNodes": FOUND["assetNodes"]} if asked[1] else {}
    server.data(data)
    found = names(await client.discover(filter_))
    assert found == [names_ if i == index else [] for i, names_ in enumerate(EVERYTHING)]
    variables = server.received[0].variables
    assert (variables["withJobs"], variables["withAssets"]) == asked


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"pattern": "*REPORT*"}, [[], [], ["north.Report_all", "south.report"], []]),
        ({"pattern": "orders/*"}, [[], [], [], ["south.orders/daily"]]),
        ({"pattern": "s[ho]*"}, [["south"], ["south.crm", "south.shop"], [], []]),
        ({"pattern": "nothing"}, [[], [], [], []]),
        ({"tags": {"team": "sales_eu"}}, [[], [], ["south.report"], ["south.orders/daily"]]),
        ({"tags": {"TEAM": "sales_*"}}, [[], [], ["south.report"], ASSETS]),
        ({"tags": {"team": "*", "tier": "1"}}, [[], [], [], ["south.orders/daily"]]),
        ({"tags": {"team": ""}}, [[], [], ["north.clean"], []]),
        ({"tags": {"a[b]": "c[d]"}}, [[], [], ["north.clean"], []]),
        ({"tags": {}}, EVERYTHING),
        ({"groups": "sales"}, [[], [], [], ["north.customers"]]),
        ({"groups": ["nope", "sales_*"]}, [[], [], [], ["south.orders/daily"]]),
        ({"filter": "assets", "groups": "*", "tags": {"team": "*us"}}, [[], [], [], ["north.customers"]]),
        ({"filter": "repos", "pattern": "crm"}, [[], ["south.crm"], [], []]),
    ],
    ids=str,
)  # fmt: skip
async def test_conditions(client, server, given, kept):
    server.data(FOUND)
    assert names(await client.discover(**given)) == kept


async def test_what_cannot_meet_a_condition_is_not_asked_for(client, server):
    server.data(FOUND)
    await client.discover(groups="sales")
    assert server.received[0].variables == {"withJobs": False, "withAssets": True}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"filter": "job"}, "'job'; choose from locations, repos, jobs, assets, all"),
        ({"filter": ""}, "filter cannot be ''"),
        ({"filter": "jobs", "groups": "a"}, "only assets have groups, not jobs"),
        ({"filter": "repos", "tags": {"a": "b"}}, "only jobs and assets have tags, not repos"),
        ({"pattern": ""}, "a pattern must be a text"),
        ({"groups": []}, "groups is empty"),
        ({"groups": [""]}, "a group must be a text"),
        ({"tags": {"a": 1}}, "the value of tag 'a' must be text"),
    ],
    ids=str,
)
async def test_what_cannot_be(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.discover(**given)
    assert server.requests == 0


@pytest.mark.parametrize("field", ["workspaceOrError", "repositoriesOrError"])
async def test_an_error_in_a_part_is_an_error(client, server, field):
    failed = error("PythonError", "no disk", className="OSError", stack=[], causes=[])
    server.data(FOUND | {field: failed})
    with pytest.raises(errors.ServerError, match="no disk") as caught:
        await client.discover()
    assert caught.value.operation == "Discover"


@pytest.mark.parametrize("field", ["repositoriesOrError", "assetNodes"])
async def test_a_part_that_is_missing_is_no_empty_list(client, server, field):
    server.data(FOUND | {field: None})
    with pytest.raises(errors.UnexpectedResultError):
        await client.discover()


async def test_what_was_found_has_pages(client, server):
    server.data(FOUND)
    found = await client.discover()
    here = [client.url_for(thing).removeprefix(server.url) for thing in found]
    assert here == [
        "/locations/broken", "/locations/new", "/locations/north", "/locations/crm@south",
        "/locations/north", "/locations/crm@south", "/locations/shop@south",
        "/locations/north/jobs/Report_all", "/locations/north/jobs/clean", "/locations/shop@south/jobs/report",
        "/assets/customers", "/assets/orders/daily",
    ]  # fmt: skip
    assert server.requests == 1


async def test_the_page_of_a_run(client, server):
    server.data(get_run(id="0f0f"))
    assert client.url_for(await client.runs.get("0f0f")) == f"{server.url}/runs/0f0f"
    with pytest.raises(errors.InvalidInputError, match="no web page about a str; there are pages"):
        client.url_for("0f0f")
    assert client.url_for(AssetKey("a b", "c/d")) == f"{server.url}/assets/a%20b/c%2Fd"
