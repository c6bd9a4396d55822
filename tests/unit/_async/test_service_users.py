"""Service users and their roles."""

from __future__ import annotations

import pytest
from kit import people
from kit.payloads import deployment, error

from dagster_plus_sdk import ServiceUser, ServiceUserDetails, errors

pytestmark = pytest.mark.anyio

ID = "0f0f0f0f11114222833344445555666a"
FOUND = people.service_users(
    people.service_user("etl", "s2"),
    people.service_user("ci", "s1", **people.grants(people.grant("EDITOR"))),
)
PROD = {"deploymentByName": deployment("prod")}
SENT = {"deploymentScope": "DEPLOYMENT", "deploymentId": 87, "serviceUserId": "s1"}
CREATED = {"createServiceUser": people.service_user()}
UPDATED = {"updateServiceUser": people.service_user()}
GRANTED = {"createOrUpdateServiceUserPermissions": people.service_user("granted", "s1")}


async def test_list(client, server):
    server.data(FOUND)
    found = await client.service_users.list().to_list()
    assert [(type(u), type(u.details), u.details.name) for u in found] == [
        (ServiceUser, ServiceUserDetails, "ci"),
        (ServiceUser, ServiceUserDetails, "etl"),
    ]
    assert server.operations == ["ListServiceUsers"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name": "E*"}, ["etl"]),
        ({"roles": "editor"}, ["ci"]),
        ({"where": lambda u: u.details.id == "s2"}, ["etl"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert [u.details.name for u in await client.service_users.list(**given).to_list()] == kept


@pytest.mark.parametrize("wanted", ["ci", "s1", "row-s1"])
async def test_get(client, server, wanted):
    server.data(FOUND)
    assert (await client.service_users.get(wanted)).details.id == "s1"


async def test_get_by_id(client, server):
    server.data({"serviceUser": people.service_user("ci", ID)})
    assert (await client.service_users.get(ID)).details.id == ID
    assert server.operations == ["GetServiceUser"]
    assert server.received[0].variables == {"id": ID}


@pytest.mark.parametrize("missing", [error("ServiceUserNotFoundError"), None])
async def test_get_unknown(client, server, missing):
    server.data({"serviceUser": missing}, FOUND)
    with pytest.raises(errors.NotFoundError, match="no service user '0f0f") as caught:
        await client.service_users.get(ID)
    assert caught.value.code == "SERVICE_USER_NOT_FOUND"
    assert server.operations == ["GetServiceUser", "ListServiceUsers"]


async def test_create(client, server):
    server.data(CREATED)
    assert type(await client.service_users.create("ci", description="builds")) is ServiceUser
    assert server.received[0].variables == {"name": "ci", "description": "builds"}


async def test_create_with_a_role(client, server):
    server.data(PROD, CREATED, GRANTED)
    user = await client.service_users.create("ci", role="LAUNCHER", deployment="prod")
    assert user.details.name == "granted"
    assert server.operations == ["FindDeployment", "CreateServiceUser", "SetServiceUserGrant"]
    assert server.received[2].variables == {"grant": {**SENT, "grant": "LAUNCHER"}}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"name": "new"}, {"name": "new"}),
        ({"description": ""}, {"description": ""}),
    ],
)
async def test_update(client, server, given, sent):
    server.data(FOUND, UPDATED)
    assert type(await client.service_users.update("ci", **given)) is ServiceUser
    assert server.operations == ["ListServiceUsers", "UpdateServiceUser"]
    assert server.received[1].variables == {"id": "s1", **sent}


async def test_an_id_is_not_looked_up(client, server):
    server.data(UPDATED)
    await client.service_users.update(ID, name="new")
    assert [r.variables for r in server.received] == [{"id": ID, "name": "new"}]


async def test_update_the_role(client, server):
    server.data(FOUND, GRANTED)
    await client.service_users.update("ci", role="ADMIN", deployment=87)
    assert server.operations == ["ListServiceUsers", "SetServiceUserGrant"]
    assert server.received[1].variables == {"grant": {**SENT, "grant": "ADMIN"}}


async def test_update_both(client, server):
    server.data(FOUND, UPDATED, GRANTED)
    user = await client.service_users.update("ci", name="new", role="ADMIN", deployment=87)
    assert user.details.name == "granted"
    assert server.operations == ["ListServiceUsers", "UpdateServiceUser", "SetServiceUserGrant"]


async def test_remove_role(client, server):
    server.data(PROD, FOUND, {"removeServiceUserPermissions": people.service_user()})
    assert type(await client.service_users.remove_role("ci", deployment="prod")) is ServiceUser
    assert server.received[2].variables == {"grant": SENT}


async def test_delete(client, server):
    deleted = {"__typename": "DeleteServiceUserSuccess", "success": True}
    server.data(FOUND, {"deleteServiceUser": deleted})
    assert await client.service_users.delete("ci") is None
    assert server.received[1].variables == {"id": "s1"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda users: users.get(""), "the service user's name"),
        (lambda users: users.create(""), "the service user's name"),
        (lambda users: users.create("a", deployment="prod"), "say which role"),
        (lambda users: users.update("a"), "say what to change"),
        (lambda users: users.update("a", name=" "), "the new name"),
        (lambda users: users.update("", name="a"), "the service user's name"),
        (lambda users: users.remove_role("a"), "say where"),
        (lambda users: users.delete(""), "the service user's name"),
    ],
)
async def test_input_that_cannot_be(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.service_users)
    assert server.requests == 0


async def test_a_name_that_is_taken(client, server):
    taken = error("ServiceUserNameConflictError", "ci is taken", existingName="ci")
    server.data({"createServiceUser": taken})
    with pytest.raises(errors.ConflictError, match="ci is taken") as caught:
        await client.service_users.create("ci")
    assert caught.value.code == "SERVICE_USER_NAME_CONFLICT"
