"""Teams, their members and roles."""

from __future__ import annotations

import pytest
from kit import people
from kit.payloads import deployment, error

from dagster_plus_sdk import Team, TeamDetails, UserRef, errors

pytestmark = pytest.mark.anyio

ADA, GRACE = people.person("ada@example.com", 7), people.person("grace@example.com", 8)
DATA = people.team("data", "t1", [ADA], **people.grants(people.grant("EDITOR")))
FOUND = people.teams(people.team("ops", "t3", [GRACE]), DATA)
USERS = people.users(people.user("ada@example.com", 7), people.user("grace@example.com", 8))
PROD = {"deploymentByName": deployment("prod")}


def changed(field: str, typename: str):
    return {field: {"__typename": typename, "team": people.team_details()}}


CREATED = changed("createOrUpdateTeam", "CreateOrUpdateTeamSuccess")
JOINED = changed("addMemberToTeam", "AddMemberToTeamSuccess")
LEFT = changed("removeMemberFromTeam", "RemoveMemberFromTeamSuccess")
RENAMED = {"renameTeam": people.team_details("new")}
GRANTED = {
    "createOrUpdateTeamPermission": {
        "__typename": "CreateOrUpdateTeamPermissionSuccess",
        "team": people.team("granted", "t1"),
    }
}


async def test_list(client, server):
    server.data(FOUND)
    found = await client.teams.list().to_list()
    assert [(type(t), type(t.details), t.details.name) for t in found] == [
        (Team, TeamDetails, "data"),
        (Team, TeamDetails, "ops"),
    ]
    assert [(type(m), m.email) for m in found[0].details.members] == [(UserRef, "ada@example.com")]
    assert server.operations == ["ListTeams"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name": "D*"}, ["data"]),
        ({"member": "ADA@example.com"}, ["data"]),
        ({"member": 8}, ["ops"]),
        ({"roles": "editor"}, ["data"]),
        ({"where": lambda t: t.id == "t3"}, ["ops"]),
        ({"member": 8, "name": "data"}, []),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert [t.details.name for t in await client.teams.list(**given).to_list()] == kept


@pytest.mark.parametrize("team", ["data", "t1"])
async def test_get(client, server, team):
    server.data(FOUND)
    assert (await client.teams.get(team)).id == "t1"


async def test_get_one_of_two(client, server):
    server.data(people.teams(people.team("data", "t1"), people.team("data", "t2")))
    with pytest.raises(errors.InvalidInputError, match='say which: id="t1", id="t2"') as caught:
        await client.teams.get("data")
    assert caught.value.code == "AMBIGUOUS_NAME"


async def test_get_unknown(client, server):
    server.data(FOUND)
    with pytest.raises(errors.NotFoundError, match="no team 'dta'; did you mean 'data'") as caught:
        await client.teams.get("dta")
    assert caught.value.code == "TEAM_NOT_FOUND"


async def test_create(client, server):
    server.data(CREATED, FOUND)
    assert type(await client.teams.create("data")) is Team
    assert server.operations == ["CreateTeam", "ListTeams"]
    assert server.received[0].variables == {"name": "data"}


async def test_create_with_members_and_a_role(client, server):
    server.data(USERS, PROD, CREATED, JOINED, JOINED, GRANTED)
    made = await client.teams.create(
        "data", members=["grace@example.com", 9], role="VIEWER", deployment="prod"
    )
    assert made.details.name == "granted"
    assert server.operations == [
        "FindUsers", "FindDeployment", "CreateTeam", "AddTeamMember", "AddTeamMember", "SetTeamGrant",
    ]  # fmt: skip
    assert [r.variables for r in server.received[3:]] == [
        {"teamId": "t1", "userId": 8},
        {"teamId": "t1", "userId": 9},
        {"teamId": "t1", "deploymentScope": "DEPLOYMENT", "deploymentId": 87, "grant": "VIEWER"},
    ]


async def test_no_team_is_made_where_a_member_is_unknown(client, server):
    server.data(USERS)
    with pytest.raises(errors.NotFoundError, match=r"no user 'x@example\.com'"):
        await client.teams.create("data", members=["x@example.com"])
    assert server.operations == ["FindUsers"]


async def test_update(client, server):
    server.data(FOUND, USERS, RENAMED, LEFT, JOINED, FOUND)
    team = await client.teams.update(
        "data", name="new", add_members=["grace@example.com"], remove_members=["ada@example.com"]
    )
    assert type(team) is Team
    assert server.operations == [
        "ListTeams", "FindUsers", "RenameTeam", "RemoveTeamMember", "AddTeamMember", "ListTeams",
    ]  # fmt: skip
    assert [r.variables for r in server.received[2:5]] == [
        {"teamId": "t1", "name": "new"},
        {"teamId": "t1", "userId": 7},
        {"teamId": "t1", "userId": 8},
    ]


async def test_update_the_role(client, server):
    roles = {"customRoles": [people.custom_role("Analyst", "r1")]}
    server.data(FOUND, roles, GRANTED)
    await client.teams.update(
        "t1",
        custom_role="Analyst",
        deployment=87,
        location_roles={"etl": "ADMIN"},
        owner_role="EDITOR",
    )
    assert server.received[2].variables == {
        "teamId": "t1",
        "deploymentScope": "DEPLOYMENT",
        "deploymentId": 87,
        "grant": "CUSTOM",
        "customRoleId": "r1",
        "locationGrants": [{"locationName": "etl", "grant": "ADMIN"}],
        "ownerDefinitionsRole": {"grant": "EDITOR"},
    }


async def test_who_is_no_member_cannot_leave(client, server):
    server.data(FOUND)
    with pytest.raises(errors.NotFoundError, match=r"no member 'grace@example\.com' in the team"):
        await client.teams.update("data", name="new", remove_members=["grace@example.com"])
    assert server.operations == ["ListTeams"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"deployment": 87}, {"deploymentScope": "DEPLOYMENT", "deploymentId": 87}),
        ({"scope": "organization"}, {"deploymentScope": "ORGANIZATION"}),
    ],
)
async def test_remove_role(client, server, given, sent):
    success = {"__typename": "RemoveTeamPermissionSuccess", "team": people.team()}
    server.data(FOUND, {"removeTeamPermission": success})
    assert type(await client.teams.remove_role("data", **given)) is Team
    assert server.received[1].variables == {"teamId": "t1", **sent}


