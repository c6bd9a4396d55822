from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
)

pytestmark = pytest.mark.anyio


async def names(client, **options):
    return [view.name async for view in client.catalog_views.list(**options)]


async def test_created_changed_and_deleted(client):
    made = await client.catalog_views.create(
        "sales",
        groups=["orders", "events@web"],
        owners=["team:data", "ada@example.com"],
        kinds="dbt",
    )
    assert made.created_by.email == "ada@example.com"
    assert [group.name for group in made.selection.groups] == ["orders", "events"]
    assert made.selection.groups[1].location == "web"

    changed = await client.catalog_views.update("sales", description="All of it", kinds=["python"])
    assert (changed.id, changed.description) == (made.id, "All of it")
    assert changed.selection.kinds == ["python"]
    assert [owner.team for owner in changed.selection.owners[:1]] == ["data"]
    assert await client.catalog_views.get("sales") == changed

    await client.catalog_views.delete("sales")
    with pytest.raises(NotFoundError):
        await client.catalog_views.get("sales")


async def test_a_private_view_is_its_owners(connect):
    ada, eve, vic = connect(), connect("editor"), connect("viewer")
    await vic.catalog_views.create("mine", query="kind:dbt", private=True)
    await eve.catalog_views.create("ours", query="kind:dbt")

    assert await names(vic) == ["mine", "ours"]
    assert await names(eve) == ["ours"]
    assert await names(ada, user="vic@example.com") == ["mine", "ours"]
    with pytest.raises(PermissionDeniedError):
        await vic.catalog_views.create("shared", query="kind:dbt")
    with pytest.raises(PermissionDeniedError):
        await vic.catalog_views.delete("ours")
    assert (
        await ada.catalog_views.update("ours", description="x")
    ).created_by.email == "eve@example.com"


@pytest.mark.parametrize("query", ["kind:dbt and", "(kind:dbt", "kind:dbt)", "a ; b"])
async def test_a_selection_that_cannot_be_read(client, query):
    with pytest.raises(InvalidRequestError, match="cannot be read"):
        await client.catalog_views.create("x", query=query)
    assert await names(client) == []


async def test_an_unknown_icon(client, plus):
    await client.catalog_views.create("x", query="kind:dbt", icon="unicorn")
    plus.switches(catalog_view_icons="known")
    with pytest.raises(ServerError, match="Internal Server Error"):
        await client.catalog_views.create("y", query="kind:dbt", icon="unicorn")
    assert await names(client) == ["x"]


async def test_views_are_of_a_deployment(client, connect):
    await client.catalog_views.create("x", query="kind:dbt")
    assert await names(connect(deployment="staging")) == []


async def test_a_view_that_an_alert_policy_uses(client, plus):
    plus.seed({"catalog_views": [{"name": "v", "user": "ada@example.com", "query": "kind:dbt"}]})
    view = await client.catalog_views.get("v")
    target = {"asset_selection_view_target": {"asset_selection_view_id": view.id}}
    policy = {
        "name": "p",
        "enabled": True,
        "event_types": ["ASSET_MATERIALIZATION_FAILURE"],
        "alert_targets": [target],
        "notification_service": {"email": {"email_addresses": ["ada@example.com"]}},
    }
    await client.alert_policies.create(policy)
    with pytest.raises(ConflictError, match="'p' uses this view"):
        await client.catalog_views.delete("v")
    assert await names(client) == ["v"]
