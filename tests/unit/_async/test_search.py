"""Search for assets."""

from __future__ import annotations

import pytest
from kit.payloads import error

from dagster_plus_sdk import AssetKey, SearchResult, SearchValues, errors

pytestmark = pytest.mark.anyio

#: The server faults where one of these is left out.
EMPTY = {
    "codeLocations": [],
    "groups": [],
    "kinds": [],
    "owners": [],
    "tags": [],
    "columns": [],
    "columnTags": [],
    "tableNames": [],
}


def results(*names):
    found = [
        {
            "id": name,
            "key": {"path": [name]},
            "description": None,
            "group": "warehouse",
            "kinds": ["python"],
            "locationName": "shop",
            "repositoryName": "__repository__",
            "tableName": None,
            "owners": [{"__typename": "TeamAssetOwner", "team": "data"}],
            "tags": None,
            "columnTags": [],
        }
        for name in names
    ]
    return {"search": {"__typename": "SearchResults", "results": found}}


def values():
    count = {"count": 3}
    place = {"locationName": "shop", "repositoryName": "__repository__"}
    found = {
        "columns": [],
        "kinds": [{"value": "dbt", **count}],
        "tableNames": [],
        "tags": [{"tag": {"key": "team", "value": "shop"}, **count}],
        "columnTags": [],
        "owners": [{"owner": {"__typename": "UserAssetOwner", "email": "a@b.c"}, **count}],
        "groups": [{"group": "warehouse", **place, **count}],
        "codeLocations": [{**place, **count}],
    }
    return {"searchFieldValues": {"__typename": "SearchResultCountsByDimension", **found}}


async def test_list(client, server):
    server.data(results("orders"))
    (found,) = await client.search.list("orders").to_list()
    assert type(found) is SearchResult
    assert (found.key, found.owners[0].team) == (AssetKey("orders"), "data")
    assert server.received[0].variables == {"query": "orders", "limit": 101}


async def test_pages_lose_nothing(client, server):
    server.data(results("a", "b", "c"), results("c", "d"))
    pager = client.search.list("x", page_size=2)
    assert [found.id async for found in pager] == ["a", "b", "c", "d"]
    assert [request.variables for request in server.received] == [
        {"query": "x", "limit": 3},
        {"query": "x", "limit": 3, "cursor": 2},
    ]


async def test_lists_resume(client, server):
    server.data(results("a", "b"), results("b", "c"))
    first = client.search.list("x", limit=1)
    assert [found.id async for found in first] == ["a"]
    rest = client.search.list("x", cursor=first.cursor, where=lambda found: found.id != "b")
    assert [found.id async for found in rest] == ["c"]
    assert [request.variables.get("cursor") for request in server.received] == [None, 1]


async def test_a_number_leaves_out_as_many(client, server):
    server.data(results("c"))
    assert [found.id async for found in client.search.list("x", cursor="2")] == ["c"]
    assert server.received[0].variables["cursor"] == 2


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"groups": "a"}, {"groups": [{"groupName": "a"}]}),
        ({"kinds": ["dbt", "python"]}, {"kinds": ["dbt", "python"]}),
        ({"owners": ["team:data"]}, {"owners": [{"ownerName": "team:data"}]}),
        ({"tags": {"a": "b"}}, {"tags": [{"key": "a", "value": "b"}]}),
        ({"columns": "id"}, {"columns": ["id"]}),
        ({"column_tags": {"pii": ""}}, {"columnTags": [{"key": "pii", "value": ""}]}),
        ({"tables": ["db.orders"]}, {"tableNames": ["db.orders"]}),
        ({"assets": ["a/b"]}, {"filteredAssets": [{"path": ["a", "b"]}]}),
        (
            {"locations": "shop", "repository": "repo"},
            {"codeLocations": [{"repositoryLocationName": "shop", "repositoryName": "repo"}]},
        ),
    ],
)
async def test_filters(client, server, given, sent):
    server.data({**results("a"), **values()})
    await client.search.list("", **given).to_list()
    await client.search.values("KIND", "", **given)
    for request in server.received:
        assert request.variables["assetsFilter"] == {**EMPTY, **sent}


@pytest.mark.parametrize(
    ("query", "given", "says"),
    [
        ("", {}, "a text or a filter"),
        ("x", {"kinds": []}, "kinds is empty"),
        ("x", {"owners": [""]}, "owners must be a text"),
        ("x", {"locations": "a", "repository": ""}, "repository must be a text"),
        ("x", {"assets": []}, "assets is empty"),
        ("x", {"tags": {"": "b"}}, "a tag's key"),
        ("x", {"page_size": 0}, "page_size must be"),
    ],
)
async def test_searches_that_cannot_be(client, server, query, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        client.search.list(query, **given)
    assert server.requests == 0


async def test_a_cursor_of_another_list(client, server):
    with pytest.raises(errors.InvalidInputError, match="must be one of this list"):
        await client.search.list("x", cursor="abc").to_list()
    assert server.requests == 0


async def test_values(client, server):
    server.data(values())
    found = await client.search.values("column_names", "id", asset_name="orders", limit=5)
    assert type(found) is SearchValues
    assert (found.kinds[0].value, found.kinds[0].count) == ("dbt", 3)
    assert (found.owners[0].owner.email, found.groups[0].group) == ("a@b.c", "warehouse")
    assert server.received[0].variables == {
        "field": "COLUMN_NAMES",
        "fieldValueQuery": "id",
        "assetNameQuery": "orders",
        "limit": 5,
    }


async def test_a_field_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="field cannot be 'SIZE'; choose from"):
        await client.search.values("SIZE", "x")
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("SearchQueryError", errors.InvalidRequestError),
        ("SearchResultsNotFoundError", errors.NotFoundError),
        ("UnauthorizedError", errors.PermissionDeniedError),
    ],
)
async def test_refused(client, server, typename, kind):
    refused = error(typename, "not so")
    server.data({"search": refused, "searchFieldValues": refused})
    with pytest.raises(kind, match="not so"):
        await client.search.list("x").to_list()
    with pytest.raises(kind, match="not so"):
        await client.search.values("KIND", "x")


@pytest.mark.parametrize("limit", [0, -1])
async def test_fewer_values_than_one(client, server, limit):
    with pytest.raises(errors.InvalidInputError, match="limit must be 1 or more"):
        await client.search.values("OWNERS", "a", limit=limit)
    assert server.requests == 0


async def test_one_asset_is_one_key(client, server):
    server.data({"search": None})
    with pytest.raises(errors.DagsterPlusError):
        await client.search.list("", assets=AssetKey("a/b", "c")).to_list()
    wanted = server.received[0].variables["assetsFilter"]["filteredAssets"]
    assert wanted == [{"path": ["a/b", "c"]}]
