from __future__ import annotations

import pytest

from dagster_plus_sdk import ConflictError, NotFoundError, PermissionDeniedError, ServerError
from dagster_plus_sdk._generated import operations as ops

pytestmark = pytest.mark.anyio

ORGANIZATION_ROLE = {"icon": "x", "scope": "ORGANIZATION"}


async def test_made_changed_and_deleted(client):
    role = await client.custom_roles.create(
        "Cleaner", permissions=["DELETE_RUNS", "WIPE_ASSETS"], description="Cleans", icon="🧹"
    )
    assert (role.scope, role.icon, role.description) == ("DEPLOYMENT", "🧹", "Cleans")
    assert role.permissions == ["DELETE_RUNS", "WIPE_ASSETS"]
    assert [own.name async for own in client.custom_roles.list()] == ["Cleaner", "Run operator"]

    changed = await client.custom_roles.update("Cleaner", name="C", permissions=["EDIT_ALERTS"])
    assert changed.permissions == ["EDIT_ALERTS"]
    assert (changed.id, changed.description, changed.icon) == (role.id, "Cleans", "🧹")
    assert await client.custom_roles.get(role.id) == changed

    await client.custom_roles.delete("C")
    with pytest.raises(NotFoundError):
        await client.custom_roles.get(role.id)


async def test_two_roles_may_have_one_name(client):
    ids = {
        (await client.custom_roles.create("Twin", permissions=["EDIT_ALERTS"], icon="x")).id
        for _ in range(2)
    }

    assert len(ids) == 2


@pytest.mark.parametrize(
    "granted",
    [
        {"custom_role": "R"},
        {"role": "VIEWER", "location_roles": {"demo": "custom:R"}},
        {"role": "VIEWER", "owner_role": "custom:R"},
    ],
)
async def test_a_role_in_use_stays(client, granted):
    await client.custom_roles.create("R", permissions=["EDIT_ALERTS"], icon="x")
    await client.teams.update("Data engineers", deployment="prod", **granted)

    with pytest.raises(ConflictError) as caught:
        await client.custom_roles.delete("R")
    assert caught.value.typename == "CustomRoleInUseError"

    await client.teams.remove_role("Data engineers", deployment="prod")
    await client.custom_roles.delete("R")
    with pytest.raises(NotFoundError):
        await client.custom_roles.get("R")


PARTS = {"name": "R", "description": "", "icon": "x", "permissions": ["EDIT_ALERTS"]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"permissions": []}, "a permission"), ({"name": " "}, "needs a name")],
)
async def test_what_can_be_no_role(client, changes, reason):
    role = await client.custom_roles.get("Run operator")
    parts = PARTS | changes
    for operation in (
        ops.create_custom_role(scope="DEPLOYMENT", **parts),
        ops.update_custom_role(id=role.id, **parts),
    ):
        with pytest.raises(ServerError, match=reason):
            _ = (await client.execute(operation)).ok
    assert await client.custom_roles.get(role.id) == role


@pytest.mark.parametrize(
    "operation",
    [ops.update_custom_role(id="x", **PARTS), ops.delete_custom_role(id="x")],
    ids=lambda operation: operation.name,
)
async def test_a_role_that_is_not_there(client, operation):
    with pytest.raises(ServerError, match="no custom role with id 'x'"):
        _ = (await client.execute(operation)).ok
    with pytest.raises(NotFoundError):
        _ = (await client.execute(ops.get_custom_role(id="x"))).ok


async def test_an_organizations_permission_in_a_role_for_deployments(client, plus, connect):
    permissions = ["MANAGE_SERVICE_USERS"]
    with pytest.raises(ServerError, match="MANAGE_SERVICE_USERS"):
        await client.custom_roles.create("R", permissions=permissions, icon="x")

    plus.switches(organization_permissions_in_deployment_roles="accepted")
    await client.custom_roles.create("R", permissions=permissions, icon="x")
    await client.users.update("vic@example.com", custom_role="R", deployment="prod")

    with pytest.raises(PermissionDeniedError):
        await connect("viewer").service_users.create("bot")


async def held(client):
    identity = await client.organization.identity()
    return {own.permission for own in identity.permissions if own.value}


async def test_whoever_has_a_role_may_do_just_that(connect):
    client = connect("custom")

    assert await held(client) == {"start_and_stop_runs", "toggle_schedules", "toggle_sensors"}


async def test_a_changed_role_changes_what_its_holders_may(client, connect):
    holder = connect("custom")
    await client.custom_roles.update("Run operator", permissions=["EDIT_DEPLOYMENT_PERMISSIONS"])

    assert await held(holder) == {"edit_deployment_permissions"}
    team = await holder.teams.update("Data engineers", role="ADMIN", deployment="prod")
    assert [grant.role for grant in team.deployment_grants if grant.deployment_id == 1] == ["ADMIN"]


@pytest.mark.parametrize(
    ("permission", "works"),
    [
        ("MANAGE_SERVICE_USERS", "service user"),
        ("EDIT_USERS_AND_TEAMS", "team"),
        ("EDIT_CUSTOM_ROLES", "role"),
        ("MANAGE_FULL_DEPLOYMENTS", "deployment"),
        ("READ_SECRET_VALUES", None),
    ],
)
async def test_a_role_of_the_organization(client, connect, permission, works):
    await client.custom_roles.create("R", permissions=[permission], **ORGANIZATION_ROLE)
    await client.users.update("vic@example.com", custom_role="R", scope="organization")
    holder = connect("viewer", deployment="staging")
    calls = {
        "service user": lambda: holder.service_users.create("bot"),
        "team": lambda: holder.teams.create("Ops"),
        "role": lambda: holder.custom_roles.create("S", permissions=["EDIT_ALERTS"], icon="x"),
        "deployment": lambda: holder.deployments.create("new"),
    }
    for what, call in calls.items():
        if what == works:
            assert await call()
        else:
            with pytest.raises(PermissionDeniedError):
                await call()
    assert permission.lower() in await held(holder)


async def test_who_may_see_and_change_roles(connect):
    client = connect("admin")

    assert (await client.custom_roles.get("Run operator")).icon
    for call in (
        lambda: client.custom_roles.create("R", permissions=["EDIT_ALERTS"], icon="x"),
        lambda: client.custom_roles.update("Run operator", name="R"),
        lambda: client.custom_roles.delete("Run operator"),
    ):
        with pytest.raises(PermissionDeniedError):
            await call()


async def test_a_plan_without_them(client, plus):
    plus.seed({"feature_gates": [{"key": "CUSTOM_RBAC_ENABLED", "value": False}]})

    with pytest.raises(ServerError, match="does not have"):
        await client.custom_roles.create("R", permissions=["EDIT_ALERTS"], icon="x")
