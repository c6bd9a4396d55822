"""Code locations: loaded ones, a broken one, and below a path."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import CodeLocation, ErrorInfo, LoadedLocation, NotFoundError
from dagster_plus_sdk import RepositoryLocationLoadStatus as LoadStatus

pytestmark = pytest.mark.anyio


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
    for call in (org_client.code_locations.get, org_client.code_locations.reload):
        location = await call("broken")
        assert (location.name, type(location.location_or_load_error)) == ("broken", ErrorInfo)


async def test_pages_of_one_request(org_client):
    pager = org_client.code_locations.list(limit=1)
    assert [location.name async for location in pager] == ["broken"]
    rest = org_client.code_locations.list(cursor=pager.cursor)
    assert [location.name async for location in rest] == ["north", "south"]
