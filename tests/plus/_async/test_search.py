from __future__ import annotations

import pytest

from dagster_plus_sdk import DagsterPlusError, InvalidRequestError, NotFoundError

pytestmark = pytest.mark.anyio

SEED = {
    "assets": [
        {
            "key": "orders",
            "group": "sales",
            "kinds": ["python", "duckdb"],
            "owners": ["team:shop", "ada@example.com"],
            "tags": {"tier": "1"},
            "columns": {"id": {"pii": "no"}, "email": {"pii": "yes"}},
            "table": "db.orders",
        },
        {"key": "raw/orders", "group": "ingestion", "kinds": ["csv"], "tags": {"tier": "2"}},
        {
            "key": "shop/visits",
            "description": "Who looked at Orders",
            "group": "sales",
            "kinds": ["csv"],
            "columns": ["id"],
            "location": "web",
        },
    ]
}


@pytest.fixture(autouse=True)
def seeded(plus):
    plus.seed(SEED)


@pytest.mark.parametrize(
    ("query", "filters", "keys"),
    [
        ("orders", {}, ["orders", "raw/orders", "shop/visits"]),
        ("raw", {}, ["raw/orders"]),
        ("vis", {}, ["shop/visits"]),
        ("CSV", {}, ["raw/orders", "shop/visits"]),
        ("csv tier=2", {}, ["raw/orders"]),
        ('"looked at"', {}, ["shop/visits"]),
        ("nothing like it", {}, []),
        ("", {"groups": "sales"}, ["orders", "shop/visits"]),
        ("", {"kinds": ["duckdb", "csv"]}, ["orders", "raw/orders", "shop/visits"]),
        ("", {"owners": "team:shop"}, ["orders"]),
        ("", {"owners": "ada@example.com", "groups": "ingestion"}, []),
        ("", {"tags": {"tier": "2"}}, ["raw/orders"]),
        ("", {"columns": "id"}, ["orders", "shop/visits"]),
        ("", {"column_tags": {"pii": "yes"}}, ["orders"]),
        ("", {"tables": "db.orders"}, ["orders"]),
        ("", {"locations": "web"}, ["shop/visits"]),
        ("", {"assets": "raw/orders"}, ["raw/orders"]),
        ("orders", {"page_size": 1}, ["orders", "raw/orders", "shop/visits"]),
        ("orders", {"limit": 2}, ["orders", "raw/orders"]),
        ("orders", {"cursor": "2"}, ["shop/visits"]),
    ],
)
async def test_what_is_found(client, query, filters, keys):
    found = [result async for result in client.search.list(query, **filters)]

    assert ["/".join(result.key.path) for result in found] == keys


async def test_a_result(client):
    (found,) = [result async for result in client.search.list("db.orders")]

    assert (found.id, found.group, found.kinds) == ('["orders"]', "sales", ["python", "duckdb"])
    assert [getattr(owner, "team", None) or owner.email for owner in found.owners] == [
        "shop",
        "ada@example.com",
    ]
    assert [(tag.key, tag.value) for tag in found.column_tags] == [("pii", "no"), ("pii", "yes")]
    assert (found.table_name, found.location_name) == ("db.orders", "demo")


@pytest.mark.parametrize(
    ("field", "name", "shown", "values"),
    [
        ("COLUMN_NAMES", "columns", lambda v: v.value, [("id", 2), ("email", 1)]),
        ("KIND", "kinds", lambda v: v.value, [("csv", 2), ("duckdb", 1), ("python", 1)]),
        ("TABLE_NAME", "table_names", lambda v: v.value, [("db.orders", 1)]),
        ("TAGS", "tags", lambda v: v.tag.value, [("1", 1), ("2", 1)]),
        ("COLUMN_TAGS", "column_tags", lambda v: v.tag.value, [("no", 1), ("yes", 1)]),
        ("GROUP", "groups", lambda v: v.group, [("ingestion", 1), ("sales", 1), ("sales", 1)]),
        ("LOCATION_NAME", "code_locations", lambda v: v.location_name, [("demo", 2), ("web", 1)]),
    ],
)
async def test_values(client, field, name, shown, values):
    found = await client.search.values(field, "")

    assert [(shown(value), value.count) for value in getattr(found, name)] == values
    others = {"columns", "kinds", "tags", "groups"} - {name}
    assert [getattr(found, other) for other in sorted(others)] == [[]] * len(others)


async def test_values_are_narrowed(client):
    found = await client.search.values("KIND", "", asset_name="orders", kinds="csv")
    assert [(value.value, value.count) for value in found.kinds] == [("csv", 1)]

    found = await client.search.values("KIND", "s", limit=1)
    assert [(value.value, value.count) for value in found.kinds] == [("csv", 2)]

    found = await client.search.values("OWNERS", "ADA")
    assert [owner.owner.email for owner in found.owners] == ["ada@example.com"]


async def test_nothing_found(client, plus):
    assert [result async for result in client.search.list("nowhere")] == []

    plus.switches(search_without_results="not_found")
    with pytest.raises(NotFoundError):
        _ = [result async for result in client.search.list("nowhere")]
    with pytest.raises(NotFoundError):
        await client.search.values("KIND", "nowhere")


async def test_a_text_that_cannot_be_read(client):
    with pytest.raises(InvalidRequestError, match="quote"):
        _ = [result async for result in client.search.list('"orders')]


async def test_another_deployment_has_other_assets(client, connect, plus):
    plus.seed({"assets": [{"key": "only", "deployment": "staging"}]})

    assert [result async for result in client.search.list("only")] == []
    there = [result async for result in connect(deployment="staging").search.list("only")]
    assert [result.group for result in there] == ["default"]


async def test_no_changes_are_known(client):
    assert [entry async for entry in client.assets.history("orders")] == []


@pytest.mark.parametrize("asset", [{}, {"key": "a", "deployment": "none"}, {"key": "a", "x": 1}])
async def test_a_seed_that_cannot_be(plus, asset):
    with pytest.raises(DagsterPlusError, match="assets"):
        plus.seed({"assets": [asset]})
