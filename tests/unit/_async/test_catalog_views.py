"""Catalog views."""

from __future__ import annotations

import pytest
from kit.catalog import BOT, selection, view
from kit.payloads import error

from dagster_plus_sdk import CatalogView, CreatorServiceUser, CreatorUser, errors

pytestmark = pytest.mark.anyio

FOUND = {
    "catalogViews": [
        view("sales", "2"),
        view("Costs", "1", isPrivate=True),
        view("sales", "3", createdBy=None),
    ]
}
LISTS = (
    "codeLocations",
    "columnTags",
    "columns",
    "groups",
    "kinds",
    "owners",
    "tableNames",
    "tags",
)
EMPTY = {name: [] for name in LISTS}


def saved(**changes):
    return {"createOrUpdateCatalogView": view("sales", **changes)}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["1", "2", "3"]),
        ({"name": "S*"}, ["2", "3"]),
        ({"private": True}, ["1"]),
        ({"private": False}, ["2", "3"]),
        ({"where": lambda v: v.created_by is None}, ["3"]),
        ({"name": "s*", "where": lambda v: v.id != "2"}, ["3"]),
        ({"limit": 2}, ["1", "2"]),
    ],
)
async def test_list(client, server, given, kept):
    server.data(FOUND)
    found = await client.catalog_views.list(**given).to_list()
    assert [v.id for v in found] == kept
    assert {type(v) for v in found} == {CatalogView}
    assert server.operations == ["ListCatalogViews"]
    assert server.received[0].variables == {}


async def test_lists_of_others_resume(client, server):
    server.data(FOUND)
    pager = client.catalog_views.list(user="ada@example.com", with_base=True, limit=1)
    await pager.to_list()
    assert server.received[0].variables == {
        "ownerEmail": "ada@example.com",
        "includeBranchBase": True,
    }
    rest = client.catalog_views.list(cursor=pager.cursor)
    assert [v.id for v in await rest.to_list()] == ["2", "3"]


@pytest.mark.parametrize("name", ["Costs", "1"])
async def test_get(client, server, name):
    server.data(FOUND)
    found = await client.catalog_views.get(name)
    assert (found.id, found.name, found.selection.query) == ("1", "Costs", "kind:dbt")
    assert found.created_by == CreatorUser(user_id=7, email="ada@example.com", display_name="Ada")


async def test_service_users_make_views_too(client, server):
    server.data({"catalogViews": [view("sales", createdBy=BOT)]})
    found = await client.catalog_views.get("sales")
    assert type(found.created_by) is CreatorServiceUser
    assert found.created_by.service_user_id == "s1"


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("sales", errors.InvalidInputError, 'say which: id="2", id="3"'),
        ("sale", errors.NotFoundError, "did you mean 'sales'"),
    ],
)
async def test_get_errors(client, server, name, kind, message):
    server.data(FOUND)
    with pytest.raises(kind, match=message):
        await client.catalog_views.get(name)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"query": "kind:dbt"}, {"querySelection": "kind:dbt"}),
        ({"kinds": "dbt"}, {"kinds": ["dbt"]}),
        ({"kinds": ["dbt", "s3"]}, {"kinds": ["dbt", "s3"]}),
        ({"owners": ["a@b.c", "team:x"]}, {"owners": [{"ownerName": "a@b.c"}, {"ownerName": "team:x"}]}),
        ({"tags": {"a": "b", "c": ""}}, {"tags": [{"key": "a", "value": "b"}, {"key": "c", "value": ""}]}),
        ({"column_tags": {"pii": "yes"}}, {"columnTags": [{"key": "pii", "value": "yes"}]}),
        ({"columns": "id", "table_names": ["t"]}, {"columns": ["id"], "tableNames": ["t"]}),
        (
            {"code_locations": ["demo", "shop@web"]},
            {
                "codeLocations": [
                    {"repositoryLocationName": "demo", "repositoryName": "__repository__"},
                    {"repositoryLocationName": "web", "repositoryName": "shop"},
                ]
            },
        ),
        (
            {"groups": ["g", "g@demo", "g@shop@web"]},
            {
                "groups": [
                    {"groupName": "g"},
                    {"groupName": "g", "repositoryLocationName": "demo", "repositoryName": "__repository__"},
                    {"groupName": "g", "repositoryLocationName": "web", "repositoryName": "shop"},
                ]
            },
        ),
    ],
)  # fmt: skip
async def test_create(client, server, given, sent):
    server.data(saved())
    found = await client.catalog_views.create("sales", **given)
    assert type(found) is CatalogView
    assert server.operations == ["CreateCatalogView"]
    assert server.received[0].variables == {
        "name": "sales",
        "description": "",
        "icon": "globe",
        "isPrivate": False,
        "selection": {**EMPTY, **sent},
    }


