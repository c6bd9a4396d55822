from __future__ import annotations

import pytest
from kit.shown import roles

from dagster_plus_sdk import ServerError

pytestmark = pytest.mark.anyio

VIC = "vic@example.com"
FIELDS = """{ __typename ... on DagsterCloudUserWithScopedPermissionGrants {
  organizationPermissionGrant { id } deploymentPermissionGrants { id deploymentId grant } } ... on Error { message } }"""
SET = f"mutation ($grant: CreateOrUpdateCloudUserPermissionsInput!) {{ createOrUpdateUserPermissions(userPermission: $grant) {FIELDS} }}"


async def send(client, **grant):
    """Send a grant as it is: the SDK refuses by itself what cannot be."""
    given = {"email": VIC, "deploymentScope": "DEPLOYMENT", "grant": "EDITOR"}
    answer = await client.graphql(SET, {"grant": given | grant})
    return answer["createOrUpdateUserPermissions"]


async def test_the_id_of_a_grant_changes_with_it(client):
    first = (await send(client, deploymentId=1))["deploymentPermissionGrants"]
    second = (await send(client, deploymentId=1))["deploymentPermissionGrants"]

    assert len(first) == len(second) == 2
    ids = [{g["id"] for g in grants if g["deploymentId"] == 1} for grants in (first, second)]
    assert ids[0] != ids[1]


HIGHER = {"locationName": "demo", "grant": "ADMIN"}


@pytest.mark.parametrize(
    ("grant", "reason"),
    [
        ({}, "needs a deployment"),
        ({"deploymentId": 99}, "no deployment with id 99"),
        ({"deploymentScope": "ORGANIZATION"}, "ADMIN or CUSTOM"),
        ({"deploymentId": 1, "grant": "AGENT"}, "AGENT cannot be granted"),
        ({"deploymentId": 1, "grant": "CUSTOM"}, "needs a custom role"),
        ({"deploymentId": 1, "grant": "CUSTOM", "customRoleId": "x"}, "no custom role"),
        ({"deploymentId": 1, "customRoleId": "x"}, "not with EDITOR"),
        (
            {"deploymentScope": "ALL_BRANCH_DEPLOYMENTS", "locationGrants": [HIGHER]},
            "only a grant in a deployment",
        ),
        (
            {"deploymentId": 1, "locationGrants": [HIGHER | {"grant": "EDITOR"}]},
            "higher than EDITOR",
        ),
        ({"deploymentId": 1, "locationGrants": [HIGHER, HIGHER]}, "one grant only"),
        ({"deploymentId": 1, "locationGrants": [HIGHER | {"grant": "CUSTOM"}]}, "needs a custom"),
        ({"deploymentId": 1, "ownerDefinitionsRole": {"grant": "AGENT"}}, "AGENT cannot be"),
    ],
)
async def test_what_cannot_be_granted(client, grant, reason):
    answer = await send(client, **grant)

    assert answer["__typename"] == "PythonError"
    assert reason in answer["message"]
    assert roles(await client.users.get(VIC)) == {1: "VIEWER", 2: "VIEWER"}


async def test_a_custom_role_is_granted_where_it_belongs(client):
    role = await client.custom_roles.create("R", permissions=["DELETE_RUNS"], icon="x")
    with pytest.raises(ServerError, match="not for the scope ORGANIZATION"):
        await client.users.update(VIC, custom_role=role.id, scope="organization")

    user = await client.users.update(VIC, custom_role="R", deployment="prod")

    assert [(g.role, g.custom_role_id) for g in user.deployment_grants if g.deployment_id == 1] == [
        ("CUSTOM", role.id)
    ]


@pytest.mark.parametrize(("switch", "kept"), [("removed", 0), ("kept", 1)])
async def test_roles_in_code_locations(client, plus, switch, kept):
    plus.switches(location_grants_not_given=switch)
    user = await client.users.update(
        VIC,
        role="LAUNCHER",
        deployment="prod",
        location_roles={"demo": "EDITOR", "not_there": "custom:Run operator"},
        owner_role="ADMIN",
    )
    grant = next(grant for grant in user.deployment_grants if grant.deployment_id == 1)
    assert [(own.location, own.role) for own in grant.location_grants] == [
        ("demo", "EDITOR"),
        ("not_there", "CUSTOM"),
    ]
    assert grant.owner_role.role == "ADMIN"

    for given, expected in ((None, 2 * kept), ({}, 0)):
        user = await client.users.update(
            VIC, role="VIEWER", deployment="prod", location_roles=given
        )
        grant = next(grant for grant in user.deployment_grants if grant.deployment_id == 1)
        assert len(grant.location_grants) == expected


async def test_a_needless_custom_role_may_be_ignored(client, plus):
    plus.switches(needless_custom_role="ignored")

    answer = await send(client, deploymentId=1, customRoleId="x")

    assert {"deploymentId": 1, "grant": "EDITOR"}.items() <= answer["deploymentPermissionGrants"][
        -1
    ].items()


async def test_grants_for_the_branch_deployments_of_one_base(client, plus):
    place = {"scope": "all_branch_deployments", "deployment": "staging"}

    user = await client.users.update(VIC, role="EDITOR", **place)
    assert [(g.deployment_id, g.role) for g in user.branch_deployment_grants] == [(2, "EDITOR")]
    assert user.all_branch_deployments_grant.role == "VIEWER"

    user = await client.users.remove_role(VIC, **place)
    assert user.branch_deployment_grants == []
    assert user.all_branch_deployments_grant.role == "VIEWER"

    gate = "ENABLE_PER_BASE_BRANCH_DEPLOYMENT_PERMISSIONS"
    plus.seed({"feature_gates": [{"key": gate, "value": False}]})
    with pytest.raises(ServerError, match="one base"):
        await client.users.update(VIC, role="EDITOR", **place)
    # What a removal names is then ignored: clients write anything there.
    user = await client.users.remove_role(VIC, **place)
    assert user.all_branch_deployments_grant is None
