"""Users and their roles."""

from __future__ import annotations

import pytest
from kit import people
from kit.payloads import deployment, error

from dagster_plus_sdk import Grant, User, UserDetails, errors

pytestmark = pytest.mark.anyio

GRACE = people.user(
    "grace@example.com",
    8,
    **people.grants(people.grant("VIEWER"), branches=[people.grant("ADMIN")]),
)
FOUND = people.users(GRACE, people.user("ada@example.com", 7))
PROD = {"deploymentByName": deployment("prod")}
ROLES = {"customRoles": [people.custom_role("Analyst", "r1")]}
SENT = {"deploymentScope": "DEPLOYMENT", "deploymentId": 87, "email": "ada@example.com"}


def added(**changes):
    success = {"__typename": "AddUserToOrganizationSuccess", "user": people.user(**changes)}
    return {"addUserToOrganization": success}


def granted(**changes):
    return {"createOrUpdateUserPermissions": people.user(**changes)}


async def test_list(client, server):
    server.data(FOUND)
    found = await client.users.list().to_list()
    assert [(type(u), type(u.details), u.details.id) for u in found] == [
        (User, UserDetails, 7),
        (User, UserDetails, 8),
    ]
    grants = found[1].deployment_grants
    assert [(type(g), g.role, g.deployment_id) for g in grants] == [(Grant, "VIEWER", 87)]
    assert server.operations == ["ListUsers"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"email": "ADA@*"}, [7]),
        ({"roles": "admin"}, [8]),
        ({"roles": ["LAUNCHER", "EDITOR"]}, []),
        ({"where": lambda u: u.details.id > 7}, [8]),
        ({"roles": "viewer", "email": "ada*"}, []),
        ({"limit": 1}, [7]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert [u.details.id for u in await client.users.list(**given).to_list()] == kept


async def test_a_role_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from ADMIN"):
        client.users.list(roles="KING")
    assert server.requests == 0


@pytest.mark.parametrize("user", [8, "8", "Grace@Example.com"])
async def test_get(client, server, user):
    server.data(FOUND)
    assert (await client.users.get(user)).details.email == "grace@example.com"


async def test_get_unknown(client, server):
    server.data(FOUND)
    with pytest.raises(errors.NotFoundError, match=r"did you mean 'ada@example\.com'") as caught:
        await client.users.get("adda@example.com")
    assert caught.value.code == "USER_NOT_FOUND"


async def test_create(client, server):
    server.data(added())
    user = await client.users.create("ada@example.com")
    assert type(user) is User
    assert [r.variables for r in server.received] == [{"email": "ada@example.com"}]


async def test_create_with_a_role(client, server):
    server.data(PROD, added(), granted(licensedRole="EDITOR"))
    user = await client.users.create("ada@example.com", role="editor", deployment="prod")
    assert user.licensed_role == "EDITOR"
    assert server.operations == ["FindDeployment", "AddUser", "SetUserGrant"]
    assert server.received[2].variables == {"grant": {**SENT, "grant": "EDITOR"}}


async def test_nobody_is_invited_where_names_are_unknown(client, server):
    server.data({"deploymentByName": error("DeploymentNotFoundError")})
    with pytest.raises(errors.NotFoundError):
        await client.users.create("ada@example.com", role="editor", deployment="prud")
    assert server.operations == ["FindDeployment"]


async def test_update(client, server):
    server.data(ROLES, granted())
    user = await client.users.update(
        "ada@example.com",
        custom_role="Analyst",
        deployment=87,
        location_roles={"etl": "ADMIN"},
        owner_role="custom:r1",
    )
    assert type(user) is User
    assert server.operations == ["ListCustomRoles", "SetUserGrant"]
    assert server.received[1].variables == {
        "grant": {
            **SENT,
            "grant": "CUSTOM",
            "customRoleId": "r1",
            "locationGrants": [{"locationName": "etl", "grant": "ADMIN"}],
            "ownerDefinitionsRole": {"grant": "CUSTOM", "customRoleId": "r1"},
        }
    }


async def test_a_number_is_looked_up(client, server):
    server.data(FOUND, granted())
    await client.users.update(7, role="ADMIN", scope="organization")
    assert server.operations == ["FindUsers", "SetUserGrant"]
    sent = {"deploymentScope": "ORGANIZATION", "grant": "ADMIN", "email": "ada@example.com"}
    assert server.received[1].variables == {"grant": sent}


async def test_an_unknown_custom_role(client, server):
    server.data(ROLES)
    with pytest.raises(errors.NotFoundError, match="did you mean 'Analyst'"):
        await client.users.update("ada@example.com", custom_role="Analist", deployment=87)
    assert server.operations == ["ListCustomRoles"]


async def test_remove_role(client, server):
    server.data(PROD, {"removeUserPermissions": people.user()})
    assert type(await client.users.remove_role("ada@example.com", deployment="prod")) is User
    assert server.received[1].operation == "RemoveUserGrant"
    assert server.received[1].variables == {"grant": SENT}


@pytest.mark.parametrize(("user", "asked"), [("ada@example.com", []), (7, ["FindUsers"])])
async def test_delete(client, server, user, asked):
    removed = {"__typename": "RemoveUserFromOrganizationSuccess", "email": "ada@example.com"}
    server.data(*[FOUND for _ in asked], {"removeUserFromOrganization": removed})
    assert await client.users.delete(user) is None
    assert server.operations == [*asked, "RemoveUser"]
    assert server.received[-1].variables == {"email": "ada@example.com"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda users: users.create("ada"), "no e-mail address"),
        (lambda users: users.create("a@b.c", role="EDITOR"), "say where"),
        (lambda users: users.update("a@b.c"), "say which role the user gets"),
        (lambda users: users.update("ada", role="ADMIN", deployment="prod"), "no e-mail address"),
        (lambda users: users.remove_role("a@b.c"), "say where"),
        (lambda users: users.remove_role("ada", deployment="prod"), "no e-mail address"),
        (lambda users: users.get(""), "the user must be a text"),
        (lambda users: users.delete("ada"), "no e-mail address"),
    ],
)
async def test_input_that_cannot_be(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.users)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("typename", "kind", "code"),
    [
        ("UserNotFoundError", errors.NotFoundError, "USER_NOT_FOUND"),
        ("UserLimitError", errors.ConflictError, "USER_LIMIT"),
        ("CantRemoveAllAdminsError", errors.ConflictError, "CANT_REMOVE_ALL_ADMINS"),
        ("UnauthorizedError", errors.PermissionDeniedError, "UNAUTHORIZED"),
        ("PythonError", errors.ServerError, "INTERNAL_ERROR"),
    ],
)
async def test_errors(client, server, typename, kind, code):
    fields = {"className": "E", "stack": []} if typename == "PythonError" else {}
    server.data({"createOrUpdateUserPermissions": error(typename, **fields)})
    with pytest.raises(kind) as caught:
        await client.users.update("ada@example.com", role="VIEWER", deployment=87)
    assert caught.value.code == code


async def test_delete_of_an_unknown_user(client, server):
    failed = {
        "removeUserFromOrganization": error("PythonError", "None", className="E", stack=[]),
    }
    server.data(failed, FOUND, failed, {"usersOrError": error("UnauthorizedError")})
    with pytest.raises(errors.NotFoundError, match=r"did you mean 'ada@example\.com'"):
        await client.users.delete("adda@example.com")
    with pytest.raises(errors.ServerError):
        await client.users.delete("adda@example.com")
