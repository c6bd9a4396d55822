"""Resources and environment variables of real code locations."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    AssetKey,
    ConfiguredValueType,
    EnvVar,
    EnvVarConsumerType,
    InvalidInputError,
    NotFoundError,
    ResourceDetails,
    ResourceSummary,
)

pytestmark = pytest.mark.anyio


async def test_list(org_client, sent):
    found = await org_client.resources.list().to_list()
    assert [each.id for each in found] == [
        "north-__repository__-archive",
        "north-__repository__-mail",
        "south-__repository__-mail",
    ]
    assert {type(each) for each in found} == {ResourceSummary}
    assert sent == []
    (south,) = await org_client.resources.list(location="south", pattern="MA*").to_list()
    assert south.type.endswith(".Mail")
    whole = org_client.resources.list(location="north", repository="__repository__")
    assert [each.name async for each in whole] == ["archive", "mail"]
    assert await org_client.resources.list(resource_type="*.OrderBook").to_list() == []


async def test_get(client):
    found = await client.resources.get("order_book")
    assert type(found) is ResourceDetails
    assert found.type == "dagster_plus_sdk.sandbox.demo.shop.OrderBook"
    (seed,) = found.config_fields
    assert (seed.name, seed.default_json, seed.is_required) == ("seed", "7", False)
    assert AssetKey("raw_orders") in found.asset_keys_using
    same = await client.resources.get("order_book", location="demo", repository="__repository__")
    assert same == found


async def test_configured_values(org_client):
    found = await org_client.resources.get("mail", location="north")
    values = {value.key: (value.type, value.value) for value in found.configured_values}
    assert values == {
        "server": (ConfiguredValueType.ENV_VAR, "MAIL_SERVER"),
        "password": (ConfiguredValueType.ENV_VAR, "MAIL_PASSWORD"),
    }


async def test_names_that_do_not_say_which(org_client):
    with pytest.raises(InvalidInputError, match=r'location="north".*location="south"'):
        await org_client.resources.get("mail")
    with pytest.raises(NotFoundError, match="did you mean 'archive'"):
        await org_client.resources.get("archives")
    with pytest.raises(NotFoundError, match="nope") as caught:
        await org_client.resources.get("nope", location="north", repository="__repository__")
    assert caught.value.code == "RESOURCE_NOT_FOUND"


async def test_env_vars(org_client):
    found = await org_client.env_vars.list().to_list()
    assert [each.name for each in found] == ["MAIL_PASSWORD", "MAIL_SERVER", "MAIL_SERVER"]
    assert {type(each) for each in found} == {EnvVar}
    assert [(reader.name, reader.type) for reader in found[0].consumers] == [
        ("mail", EnvVarConsumerType.RESOURCE)
    ]
    (south,) = await org_client.env_vars.list(location="south").to_list()
    assert south.name == "MAIL_SERVER"


async def test_env_vars_resume(org_client):
    names = []
    cursor = None
    for _ in range(3):
        pager = org_client.env_vars.list(limit=1, cursor=cursor)
        names += [each.name async for each in pager]
        cursor = pager.cursor
    assert names == ["MAIL_PASSWORD", "MAIL_SERVER", "MAIL_SERVER"]


async def test_no_env_vars(client):
    assert await client.env_vars.list().to_list() == []
