"""Pins."""

from __future__ import annotations

import pytest
from kit.catalog import pin, view
from kit.payloads import error, job, jobs

from dagster_plus_sdk import PinnedAssetGroup, PinnedCatalogView, PinnedJob, errors

pytestmark = pytest.mark.anyio

FOUND = {
    "pinnedItems": [
        pin("JobPinnableItem", "daily"),
        pin("AssetGroupPinnableItem", "shop", "p2"),
        pin("CatalogView", "Sales", "p3"),
    ]
}


def added(field, kind, name):
    return {field: {"__typename": "AddPinnedItemSuccess", "item": pin(kind, name)}}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["p1", "p2", "p3"]),
        ({"name": "s*"}, ["p2", "p3"]),
        ({"where": lambda p: isinstance(p, PinnedJob)}, ["p1"]),
        ({"limit": 2}, ["p1", "p2"]),
    ],
)
async def test_list(client, server, given, kept):
    server.data(FOUND)
    assert [p.id for p in await client.pins.list(**given).to_list()] == kept
    assert server.received[0].variables == {}


async def test_kinds(client, server):
    server.data(FOUND)
    found = await client.pins.list(user="a@b.c", with_base=True).to_list()
    assert [type(p) for p in found] == [PinnedJob, PinnedAssetGroup, PinnedCatalogView]
    assert (found[0].jobs.names, found[0].jobs.location) == (["daily"], "demo")
    assert server.received[0].variables == {"ownerEmail": "a@b.c", "includeBranchBase": True}


async def test_add_an_asset_group(client, server):
    server.data(added("addPinnedAssetGroup", "AssetGroupPinnableItem", "shop"))
    assert type(await client.pins.add(asset_group="shop")) is PinnedAssetGroup
    assert server.received[0].variables == {"assetGroupName": "shop"}


@pytest.mark.parametrize("name", ["sales", "v1"])
async def test_add_a_catalog_view(client, server, name):
    server.data(
        {"catalogViews": [view("sales")]}, added("addPinnedCatalogView", "CatalogView", "sales")
    )
    assert type(await client.pins.add(catalog_view=name, user="a@b.c")) is PinnedCatalogView
    assert server.operations == ["ListCatalogViews", "AddPinnedCatalogView"]
    assert server.received[1].variables == {"catalogViewId": "v1", "userEmail": "a@b.c"}


async def test_add_a_job(client, server):
    server.data(jobs(job("daily")), added("addPinnedJob", "JobPinnableItem", "daily"))
    assert type(await client.pins.add(job="daily")) is PinnedJob
    assert server.operations == ["FindJobs", "AddPinnedJob"]
    sent = {"jobName": "daily", "location": "demo", "repository": "__repository__"}
    assert server.received[1].variables == sent


async def test_add_a_job_whose_place_is_known(client, server):
    server.data(added("addPinnedJob", "JobPinnableItem", "daily"))
    await client.pins.add(job="daily", location="web", repository="shop")
    assert server.operations == ["AddPinnedJob"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "exactly one of job, asset_group, catalog_view, not none"),
        ({"job": "a", "catalog_view": "b"}, "not job, catalog_view"),
        ({"asset_group": ""}, "the name of the asset group"),
        ({"asset_group": "a", "location": "demo"}, "give location and repository with job"),
        ({"catalog_view": "a", "repository": "b"}, "give location and repository with job"),
    ],
)
async def test_add_refuses(client, server, given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await client.pins.add(**given)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("given", "answer", "code"),
    [
        ({"job": "dialy"}, jobs(job("daily")), "PIPELINE_NOT_FOUND"),
        ({"catalog_view": "sale"}, {"catalogViews": [view("sales")]}, "CATALOG_VIEW_NOT_FOUND"),
    ],
)
async def test_what_is_not_there_is_not_pinned(client, server, given, answer, code):
    server.data(answer)
    with pytest.raises(errors.NotFoundError, match="did you mean") as caught:
        await client.pins.add(**given)
    assert caught.value.code == code
    assert server.requests == 1


async def test_remove(client, server):
    done = {"__typename": "RemovePinnedItemSuccess", "itemId": "p1", "pinned": False}
    server.data({"removePinnedItem": done}, {"removePinnedItem": error("UnauthorizedError")})
    assert await client.pins.remove("p1", user="a@b.c") is None
    assert server.received[0].variables == {"itemId": "p1", "userEmail": "a@b.c"}
    with pytest.raises(errors.PermissionDeniedError):
        await client.pins.remove("p1")
    with pytest.raises(errors.InvalidInputError, match="item_id"):
        await client.pins.remove("")
    assert server.requests == 2
