"""Search, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import SearchResult, SearchValues

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_search_list(client):
    found = await client.search.list("orders", kinds=["python"], limit=2).to_list()
    assert found
    assert {type(each) for each in found} == {SearchResult}


async def test_search_values(client):
    assert type(await client.search.values("OWNERS", "a")) is SearchValues
