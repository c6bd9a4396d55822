"""Code locations, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    CodeLocation,
    CodeLocationEntry,
    CodeLocationLoad,
    CodeLocationStatus,
    LoadedLocation,
    LocationSchema,
    NotFoundError,
    UnexpectedResultError,
)
from dagster_plus_sdk import RepositoryLocationLoadStatus as LoadStatus

pytestmark = pytest.mark.anyio

SHOP = {"location_name": "shop", "code_source": {"module_name": "shop"}}


async def test_code_locations_list(client):
    (location,) = await client.code_locations.list().to_list()
    assert type(location) is CodeLocation
    assert (location.name, location.load_status) == ("demo", LoadStatus.LOADED)


async def test_code_locations_get(client):
    location = await client.code_locations.get("demo")
    assert type(location) is CodeLocation
    loaded = location.location_or_load_error
    assert type(loaded) is LoadedLocation
    assert "dagster" in [library.name for library in loaded.library_versions]
    assert [repository.name for repository in loaded.repositories] == ["__repository__"]


async def test_code_locations_get_unknown(client):
    with pytest.raises(NotFoundError, match="no code location 'nope'") as caught:
        await client.code_locations.get("nope")
    assert caught.value.code == "REPOSITORY_LOCATION_NOT_FOUND"


async def test_code_locations_reload(client):
    location = await client.code_locations.reload("demo")
    assert type(location) is CodeLocation
    assert (location.name, location.load_status) == ("demo", LoadStatus.LOADED)


async def test_code_locations_reload_unknown(client):
    with pytest.raises(NotFoundError, match="nope"):
        await client.code_locations.reload("nope")


async def test_code_locations_statuses(client):
    (state,) = await client.code_locations.statuses().to_list()
    assert type(state) is CodeLocationStatus
    assert (state.name, state.load_status) == ("demo", LoadStatus.LOADED)


async def test_code_locations_reload_all(client):
    (location,) = await client.code_locations.reload_all()
    assert type(location) is CodeLocation
    assert (location.name, location.load_status) == ("demo", LoadStatus.LOADED)


async def test_code_locations_wait_until_loaded(client):
    (location,) = await client.code_locations.wait_until_loaded("demo")
    assert type(location) is CodeLocation
    assert (location.name, location.load_status) == ("demo", LoadStatus.LOADED)


async def test_code_locations_wait_until_loaded_unknown(client):
    with pytest.raises(NotFoundError, match="did you mean 'demo'"):
        await client.code_locations.wait_until_loaded("demon")


async def test_code_locations_shutdown_unknown(client):
    with pytest.raises(NotFoundError, match="nope"):
        await client.code_locations.shutdown("nope")


async def test_code_locations_defs_state(client):
    assert await client.code_locations.defs_state().to_list() == []


@pytest.mark.plus
async def test_code_locations_entries(client):
    entries = await client.code_locations.entries().to_list()
    assert entries
    assert {type(entry) for entry in entries} == {CodeLocationEntry}


@pytest.mark.plus
async def test_code_locations_create(client):
    entry = await client.code_locations.create("shop", module_name="shop", validate=False)
    assert type(entry) is CodeLocationEntry


@pytest.mark.plus
async def test_code_locations_create_or_update(client):
    entry = await client.code_locations.create(
        "shop", document=SHOP, or_update=True, validate=False
    )
    assert type(entry) is CodeLocationEntry


# The server that these are recorded from has a document without locations.
@pytest.mark.plus
async def test_code_locations_update(client):
    with pytest.raises(UnexpectedResultError, match="no list 'locations'") as caught:
        await client.code_locations.update("shop", image="shop:2", validate=False)
    assert caught.value.operation == "GetCodeLocationsDocument"


@pytest.mark.plus
async def test_code_locations_plan(client):
    with pytest.raises(UnexpectedResultError, match="no list 'locations'"):
        await client.code_locations.plan({"locations": [SHOP]}, validate=False)


@pytest.mark.plus
async def test_code_locations_delete(client):
    assert await client.code_locations.delete("shop") is None


@pytest.mark.plus
async def test_code_locations_sync(client):
    entries = await client.code_locations.sync({"locations": [SHOP]}, validate=False)
    assert {type(entry) for entry in entries} <= {CodeLocationEntry}


@pytest.mark.plus
async def test_code_locations_deploy(client):
    entries = await client.code_locations.deploy({"locations": [SHOP]}, validate=False)
    assert {type(entry) for entry in entries} <= {CodeLocationEntry}


@pytest.mark.plus
async def test_code_locations_export(client):
    assert isinstance(await client.code_locations.export(), dict)


@pytest.mark.plus
async def test_code_locations_ping(client):
    assert await client.code_locations.ping("shop") is None


@pytest.mark.plus
async def test_code_locations_history(client):
    loads = await client.code_locations.history("shop", limit=2).to_list()
    assert loads
    assert {type(load) for load in loads} == {CodeLocationLoad}


@pytest.mark.plus
async def test_code_locations_schema(client):
    assert type(await client.code_locations.schema()) is LocationSchema


@pytest.mark.plus
async def test_code_locations_refresh_defs_state(client):
    assert type(await client.code_locations.refresh_defs_state("shop")) is CodeLocationEntry


@pytest.mark.plus
async def test_code_locations_set_defs_state_version(client):
    assert await client.code_locations.set_defs_state_version("tableau", "v2") is None


async def test_code_locations_follow(client):
    """Nothing has changed since the first look."""
    assert [event async for event in client.code_locations.follow(timeout=0)] == []
