"""Code locations."""

from __future__ import annotations

import pytest
from kit.payloads import code_location, code_locations, error

from dagster_plus_sdk import CodeLocation, ErrorInfo, errors

pytestmark = pytest.mark.anyio

FOUND = code_locations(
    code_location("south"),
    code_location("broken", fails=True),
    code_location("north", status="LOADING"),
)


def names(found):
    return [location.name for location in found]


async def test_lists_are_sorted_and_take_one_request(client, server):
    server.data(FOUND)
    found = await client.code_locations.list().to_list()
    assert names(found) == ["broken", "north", "south"]
    assert {type(location) for location in found} == {CodeLocation}
    assert type(found[0].location_or_load_error) is ErrorInfo
    assert server.operations == ["ListCodeLocations"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"load_status": "loading"}, ["north"]),
        ({"load_status": ["LOADED", "LOADING"]}, ["broken", "north", "south"]),
        ({"with_load_error": True}, ["broken"]),
        ({"with_load_error": False}, ["north", "south"]),
        ({"with_load_error": False, "load_status": "LOADED"}, ["south"]),
        ({"where": lambda location: "o" in location.name, "limit": 2}, ["broken", "north"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert names(await client.code_locations.list(**given).to_list()) == kept


async def test_lists_resume(client, server):
    server.data(FOUND)
    first = client.code_locations.list(limit=2)
    await first.to_list()
    assert names(await client.code_locations.list(cursor=first.cursor).to_list()) == ["south"]


async def test_a_status_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from LOADED, LOADING"):
        client.code_locations.list(load_status="ASLEEP")
    assert server.requests == 0


async def test_get(client, server):
    server.data({"workspaceLocationEntryOrError": code_location("south")})
    found = await client.code_locations.get("south")
    assert type(found) is CodeLocation
    assert found.location_or_load_error.repositories[0].name == "__repository__"
    assert server.received[0].variables == {"name": "south"}


async def test_a_location_that_is_not_there(client, server):
    server.data({"workspaceLocationEntryOrError": None})
    with pytest.raises(errors.NotFoundError, match="There is no code location 'west'") as caught:
        await client.code_locations.get("west")
    raised = caught.value
    assert (raised.code, raised.status_code) == ("REPOSITORY_LOCATION_NOT_FOUND", 404)
    assert raised.operation == "GetCodeLocation"


@pytest.mark.parametrize(
    ("typename", "kind"),
    [("PythonError", errors.ServerError), ("Moon", errors.UnexpectedResultError)],
)
async def test_other_answers_are_no_missing_location(client, server, typename, kind):
    server.data({"workspaceLocationEntryOrError": error(typename, "boom")})
    with pytest.raises(errors.ResultError, match="boom") as caught:
        await client.code_locations.get("south")
    assert type(caught.value) is kind


async def test_reload(client, server):
    server.data({"reloadRepositoryLocation": code_location("broken", fails=True)})
    found = await client.code_locations.reload("broken")
    assert found.location_or_load_error.message == "no module"
    assert server.received[0].variables == {"name": "broken"}


@pytest.mark.parametrize(
    ("typename", "kind", "status"),
    [
        ("RepositoryLocationNotFound", errors.NotFoundError, 404),
        ("ReloadNotSupported", errors.NotSupportedError, 501),
        ("UnauthorizedError", errors.PermissionDeniedError, 403),
    ],
)
async def test_locations_that_cannot_be_reloaded(client, server, typename, kind, status):
    server.data({"reloadRepositoryLocation": error(typename, "not now")})
    with pytest.raises(kind, match="not now") as caught:
        await client.code_locations.reload("south")
    assert caught.value.status_code == status


async def test_a_location_needs_a_name(client, server):
    for call in (client.code_locations.get, client.code_locations.reload):
        with pytest.raises(errors.InvalidInputError, match="the location's name must be a text"):
            await call("")
    assert server.requests == 0
