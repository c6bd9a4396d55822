"""Documents that others wrote, and one that does not fit."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import AsyncDagsterPlus, GraphQLRequestError, Operation, operations

pytestmark = pytest.mark.anyio

NO_RUN = "00000000-0000-4000-8000-000000000000"


async def test_an_invalid_operation_is_refused(client):
    good = operations.get_run(run_id=NO_RUN)
    text = good.document.replace("jobName", "jobNameOfOld")
    bad = Operation(good.name, good.kind, text, (), good.variables, good.module)
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'jobNameOfOld'"):
        await client.execute(bad)
    without = Operation(good.name, good.kind, good.document, (), {}, good.module)
    with pytest.raises(GraphQLRequestError, match="runId"):
        await client.execute(without)


async def test_graphql(client):
    data = await client.graphql("{ version }")
    assert data["version"].count(".") >= 2
    document = "query A($id: ID!) { runOrError(runId: $id) { __typename } } query B { version }"
    chosen = await client.graphql(document, {"id": NO_RUN}, operation_name="A")
    assert chosen == {"runOrError": {"__typename": "RunNotFoundError"}}


async def test_graphql_errors(client):
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'nope'") as caught:
        await client.graphql("{ nope }")
    assert caught.value.status_code == 400
    assert caught.value.errors[0]["message"] in caught.value.message


async def test_below_a_path(org_url, org_client):
    assert org_url.endswith("/org")
    assert org_client.settings.url == f"{org_url}/graphql"
    assert await org_client.graphql("{ __typename }") == {"__typename": "Query"}
    async with AsyncDagsterPlus(url=f"{org_url}/graphql") as same:
        assert await same.graphql("{ __typename }") == {"__typename": "Query"}
