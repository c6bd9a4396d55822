from __future__ import annotations

import re

import pytest

from dagster_plus_sdk import (
    ConflictError,
    InvalidInputError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    Secret,
    ServerError,
    operations,
)
from dagster_plus_sdk.sandbox.control.callers import user_holder
from dagster_plus_sdk.sandbox.control.entities.people.grants import set_grant

pytestmark = pytest.mark.anyio

#: The one who has nothing from the start.
CUS = 7


async def names(client, **options):
    return [secret.name async for secret in client.secrets.list(**options)]


@pytest.fixture
async def bare(client):
    """A client of an organization's admin, in a deployment without secrets."""
    await client.secrets.sync({"secrets": []})
    return client


@pytest.fixture
def branch(plus, connect):
    """A client of an organization's admin, whose deployment is a branch deployment of prod."""
    row = plus.stores[2].find("DagsterCloudDeployment", deploymentType="BRANCH")
    return connect(deployment=row["deploymentName"])


@pytest.fixture
def north(plus, connect):
    """A client of someone who is a viewer, and an editor in one code location."""
    store = plus.stores[2]
    own = {"locationName": "north", "grant": "EDITOR", "customRoleId": None}
    with store.transaction():
        set_grant(store, user_holder(CUS), "VIEWER", deployment_id=1, location_grants=[own])
        token = {"token": "user:sandbox-north", "user": "cus@example.com"}
    plus.seed({"tokens": [token]})
    return connect("viewer", token="user:sandbox-north")


async def test_created_read_changed_and_deleted(bare, plus):
    made = await bare.secrets.create("TOKEN", "one", scopes=["full"], locations=["north"])

    assert re.fullmatch("[0-9a-f]{32}", made.id)
    assert (made.location_names, made.full_deployments, made.local) == (["north"], True, False)
    assert (made.can_edit, made.can_view_value) == (True, True)
    assert made.updated_by.email == "ada@example.com"

    plus.advance_clock(90)
    changed = await bare.secrets.update("TOKEN", value="two", branch="feature/x")
    assert (changed.id, changed.branch_deployment) == (made.id, "feature/x")
    assert (changed.updated_at - made.updated_at).total_seconds() >= 90
    found = await bare.secrets.get("TOKEN", with_value=True)
    assert found.value.reveal() == "two"

    await bare.secrets.update("TOKEN", new_name="KEY", all_locations=True)
    renamed = await bare.secrets.get("KEY", with_value=True)
    assert (renamed.id, renamed.value.reveal(), renamed.location_names) == (made.id, "two", [])

    await bare.secrets.delete("KEY")
    with pytest.raises(NotFoundError):
        await bare.secrets.get("KEY")


async def test_filters(bare):
    await bare.secrets.create("ALL", "a")
    await bare.secrets.create("NORTH", "b", scopes=["local"], locations=["north"])
    await bare.secrets.create("SOUTH", "c", scopes=["full", "local"], locations=["south"])
    await bare.secrets.create("BRANCH", "d", branch="feature/x")

    assert await names(bare, name="NORTH") == ["NORTH"]
    assert await names(bare, location="north") == ["ALL", "BRANCH", "NORTH"]
    assert await names(bare, scopes=["full"]) == ["ALL", "SOUTH"]
    assert await names(bare, branch="feature/x") == ["BRANCH"]
    assert await names(bare, branch="feature/y") == []


@pytest.mark.parametrize(("how", "expected"), [("any", ["A", "F", "L"]), ("all", ["A"])])
async def test_several_scopes(bare, plus, how, expected):
    plus.switches(secret_scope_filter=how)
    await bare.secrets.create("A", "a")
    await bare.secrets.create("F", "a", scopes=["full"])
    await bare.secrets.create("L", "a", scopes=["local"])

    assert await names(bare, scopes=["full", "local"]) == expected


@pytest.mark.parametrize(
    ("scopes", "locations", "is_free"),
    [
        (["local"], ["north"], True),
        (["full"], ["south"], True),
        (["full", "local"], ["north", "south"], False),
        (["full"], ["north"], False),
        (["full"], None, False),
    ],
)
async def test_a_name_is_taken_where_it_applies(bare, scopes, locations, is_free):
    await bare.secrets.create("KEY", "a", scopes=["full", "branches"], locations=["north"])

    if is_free:
        await bare.secrets.create("KEY", "b", scopes=scopes, locations=locations)
    else:
        with pytest.raises(ConflictError) as caught:
            await bare.secrets.create("KEY", "b", scopes=scopes, locations=locations)
        assert caught.value.typename == "SecretAlreadyExistsError"
    assert await names(bare) == ["KEY"] * (1 + is_free)


async def test_one_for_all_locations_beside_one_for_some(bare, plus):
    plus.switches(secret_overlap="same_locations_only")
    await bare.secrets.create("KEY", "a")

    await bare.secrets.create("KEY", "b", locations=["north"])

    with pytest.raises(ConflictError):
        await bare.secrets.create("KEY", "c")


