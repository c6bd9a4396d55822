"""Changes of deployments, as recorded from a server that answers from the schema."""

from __future__ import annotations

import pytest

from dagster_plus_sdk import Deployment

pytestmark = [pytest.mark.anyio, pytest.mark.plus]


async def test_deployments_list_accessible(client):
    found = await client.deployments.list(accessible=True).to_list()
    assert {type(d) for d in found} == {Deployment}


async def test_deployments_create(client):
    made = await client.deployments.create("dev", agent_type="HYBRID", inherit_permissions_from=1)
    assert (type(made), made.name, made.agent_type) == (Deployment, "dev", "HYBRID")


async def test_deployments_update(client):
    changed = await client.deployments.update(
        "dev", agent_type="SERVERLESS", settings={"key": "value"}, validate=False
    )
    assert (type(changed), changed.agent_type) == (Deployment, "SERVERLESS")


async def test_deployments_delete(client):
    assert await client.deployments.delete("dev") is None
