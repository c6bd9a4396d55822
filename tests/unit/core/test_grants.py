"""Grants: what can be said of one, and what the API is sent."""

from __future__ import annotations

import pytest
from kit import people

from dagster_plus_sdk import PermissionGrant, User, errors
from dagster_plus_sdk._core.grants import agent_place, all_grants, grant_place, grant_request


@pytest.mark.parametrize(
    ("given", "scope", "deployment"),
    [
        ((None, "prod"), "DEPLOYMENT", "prod"),
        ((None, 87), "DEPLOYMENT", 87),
        (("deployment", 87), "DEPLOYMENT", 87),
        (("organization", None), "ORGANIZATION", None),
        (("all_branch_deployments", None), "ALL_BRANCH_DEPLOYMENTS", None),
        (("ALL_BRANCH_DEPLOYMENTS", "prod"), "ALL_BRANCH_DEPLOYMENTS", "prod"),
    ],
)
def test_places(given, scope, deployment):
    place = grant_place(*given)
    assert (place.scope, place.deployment) == (scope, deployment)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((None, None), "say where the role holds"),
        (("deployment", None), "needs deployment=..."),
        (("organization", "prod"), "has no deployment; leave out 'prod'"),
        (("galaxy", None), "choose from ALL_BRANCH_DEPLOYMENTS, DEPLOYMENT, ORGANIZATION"),
        ((None, " "), "the deployment's name"),
        ((None, True), "the deployment's name"),
    ],
)
def test_places_that_cannot_be(given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        grant_place(*given)


def test_what_an_agent_token_may_serve():
    assert agent_place(None, None) is None
    assert agent_place(None, 87).deployment == 87
    assert agent_place("all_branch_deployments", None).scope == "ALL_BRANCH_DEPLOYMENTS"
    with pytest.raises(errors.InvalidInputError, match="leave out the deployment 'prod'"):
        agent_place("all_branch_deployments", "prod")


def test_nothing_said_is_no_grant():
    assert grant_request(None) is None
    assert grant_request(None, None, None, None, None, None) is None


@pytest.mark.parametrize(
    ("given", "custom", "sent"),
    [
        (
            {"role": "editor", "deployment": "prod"},
            [],
            {"deploymentScope": "DEPLOYMENT", "deploymentId": 87, "grant": "EDITOR"},
        ),
        (
            {"role": PermissionGrant.ADMIN, "scope": "organization"},
            [],
            {"deploymentScope": "ORGANIZATION", "grant": "ADMIN"},
        ),
        (
            {"custom_role": "Analyst", "scope": "organization"},
            ["Analyst"],
            {"deploymentScope": "ORGANIZATION", "grant": "CUSTOM", "customRoleId": "id-Analyst"},
        ),
        (
            {
                "role": "VIEWER",
                "deployment": "prod",
                "location_roles": {"etl": "admin", "ml": "Custom: Analyst"},
                "owner_role": "EDITOR",
            },
            ["Analyst"],
            {
                "deploymentScope": "DEPLOYMENT",
                "deploymentId": 87,
                "grant": "VIEWER",
                "locationGrants": [
                    {"locationName": "etl", "grant": "ADMIN"},
                    {"locationName": "ml", "grant": "CUSTOM", "customRoleId": "id-Analyst"},
                ],
                "ownerDefinitionsRole": {"grant": "EDITOR"},
            },
        ),
        (
            {
                "role": "custom",
                "custom_role": "Analyst",
                "deployment": "prod",
                "location_roles": {"etl": "VIEWER"},
                "owner_role": "custom:Owner",
            },
            ["Analyst", "Owner"],
            {
                "deploymentScope": "DEPLOYMENT",
                "deploymentId": 87,
                "grant": "CUSTOM",
                "customRoleId": "id-Analyst",
                "locationGrants": [{"locationName": "etl", "grant": "VIEWER"}],
                "ownerDefinitionsRole": {"grant": "CUSTOM", "customRoleId": "id-Owner"},
            },
        ),
        (
            {"role": "VIEWER", "deployment": "prod", "location_roles": {}},
            [],
            {
                "deploymentScope": "DEPLOYMENT",
                "deploymentId": 87,
                "grant": "VIEWER",
                "locationGrants": [],
            },
        ),
    ],
)
def test_requests(given, custom, sent):
    request = grant_request(given.pop("role", None), **given)
    assert request.custom_roles == custom
    deployment_id = None if request.place.deployment is None else 87
    assert request.fields(deployment_id, {name: f"id-{name}" for name in custom}) == sent


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"role": "EDITOR"}, "say where"),
        ({"deployment": "prod"}, "say which role"),
        ({"role": "KING", "deployment": "prod"}, "choose from ADMIN"),
        ({"role": "AGENT", "deployment": "prod"}, "agent tokens only"),
        ({"role": "CUSTOM", "deployment": "prod"}, "needs custom_role"),
        ({"role": "VIEWER", "custom_role": "A", "deployment": "prod"}, "not with VIEWER"),
        ({"custom_role": "", "deployment": "prod"}, "the custom role's name"),
        ({"role": "EDITOR", "scope": "organization"}, "is ADMIN or CUSTOM"),
        (
            {"role": "VIEWER", "scope": "all_branch_deployments", "location_roles": {"a": "ADMIN"}},
            "hold in one deployment",
        ),
        (
            {"role": "EDITOR", "deployment": "prod", "location_roles": {"a": "EDITOR"}},
            "must be higher than EDITOR",
        ),
        (
            {"role": "EDITOR", "deployment": "prod", "location_roles": {"a": "VIEWER"}},
            "the role VIEWER in 'a' must be higher",
        ),
        (
            {"role": "EDITOR", "deployment": "prod", "location_roles": {"": "ADMIN"}},
            "location's name",
        ),
        (
            {"role": "EDITOR", "deployment": "prod", "location_roles": {"a": "CUSTOM"}},
            "write custom:NAME",
        ),
        ({"role": "EDITOR", "deployment": "prod", "owner_role": "AGENT"}, "cannot be AGENT$"),
        ({"role": "EDITOR", "deployment": "prod", "owner_role": "custom:"}, "in owner_role"),
    ],
)
def test_requests_that_cannot_be(given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        grant_request(given.pop("role", None), **given)


def test_all_grants_of_a_holder():
    organization = people.grant("ADMIN", None, "ORGANIZATION")
    branches = people.grant("EDITOR", None, "ALL_BRANCH_DEPLOYMENTS")
    of_base = people.grant("LAUNCHER", 87, "ALL_BRANCH_DEPLOYMENTS")
    held = people.grants(
        people.grant("VIEWER"), organization=organization, all_branches=branches, branches=[of_base]
    )
    holder = User.model_validate(people.user(**held))
    assert [g.role for g in all_grants(holder)] == ["ADMIN", "VIEWER", "EDITOR", "LAUNCHER"]
    assert list(all_grants(User.model_validate(people.user()))) == []
