"""Resources, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AssetKey, NotFoundError, ResourceDetails, ResourceSummary

pytestmark = pytest.mark.anyio


async def test_resources_list(client):
    (found,) = await client.resources.list().to_list()
    assert type(found) is ResourceSummary
    assert (found.id, found.name) == ("demo-__repository__-order_book", "order_book")


async def test_resources_get(client):
    found = await client.resources.get("order_book")
    assert type(found) is ResourceDetails
    assert [(field.name, field.default_json) for field in found.config_fields] == [("seed", "7")]
    assert AssetKey("raw_orders") in found.asset_keys_using


async def test_resources_get_unknown(client):
    with pytest.raises(NotFoundError, match="nope") as caught:
        await client.resources.get("nope", location="demo", repository="__repository__")
    assert caught.value.code == "RESOURCE_NOT_FOUND"
