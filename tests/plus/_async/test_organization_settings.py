from __future__ import annotations

import pytest

from dagster_plus_sdk import DagsterPlusError, InvalidInputError, PermissionDeniedError

pytestmark = pytest.mark.anyio
ALL = "max_concurrent_branch_deployment_runs"
ONE = "max_concurrent_runs_per_branch_deployment"


async def test_replaced_merged_and_reset(client):
    settings = client.organization_settings
    first = await settings.get()
    assert first == {
        "sso_default_role": "VIEWER",
        ALL: 50,
        "branch_deployment_tag_concurrency_limits": [],
    }

    await settings.set({ALL: 20})
    assert await settings.update({ONE: 20}) == first | {ALL: 20, ONE: 20}
    assert await settings.set({ONE: 3}) == first | {ONE: 3}
    assert await settings.get() == first | {ONE: 3}
    assert await settings.set({}) == first


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({ALL: 501}, "at most 500"),
        ({ALL: -1}, "at least 0"),
        ({ONE: 51}, "at most"),
        ({ALL: 5, ONE: 6}, "at most"),
        ({"x": 1}, 'entry "x"'),
    ],
)
async def test_documents_that_cannot_be(client, document, message):
    with pytest.raises(DagsterPlusError, match=message):
        await client.organization_settings.update(document, validate=False)

    assert (await client.organization_settings.get())[ALL] == 50


async def test_serverless_has_fewer_runs(client, plus):
    plus.seed({"organization": [{"name": "demo", "agent_type": "SERVERLESS"}]})

    with pytest.raises(DagsterPlusError, match="at most 50"):
        await client.organization_settings.set({ALL: 51})


async def test_the_client_checks_first(client, plus):
    with pytest.raises(InvalidInputError, match=ALL):
        await client.organization_settings.set({ALL + "s": 1})

    plus.switches(settings_unknown_keys="kept", settings_form="text")
    assert (await client.organization_settings.set({"x": 1}))["x"] == 1


async def test_only_admins_of_the_organization_change_them(connect):
    for role in ("viewer", "admin"):
        client = connect(role)
        for write in (client.organization_settings.set, client.organization_settings.update):
            with pytest.raises(PermissionDeniedError):
                await write({})
        assert await client.organization_settings.get()


async def test_the_schema_can_be_walked(client):
    answer = await client.graphql(
        "{ organizationSettingsSchema { rootConfigType { recursiveConfigTypes { key"
        " ... on NullableConfigType { ofType { key } } ... on ArrayConfigType { ofType {"
        " ... on CompositeConfigType { fields { name isRequired configType {"
        " ... on ScalarUnionConfigType { scalarType { key } nonScalarType {"
        " ... on CompositeConfigType { fields { name isRequired configType { key } } } } } } } } } }"
        " } } } }"
    )

    found = answer["organizationSettingsSchema"]["rootConfigType"]["recursiveConfigTypes"]
    optional, limits = (row["ofType"] for row in found if "ofType" in row)
    assert optional == {"key": "Int"}
    assert [(row["name"], row["isRequired"]) for row in limits["fields"]] == [
        ("key", True),
        ("value", False),
        ("limit", True),
    ]
    union = limits["fields"][1]["configType"]
    assert union["scalarType"] == {"key": "String"}
    assert union["nonScalarType"]["fields"] == [
        {"name": "applyLimitPerUniqueValue", "isRequired": True, "configType": {"key": "Bool"}}
    ]


async def test_seeds(client, connect, plus):
    retries = {"run_retries": {"max_retries": 3}}
    plus.seed(
        {
            "organization_settings": [{"settings": {ALL: 9}}],
            "deployment_settings": [{"deployment": "staging", "settings": retries}],
        }
    )

    assert (await client.organization_settings.get())[ALL] == 9
    found = await connect(deployment="staging").deployment_settings.get()
    assert found["run_retries"]["max_retries"] == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"organization_settings": [{"settings": {ALL: -9}}]},
        {"deployment_settings": [{"deployment": "none", "settings": {}}]},
        {"deployment_settings": [{"deployment": "prod", "settings": {"x": 1}}]},
        {"feature_gates": [{"key": "NONE", "value": True}]},
    ],
)
def test_seeds_that_cannot_be(plus, wrong):
    with pytest.raises(InvalidInputError):
        plus.seed(wrong)
