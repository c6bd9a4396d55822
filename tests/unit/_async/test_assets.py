"""Assets."""

from __future__ import annotations

import pytest
from kit.payloads import asset, assets, whole_asset
from kit.server import Reply

from dagster_plus_sdk import Asset, AssetKey, AssetSummary, errors

pytestmark = pytest.mark.anyio


class Catalog:
    """The assets of a server, by key."""

    def __init__(self, *found):
        self.found = sorted(found, key=lambda a: a["id"])

    def __call__(self, received):
        asked = received.variables
        after = [a for a in self.found if not asked["cursor"] or a["id"] > asked["cursor"]]
        page = after[: asked["limit"]]
        return Reply({"data": assets(*page, cursor=page[-1]["id"] if page else None)})


def keys(found):
    return [str(a.key) for a in found]


MANY = [asset(f"a{n:02}", group="even" if n % 2 == 0 else "odd") for n in range(25)]
EVEN = [f"a{n:02}" for n in range(0, 25, 2)]


async def test_lists(client, server):
    server.data(
        assets(
            asset("shop", "orders", lastMaterializedAt="1700000000250"), asset("old", group=None)
        )
    )
    orders, old = await client.assets.list().to_list()
    assert type(orders) is AssetSummary
    assert orders.key == AssetKey("shop", "orders")
    assert orders.last_materialized_at.timestamp() == 1700000000.25
    assert orders.definition.group_name == "default"
    assert old.definition is None
    [received] = server.received
    assert received.variables == {"cursor": None, "limit": 100}


@pytest.mark.parametrize("size", [None, 1, 5, 25, 30])
async def test_pages_lose_nothing(client, server, size):
    server.reply(Catalog(*MANY))
    assert keys(await client.assets.list(page_size=size).to_list()) == [
        f"a{n:02}" for n in range(25)
    ]


@pytest.mark.parametrize("limit", [1, 7])
async def test_groups_are_filtered_here_and_lose_nothing(client, server, limit):
    server.reply(Catalog(*MANY))
    found, cursor = [], None
    for _ in range(20):
        listed = client.assets.list(group="even", limit=limit, page_size=4, cursor=cursor)
        found += keys(await listed.to_list())
        cursor = listed.cursor
    assert found == EVEN


async def test_filters(client, server):
    server.reply(Catalog(*MANY, asset("undefined", group=None)))
    listed = client.assets.list(group="even", where=lambda a: a.key.path[0] > "a20")
    assert keys(await listed.to_list()) == ["a22", "a24"]
    assert server.received[0].variables["limit"] == 1000


@pytest.mark.parametrize(
    ("prefix", "sent"),
    [
        ("shop", ["shop"]),
        ("shop/raw", ["shop", "raw"]),
        (["shop", "a/b"], ["shop", "a/b"]),
        (AssetKey("x"), ["x"]),
    ],
)
async def test_prefixes(client, server, prefix, sent):
    server.data(assets())
    assert await client.assets.list(prefix=prefix).to_list() == []
    assert server.received[0].variables["prefix"] == sent


@pytest.mark.parametrize("key", ["shop/orders", ["shop", "orders"], AssetKey("shop", "orders")])
async def test_get(client, server, key):
    server.data(whole_asset("shop", "orders"))
    found = await client.assets.get(key)
    assert type(found) is Asset
    assert found.definition.op_names == ["load"]
    assert server.received[0].variables == {"assetKey": {"path": ["shop", "orders"]}}


@pytest.mark.parametrize(
    "times", [{"lastMaterializedAt": "1700000000000"}, {"lastObservedAt": "1700000000000"}]
)
async def test_an_asset_whose_definition_is_gone_is_one(client, server, times):
    server.data(whole_asset("old", group=None, **times))
    assert (await client.assets.get("old")).definition is None


@pytest.mark.parametrize("typename", ["Asset", "AssetNotFoundError"])
async def test_an_asset_that_nobody_knows(client, server, typename):
    """The server answers any key with an asset that has nothing but its key."""
    missing = {"assetOrError": {"__typename": "AssetNotFoundError", "message": "There is no asset"}}
    server.data(whole_asset("q", "x", group=None) if typename == "Asset" else missing)
    with pytest.raises(errors.NotFoundError, match="There is no asset") as caught:
        await client.assets.get("q/x")
    raised = caught.value
    assert (raised.code, raised.status_code) == ("ASSET_NOT_FOUND", 404)
    assert (raised.operation, raised.typename) == ("GetAsset", "AssetNotFoundError")


@pytest.mark.parametrize("key", ["", [], [1]])
async def test_keys_that_cannot_be(client, server, key):
    with pytest.raises(errors.InvalidInputError):
        await client.assets.get(key)
    with pytest.raises(errors.InvalidInputError):
        client.assets.list(prefix=key)
    assert server.requests == 0
