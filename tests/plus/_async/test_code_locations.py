from __future__ import annotations

import json
from functools import partial

import pytest

from dagster_plus_sdk import (
    ConflictError,
    InvalidInputError,
    InvalidRequestError,
    LocationLoadError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
    WaitTimeoutError,
)
from dagster_plus_sdk._generated import operations as ops
from dagster_plus_sdk.sandbox.control.callers import (
    AGENT_TOKEN,
    USER,
    agent_holder,
    digest,
    user_holder,
)
from dagster_plus_sdk.sandbox.control.entities.locations import code_locations, location_loads
from dagster_plus_sdk.sandbox.control.entities.people.grants import set_grant

pytestmark = pytest.mark.anyio

LOADED = 5000
ETL = {"location_name": "etl", "code_source": {"module_name": "etl"}, "image": "etl:1"}
BAD = {"location_name": "etl", "image": 1, "imge": "etl:1"}


@pytest.fixture(autouse=True)
def long_loads(monkeypatch):
    """Here a load takes longer than any machine stands still."""
    for module in (code_locations, location_loads):
        monkeypatch.setattr(module, "SECONDS", 3000.0)


def document(*names, **settings):
    return {"locations": [{**ETL, **settings, "location_name": name} for name in names]}


async def names(client):
    return [entry.name async for entry in client.code_locations.entries()]


async def send(client, operation):
    return (await client.execute(operation)).ok


async def entry(client, name):
    found = [found async for found in client.code_locations.entries() if found.name == name]
    return found[0]


async def test_added_loaded_changed_and_deleted(client, plus):
    made = await client.code_locations.create("etl", module_name="etl", image="etl:1")

    assert (made.name, made.has_outdated_data, made.data_updated_at) == ("etl", True, None)
    assert json.loads(made.metadata_json)["module_name"] == "etl"
    loading = await client.code_locations.get("etl")
    assert (loading.load_status, loading.location_or_load_error) == ("LOADING", None)

    plus.advance_clock(LOADED)
    assert not (await entry(client, "etl")).has_outdated_data
    loaded = await client.code_locations.get("etl")
    assert (loaded.load_status, loaded.location_or_load_error.name) == ("LOADED", "etl")
    assert {pair.key: pair.value for pair in loaded.metadata} == {
        "module_name": "etl",
        "image": "etl:1",
    }

    await client.code_locations.update("etl", image="etl:2", commit_hash="abc")
    assert (await client.code_locations.export())["locations"][1] == {
        **ETL,
        "image": "etl:2",
        "git": {"commit_hash": "abc"},
    }
    again = await client.code_locations.get("etl")
    assert again.version_key != loaded.version_key
    # What was loaded before stays until the new load has ended.
    assert (again.load_status, again.location_or_load_error.name) == ("LOADING", "etl")

    await client.code_locations.delete("etl")
    assert await names(client) == ["demo"]
    with pytest.raises(NotFoundError):
        await client.code_locations.get("etl")


async def test_code_that_is_broken(client, plus):
    await client.code_locations.create("etl", module_name="etl", image="etl:1")
    plus.advance_clock(LOADED)
    await client.code_locations.update("etl", module_name="broken.etl")
    assert not (await entry(client, "etl")).has_load_error
    plus.advance_clock(LOADED)

    assert (await entry(client, "etl")).has_load_error
    found = await client.code_locations.get("etl")
    assert (found.load_status, "broken.etl" in found.location_or_load_error.message) == (
        "LOADED",
        True,
    )
    failed, loaded = await client.code_locations.history("etl").to_list()
    assert [failed.status, loaded.status] == ["ERROR", "LOADED"]
    assert "broken.etl" in failed.error.message
    assert failed.document["code_source"] == {"module_name": "broken.etl"}
    assert failed.uploaded_at > failed.triggered_at > loaded.uploaded_at
    assert await client.code_locations.history("etl", status="ERROR").to_list() == [failed]
    with pytest.raises(ServerError, match="etl"):
        await client.code_locations.ping("etl")


async def test_a_load_that_another_one_overtakes_never_ends(client, plus):
    for image in ("etl:1", "etl:2"):
        await client.code_locations.create("etl", module_name="etl", image=image, or_update=True)
    plus.advance_clock(LOADED)

    (load,) = await client.code_locations.history("etl").to_list()
    assert load.document["image"] == "etl:2"
    assert await client.code_locations.history("demo", limit=1).to_list()


async def test_without_an_agent_loads_hang(client, plus):
    plus.switches(code_location_loads="hang")
    await client.code_locations.create("etl", module_name="etl")
    await client.code_locations.reload("demo", wait=False)
    plus.advance_clock(LOADED * 1000)

    statuses = await client.code_locations.statuses().to_list()
    assert [status.load_status for status in statuses] == ["LOADING", "LOADING"]
    assert not await client.code_locations.history("etl").to_list()


