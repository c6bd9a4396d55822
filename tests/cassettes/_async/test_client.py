"""The client's own calls, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AssetDefinitionSummary,
    GraphQLRequestError,
    JobSummary,
    RunSummary,
    operations,
)

pytestmark = pytest.mark.anyio


async def test_client_execute(client, run_id):
    wanted = {"runIds": [run_id("first_report")]}
    result = await client.execute(operations.list_runs(filter=wanted, limit=1))
    (run,) = result.ok.results
    assert type(run) is RunSummary
    assert run.id == run_id("first_report")


async def test_client_graphql(client):
    data = await client.graphql("query Version { version }")
    assert data["version"].count(".") >= 2


async def test_client_graphql_invalid(client):
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'nope'") as caught:
        await client.graphql("{ nope }")
    assert caught.value.errors[0]["locations"] == [{"line": 1, "column": 3}]


async def test_client_discover(client):
    found = await client.discover(pattern="*orders*")
    assert [job.name for job in found.jobs] == ["daily_orders", "orders_assets"]
    assert [str(asset.key) for asset in found.assets] == [
        r"exports/orders\/daily", "orders", "raw_orders",
    ]  # fmt: skip
    assert {type(thing) for thing in found} == {JobSummary, AssetDefinitionSummary}


async def test_client_discover_locations(client):
    found = await client.discover("locations")
    assert [location.name for location in found.locations] == ["demo"]
    assert len(found) == 1
