from __future__ import annotations

import pytest

from dagster_plus_sdk import PermissionDeniedError, ServerError
from dagster_plus_sdk._generated import operations

pytestmark = pytest.mark.anyio


async def names(client, **options):
    return [item.name async for item in client.pins.list(**options)]


def job(name="daily", **user):
    return operations.add_pinned_job(job_name=name, location="here", repository="r", **user)


async def test_pinned_once_and_removed(client, connect):
    view = await client.catalog_views.create("sales", query="kind:dbt")
    group = await client.pins.add(asset_group="orders")
    pinned = await client.pins.add(catalog_view="sales")
    daily = (await client.execute(job())).ok.item
    assert (await client.execute(job())).ok.item.id == daily.id

    assert pinned.id == view.id
    assert daily.jobs.names == ["daily"]
    assert [g.name for g in group.assets.groups] == ["orders"]
    assert await names(client) == ["orders", "sales", "daily"]
    assert await names(connect("viewer")) == []
    assert await names(connect(deployment="staging")) == []

    await client.pins.remove(group.id)
    await client.catalog_views.delete("sales")
    assert await names(client) == ["daily"]


@pytest.mark.parametrize("again", ["success", "error"])
async def test_removed_again(client, plus, again):
    plus.switches(missing_pin_removal=again)
    if again == "error":
        with pytest.raises(ServerError, match="no pin"):
            await client.pins.remove("gone")
    else:
        assert await client.pins.remove("gone") is None


async def test_those_of_others(client, viewer):
    await viewer.pins.add(asset_group="orders")

    assert await names(client, user="vic@example.com") == ["orders"]
    await client.pins.add(asset_group="events", user="vic@example.com")
    assert await names(viewer) == ["orders", "events"]
    with pytest.raises(PermissionDeniedError):
        await viewer.pins.add(asset_group="orders", user="ada@example.com")