@pytest.fixture
def quick(monkeypatch, plus):
    """Between two looks at a location no time passes, but a third of a load by the server's clock."""

    async def tick(_):
        plus.advance_clock(1000)

    monkeypatch.setattr("dagster_plus_sdk._async.location_loading.asleep", tick)


async def test_waiting_for_loads(client, quick):
    for call in (client.code_locations.reload, client.code_locations.wait_until_loaded):
        await call("demo")
        assert (await client.code_locations.get("demo")).load_status == "LOADED"
    found = await client.code_locations.reload_all()
    assert [(location.name, location.load_status) for location in found] == [("demo", "LOADED")]
    entry = await client.code_locations.create("etl", module_name="etl", wait=True)
    assert (entry.has_load_error, entry.has_outdated_data) == (False, False)
    entry = await client.code_locations.update("etl", image="etl:2", wait=True)
    assert not entry.has_outdated_data
    for change in (client.code_locations.deploy, client.code_locations.sync):
        entries = await change(document("a", "demo"), wait=True)
        seen = {entry.name: entry.has_outdated_data for entry in entries}
        assert (seen["a"], seen["demo"]) == (False, False)
    found = await client.code_locations.wait_until_loaded(["demo", "a", "demo"])
    assert [location.name for location in found] == ["demo", "a"]
    assert await client.code_locations.sync({"locations": []}, wait=True) == []
    assert await client.code_locations.wait_until_loaded(None) == []


async def test_code_that_cannot_be_loaded(client, quick):
    with pytest.raises(
        LocationLoadError, match=r"location etl cannot be loaded: .*broken\.etl"
    ) as e:
        await client.code_locations.create("etl", module_name="broken.etl", wait=True)
    assert (e.value.name, e.value.class_name) == ("etl", "DagsterUserCodeLoadError")
    for call in (
        client.code_locations.reload_all,
        partial(client.code_locations.wait_until_loaded, None),
    ):
        with pytest.raises(LocationLoadError) as e:
            await call()
        assert [location.name for location in e.value.locations] == ["demo", "etl"]
        assert [location.name for location in await call(raise_on_error=False)] == ["demo", "etl"]
    # While it is loaded anew, it shows the error of the last time.
    again = await client.code_locations.reload("etl", wait=False)
    assert again.load_status == "LOADING"
    await client.code_locations.update("etl", module_name="etl", wait=True)
    assert (await client.code_locations.reload("etl")).load_status == "LOADED"


async def test_loads_that_take_too_long(client, plus):
    plus.switches(code_location_loads="hang")
    soon, says = {"timeout": 0.2}, r"location etl was not loaded within 0\.2 s"
    with pytest.raises(WaitTimeoutError, match=says):
        await client.code_locations.create("etl", module_name="etl", wait=True, **soon)
    with pytest.raises(WaitTimeoutError, match=says):
        await client.code_locations.reload("etl", poll=0.1, **soon)
    with pytest.raises(WaitTimeoutError, match=says):
        await client.code_locations.wait_until_loaded(["demo", "etl"], **soon)
    with pytest.raises(NotFoundError, match="did you mean 'etl'"):
        await client.code_locations.wait_until_loaded("etll")


@pytest.mark.parametrize("change", ["reload", "shutdown", "reload_all"])
async def test_reloads(client, plus, change):
    before = await client.code_locations.get("demo")
    await CHANGES[change](client)

    found = await client.code_locations.get("demo")
    assert (found.load_status, found.location_or_load_error) == (
        "LOADING",
        before.location_or_load_error,
    )
    plus.advance_clock(LOADED)
    found = await client.code_locations.get("demo")
    assert (found.load_status, found.updated_at > before.updated_at) == ("LOADED", True)
    assert len(await client.code_locations.history("demo").to_list()) == 2


@pytest.mark.parametrize("method", ["reload", "shutdown", "ping", "delete", "refresh_defs_state"])
async def test_a_location_that_is_not_there(client, method):
    with pytest.raises(NotFoundError, match="nothing"):
        await getattr(client.code_locations, method)("nothing")


async def test_reconciled(client, plus):
    await client.code_locations.deploy(document("a", "b"))
    plus.advance_clock(LOADED)
    before = await client.code_locations.get("b")
    wanted = {"locations": [*document("b")["locations"], *document("c", image="c:1")["locations"]]}

    assert (await client.code_locations.plan(wanted)).deleted == ["a", "demo"]
    assert [found.name for found in await client.code_locations.sync(wanted)] == ["b", "c"]
    assert await client.code_locations.export() == wanted
    # What did not change is not loaded anew.
    assert await client.code_locations.get("b") == before
    assert (await client.code_locations.get("c")).load_status == "LOADING"
    assert await client.code_locations.history("a").to_list()


