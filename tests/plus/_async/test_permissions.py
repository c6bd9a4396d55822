from __future__ import annotations

import pytest

from dagster_plus_sdk import CustomRolePermission, PermissionDeniedError

pytestmark = pytest.mark.anyio

VIC = "vic@example.com"
RETRIES = {"run_retries": {"max_retries": 1}}
ORGANIZATION = {
    "edit_custom_roles",
    "edit_users_and_teams",
    "manage_billing",
    "manage_full_deployments",
    "manage_service_users",
    "manage_sso_and_scim",
    "read_and_edit_agent_tokens",
    "read_and_edit_all_user_tokens",
    "read_audit_log",
}
EVERYTHING = {str(permission).lower() for permission in CustomRolePermission}
ADMIN = EVERYTHING - ORGANIZATION
EDITOR = ADMIN - {"edit_deployment_permissions", "edit_other_users_catalog_views"}
HELD = {
    "organization_admin": EVERYTHING,
    "admin": ADMIN,
    "editor": EDITOR,
    "launcher": {"start_and_stop_runs", "delete_runs"},
    "viewer": set(),
    "catalog_viewer": set(),
    "custom": {"start_and_stop_runs", "toggle_schedules", "toggle_sensors"},
    "service_user": EDITOR,
    "agent": {
        "edit_code_locations",
        "manage_branch_deployments",
        "redeploy_code_locations",
        "report_asset_events",
        "start_and_stop_runs",
    },
}

OWNER = {"organization_admin"}
ADMINS = OWNER | {"admin"}
EDITORS = ADMINS | {"editor", "service_user"}
PEOPLE = set(HELD) - {"service_user", "agent"}
#: What is done, and who may.
DEEDS = {
    "secret": (lambda c: c.secrets.create("S", "value"), EDITORS),
    "settings": (lambda c: c.deployment_settings.set({}, validate=False), EDITORS),
    "branch": (
        lambda c: c.branch_deployments.create("r", "b", commit_hash="c", timestamp=1.5e9),
        EDITORS | {"agent"},
    ),
    "token": (lambda c: c.user_tokens.create(), PEOPLE),
    "invitation": (lambda c: c.users.create("new@example.com"), ADMINS),
    "role of a team": (
        lambda c: c.teams.update("Data engineers", role="VIEWER", deployment="prod"),
        ADMINS,
    ),
    "role of a user": (lambda c: c.users.update(VIC, role="VIEWER", deployment="prod"), OWNER),
    "removal": (lambda c: c.users.delete(VIC), OWNER),
    "team": (lambda c: c.teams.create("Ops"), OWNER),
    "member": (
        lambda c: c.teams.update("Data engineers", add_members=["lea@example.com"]),
        OWNER,
    ),
    "custom role": (
        lambda c: c.custom_roles.create("R", permissions=["DELETE_RUNS"], icon="x"),
        OWNER,
    ),
    "service user": (lambda c: c.service_users.create("bot"), OWNER),
    "agent token": (lambda c: c.agent_tokens.create(), OWNER),
    "deployment": (lambda c: c.deployments.create("new"), OWNER),
    "organization's settings": (lambda c: c.organization_settings.set({}, validate=False), OWNER),
    "customer": (lambda c: c.usage.customer(), OWNER),
    "SCIM": (lambda c: c.organization.set_scim_sync(enabled=True), OWNER),
}


async def done(client):
    """Do everything, and return what was not refused."""
    found = set()
    for name, (deed, _) in DEEDS.items():
        try:
            await deed(client)
        except PermissionDeniedError:
            continue
        found.add(name)
    return found


async def held(client):
    identity = await client.organization.identity()
    return {own.permission for own in identity.permissions if own.value}


@pytest.mark.parametrize("role", HELD)
async def test_what_each_role_holds_and_may_do(connect, role):
    client = connect(role)

    assert await held(client) == HELD[role]
    assert await done(client) == {name for name, (_, roles) in DEEDS.items() if role in roles}


