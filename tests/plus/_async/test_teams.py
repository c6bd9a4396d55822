from __future__ import annotations

import pytest
from kit.shown import roles

from dagster_plus_sdk import ConflictError, NotFoundError, PermissionDeniedError, ServerError
from dagster_plus_sdk._generated import operations as ops

pytestmark = pytest.mark.anyio

VIC = "vic@example.com"
ADMIN = "ada@example.com"


async def names(client):
    return [team.details.name async for team in client.teams.list()]


def members(team):
    return [member.email for member in team.details.members]


async def test_made_filled_renamed_and_deleted(client):
    team = await client.teams.create("Ops", members=[VIC], role="EDITOR", deployment="prod")
    assert (members(team), roles(team)) == ([VIC], {1: "EDITOR"})

    team = await client.teams.update(
        "Ops",
        name="Operators",
        add_members=["lea@example.com", VIC],
        role="LAUNCHER",
        scope="all_branch_deployments",
    )
    assert await names(client) == ["Data engineers", "Operators"]
    assert members(team) == [VIC, "lea@example.com"]
    assert team.all_branch_deployments_grant.role == "LAUNCHER"
    assert roles(team) == {1: "EDITOR"}

    team = await client.teams.update(team.id, remove_members=[VIC])
    assert members(team) == ["lea@example.com"]
    team = await client.teams.remove_role("Operators", deployment="prod")
    assert roles(team) == {}

    await client.teams.delete("Operators")
    assert await names(client) == ["Data engineers"]
    with pytest.raises(NotFoundError):
        await client.teams.get("Operators")


async def test_a_team_is_made_once_by_its_name(client):
    first = await client.teams.create("Ops", members=[VIC])
    again = await client.teams.create("Ops", members=["lea@example.com"])

    assert again.details.id == first.details.id
    assert members(again) == [VIC, "lea@example.com"]
    with pytest.raises(ServerError, match="cannot be called"):
        await client.teams.update("Ops", name="Data engineers")


@pytest.mark.parametrize(
    ("switch", "granted"), [("none", {}), ("viewer", {1: "VIEWER", 2: "VIEWER"})]
)
async def test_what_a_new_team_may(client, plus, switch, granted):
    plus.switches(new_team_grants=switch)

    assert roles(await client.teams.create("Ops")) == granted


async def test_members_have_what_is_granted_to_the_team(client, viewer):
    assert not (await may(viewer, "edit_secrets"))
    await client.teams.create("Ops", members=[VIC], role="EDITOR", deployment="prod")
    assert await may(viewer, "edit_secrets")
    # A role in deployments is none in their branch deployments, and the grants of others stay theirs.
    assert roles(await client.users.get(VIC)) == {1: "VIEWER", 2: "VIEWER"}
    assert (await client.users.get(VIC)).licensed_role == "EDITOR"

    await client.teams.update("Ops", remove_members=[VIC])
    assert not (await may(viewer, "edit_secrets"))

    await client.teams.update("Ops", add_members=[VIC])
    await client.teams.delete("Ops")
    assert not (await may(viewer, "edit_secrets"))
    assert (await client.users.get(VIC)).licensed_role is None


async def may(client, permission):
    identity = await client.organization.identity()
    return {own.permission: own.value for own in identity.permissions}[permission]


async def test_the_last_admin_may_be_one_by_a_team(client):
    team = await client.teams.create("Admins", members=[ADMIN], role="ADMIN", scope="organization")
    await client.users.remove_role(ADMIN, scope="organization")

    with pytest.raises(ConflictError) as caught:
        await client.teams.remove_role("Admins", scope="organization")
    assert caught.value.typename == "CantRemoveAllAdminsError"
    # These have no error for it.
    for call in (
        lambda: client.teams.delete("Admins"),
        lambda: client.teams.update("Admins", remove_members=[ADMIN]),
    ):
        with pytest.raises(ServerError, match="no admin left"):
            await call()
    assert members(await client.teams.get("Admins")) == members(team)


