from __future__ import annotations

import pytest

from dagster_plus_sdk import FeatureGateKey, PermissionDeniedError, operations

pytestmark = pytest.mark.anyio


async def test_the_organization(client, plus):
    found = await client.organization.get()
    assert (found.name, found.status) == ("demo", "ACTIVE")
    assert await client.organization.plan() == await client.usage.plan() == "ENTERPRISE"

    plus.seed({"organization": [{"name": "demo", "plan": "SOLO", "timezone": "Europe/Rome"}]})
    assert await client.organization.plan() == "SOLO"
    timezone = (await client.execute(operations.get_default_timezone())).ok
    assert timezone == "Europe/Rome"


async def test_identity_has_the_gates(client, plus):
    plus.seed({"feature_gates": [{"key": "ENABLE_WEBHOOK_ALERTS", "value": False}]})

    identity = await client.organization.identity()
    gates = {gate.key: gate.value for gate in identity.feature_gates}
    assert gates["ENABLE_WEBHOOK_ALERTS"] is False
    assert gates["CUSTOM_RBAC_ENABLED"] is True
    assert gates["PRODUCTION_DEPLOYMENT_LIMIT"] == 10
    keys = (FeatureGateKey.PRODUCTION_DEPLOYMENT_LIMIT, FeatureGateKey.ENABLE_WEBHOOK_ALERTS)
    for key, expected in zip(keys, (10, False), strict=True):
        assert (await client.execute(operations.get_feature_gate(key=key))).ok == expected


async def test_users_by_their_highest_role(client, plus):
    async def counts():
        return {row.role: row.count async for row in client.organization.user_counts()}

    before = await counts()
    plus.seed(
        {
            "users": [
                {"email": "new@example.com", "role": "VIEWER", "deployments": {"prod": "EDITOR"}}
            ]
        }
    )

    assert before["LAUNCHER"] == 1
    assert await counts() == before | {"EDITOR": before["EDITOR"] + 1}


async def test_the_plan_has_seats(client, plus):
    async def overview():
        return await client.execute(operations.get_organization_overview())

    assert (await overview()).plan_allows_adding_more_users
    plus.seed({"feature_gates": [{"key": "EDITOR_ADMIN_LIMIT", "value": 3}]})
    plus.seed({"organization": [{"name": "demo", "viewers_in_catalog_mode": True}]})

    found = await overview()
    assert not found.plan_allows_adding_more_users
    assert found.default_viewers_to_catalog_mode


async def test_scim(client, connect):
    assert not await client.organization.scim_sync_enabled()
    assert await client.organization.set_scim_sync(enabled=True)
    assert await client.organization.scim_sync_enabled()
    assert not await client.organization.set_scim_sync(enabled=False)
    with pytest.raises(PermissionDeniedError):
        await connect("admin").organization.set_scim_sync(enabled=True)


@pytest.mark.parametrize(("build", "status"), [("sandbox", "CURRENT"), ("old", "OUTDATED")])
async def test_the_build(client, build, status):
    found = (await client.execute(operations.get_build_status(build_id=build))).ok

    assert (found.current_build_id, found.status) == ("sandbox", status)