@pytest.mark.parametrize(
    ("choice", "left"), [("keeps_others", ["a", "demo"]), ("deletes_others", ["a"])]
)
async def test_deployed(client, plus, choice, left):
    plus.switches(location_deployment=choice)

    assert [found.name for found in await client.code_locations.deploy(document("a"))] == ["a"]
    assert await names(client) == left


@pytest.mark.parametrize(
    "operation",
    [
        ops.add_code_location_from_document,
        ops.set_code_location_from_document,
        lambda document: ops.reconcile_code_locations_from_document(
            document={"locations": [document]}
        ),
        lambda document: ops.deploy_code_locations(document={"locations": [ETL, document]}),
    ],
)
async def test_a_document_that_cannot_be(client, operation):
    with pytest.raises(InvalidRequestError) as caught:
        await send(client, operation(document=BAD))

    said = " ".join(problem["message"] for problem in caught.value.errors)
    assert all(word in said for word in ("image", "imge", "code_source"))
    assert await names(client) == ["demo"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"locations": [ETL, ETL]},
        {"locations": "etl"},
        {"locations": [{**ETL, "location_name": []}, 1]},
        [],
        "a",
    ],
)
async def test_documents_that_cannot_be(client, wrong):
    with pytest.raises(InvalidRequestError):
        await send(client, ops.reconcile_code_locations_from_document(document=wrong))
    assert await names(client) == ["demo"]


async def test_the_schema_refuses_what_the_server_would(client):
    for source in ({}, {"module_name": "a", "package_name": "b"}, {"module": "a"}):
        with pytest.raises(InvalidInputError, match="code_source"):
            await client.code_locations.create("etl", document={"code_source": source})
    nulls = {"image": None, "git": None, "container_context": {"k8s": {"labels": {"a": "b"}}}}
    await client.code_locations.create("etl", document={**ETL, **nulls})
    assert (await client.code_locations.export())["locations"][1] == {**ETL, **nulls}
    schema = await send(client, ops.get_workspace_schema())
    assert schema.root.key in {found.key for found in schema.types}


async def test_a_name_is_taken(client, plus):
    await client.code_locations.create("etl", module_name="etl")
    with pytest.raises(InvalidRequestError, match="etl"):
        await client.code_locations.create("etl", module_name="other")
    plus.switches(existing_location_addition="replace")
    await client.code_locations.create("etl", module_name="other")

    source = (await client.code_locations.export())["locations"][1]["code_source"]
    assert source == {"module_name": "other"}


async def test_what_is_not_there_is_updated_and_deleted(client, plus):
    with pytest.raises(ServerError, match="etl"):
        await send(client, ops.update_code_location_from_document(document=ETL))
    plus.switches(missing_location_update="create", missing_location_deletion="success")
    await send(client, ops.update_code_location_from_document(document=ETL))
    assert await names(client) == ["demo", "etl"]
    await client.code_locations.delete("nothing")


async def test_an_unknown_agent_queue(client, plus):
    await client.code_locations.create("a", module_name="a", agent_queue="new")
    plus.switches(unknown_agent_queue="refused")
    with pytest.raises(InvalidRequestError, match="other"):
        await client.code_locations.create("b", module_name="b", agent_queue="other")
    await client.code_locations.create("b", module_name="b", agent_queue="new")


async def test_the_plan_has_a_limit(client):
    await client.code_locations.deploy(document(*map(str, range(49))))
    with pytest.raises(ConflictError):
        await client.code_locations.create("etl", module_name="etl")
    # This mutation has no error for it.
    with pytest.raises(ServerError):
        await send(client, ops.add_code_location(location={"name": "etl", "moduleName": "etl"}))
    await client.code_locations.create("1", module_name="etl", or_update=True)


async def test_from_fields(client):
    location = {
        "name": "etl",
        "pythonFile": "etl.py",
        "commitHash": "abc",
        "workingDirectory": "/src",
        "image": None,
    }
    await send(client, ops.add_code_location(location=location))
    assert (await client.code_locations.export())["locations"][1] == {
        "location_name": "etl",
        "code_source": {"python_file": "etl.py"},
        "working_directory": "/src",
        "git": {"commit_hash": "abc"},
    }
    await send(client, ops.update_code_location(location={"name": "etl", "moduleName": "m"}))
    await send(client, ops.set_code_location(location={"name": "new", "packageName": "p"}))
    assert await names(client) == ["demo", "etl", "new"]
    with pytest.raises(InvalidRequestError):
        await send(client, ops.set_code_location(location={"name": "none"}))
    await send(client, ops.reconcile_code_locations(locations=[{"name": "etl", "moduleName": "m"}]))
    assert await names(client) == ["etl"]


