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

VIC = "vic@example.com"
NEW = "new@example.com"
ADMIN = "ada@example.com"


async def emails(client):
    return [user.details.email async for user in client.users.list()]


async def test_the_list_has_everybody_with_what_is_granted_to_them(client):
    by_email = {user.details.email: user async for user in client.users.list()}

    assert list(by_email) == [
        f"{name}@example.com" for name in ("ada", "ben", "cat", "cus", "eve", "lea", "vic")
    ]
    assert by_email[ADMIN].organization_grant.role == "ADMIN"
    assert by_email[ADMIN].deployment_grants == []
    assert roles(by_email["eve@example.com"]) == {1: "EDITOR", 2: "EDITOR"}
    assert by_email["eve@example.com"].all_branch_deployments_grant.role == "EDITOR"
    assert {email: user.licensed_role for email, user in by_email.items()} == {
        ADMIN: "ADMIN",
        "ben@example.com": "ADMIN",
        "cat@example.com": None,
        "cus@example.com": None,
        "eve@example.com": "EDITOR",
        "lea@example.com": None,
        VIC: None,
    }


async def test_invited_given_a_role_and_removed(client):
    made = await client.users.create(NEW, role="EDITOR", deployment="staging")
    assert roles(made) == {1: "VIEWER", 2: "EDITOR"}
    assert (made.details.name, made.details.email) == (None, NEW)
    assert made.licensed_role == "EDITOR"

    changed = await client.users.remove_role(NEW, deployment="staging")
    assert roles(changed) == {1: "VIEWER"}
    assert changed.licensed_role is None
    assert await client.users.get(made.details.id) == changed

    await client.users.delete(NEW)
    assert NEW not in await emails(client)
    with pytest.raises(NotFoundError):
        await client.users.get(NEW)


async def test_who_is_invited_may_be_out_of_the_list_until_they_accept(client, plus):
    plus.switches(invited_users="hidden")
    await client.users.create(NEW, role="LAUNCHER", deployment="prod")
    assert NEW not in await emails(client)

    plus.seed({"users": [{"email": NEW, "name": "New Example"}]})

    found = await client.users.get(NEW)
    assert (found.details.first_name, found.details.last_name) == ("New", "Example")
    assert roles(found) == {1: "LAUNCHER", 2: "VIEWER"}


async def test_who_is_invited_twice_is_there_once(client, plus):
    first = await client.users.create(NEW)
    assert (await client.users.create(NEW)).details.id == first.details.id
    assert (await emails(client)).count(NEW) == 1

    plus.switches(existing_user_addition="error")
    with pytest.raises(ServerError, match="already"):
        await client.users.create(NEW)


@pytest.mark.parametrize(("role", "may"), [("admin", True), ("editor", False), ("custom", False)])
async def test_admins_of_a_deployment_may_invite_and_change_no_roles(connect, role, may):
    client = connect(role)
    if may:
        assert (await client.users.create(NEW)).details.email == NEW
    else:
        with pytest.raises(PermissionDeniedError):
            await client.users.create(NEW)

    for call in (
        lambda: client.users.update(VIC, role="EDITOR", deployment="prod"),
        lambda: client.users.remove_role(VIC, deployment="prod"),
        lambda: client.users.delete(VIC),
    ):
        with pytest.raises(PermissionDeniedError):
            await call()
    assert roles(await client.users.get(VIC)) == {1: "VIEWER", 2: "VIEWER"}


async def test_no_address_no_invitation(client):
    with pytest.raises(ServerError, match="address"):
        _ = (await client.execute(ops.add_user(email="nobody"))).ok


async def test_the_last_admin_of_the_organization_stays_one(client, plus):
    for call in (
        lambda: client.users.delete(ADMIN),
        lambda: client.users.remove_role(ADMIN, scope="organization"),
    ):
        with pytest.raises(ConflictError) as caught:
            await call()
        assert caught.value.typename == "CantRemoveAllAdminsError"

    await client.users.update("ben@example.com", role="ADMIN", scope="organization")
    assert (await client.users.remove_role(ADMIN, scope="organization")).organization_grant is None
    with pytest.raises(PermissionDeniedError):
        await client.users.delete(VIC)


async def test_nor_is_the_last_admin_given_a_lesser_role(client):
    role = await client.custom_roles.create(
        "Auditor", permissions=["READ_AUDIT_LOG"], icon="eye", scope="ORGANIZATION"
    )
    with pytest.raises(ConflictError):
        await client.users.update(ADMIN, custom_role=role.id, scope="organization")

    assert (await client.users.get(ADMIN)).organization_grant.role == "ADMIN"


