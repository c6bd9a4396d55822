from __future__ import annotations

import pytest

from dagster_plus_sdk import InvalidRequestError, NotFoundError, PermissionDeniedError
from dagster_plus_sdk._generated import operations as ops

pytestmark = pytest.mark.anyio


#: What the demo organization has.
DEMO = "dagster/row_count"


async def keys(client):
    found = [metric.metadata_key async for metric in client.insights.custom_metrics()]
    return [key for key in found if key != DEMO]


async def test_created_changed_and_deleted(client, plus):
    made = await client.insights.create_custom_metric(
        "rows", display_name="Rows", description="How many", unit="INTEGER"
    )
    assert (made.metadata_key, made.display_name, made.unit_type.value) == (
        "rows",
        "Rows",
        "INTEGER",
    )
    assert made.created_at == made.updated_at

    plus.advance_clock(60)
    changed = await client.insights.update_custom_metric("rows", unit="BYTES")
    assert (changed.id, changed.display_name, changed.unit_type.value) == (made.id, "Rows", "BYTES")
    assert changed.created_at == made.created_at
    assert (changed.updated_at - made.updated_at).total_seconds() >= 60

    await client.insights.delete_custom_metric("rows")
    assert await keys(client) == []


async def test_a_key_is_taken(client):
    await client.insights.create_custom_metric("rows")

    with pytest.raises(InvalidRequestError, match="'rows' already"):
        await client.insights.create_custom_metric("rows")
    assert await keys(client) == ["rows"]


async def test_what_is_not_there(client):
    with pytest.raises(NotFoundError):
        await client.insights.delete_custom_metric("rows")
    for operation in (
        ops.update_custom_metric(id="x", changes={"description": "y"}),
        ops.delete_custom_metric(id="x"),
    ):
        with pytest.raises(InvalidRequestError, match="no custom metric with id 'x'"):
            _ = (await client.execute(operation)).ok


async def test_the_limit(client, plus):
    plus.seed({"custom_metrics": [f"key-{number}" for number in range(498)]})
    await client.insights.create_custom_metric("last")

    limits = await client.insights.custom_metrics_limits()
    assert (limits.current_count, limits.max_count, limits.remaining) == (500, 500, 0)
    with pytest.raises(InvalidRequestError, match="500"):
        await client.insights.create_custom_metric("more")


@pytest.mark.parametrize(("scope", "there"), [("deployment", []), ("organization", ["rows"])])
async def test_scope(client, connect, plus, scope, there):
    plus.switches(custom_metric_scope=scope)
    await client.insights.create_custom_metric("rows")

    assert await keys(connect(deployment="staging")) == there


async def test_a_metric_of_the_numbers_in_metadata(client, plus):
    asset = {"key": "sales", "metadata": {"rows": 3, "share": 0.5}}
    plus.seed({"runs": [{"job": "etl", "start": 1000, "assets": [asset]}]})
    await client.insights.create_custom_metric("share", display_name="Share", unit="FLOAT")

    found = await client.insights.by_asset("share", after=0, before=2000)
    types = [metric async for metric in client.insights.metric_types(of="asset")]

    assert found.metrics[0].values == [0.5]
    assert (types[-1].display_name, types[-1].unit_type.value) == ("Share", "FLOAT")


@pytest.mark.parametrize(
    ("role", "may"), [("viewer", False), ("launcher", False), ("editor", True)]
)
async def test_who_may(connect, role, may):
    insights = connect(role).insights
    if may:
        assert (await insights.create_custom_metric("rows")).metadata_key == "rows"
        return
    with pytest.raises(PermissionDeniedError):
        await insights.create_custom_metric("rows")
    assert (await insights.custom_metrics_limits()).current_count == 1