async def test_create_with_all_else(client, server):
    server.data(saved())
    await client.catalog_views.create(
        "x", kinds="dbt", description="d", icon="star", private=True, user="a@b.c"
    )
    sent = server.received[0].variables
    assert (sent["description"], sent["icon"], sent["isPrivate"]) == ("d", "star", True)
    assert sent["ownerEmail"] == "a@b.c"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "would select nothing"),
        ({"kinds": [], "tags": {}}, "would select nothing"),
        ({"query": "*", "kinds": "dbt"}, "give either query or the parts"),
        ({"query": " "}, "query must be"),
        ({"kinds": [""]}, "each of kinds"),
        ({"tags": {"": "x"}}, "a tag's key"),
        ({"groups": "@demo"}, "the name in groups"),
        ({"groups": "g@"}, "the location in code_locations"),
        ({"code_locations": "@demo"}, "the repository in code_locations"),
        ({"query": "*", "icon": ""}, "the icon"),
    ],
)
async def test_create_refuses(client, server, given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await client.catalog_views.create("sales", **given)
    assert server.requests == 0


PARTS = selection(
    groups=[{"name": "g", "location": "web", "repository": "shop"}],
    kinds=["dbt"],
    owners=[
        {"__typename": "UserAssetOwner", "email": "a@b.c"},
        {"__typename": "TeamAssetOwner", "team": "x"},
    ],
    tags=[{"key": "a", "value": "b"}],
    columns=["id"],
    columnTags=[{"key": "pii", "value": "yes"}],
    tableNames=["t"],
    codeLocations=[{"location": "web", "repository": "shop"}],
)
PARTS_SENT = {
    "groups": [{"groupName": "g", "repositoryLocationName": "web", "repositoryName": "shop"}],
    "kinds": ["dbt"],
    "owners": [{"ownerName": "a@b.c"}, {"ownerName": "team:x"}],
    "tags": [{"key": "a", "value": "b"}],
    "columns": ["id"],
    "columnTags": [{"key": "pii", "value": "yes"}],
    "tableNames": ["t"],
    "codeLocations": [{"repositoryLocationName": "web", "repositoryName": "shop"}],
}


@pytest.mark.parametrize(
    ("before", "given", "sent"),
    [
        (selection(query="a"), {"name": "new"}, {**EMPTY, "querySelection": "a"}),
        (selection(query="a"), {"query": "b"}, {**EMPTY, "querySelection": "b"}),
        (selection(query="a"), {"kinds": "s3"}, {**EMPTY, "kinds": ["s3"]}),
        (PARTS, {"icon": "star"}, PARTS_SENT),
        (PARTS, {"kinds": ["s3"], "tags": {}}, {**PARTS_SENT, "kinds": ["s3"], "tags": []}),
        (PARTS, {"query": "b"}, {**EMPTY, "querySelection": "b"}),
    ],
)
async def test_update_keeps_the_rest(client, server, before, given, sent):
    server.data({"catalogViews": [view("sales", "2", selection=before)]}, saved())
    await client.catalog_views.update("sales", **given)
    assert server.operations == ["ListCatalogViews", "UpdateCatalogView"]
    assert server.received[1].variables == {
        "id": "2",
        "name": given.get("name", "sales"),
        "description": "what sells",
        "icon": given.get("icon", "globe"),
        "isPrivate": False,
        "selection": sent,
    }


async def test_update_refuses_to_change_nothing(client, server):
    with pytest.raises(errors.InvalidInputError, match="nothing is to be changed"):
        await client.catalog_views.update("sales")
    assert server.requests == 0


async def test_update_refuses_to_select_nothing(client, server):
    server.data({"catalogViews": [view("sales", selection=selection(kinds=["dbt"]))]})
    with pytest.raises(errors.InvalidInputError, match="would select nothing"):
        await client.catalog_views.update("sales", kinds=[])
    assert server.operations == ["ListCatalogViews"]


async def test_update_keeps_no_owner_that_it_does_not_know(client, server):
    owners = [{"__typename": "GroupAssetOwner"}]
    server.data({"catalogViews": [view("sales", selection=selection(owners=owners))]})
    with pytest.raises(errors.InvalidInputError, match="newer than this version"):
        await client.catalog_views.update("sales", name="new")
    assert server.operations == ["ListCatalogViews"]


async def test_delete(client, server):
    server.data(FOUND, {"deleteCatalogView": view("Costs", "1")})
    assert await client.catalog_views.delete("Costs") is None
    assert server.received[1].variables == {"id": "1"}


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("SelectionNotResolvableError", errors.InvalidRequestError),
        ("SelectionCantBeDeletedError", errors.ConflictError),
        ("UnauthorizedError", errors.PermissionDeniedError),
        ("PythonError", errors.ServerError),
    ],
)
async def test_refusals(client, server, typename, kind):
    refused = error(typename, "no, not that", className="X", stack=[])
    server.data({"createOrUpdateCatalogView": refused}, FOUND, {"deleteCatalogView": refused})
    with pytest.raises(kind, match="no, not that"):
        await client.catalog_views.create("x", query="a")
    with pytest.raises(kind, match="no, not that"):
        await client.catalog_views.delete("1")


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.catalog_views.list(user=""),
        lambda c: c.catalog_views.create("a", query="*", user=" "),
        lambda c: c.pins.list(user=""),
        lambda c: c.pins.add(asset_group="a", user=""),
        lambda c: c.pins.remove("a", user=""),
    ],
)
async def test_an_empty_user_is_not_oneself(client, server, call):
    with pytest.raises(errors.InvalidInputError, match="user must be a text that is not empty"):
        await call(client)
    assert server.requests == 0
