from __future__ import annotations

import pytest

from dagster_plus_sdk import (
    ConflictError,
    DagsterPlusError,
    GraphQLRequestError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
)

pytestmark = pytest.mark.anyio
BRANCH = {"repo": "acme/etl", "branch": "x", "commit": "abc"}


async def names(client, **options):
    return [deployment.name async for deployment in client.deployments.list(**options)]


async def test_created_seen_and_deleted(client, plus):
    plus.switches(deployment_deletion="at_once")
    made = await client.deployments.create("new", agent_type="serverless")

    assert await names(client) == ["prod", "staging", "new"]
    assert (await client.deployments.get("new")).id == made.id

    await client.deployments.delete("new")
    assert await names(client) == ["prod", "staging"]
    with pytest.raises(NotFoundError):
        await client.deployments.get("new")


async def test_what_is_deleted_lingers(client, connect, plus):
    made = await client.deployments.create("new")
    await client.deployments.delete("new")
    await client.deployments.delete("new")

    assert (await client.deployments.get("new")).status == "PENDING_DELETION"
    assert await names(client, status="active") == ["prod", "staging"]
    with pytest.raises(ConflictError):
        await client.deployments.create("new")

    plus.advance_clock(301)
    assert await names(client) == ["prod", "staging"]
    for _ in range(2):
        with pytest.raises(NotFoundError):
            await client.deployments.delete("new")
    with pytest.raises(DagsterPlusError):
        await connect(deployment="new").deployments.current()

    assert (await client.deployments.create("new")).id > made.id
    assert (await client.deployments.get("new")).status == "ACTIVE"


async def test_a_name_that_is_free_at_once(client, plus):
    plus.switches(deployment_name_reuse="at_once")
    made = await client.deployments.create("new")
    await client.deployments.delete("new")

    assert (await client.deployments.create("new")).id != made.id
    assert await names(client) == ["prod", "staging", "new"]


async def test_a_name_is_taken(client):
    with pytest.raises(ConflictError, match="staging"):
        await client.deployments.create("staging")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("python_error", DagsterPlusError),
        ("duplicate_error", ConflictError),
        ("graphql_error", GraphQLRequestError),
    ],
)
async def test_a_bad_name(client, plus, how, error):
    plus.switches(bad_deployment_name=how)

    with pytest.raises(error, match="_%@") as caught:
        await client.deployments.create("_%@")

    assert isinstance(caught.value, ConflictError) == (how == "duplicate_error")
    assert await names(client) == ["prod", "staging"]


async def test_the_plan_has_a_limit(client, plus):
    plus.seed({"feature_gates": [{"key": "PRODUCTION_DEPLOYMENT_LIMIT", "value": 3}]})
    await client.deployments.create("third")

    with pytest.raises(ConflictError, match="3 full"):
        await client.deployments.create("fourth")
    await client.deployments.delete("third")
    assert (await client.deployments.create("fourth")).name == "fourth"


async def test_the_last_one_stays(client, connect):
    await client.deployments.delete("prod")

    with pytest.raises(ConflictError):
        await connect(deployment="staging").deployments.delete("staging")


async def test_the_type_of_the_agent(client, viewer, plus):
    assert (await client.deployments.create("one")).agent_type == "HYBRID"
    plus.seed({"organization": [{"name": "demo", "agent_type": "SERVERLESS"}]})
    assert (await client.deployments.create("two")).agent_type == "SERVERLESS"

    changed = await client.deployments.update("two", agent_type="hybrid")
    assert changed.agent_type == "HYBRID"
    assert await client.deployments.get("two") == changed
    with pytest.raises(PermissionDeniedError):
        await viewer.deployments.update("two", agent_type="hybrid")


async def test_grants_are_inherited(client, connect):
    editor = connect("editor")
    await client.deployments.create("closed")
    await client.deployments.create("open", inherit_permissions_from="staging")

    found = await names(editor, accessible=True)
    assert "open" in found
    assert "closed" not in found
    assert await connect("editor", deployment="open").deployment_settings.update(
        {"run_retries": {"max_retries": 2}}
    )
    with pytest.raises(PermissionDeniedError):
        await connect("editor", deployment="closed").deployment_settings.update({})
    with pytest.raises(NotFoundError):
        await client.deployments.create("third", inherit_permissions_from=99)


async def test_what_is_in_a_deployment_goes_with_it(client, connect, plus):
    await client.deployments.create("new", inherit_permissions_from="prod")
    found = await client.deployments.get("new")
    inside = connect(deployment="new")
    await inside.deployment_settings.set({"run_retries": {"max_retries": 7}})
    plus.seed({"branch_deployments": [{**BRANCH, "base": "new"}]})
    store = plus.stores[2]
    where = {"deploymentId": found.id}
    assert store.list("DagsterCloudScopedPermissionGrant", **where)
    assert store.list("DeploymentSettings", deployment=found.id)

    await client.deployments.delete("new")

    assert not store.list("DagsterCloudScopedPermissionGrant", **where)
    assert not store.list("DeploymentSettings", deployment=found.id)
    branch = await client.branch_deployments.get("x", repo="acme/etl")
    assert branch.status == "PENDING_DELETION"
    assert (await client.deployments.get("prod")).status == "ACTIVE"


@pytest.mark.parametrize(("listed", "count"), [("listed", 3), ("left_out", 2)])
async def test_those_that_someone_may_open(client, plus, listed, count):
    plus.switches(branches_among_deployments=listed)

    assert len(await names(client, accessible=True)) == count
    assert await names(client) == ["prod", "staging"]


async def test_the_current_one(connect):
    current = await connect(deployment="staging").deployments.current()

    assert (current.name, current.organization_name) == ("staging", "demo")
    assert current.can_delete
    assert current.parent_deployment is None
    assert not (await connect("editor").deployments.current()).can_delete


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
async def test_only_admins_of_the_organization_change_them(connect, role):
    client = connect(role)

    with pytest.raises(PermissionDeniedError) as caught:
        await client.deployments.create("new")
    assert caught.value.status_code == 403
    with pytest.raises(PermissionDeniedError):
        await client.deployments.delete("staging")
    assert await names(client) == ["prod", "staging"]


async def test_settings_by_way_of_the_deployment(client, connect):
    await client.deployments.update("staging", settings={"run_retries": {"max_retries": 3}})

    settings = await connect(deployment="staging").deployment_settings.get()
    assert settings["run_retries"]["max_retries"] == 3
    assert (await client.deployment_settings.get())["run_retries"]["max_retries"] == 0
    with pytest.raises(InvalidInputError):
        await client.deployments.update("staging", settings={"run_retry": {}})
