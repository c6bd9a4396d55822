"""Code locations: loaded ones, a broken one, and below a path."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AsyncDagsterPlus,
    CodeLocation,
    CodeLocationStatus,
    ErrorInfo,
    LoadedLocation,
    LocationLoadError,
    NotFoundError,
    ServerError,
)
from dagster_plus_sdk import RepositoryLocationLoadStatus as LoadStatus
from dagster_plus_sdk.sandbox import Dagster

pytestmark = pytest.mark.anyio


@pytest.fixture
def own_url():
    """A Dagster that may lose its code location."""
    with Dagster(daemon=False) as running:
        yield running.url


async def test_get_and_reload(client):
    before = await client.code_locations.get("demo")
    after = await client.code_locations.reload("demo")
    assert type(before) is type(after) is CodeLocation
    assert type(before.location_or_load_error) is LoadedLocation
    assert before.load_status == after.load_status == LoadStatus.LOADED
    assert before.updated_at < after.updated_at
    assert before.updated_at.tzinfo is not None


@pytest.mark.parametrize("method", ["get", "reload"])
async def test_unknown(client, method):
    with pytest.raises(NotFoundError, match="nope") as caught:
        await getattr(client.code_locations, method)("nope")
    assert caught.value.status_code == 404


async def test_a_broken_location_is_told_apart(org_client):
    everything = await org_client.code_locations.list().to_list()
    assert [location.name for location in everything] == ["broken", "north", "south"]
    (broken,) = await org_client.code_locations.list(with_load_error=True).to_list()
    assert broken.name == "broken"
    error = broken.location_or_load_error
    assert type(error) is ErrorInfo
    told = [error, *error.causes]
    assert any("the shop is closed" in told_error.message for told_error in told)
    assert any(told_error.stack for told_error in told)
    loaded = org_client.code_locations.list(with_load_error=False)
    assert [location.name async for location in loaded] == ["north", "south"]


async def test_load_status(org_client):
    assert len(await org_client.code_locations.list(load_status="LOADED").to_list()) == 3
    assert await org_client.code_locations.list(load_status=LoadStatus.LOADING).to_list() == []


async def test_a_broken_location_is_got_and_reloaded(org_client):
    location = await org_client.code_locations.get("broken")
    assert (location.name, type(location.location_or_load_error)) == ("broken", ErrorInfo)
    again = await org_client.code_locations.reload("broken", raise_on_error=False)
    assert type(again.location_or_load_error) is ErrorInfo
    with pytest.raises(LocationLoadError, match=r"broken cannot be loaded: .*the shop is closed"):
        await org_client.code_locations.reload("broken")


async def test_locations_are_waited_for(org_client):
    found = await org_client.code_locations.wait_until_loaded(["south", "north"])
    assert [location.name for location in found] == ["south", "north"]
    with pytest.raises(LocationLoadError, match="the shop is closed") as caught:
        await org_client.code_locations.wait_until_loaded(None)
    assert [location.name for location in caught.value.locations] == ["broken", "north", "south"]
    with pytest.raises(NotFoundError, match="did you mean 'north'"):
        await org_client.code_locations.wait_until_loaded("norht")


async def test_pages_of_one_request(org_client):
    pager = org_client.code_locations.list(limit=1)
    assert [location.name async for location in pager] == ["broken"]
    rest = org_client.code_locations.list(cursor=pager.cursor)
    assert [location.name async for location in rest] == ["north", "south"]


async def test_statuses(org_client):
    states = await org_client.code_locations.statuses().to_list()
    assert [state.name for state in states] == ["broken", "north", "south"]
    assert {type(state) for state in states} == {CodeLocationStatus}
    assert {state.load_status for state in states} == {LoadStatus.LOADED}
    entries = await org_client.code_locations.list().to_list()
    assert [state.version_key for state in states] == [entry.version_key for entry in entries]
    (north,) = await org_client.code_locations.statuses(pattern="NO*").to_list()
    assert north.updated_at.tzinfo is not None
    assert await org_client.code_locations.statuses(load_status="LOADING").to_list() == []


async def test_patterns(org_client):
    found = org_client.code_locations.list(pattern="?o*")
    assert [location.name async for location in found] == ["north", "south"]


async def test_reload_all(org_client):
    before = {entry.name: entry.updated_at async for entry in org_client.code_locations.list()}
    after = await org_client.code_locations.reload_all(raise_on_error=False)
    assert [location.name for location in after] == ["broken", "north", "south"]
    assert type(after[0].location_or_load_error) is ErrorInfo
    assert all(before[location.name] < location.updated_at for location in after)


async def test_shutdown(own_url):
    async with AsyncDagsterPlus(url=own_url) as client:
        assert await client.code_locations.shutdown("demo") is None
        # The server answers first, and ends then.
        for _ in range(1000):
            after = await client.code_locations.reload("demo", raise_on_error=False)
            if isinstance(after.location_or_load_error, ErrorInfo):
                break
        assert "Could not reach user code server" in after.location_or_load_error.message


async def test_locations_that_cannot_be_shut_down(org_client):
    with pytest.raises(NotFoundError) as caught:
        await org_client.code_locations.shutdown("nope")
    assert caught.value.code == "REPOSITORY_LOCATION_NOT_FOUND"
    with pytest.raises(ServerError, match="does not support shutting down"):
        await org_client.code_locations.shutdown("broken")


async def test_defs_state(org_client):
    assert await org_client.code_locations.defs_state().to_list() == []
    assert await org_client.code_locations.defs_state(location="north").to_list() == []