async def test_it_cannot_be_changed_into_another(bare):
    await bare.secrets.create("KEY", "a", locations=["north"])
    await bare.secrets.create("TOKEN", "b", locations=["north"])

    with pytest.raises(ConflictError):
        await bare.secrets.update("TOKEN", new_name="KEY")
    assert await names(bare) == ["KEY", "TOKEN"]


@pytest.mark.parametrize("name", ["1ST", "A-B", "A B", "Ä", "DAGSTER_CLOUD_URL"])
async def test_names_that_cannot_be(bare, name):
    with pytest.raises(InvalidRequestError) as caught:
        await bare.secrets.create(name, "a")

    assert caught.value.typename == "InvalidSecretInputError"


async def test_one_without_a_scope(bare):
    with pytest.raises(InvalidRequestError, match="no scope"):
        _ = (await bare.execute(operations.create_secret(name="KEY", value="a", scopes={}))).ok


async def test_there_are_too_many(bare, plus):
    plus.switches(secret_limit="3")
    for name in "ABC":
        await bare.secrets.create(name, "a")

    with pytest.raises(ConflictError) as caught:
        await bare.secrets.create("D", "a")
    assert caught.value.typename == "TooManySecretsError"
    await bare.secrets.update("A", value="b")
    with pytest.raises(ConflictError):
        await bare.secrets.sync({"secrets": [{"name": n, "value": "b"} for n in "ABCD"]})
    assert await names(bare) == [*"ABC"]


async def test_the_one_of_the_same_place_is_replaced(bare):
    first = await bare.secrets.create("KEY", "a", scopes=["full"], locations=["north"])

    same = await bare.secrets.create("KEY", "b", scopes=["full"], locations=["north"], replace=True)
    other = await bare.secrets.create("KEY", "c", scopes=["local"], replace=True)

    assert (same.id == first.id, other.id == first.id) == (True, False)
    with pytest.raises(ConflictError):
        await bare.secrets.create("KEY", "d", scopes=["full"], replace=True)


async def test_synced(bare):
    kept = await bare.secrets.create("KEPT", "a")
    await bare.secrets.create("CHANGED", "a")
    await bare.secrets.create("GONE", "a")
    document = {
        "secrets": [
            {"name": "KEPT", "value": "a"},
            {"name": "CHANGED", "value": "b"},
            {"name": "NEW", "value": "c", "scopes": ["local"], "locations": ["north"]},
        ]
    }
    assert await bare.secrets.plan(document)

    synced = await bare.secrets.sync(document)

    assert synced.removed == ["GONE"]
    assert [secret.name for secret in synced.secrets] == ["KEPT", "CHANGED", "NEW"]
    assert synced.secrets[0] == kept
    assert (await bare.secrets.get("CHANGED", with_value=True)).value == Secret("b")
    assert not await bare.secrets.plan(document)
    assert (await bare.secrets.sync(document)).removed == []


@pytest.mark.parametrize(("how", "removed"), [("all", ["FULL", "LOCAL"]), ("listed", ["LOCAL"])])
async def test_what_syncing_removes(bare, plus, how, removed):
    plus.switches(synced_scopes=how)
    await bare.secrets.create("FULL", "a", scopes=["full"])
    await bare.secrets.create("LOCAL", "a", scopes=["local"])

    synced = await bare.secrets.sync(
        {"secrets": [{"name": "N", "value": "b", "scopes": ["local"]}]}
    )

    assert synced.removed == removed


async def test_a_list_that_cannot_be(bare):
    await bare.secrets.create("KEY", "a")
    both = [{"name": "A", "value": "a"}, {"name": "A", "value": "b", "locations": ["north"]}]

    with pytest.raises(InvalidRequestError, match="twice"):
        await bare.secrets.sync({"secrets": both})
    with pytest.raises(InvalidRequestError):
        await bare.secrets.sync({"secrets": [{"name": "1", "value": "a"}]})
    assert await names(bare) == ["KEY"]


async def test_those_for_ones_own_machine(bare):
    await bare.secrets.create("FULL", "a", scopes=["full"])
    await bare.secrets.create("ONE", "x/y.z", scopes=["local"], locations=["north"])
    await bare.secrets.create("TWO", 'say "hi"\n\\o/', scopes=["local"])

    text = (await bare.secrets.env_file()).reveal()

    assert text == 'TWO="say \\"hi\\"\\n\\\\o/"\nONE=x/y.z\n'


@pytest.mark.parametrize(("how", "shown"), [("empty", ""), ("masked", "********")])
async def test_who_may_not_see_values(bare, viewer, plus, how, shown):
    plus.switches(hidden_secret_value=how)
    await bare.secrets.create("KEY", "hidden")

    found = await viewer.secrets.get("KEY", with_value=True)

    assert found.value.reveal() == shown
    assert (found.can_view_value, found.can_edit) == (False, False)
    assert await names(viewer, viewable=True) == []
    with pytest.raises(PermissionDeniedError, match="READ_SECRET_VALUES"):
        await viewer.secrets.env_file()
    with pytest.raises(InvalidInputError, match="may not see the value"):
        await viewer.secrets.update("KEY", new_name="OTHER")