async def test_tokens_grants_and_places_in_teams_go_with_a_user(client, connect):
    removed = connect("editor")
    assert (await removed.organization.identity()).viewer.email == "eve@example.com"

    await client.users.delete("eve@example.com")

    with pytest.raises(AuthenticationError):
        await removed.organization.identity()
    members = (await client.teams.get("Data engineers")).details.members
    assert [member.email for member in members] == ["ben@example.com"]
    again = await client.users.create("eve@example.com")
    assert roles(again) == {1: "VIEWER", 2: "VIEWER"}


@pytest.mark.parametrize("switch", ["error", "success"])
async def test_somebody_else_is_removed(client, plus, switch):
    plus.switches(missing_user_removal=switch)

    removed = await client.execute(ops.remove_user(email=NEW))
    if switch == "success":
        assert removed.ok.email == NEW
    else:
        with pytest.raises(ServerError, match=NEW):
            _ = removed.ok
    grant = {"email": NEW, "deploymentScope": "ORGANIZATION", "grant": "ADMIN"}
    with pytest.raises(NotFoundError):
        _ = (await client.execute(ops.set_user_grant(grant=grant))).ok


async def test_the_case_of_addresses(client, plus):
    assert (await client.users.create("VIC@example.com")).details.email == VIC

    plus.switches(email_case="significant")
    assert (await client.users.create("VIC@example.com")).details.email == "VIC@example.com"


async def test_the_plan_ends_at_its_seats(client, plus):
    plus.seed({"feature_gates": [{"key": "EDITOR_ADMIN_LIMIT", "value": 3}]})

    for call in (
        lambda: client.users.create(NEW),
        lambda: client.users.update(VIC, role="EDITOR", deployment="prod"),
        lambda: client.teams.update("Data engineers", add_members=[VIC]),
        lambda: client.teams.create("Ops", members=[VIC], role="EDITOR", deployment="prod"),
    ):
        with pytest.raises(ConflictError) as caught:
            await call()
        assert caught.value.typename == "UserLimitError"
    assert NEW not in await emails(client)

    # A role without a seat, and more for somebody who has one.
    await client.users.update(VIC, role="LAUNCHER", deployment="prod")
    await client.users.update("eve@example.com", role="ADMIN", deployment="prod")
    counts = {str(c.role): c.count async for c in client.organization.user_counts()}
    assert counts == {"ADMIN": 3, "LAUNCHER": 2, "CUSTOM": 1, "CATALOG_VIEWER": 1}

    plus.seed({"feature_gates": [{"key": "EDITOR_ADMIN_LIMIT", "value": 4}]})
    assert (await client.users.create(NEW, role="EDITOR", deployment="prod")).licensed_role
    with pytest.raises(ConflictError):
        await client.users.create("one.more@example.com")


@pytest.mark.parametrize(("setting", "granted"), [("LAUNCHER", "LAUNCHER"), ("NO_ACCESS", None)])
async def test_what_the_invited_may_is_a_setting_of_each_deployment(client, setting, granted):
    await client.deployment_settings.update({"sso_default_role": setting})

    user = await client.users.create(NEW)

    assert roles(user).get(1) == granted
    assert roles(user)[2] == "VIEWER"


async def test_nobody_is_invited_where_users_come_by_scim(client):
    await client.organization.set_scim_sync(enabled=True)

    with pytest.raises(ServerError, match="SCIM"):
        await client.users.create(NEW)
    assert NEW not in await emails(client)


async def test_what_is_done_to_people_is_in_the_audit_log(client, connect):
    await client.users.create(NEW, role="EDITOR", deployment="prod")
    with pytest.raises(PermissionDeniedError):
        await connect("viewer").users.delete(NEW)
    with pytest.raises(ConflictError):
        await client.users.delete(ADMIN)
    await connect("admin").teams.update("Data engineers", role="VIEWER", deployment="prod")

    entries = await client.audit_log.list(actions="CHANGE_USER_PERMISSIONS").to_list()

    assert [(entry.user_email, entry.metadata["mutation"]) for entry in entries] == [
        ("ben@example.com", "createOrUpdateTeamPermission"),
        (ADMIN, "createOrUpdateUserPermissions"),
        (ADMIN, "addUserToOrganization"),
    ]
    assert entries[1].metadata["userPermission"]["email"] == NEW
    assert entries[1].deployment_name is None
