from __future__ import annotations

import pytest

from dagster_plus_sdk import ConflictError, NotFoundError, PermissionDeniedError

pytestmark = pytest.mark.anyio


async def names(client):
    return [deployment.name async for deployment in client.deployments.list()]


async def test_created_seen_and_deleted(client):
    made = await client.deployments.create("new", agent_type="serverless")

    assert await names(client) == ["prod", "staging", "new"]
    assert (await client.deployments.get("new")).id == made.id

    await client.deployments.delete("new")
    assert await names(client) == ["prod", "staging"]
    with pytest.raises(NotFoundError):
        await client.deployments.get("new")


async def test_a_name_is_taken(client):
    with pytest.raises(ConflictError, match="staging"):
        await client.deployments.create("staging")


async def test_a_viewer_changes_nothing(viewer):
    with pytest.raises(PermissionDeniedError) as caught:
        await viewer.deployments.create("new")

    assert caught.value.status_code == 403
    assert await names(viewer) == ["prod", "staging"]
