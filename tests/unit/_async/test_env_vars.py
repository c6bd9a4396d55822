"""Environment variables that resources use."""

from __future__ import annotations

import pytest
from kit.payloads import repository

from dagster_plus_sdk import EnvVar, errors

pytestmark = pytest.mark.anyio


def repositories(*locations):
    nodes = [repository(location=name) for name in locations]
    return {"repositoriesOrError": {"__typename": "RepositoryConnection", "nodes": nodes}}


def variables(**found):
    """The data of ListEnvVars: the resource that reads it, by variable."""
    results = [
        {"name": name, "consumers": [{"name": reader, "type": "RESOURCE"}]}
        for name, reader in found.items()
    ]
    return {"utilizedEnvVarsOrError": {"__typename": "EnvVarWithConsumersList", "results": results}}


PLACES = repositories("shop", "mill", "bank")
BANK = variables(TOKEN="bank", DB_URL="database")
MILL = variables()
SHOP = variables(DB_URL="warehouse")


async def test_lists_a_repository_at_a_time(client, server):
    server.data(PLACES, BANK, MILL, SHOP)
    found = await client.env_vars.list().to_list()
    assert [(type(each), each.name, each.consumers[0].name) for each in found] == [
        (EnvVar, "DB_URL", "database"),
        (EnvVar, "TOKEN", "bank"),
        (EnvVar, "DB_URL", "warehouse"),
    ]
    assert server.operations == ["FindRepositories"] + ["ListEnvVars"] * 3
    asked = [request.variables["repositorySelector"] for request in server.received[1:]]
    assert [selector["repositoryLocationName"] for selector in asked] == ["bank", "mill", "shop"]
    assert asked[0]["repositoryName"] == "__repository__"


@pytest.mark.parametrize(
    ("given", "answers", "kept"),
    [
        ({"location": "shop"}, [SHOP], ["DB_URL"]),
        ({"repository": "other"}, [], []),
        ({"pattern": "*_url"}, [BANK, MILL, SHOP], ["DB_URL", "DB_URL"]),
        ({"consumer": "ware*"}, [BANK, MILL, SHOP], ["DB_URL"]),
        ({"where": lambda each: each.name == "TOKEN"}, [BANK, MILL, SHOP], ["TOKEN"]),
        ({"limit": 1}, [BANK], ["DB_URL"]),
    ],
)
async def test_filters(client, server, given, answers, kept):
    server.data(PLACES, *answers)
    assert [each.name async for each in client.env_vars.list(**given)] == kept
    assert server.requests == 1 + len(answers)


@pytest.mark.parametrize("limit", [1, 2])
async def test_lists_resume(client, server, limit):
    """Within a repository, and at the border of two."""
    server.data(PLACES, BANK)
    first = client.env_vars.list(limit=limit)
    names = [each.name async for each in first]
    server.replies.clear()
    server.data(PLACES, *([BANK] if limit == 1 else []), MILL, SHOP)
    rest = client.env_vars.list(cursor=first.cursor)
    names += [each.name async for each in rest]
    assert names == ["DB_URL", "TOKEN", "DB_URL"]


async def test_a_list_is_walked_anew(client, server):
    server.data(repositories("bank"), BANK)
    pager = client.env_vars.list()
    first = await pager.to_list()
    server.replies.clear()
    server.data(repositories("shop"), SHOP)
    assert [each.name for each in first] == ["DB_URL", "TOKEN"]
    assert [each.consumers[0].name async for each in pager] == ["warehouse"]


async def test_the_end_resumes_with_nothing(client, server):
    server.data(repositories("bank"), BANK)
    pager = client.env_vars.list()
    await pager.to_list()
    rest = client.env_vars.list(cursor=pager.cursor)
    server.replies.clear()
    server.data(repositories("bank"))
    assert await rest.to_list() == []


@pytest.mark.parametrize("cursor", ["yesterday", "[1]", "7"])
async def test_a_cursor_of_another_list(client, server, cursor):
    server.data(PLACES)
    with pytest.raises(errors.InvalidInputError, match="must be one of this list"):
        await client.env_vars.list(cursor=cursor).to_list()
