from __future__ import annotations

import pytest
from kit.shown import roles

from dagster_plus_sdk import (
    AuthenticationError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
)
from dagster_plus_sdk._generated import operations as ops

pytestmark = pytest.mark.anyio

CONFLICT = """mutation {
  createServiceUser(name: "ci") { ... on ServiceUserNameConflictError { existingName } }
}"""


async def names(client):
    return [user.details.name async for user in client.service_users.list()]


async def test_made_changed_granted_and_deleted(client):
    made = await client.service_users.create("bot", description="Works at night")
    assert (made.details.display_name, made.details.description) == ("bot", "Works at night")
    assert (roles(made), made.licensed_role) == ({}, None)

    changed = await client.service_users.update("bot", name="robot")
    assert (changed.details.id, changed.details.name) == (made.details.id, "robot")
    assert (changed.details.display_name, changed.details.description) == (
        "robot",
        "Works at night",
    )
    granted = await client.service_users.update("robot", role="EDITOR", deployment="staging")
    assert (roles(granted), granted.licensed_role) == ({2: "EDITOR"}, "EDITOR")
    granted = await client.service_users.update("robot", role="ADMIN", scope="organization")
    assert granted.organization_grant.role == "ADMIN"
    left = await client.service_users.remove_role("robot", deployment="staging")
    assert (roles(left), left.licensed_role) == ({}, "ADMIN")
    assert await client.service_users.get(made.details.id) == left

    await client.service_users.delete("robot")
    assert await names(client) == ["ci"]
    with pytest.raises(NotFoundError):
        await client.service_users.get(made.details.id)


async def test_a_name_is_taken(client):
    await client.service_users.create("bot")
    for call in (
        lambda: client.service_users.create("ci"),
        lambda: client.service_users.update("bot", name="ci"),
    ):
        with pytest.raises(ConflictError, match="'ci' already"):
            await call()
    answer = await client.graphql(CONFLICT)
    assert answer["createServiceUser"] == {"existingName": "ci"}

    assert (await client.service_users.update("bot", name="bot")).details.name == "bot"
    with pytest.raises(ServerError, match="needs a name"):
        _ = (await client.execute(ops.create_service_user(name=" "))).ok


PLACE = {"serviceUserId": "x", "deploymentScope": "ORGANIZATION"}


@pytest.mark.parametrize(
    "operation",
    [
        ops.get_service_user(id="x"),
        ops.update_service_user(id="x", name="y"),
        ops.delete_service_user(id="x"),
        ops.set_service_user_grant(grant=PLACE | {"grant": "ADMIN"}),
        ops.remove_service_user_grant(grant=PLACE),
    ],
    ids=lambda operation: operation.name,
)
async def test_a_service_user_that_is_not_there(client, operation):
    with pytest.raises(NotFoundError) as caught:
        _ = (await client.execute(operation)).ok

    assert caught.value.typename == "ServiceUserNotFoundError"


async def test_a_service_user_is_no_admin_who_could_be_the_last(client):
    await client.service_users.update("ci", role="ADMIN", scope="organization")

    with pytest.raises(ConflictError):
        await client.users.delete("ada@example.com")


@pytest.mark.parametrize("role", ["admin", "viewer"])
async def test_service_users_are_the_organizations(connect, role):
    client = connect(role)
    for call in (
        lambda: client.service_users.list().to_list(),
        lambda: client.service_users.create("bot"),
        lambda: client.service_users.update("ci", name="x"),
        lambda: client.service_users.delete("ci"),
    ):
        with pytest.raises(PermissionDeniedError):
            await call()


async def test_its_tokens_end_with_it(client, connect):
    token = await client.service_tokens.create("ci")
    bot = connect(token=token.token.reveal())
    assert (await bot.organization.identity()).viewer is None
    assert await bot.secrets.create("S", "value")

    await client.service_users.delete("ci")
    await client.service_users.create("ci")

    for gone in (bot, connect("service_user")):
        with pytest.raises(AuthenticationError):
            await gone.organization.identity()
    assert await client.service_tokens.list("ci").to_list() == []


async def test_what_is_granted_to_a_service_user_is_what_it_may(client, connect):
    bot = connect("service_user")
    for deployment in ("prod", "staging"):
        await client.service_users.remove_role("ci", deployment=deployment)
    with pytest.raises(PermissionDeniedError):
        await bot.secrets.create("S", "value")
    await client.custom_roles.create("Keeper", permissions=["EDIT_SECRETS"], icon="key")

    await client.service_users.update("ci", custom_role="Keeper", deployment="prod")

    assert await bot.secrets.create("S", "value")
    with pytest.raises(PermissionDeniedError):
        await bot.deployment_settings.set({}, validate=False)


async def test_a_plan_without_them(client, plus):
    plus.seed({"feature_gates": [{"key": "ENABLE_SERVICE_USERS", "value": False}]})

    with pytest.raises(ServerError, match="does not have"):
        await client.service_users.create("bot")


async def test_what_is_done_to_them_is_in_the_audit_log(client):
    await client.service_users.create("bot", role="ADMIN", scope="organization")
    await client.service_users.update("bot", description="Works")
    await client.service_users.remove_role("bot", scope="organization")
    await client.service_users.delete("bot")

    assert [entry.action async for entry in client.audit_log.list()] == [
        "DELETE_SERVICE_USER",
        "CHANGE_SERVICE_USER_PERMISSIONS",
        "UPDATE_SERVICE_USER",
        "CHANGE_SERVICE_USER_PERMISSIONS",
        "CREATE_SERVICE_USER",
    ]
