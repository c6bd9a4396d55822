"""Code locations, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import CodeLocation, LoadedLocation, NotFoundError
from dagster_plus_sdk import RepositoryLocationLoadStatus as LoadStatus

pytestmark = pytest.mark.anyio


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
