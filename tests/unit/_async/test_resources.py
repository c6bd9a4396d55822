"""Resources that definitions use."""

from __future__ import annotations

import pytest
from kit.payloads import error, repository

from dagster_plus_sdk import AssetKey, ResourceDetails, ResourceSummary, errors

pytestmark = pytest.mark.anyio


def resource(name, kind="shop.OrderBook", location="demo"):
    identity = f"{location}-__repository__-{name}"
    return {"id": identity, "name": name, "description": None, "type": kind}


def resources(**found):
    """The data of ListResources: names of resources by location."""
    nodes = [
        {**repository(location=place), "resources": [resource(n, location=place) for n in names]}
        for place, names in found.items()
    ]
    return {"repositoriesOrError": {"__typename": "RepositoryConnection", "nodes": nodes}}


def details(name):
    """The data of GetResource."""
    field = {"name": "seed", "description": None, "typeKey": "Int", "isRequired": False}
    whole = {
        "__typename": "ResourceDetails",
        **resource(name),
        "isTopLevel": True,
        "configFields": [{**field, "isSecret": False, "defaultJson": "7"}],
        "configuredValues": [{"key": "url", "type": "ENV_VAR", "value": "SHOP_URL"}],
        "parentResources": [],
        "nestedResources": [
            {"name": "client", "type": "TOP_LEVEL", "resource": resource("http")},
            {"name": "cache", "type": "ANONYMOUS", "resource": None},
        ],
        "assetKeysUsing": [{"path": ["a", "b"]}],
        "jobsUsing": [{"name": "daily", "ops": ["load"]}],
        "schedulesUsing": ["mornings"],
        "sensorsUsing": [],
    }
    return {"topLevelResourceDetailsOrError": whole}


FOUND = resources(shop=["warehouse", "mail"], bank=["mail"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["bank-__repository__-mail", "shop-__repository__-mail", "shop-__repository__-warehouse"]),
        ({"location": "bank"}, ["bank-__repository__-mail"]),
        ({"repository": "other"}, []),
        ({"pattern": "WARE*"}, ["shop-__repository__-warehouse"]),
        ({"resource_type": "*.Nothing"}, []),
        ({"resource_type": "*.orderbook", "limit": 1}, ["bank-__repository__-mail"]),
        ({"where": lambda found: found.id.startswith("shop"), "limit": 1}, ["shop-__repository__-mail"]),
    ],
)  # fmt: skip
async def test_lists(client, server, given, kept):
    server.data(FOUND)
    found = await client.resources.list(**given).to_list()
    assert [entry.id for entry in found] == kept
    assert {type(entry) for entry in found} <= {ResourceSummary}
    assert server.operations == ["ListResources"]
    assert server.received[0].variables == {}


async def test_one_repository_is_asked_for(client, server):
    server.data(FOUND)
    await client.resources.list(location="shop", repository="__repository__").to_list()
    selector = {"repositoryLocationName": "shop", "repositoryName": "__repository__"}
    assert server.received[0].variables == {"repositorySelector": selector}


async def test_lists_resume(client, server):
    server.data(FOUND)
    first = client.resources.list(limit=2)
    await first.to_list()
    rest = client.resources.list(cursor=first.cursor)
    assert [found.name for found in await rest.to_list()] == ["warehouse"]


async def test_get(client, server):
    server.data(FOUND, details("warehouse"))
    found = await client.resources.get("warehouse")
    assert type(found) is ResourceDetails
    assert found.asset_keys_using == [AssetKey("a", "b")]
    assert [(entry.name, entry.ops) for entry in found.jobs_using] == [("daily", ["load"])]
    assert [type(entry.resource) for entry in found.nested_resources] == [
        ResourceSummary,
        type(None),
    ]
    assert (found.configured_values[0].type, found.config_fields[0].default_json) == (
        "ENV_VAR",
        "7",
    )
    assert server.received[1].variables == {
        "resourceSelector": {
            "repositoryLocationName": "shop",
            "repositoryName": "__repository__",
            "resourceName": "warehouse",
        }
    }


async def test_get_where_the_place_is_known(client, server):
    server.data(details("mail"))
    await client.resources.get("mail", location="bank", repository="__repository__")
    assert server.operations == ["GetResource"]


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("mail", errors.InvalidInputError, '2 places have a resource .* location="bank"'),
        ("warehose", errors.NotFoundError, "did you mean 'warehouse'"),
    ],
)
async def test_names_that_do_not_say_which(client, server, name, kind, says):
    server.data(FOUND)
    with pytest.raises(kind, match=says):
        await client.resources.get(name)
    assert server.operations == ["ListResources"]


async def test_what_the_server_does_not_find(client, server):
    server.data({"topLevelResourceDetailsOrError": error("ResourceNotFoundError", "no such")})
    with pytest.raises(errors.NotFoundError, match="no such") as caught:
        await client.resources.get("mail", location="bank", repository="__repository__")
    assert caught.value.code == "RESOURCE_NOT_FOUND"


async def test_get_needs_a_name(client, server):
    with pytest.raises(errors.InvalidInputError, match="the resource's name"):
        await client.resources.get("")
    assert server.requests == 0