async def test_delete(client, server):
    server.data(FOUND, {"deleteTeam": {"__typename": "DeleteTeamSuccess", "teamId": "t1"}})
    assert await client.teams.delete("data") is None
    assert server.operations == ["ListTeams", "DeleteTeam"]
    assert server.received[1].variables == {"teamId": "t1"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda teams: teams.get(""), "the team's name"),
        (lambda teams: teams.create(" "), "the team's name"),
        (lambda teams: teams.create("a", members=[]), "members is empty"),
        (lambda teams: teams.create("a", members=["ada"]), "no e-mail address"),
        (lambda teams: teams.create("a", role="VIEWER"), "say where"),
        (lambda teams: teams.update("a"), "say what to change"),
        (lambda teams: teams.update("a", name=""), "the new name"),
        (lambda teams: teams.update("a", add_members=[]), "add_members is empty"),
        (lambda teams: teams.update("a", add_members=["ada"]), "no e-mail address"),
        (lambda teams: teams.update("a", remove_members=["ada"]), "no e-mail address"),
        (lambda teams: teams.remove_role("a"), "say where"),
    ],
)
async def test_input_that_cannot_be(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.teams)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("UserLimitError", errors.ConflictError),
        ("UnauthorizedError", errors.PermissionDeniedError),
    ],
)
async def test_errors(client, server, typename, kind):
    server.data(FOUND, {"addMemberToTeam": error(typename, "no seat")})
    with pytest.raises(kind, match="no seat"):
        await client.teams.update("data", add_members=[8])