@pytest.mark.parametrize("role", HELD)
async def test_every_role_sees_who_is_there(connect, role):
    client = connect(role)

    assert len(await client.users.list().to_list()) == 7
    assert len(await client.teams.list().to_list()) == 1
    assert len(await client.custom_roles.list().to_list()) == 1


async def refused(client):
    """Tell whether somebody may not see a deployment, and not change its settings."""
    try:
        await client.deployment_settings.update(RETRIES, validate=False)
    except PermissionDeniedError:
        with pytest.raises(PermissionDeniedError, match="VIEW"):
            await client.graphql("{ deploymentSettings { settings } }")
        return True
    return False


@pytest.fixture
def someone(plus, connect):
    """Connects a user with other roles than those of the demo organization."""

    def join(deployment="prod", **roles):
        plus.seed(
            {
                "users": [{"email": "some@example.com", **roles}],
                "tokens": [{"token": "user:some", "user": "some@example.com"}],
            }
        )
        return connect(token="user:some", deployment=deployment)

    return join


async def test_an_editor_of_one_deployment(someone):
    inside = someone("staging", deployments={"staging": "EDITOR"})
    outside = someone("prod")

    assert await held(inside) == EDITOR
    assert await held(outside) == set()
    assert not await refused(inside)
    assert await refused(outside)
    assert [d.name async for d in inside.deployments.list(accessible=True)] == ["staging"]


async def test_a_viewer_here_who_is_an_editor_there(someone):
    roles = {"deployments": {"prod": "VIEWER", "staging": "EDITOR"}}
    assert await held(someone("staging", **roles)) == EDITOR
    here = someone("prod")

    assert await held(here) == set()
    assert await here.deployment_settings.get()
    with pytest.raises(PermissionDeniedError):
        await here.deployment_settings.update(RETRIES)


@pytest.mark.parametrize(
    ("place", "base", "branch"),
    [
        ({"deployment": "prod"}, True, False),
        ({"scope": "all_branch_deployments"}, False, True),
        ({"scope": "all_branch_deployments", "deployment": "prod"}, False, True),
        ({"scope": "all_branch_deployments", "deployment": "staging"}, False, False),
    ],
)
async def test_a_deployment_and_its_branch_deployments(client, someone, place, base, branch):
    name = await client.branch_deployments.name("example/pipelines", "faster-orders")
    clients = {"base": someone("prod"), "branch": someone(name)}
    assert [await held(own) for own in clients.values()] == [set(), set()]

    await client.users.update("some@example.com", role="EDITOR", **place)

    assert await held(clients["base"]) == (EDITOR if base else set())
    assert await held(clients["branch"]) == (EDITOR if branch else set())
    assert await refused(clients["base"]) is not base
    assert await refused(clients["branch"]) is not branch


async def test_what_the_organization_grants_holds_everywhere(client, plus, someone):
    role = {"name": "R", "permissions": ["EDIT_DEPLOYMENT_SETTINGS"], "scope": "ORGANIZATION"}
    plus.seed({"custom_roles": [role]})
    name = await client.branch_deployments.name("example/pipelines", "faster-orders")

    for deployment in ("prod", "staging", name):
        holder = someone(deployment, organization_role="custom:R")
        assert await held(holder) == {"edit_deployment_settings"}
        assert not await refused(holder)


async def test_the_most_that_is_granted_counts(client, someone):
    holder = someone(role="LAUNCHER")
    await client.teams.create(
        "Ops", members=["some@example.com"], custom_role="Run operator", deployment="prod"
    )

    assert await held(holder) == HELD["launcher"] | HELD["custom"]


async def test_whoever_is_granted_nothing_gets_nothing(client, connect):
    await client.users.remove_role(VIC, deployment="prod")
    viewer = connect("viewer")

    assert await done(viewer) == {"token"}
    assert await refused(viewer)
