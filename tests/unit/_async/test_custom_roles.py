"""Custom roles."""

from __future__ import annotations

import pytest
from kit import people
from kit.payloads import error

from dagster_plus_sdk import CustomRole, CustomRolePermission, errors

pytestmark = pytest.mark.anyio

ID = "0f0f0f0f-1111-4222-8333-444455556666"
FOUND = {
    "customRoles": [
        people.custom_role("Owner", "r2", scope="ORGANIZATION"),
        people.custom_role("Analyst", "r1"),
    ]
}
DOCUMENT = """
name: Runner
description: runs things
icon: globe
scope: organization
permissions: [start_and_stop_runs, DELETE_RUNS]
"""
SENT = {
    "name": "Analyst",
    "description": "looks",
    "icon": "globe",
    "permissions": ["START_AND_STOP_RUNS"],
}


def saved(field: str):
    success = {
        "__typename": "CreateOrUpdateCustomRoleSuccess",
        "customRole": people.custom_role(permissions=["START_AND_STOP_RUNS", "OF_TOMORROW"]),
    }
    return {field: success}


async def test_list(client, server):
    server.data(FOUND)
    found = await client.custom_roles.list().to_list()
    assert [(type(r), r.name, r.permissions) for r in found] == [
        (CustomRole, "Analyst", [CustomRolePermission.EDIT_ALERTS]),
        (CustomRole, "Owner", [CustomRolePermission.EDIT_ALERTS]),
    ]
    assert server.operations == ["ListCustomRoles"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name": "own*"}, ["Owner"]),
        ({"scope": "deployment"}, ["Analyst"]),
        ({"scope": ["DEPLOYMENT", "ORGANIZATION"]}, ["Analyst", "Owner"]),
        ({"where": lambda r: r.id == "r2"}, ["Owner"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert [r.name for r in await client.custom_roles.list(**given).to_list()] == kept


@pytest.mark.parametrize("role", ["Owner", "r2"])
async def test_get(client, server, role):
    server.data(FOUND)
    assert (await client.custom_roles.get(role)).id == "r2"
    assert server.operations == ["ListCustomRoles"]


async def test_get_by_id(client, server):
    server.data({"customRoleOrError": people.custom_role("Owner", ID)})
    assert (await client.custom_roles.get(ID)).id == ID
    assert server.operations == ["GetCustomRole"]
    assert server.received[0].variables == {"id": ID}


@pytest.mark.parametrize("missing", [error("CustomRoleNotFoundError"), None])
async def test_a_name_may_look_like_an_id(client, server, missing):
    server.data({"customRoleOrError": missing}, {"customRoles": [people.custom_role(ID, "r9")]})
    assert (await client.custom_roles.get(ID)).id == "r9"


async def test_get_errors(client, server):
    server.data({"customRoleOrError": error("UnauthorizedError", "not yours")})
    with pytest.raises(errors.PermissionDeniedError, match="not yours"):
        await client.custom_roles.get(ID)
    server.replies.clear()
    server.data(FOUND)
    with pytest.raises(errors.NotFoundError, match="did you mean 'Owner'"):
        await client.custom_roles.get("Owned")


async def test_create(client, server):
    server.data(saved("createCustomRole"))
    role = await client.custom_roles.create(
        "Analyst", permissions=["start_and_stop_runs"], icon="globe"
    )
    assert type(role) is CustomRole
    assert role.permissions == ["START_AND_STOP_RUNS", "OF_TOMORROW"]
    sent = {**SENT, "description": "Analyst", "scope": "DEPLOYMENT"}
    assert server.received[0].variables == sent


@pytest.mark.parametrize("as_file", [True, False])
async def test_create_from_a_document(client, server, tmp_path, as_file):
    path = tmp_path / "role.yaml"
    path.write_text(DOCUMENT)
    server.data(saved("createCustomRole"))
    await client.custom_roles.create("Mine", icon="x", document=path if as_file else DOCUMENT)
    assert server.received[0].variables == {
        "name": "Mine",
        "description": "runs things",
        "icon": "x",
        "scope": "ORGANIZATION",
        "permissions": ["START_AND_STOP_RUNS", "DELETE_RUNS"],
    }


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({"permissions": ["START_AND_STOP_RUNS"]}, {}),
        (
            {"name": "New", "description": "d"},
            {"name": "New", "description": "d", "permissions": ["EDIT_ALERTS"]},
        ),
        ({"document": {"icon": "sun"}}, {"icon": "sun", "permissions": ["EDIT_ALERTS"]}),
    ],
)
async def test_update_keeps_what_is_not_given(client, server, given, changed):
    server.data(FOUND, saved("updateCustomRole"))
    assert type(await client.custom_roles.update("Analyst", **given)) is CustomRole
    assert server.operations == ["ListCustomRoles", "UpdateCustomRole"]
    assert server.received[1].variables == {**SENT, "id": "r1", **changed}


async def test_the_scope_stays(client, server):
    server.data(FOUND)
    with pytest.raises(errors.InvalidInputError, match="is DEPLOYMENT for good"):
        await client.custom_roles.update("Analyst", document=DOCUMENT)
    assert server.operations == ["ListCustomRoles"]


async def test_delete(client, server):
    deleted = {"__typename": "DeleteCustomRoleSuccess", "customRoleId": "r1"}
    server.data(FOUND, {"deleteCustomRole": deleted})
    assert await client.custom_roles.delete("Analyst") is None
    assert server.received[1].variables == {"id": "r1"}


async def test_delete_one_in_use(client, server):
    server.data(FOUND, {"deleteCustomRole": error("CustomRoleInUseError", "3 users")})
    with pytest.raises(errors.ConflictError, match="3 users") as caught:
        await client.custom_roles.delete("Analyst")
    assert caught.value.code == "CUSTOM_ROLE_IN_USE"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda roles: roles.get(""), "the custom role's name"),
        (lambda roles: roles.create("", permissions=["EDIT_ALERTS"]), "the custom role's name"),
        (lambda roles: roles.create("a", icon="x"), "needs permissions=..."),
        (lambda roles: roles.create("a", permissions=["EDIT_ALERTS"]), "needs icon"),
        (lambda roles: roles.create("a", icon="x", permissions=[]), "permissions is empty"),
        (lambda roles: roles.create("a", icon="x", permissions=["FLY"]), "choose from DELETE_RUNS"),
        (lambda roles: roles.create("a", document={"colour": 1}), "has no colour; it has name"),
        (lambda roles: roles.create("a", document={"icon": 1}), "the custom role's icon"),
        (lambda roles: roles.create("a", document={"permissions": 7}), "must be a list"),
        (lambda roles: roles.create("a", scope="moon"), "choose from DEPLOYMENT, ORGANIZATION"),
        (lambda roles: roles.update("a"), "say what to change"),
        (lambda roles: roles.update("a", name=""), "the custom role's name"),
    ],
)
async def test_input_that_cannot_be(client, server, call, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        await call(client.custom_roles)
    assert server.requests == 0