@pytest.mark.parametrize(
    "operation",
    [
        ops.rename_team(team_id="x", name="y"),
        ops.delete_team(team_id="x"),
        ops.add_team_member(team_id="x", user_id=1),
        ops.remove_team_member(team_id="x", user_id=1),
        ops.set_team_grant(team_id="x", deployment_scope="ORGANIZATION", grant="ADMIN"),
        ops.remove_team_grant(team_id="x", deployment_scope="ORGANIZATION"),
    ],
    ids=lambda operation: operation.name,
)
async def test_a_team_that_is_not_there(client, operation):
    with pytest.raises(ServerError, match="no team with id 'x'"):
        _ = (await client.execute(operation)).ok


async def test_who_is_no_user_joins_no_team(client):
    team = await client.teams.get("Data engineers")

    with pytest.raises(ServerError, match="no user with id 99"):
        _ = (await client.execute(ops.add_team_member(team_id=team.details.id, user_id=99))).ok
    with pytest.raises(ServerError, match="needs a name"):
        _ = (await client.execute(ops.create_team(name=" "))).ok


async def test_the_deployment_does_not_matter_where_all_branch_deployments_are_meant(client):
    team = await client.teams.update(
        "Data engineers", role="EDITOR", scope="all_branch_deployments"
    )
    assert team.all_branch_deployments_grant.role == "EDITOR"
    removal = ops.remove_team_grant(
        team_id=team.details.id, deployment_scope="ALL_BRANCH_DEPLOYMENTS", deployment_id=0
    )

    assert (await client.execute(removal)).ok.team.all_branch_deployments_grant is None


PLACES = {
    "prod": {"deployment": "prod"},
    "staging": {"deployment": "staging"},
    "branches": {"scope": "all_branch_deployments"},
    "organization": {"scope": "organization"},
}


@pytest.mark.parametrize(
    ("granted", "places"),
    [
        ({"role": "ADMIN"}, {"prod", "staging", "branches"}),
        ({"deployments": {"staging": "ADMIN", "prod": "EDITOR"}}, {"staging"}),
        ({"deployments": {"staging": "custom:Owner", "prod": "VIEWER"}}, {"staging"}),
        ({"role": "EDITOR"}, set()),
        ({"organization_role": "ADMIN"}, set(PLACES)),
        ({"organization_role": "custom:People"}, set(PLACES)),
    ],
)
async def test_who_may_say_what_a_team_may(plus, connect, granted, places):
    plus.seed(
        {
            "custom_roles": [
                {"name": "Owner", "permissions": ["EDIT_DEPLOYMENT_PERMISSIONS"]},
                {
                    "name": "People",
                    "permissions": ["EDIT_USERS_AND_TEAMS"],
                    "scope": "ORGANIZATION",
                },
            ],
            "users": [{"email": "x@example.com", **granted}],
            "tokens": [{"token": "user:x", "user": "x@example.com"}],
        }
    )
    client = connect(token="user:x")
    allowed = set()
    for name, place in PLACES.items():
        try:
            await client.teams.update("Data engineers", role="ADMIN", **place)
            await client.teams.remove_role("Data engineers", **place)
        except PermissionDeniedError:
            continue
        allowed.add(name)

    assert allowed == places


@pytest.mark.parametrize("role", ["admin", "viewer"])
async def test_teams_are_the_organizations(connect, role):
    client = connect(role)
    for call in (
        lambda: client.teams.create("Ops"),
        lambda: client.teams.update("Data engineers", name="x"),
        lambda: client.teams.update("Data engineers", add_members=[VIC]),
        lambda: client.teams.delete("Data engineers"),
    ):
        with pytest.raises(PermissionDeniedError):
            await call()
    assert members(await client.teams.get("Data engineers")) == [
        "ben@example.com",
        "eve@example.com",
    ]