async def test_deployments_have_their_own(client, connect):
    staging = connect(deployment="staging")
    await staging.code_locations.create("etl", module_name="etl")

    assert (await names(client), await names(staging)) == (["demo"], ["etl"])
    with pytest.raises(NotFoundError):
        await client.code_locations.get("etl")


CHANGES = {
    "create": lambda client: client.code_locations.create("etl", module_name="etl"),
    "update": lambda client: client.code_locations.update("demo", image="demo:2"),
    "delete": lambda client: client.code_locations.delete("demo"),
    "sync": lambda client: client.code_locations.sync(document("etl")),
    "deploy": lambda client: client.code_locations.deploy(document("etl")),
    "reload": lambda client: client.code_locations.reload("demo", wait=False),
    "shutdown": lambda client: client.code_locations.shutdown("demo"),
    "reload_all": lambda client: client.code_locations.reload_all(wait=False),
    "refresh": lambda client: client.code_locations.refresh_defs_state("demo"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("role", ["viewer", "launcher"])
async def test_who_may_not_change_them(connect, role, change):
    client = connect(role)
    before = await client.code_locations.list().to_list()
    with pytest.raises(PermissionDeniedError):
        await CHANGES[change](client)

    assert await client.code_locations.list().to_list() == before


async def test_who_may_not_choose_a_version(viewer):
    # This mutation has no errors of its own.
    with pytest.raises(PermissionDeniedError, match="EDIT_CODE_LOCATIONS"):
        await viewer.code_locations.set_defs_state_version("key", "1")
    assert not await viewer.code_locations.defs_state().to_list()


@pytest.mark.parametrize("change", ["create", "update", "delete", "sync", "reload", "reload_all"])
async def test_an_editor_changes_them(connect, change):
    client = connect("editor")
    before = await client.code_locations.list().to_list()
    await CHANGES[change](client)
    assert await client.code_locations.list().to_list() != before


async def test_stored_definitions(client, plus):
    assert not await client.code_locations.defs_state().to_list()
    with pytest.raises(ServerError, match="demo"):
        await client.code_locations.refresh_defs_state("demo")
    plus.seed({"defs_state": [{"key": "fivetran", "location": "demo", "version": "7"}]})

    (found,) = await client.code_locations.defs_state(location="demo").to_list()
    assert (found.key, found.state.version) == ("fivetran", "7")
    refreshed = await client.code_locations.refresh_defs_state("demo")
    assert refreshed.has_outdated_data
    (found,) = await client.code_locations.defs_state().to_list()
    assert found.state.version != "7"
    await client.code_locations.set_defs_state_version("fivetran", "7")
    (found,) = await client.code_locations.defs_state(location="demo").to_list()
    assert found.state.version == "7"
    await client.code_locations.set_defs_state_version("fivetran", None)
    assert not await client.code_locations.defs_state().to_list()


async def test_seeds(client, plus):
    planted = {**ETL, "deployment": "staging", "git": {"url": "https://example.com"}}
    plus.seed({"code_locations": [{**ETL, "code_source": {"python_file": "broken.py"}}, planted]})

    assert (await entry(client, "etl")).has_load_error
    for wrong in ({"location_name": "a"}, {**ETL, "deployment": "none"}, {**ETL, "imge": "a"}):
        with pytest.raises(InvalidInputError):
            plus.seed({"code_locations": [wrong]})
    assert await names(client) == ["demo", "etl"]


def grant(plus, holder, role, **more):
    store = plus.stores[-1]
    with store.transaction():
        set_grant(store, holder, role, deployment_id=1, **more)


async def add_other(client):
    await client.code_locations.create("other", module_name="etl")


async def test_a_grant_in_one_location(viewer, plus):
    vic = user_holder(plus.stores[-1].find(USER, email="vic@example.com")["userId"])
    grant(plus, vic, "VIEWER", location_grants=[{"locationName": "etl", "grant": "EDITOR"}])

    await viewer.code_locations.create("etl", module_name="etl")
    await viewer.code_locations.update("etl", image="etl:2")
    await viewer.code_locations.reload("etl", wait=False)
    for change in {**CHANGES, "create": add_other, "deploy": add_other}.values():
        with pytest.raises(PermissionDeniedError):
            await change(viewer)
    assert await names(viewer) == ["demo", "etl"]
    await viewer.code_locations.delete("etl")


async def test_agents_change_them(connect, plus):
    store = plus.stores[-1]
    token = "agent:of-this-test"
    with store.transaction():
        number = store.next_number(AGENT_TOKEN)
        store.put(AGENT_TOKEN, number, {"id": number, "digest": digest(token)})
    grant(plus, agent_holder(number), "AGENT")
    agent = connect(token=token)

    await agent.code_locations.sync(document("etl"))
    await agent.code_locations.reload("etl", wait=False)
    assert await names(agent) == ["etl"]
