"""Deployments and the organization, which only Dagster+ has: the answers of an open-source server, as recorded."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import GraphQLRequestError

pytestmark = pytest.mark.anyio


async def test_deployments_list(client):
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'fullDeployments'"):
        await client.deployments.list().to_list()


async def test_deployments_get(client):
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'deploymentByName'"):
        await client.deployments.get("prod")


async def test_deployments_current(client):
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'currentDeployment'"):
        await client.deployments.current()


async def test_organization_get(client):
    with pytest.raises(GraphQLRequestError, match="Cannot query field 'organization'") as caught:
        await client.organization.get()
    assert (caught.value.code, caught.value.status_code) == ("GRAPHQL_ERROR", 400)