@pytest.mark.parametrize(
    "change",
    [
        lambda secrets: secrets.create("A", "a"),
        lambda secrets: secrets.create("KEY", "a", replace=True),
        lambda secrets: secrets.update("KEY", value="b"),
        lambda secrets: secrets.delete("KEY"),
        lambda secrets: secrets.sync({"secrets": []}),
    ],
)
async def test_who_may_change_nothing(bare, viewer, change):
    await bare.secrets.create("KEY", "a")

    with pytest.raises(PermissionDeniedError, match="EDIT_SECRETS"):
        await change(viewer.secrets)

    assert await names(bare) == ["KEY"]


async def test_an_editor_of_one_code_location(bare, north):
    await bare.secrets.create("ALL", "a")
    await bare.secrets.create("BOTH", "b", locations=["north", "south"])
    await north.secrets.create("NORTH", "c", scopes=["local"], locations=["north"])

    seen = {
        secret.name: (secret.can_edit, secret.can_view_value)
        async for secret in north.secrets.list()
    }
    assert seen == {"ALL": (False, False), "BOTH": (False, False), "NORTH": (True, True)}
    assert (await north.secrets.env_file()).reveal() == "NORTH=c\n"
    await north.secrets.update("NORTH", value="d")
    for change in (
        lambda secrets: secrets.update("NORTH", all_locations=True),
        lambda secrets: secrets.update("NORTH", locations=["north", "south"]),
        lambda secrets: secrets.create("KEY", "a"),
        lambda secrets: secrets.create("KEY", "a", locations=["south"]),
        lambda secrets: secrets.delete("BOTH"),
    ):
        with pytest.raises(PermissionDeniedError):
            await change(north.secrets)
    await north.secrets.delete("NORTH")
    assert await names(bare) == ["ALL", "BOTH"]


async def test_where_they_can_be_changed(client, viewer, branch, north):
    text = "{ currentDeployment { editableSecretLocations { allLocations locationNames } } }"

    async def places(asking):
        answer = await asking.graphql(text)
        return [*answer["currentDeployment"]["editableSecretLocations"].values()]

    assert await places(client) == [True, []]
    assert await places(north) == [False, ["north"]]
    assert await places(viewer) == await places(branch) == [False, []]


async def test_a_branch_deployment_has_those_of_its_base(bare, branch):
    made = await bare.secrets.create("KEY", "a")

    found = await branch.secrets.get("KEY", with_value=True)

    assert (found.id, found.value.reveal(), found.can_edit) == (made.id, "a", False)
    with pytest.raises(PermissionDeniedError):
        await branch.secrets.delete("KEY")
    assert (await bare.secrets.get("KEY")).can_edit is True


async def test_every_deployment_has_its_own(bare, connect):
    made = await bare.secrets.create("KEY", "a")
    staging = connect(deployment="staging")

    assert await names(staging) == []
    await staging.secrets.create("KEY", "b")
    assert (await bare.secrets.get("KEY", with_value=True)).value == Secret("a")
    with pytest.raises(ServerError, match="no secret"):
        _ = (await staging.execute(operations.delete_secret(id=made.id))).ok


@pytest.mark.parametrize("how", ["error", "success"])
async def test_one_that_is_not_there_is_deleted(client, viewer, plus, how):
    plus.switches(missing_secret_deletion=how)
    operation = operations.delete_secret(id="0" * 32)

    if how == "error":
        with pytest.raises(ServerError, match="no secret"):
            _ = (await client.execute(operation)).ok
    else:
        assert (await client.execute(operation)).ok.secret_id == "0" * 32
        with pytest.raises(PermissionDeniedError):
            _ = (await viewer.execute(operation)).ok


async def test_no_value_is_in_the_state_file(bare, plus):
    value = "canary-5d1f7ae0"
    made = await bare.secrets.create("KEY", value)
    token = await bare.agent_tokens.create()
    await bare.secrets.update("KEY", value=value + "2", new_name="TOKEN")
    await bare.secrets.sync({"secrets": [{"name": "KEY", "value": value + "3"}]})

    files = [plus.path, plus.path.with_name(plus.path.name + "-wal")]
    written = b"".join(path.read_bytes() for path in files if path.exists())

    assert made.id.encode() in written
    assert value.encode() not in written
    assert token.token.reveal().encode() not in written


async def test_a_seed_may_have_them(client, connect, plus):
    entry = {"name": "A", "value": "a", "deployment": "staging", "branch": "b"}
    for value in ("a", "b"):
        plus.seed({"secrets": [entry | {"value": value}]})
    with pytest.raises(InvalidInputError, match="no scope 'x'"):
        plus.seed({"secrets": [{"name": "B", "value": "b", "scopes": ["x"]}]})

    staging = connect(deployment="staging")
    found = await staging.secrets.get("A", with_value=True)

    assert (found.name, found.branch_deployment, found.full_deployments) == ("A", "b", False)
    assert (found.updated_by, found.value) == (None, Secret("b"))
    assert await names(client) == ["API_URL", "WAREHOUSE_PASSWORD"]
