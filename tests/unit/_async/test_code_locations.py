"""Code locations."""

from __future__ import annotations

import pytest
from kit.canary import TOKEN
from kit.locations import composite, known, location_entry, location_load, location_status
from kit.payloads import code_location, code_locations, error
from kit.server import Reply

from dagster_plus_sdk import (
    CodeLocation,
    CodeLocationEntry,
    CodeLocationLoad,
    CodeLocationStatus,
    DefsStateKey,
    ErrorInfo,
    LocationSchema,
    Timeout,
    errors,
)

pytestmark = pytest.mark.anyio

FOUND = code_locations(
    code_location("south"),
    code_location("broken", fails=True),
    code_location("north", status="LOADING"),
)


def names(found):
    return [location.name for location in found]


async def test_lists_are_sorted_and_take_one_request(client, server):
    server.data(FOUND)
    found = await client.code_locations.list().to_list()
    assert names(found) == ["broken", "north", "south"]
    assert {type(location) for location in found} == {CodeLocation}
    assert type(found[0].location_or_load_error) is ErrorInfo
    assert server.operations == ["ListCodeLocations"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"load_status": "loading"}, ["north"]),
        ({"load_status": ["LOADED", "LOADING"]}, ["broken", "north", "south"]),
        ({"with_load_error": True}, ["broken"]),
        ({"with_load_error": False}, ["north", "south"]),
        ({"with_load_error": False, "load_status": "LOADED"}, ["south"]),
        ({"where": lambda location: "o" in location.name, "limit": 2}, ["broken", "north"]),
    ],
)
async def test_filters(client, server, given, kept):
    server.data(FOUND)
    assert names(await client.code_locations.list(**given).to_list()) == kept


async def test_lists_resume(client, server):
    server.data(FOUND)
    first = client.code_locations.list(limit=2)
    await first.to_list()
    assert names(await client.code_locations.list(cursor=first.cursor).to_list()) == ["south"]


async def test_a_status_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from LOADED, LOADING"):
        client.code_locations.list(load_status="ASLEEP")
    assert server.requests == 0


async def test_get(client, server):
    server.data({"workspaceLocationEntryOrError": code_location("south")})
    found = await client.code_locations.get("south")
    assert type(found) is CodeLocation
    assert found.location_or_load_error.repositories[0].name == "__repository__"
    assert server.received[0].variables == {"name": "south"}


async def test_a_location_that_is_not_there(client, server):
    server.data({"workspaceLocationEntryOrError": None})
    with pytest.raises(errors.NotFoundError, match="There is no code location 'west'") as caught:
        await client.code_locations.get("west")
    raised = caught.value
    assert (raised.code, raised.status_code) == ("REPOSITORY_LOCATION_NOT_FOUND", 404)
    assert raised.operation == "GetCodeLocation"


@pytest.mark.parametrize(
    ("typename", "kind"),
    [("PythonError", errors.ServerError), ("Moon", errors.UnexpectedResultError)],
)
async def test_other_answers_are_no_missing_location(client, server, typename, kind):
    server.data({"workspaceLocationEntryOrError": error(typename, "boom")})
    with pytest.raises(errors.ResultError, match="boom") as caught:
        await client.code_locations.get("south")
    assert type(caught.value) is kind


RELOADS = {"reload": "reloadRepositoryLocation", "reload_all": "reloadWorkspace"}


def reloaded(method, *entries):
    """The data of a reload."""
    if method == "reload":
        return {RELOADS[method]: entries[0]}
    return {RELOADS[method]: code_locations(*entries)["workspaceOrError"]}


def states(**found):
    entries = [location_status(name, status) for name, status in found.items()]
    kind = {"__typename": "WorkspaceLocationStatusEntries"}
    return {"locationStatusesOrError": {**kind, "entries": entries}}


def failing(name, *, status="LOADED", wrapped=False):
    """A location whose code raises; Dagster wraps the error at times."""
    raised = {"className": "NameError", "message": f"no\n {TOKEN}", "stack": [f"at {TOKEN}"]}
    outer = {"className": "DagsterUserCodeLoadError", "message": "load failed", "stack": ["at"]}
    told = {**outer, "causes": [raised]} if wrapped else {**raised, "causes": []}
    return {
        **code_location(name, status=status),
        "locationOrLoadError": {"__typename": "PythonError", **told},
    }


@pytest.fixture
def waits(monkeypatch):
    """What is waited for between two looks; no time passes."""
    seconds = []

    async def note(wait):
        seconds.append(wait)

    monkeypatch.setattr("dagster_plus_sdk._async.location_loading.asleep", note)
    monkeypatch.setattr("dagster_plus_sdk._async.polling.asleep", note)
    return seconds


async def called(client, method, **given):
    """What a reload gives, as a list."""
    names = ["shop"] if method == "reload" else []
    found = await getattr(client.code_locations, method)(*names, **given)
    return [found] if method == "reload" else found


@pytest.mark.parametrize("method", RELOADS)
@pytest.mark.parametrize("wait", [True, False])
async def test_reload(client, server, method, wait):
    server.data(reloaded(method, code_location("shop")))
    found = await called(client, method, wait=wait)
    assert [(type(location), location.name) for location in found] == [(CodeLocation, "shop")]
    assert server.requests == 1
    assert server.received[0].variables == ({"name": "shop"} if method == "reload" else {})


@pytest.mark.parametrize("method", RELOADS)
@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_load_error_is_raised(client, server, method, wrapped):
    server.data(reloaded(method, failing("shop", wrapped=wrapped)))
    [location] = await called(client, method, raise_on_error=False)
    assert type(location.location_or_load_error) is ErrorInfo
    with pytest.raises(errors.LocationLoadError) as caught:
        await called(client, method)
    raised = caught.value
    assert raised.message == "Code location shop cannot be loaded: no ***"
    assert (raised.code, raised.name, raised.class_name) == (
        "LOCATION_LOAD_ERROR",
        "shop",
        "NameError",
    )
    assert raised.stack == ["at ***"]
    assert raised.errors == [{"name": "shop", "class_name": "NameError", "message": "no ***"}]
    assert (raised.location, raised.locations) == (location, [location])


@pytest.mark.parametrize("method", RELOADS)
async def test_a_load_that_goes_on_is_waited_for(client, server, waits, method):
    """While it does, the error is that of the last time; faults that pass are sat out."""
    loading = reloaded(method, failing("shop", status="LOADING"))
    faults = [Reply(b"", 502), Reply(fault="reset")] * 3
    ended = {"data": code_locations(code_location("shop"), failing("other"))}
    server.reply(
        Reply({"data": loading}),
        *faults,
        Reply({"data": states(shop="LOADING", other="LOADED")}),
        *faults,
        Reply({"data": states(shop="LOADED", other="LOADING")}),
        # It began to load once more, and was away for a moment.
        Reply({"data": code_locations(failing("shop", status="LOADING"))}),
        Reply({"data": states(shop="LOADED")}),
        Reply({"data": code_locations()}),
        Reply({"data": states(shop="LOADED")}),
        Reply(ended),
    )
    assert names(await called(client, method)) == ["shop"]
    assert server.requests == 20
    server.replies.clear()
    server.data(loading)
    assert names(await called(client, method, wait=False)) == ["shop"]


@pytest.mark.parametrize("own", [Timeout(0.05, connect=60, write=60, pool=60), 60, Timeout(None)])
async def test_a_reload_that_is_not_answered_in_time(connect, server, own, monkeypatch):
    monkeypatch.setattr("dagster_plus_sdk._async.location_loading.SHORTEST_TRY", 0.1)
    client = connect(timeout=own)
    server.reply(Reply(fault="hang"))
    with pytest.raises(errors.WaitTimeoutError, match=r"were not loaded within 0\.1 s"):
        await client.code_locations.reload("shop", timeout=0.1)
    assert server.requests <= 1


async def test_several_locations_are_waited_for(client, server, waits):
    server.data(
        states(c="LOADED", b="LOADING", a="LOADED"),
        states(c="LOADED", b="LOADED", a="LOADING"),
        states(c="LOADED", b="LOADED", a="LOADED"),
        code_locations(failing("c"), code_location("b"), failing("a")),
    )
    found = await client.code_locations.wait_until_loaded(["b", "a"], raise_on_error=False)
    assert names(found) == ["b", "a"]
    assert len(waits) == 2
    server.replies.clear()
    server.data(
        states(c="LOADED", b="LOADED", a="LOADED"),
        code_locations(failing("c"), code_location("b"), failing("a")),
    )
    with pytest.raises(
        errors.LocationLoadError, match=r"location a .* \(and 1 more: c\)$"
    ) as caught:
        await client.code_locations.wait_until_loaded(None)
    assert names(caught.value.locations) == ["a", "b", "c"]
    assert [one["name"] for one in caught.value.errors] == ["a", "c"]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (None, "Code location d was not loaded within 0 s"),
        ("d", "Code location d was not loaded within 0 s"),
        ([*"dabcef"], "Code locations d, b, c, e, f were not loaded within"),
        ([*"dabcefg"], "Code locations d, b, c, e, f, ... were not loaded within"),
    ],
)
async def test_loads_that_take_too_long(client, server, wanted, says):
    known = {"workspace": {"workspaceEntries": [location_entry(name) for name in "bcefg"]}}
    server.reply(lambda r: Reply({"data": states(a="LOADED", d="LOADING") | known}))
    with pytest.raises(errors.WaitTimeoutError, match=says):
        await client.code_locations.wait_until_loaded(wanted, timeout=0)


async def test_a_location_that_is_removed_while_it_is_waited_for(client, server, waits):
    known = {"workspace": {"workspaceEntries": [location_entry("demo")]}}
    server.data(states(shop="LOADING"), states(demo="LOADED"), known)
    with pytest.raises(errors.NotFoundError, match="no code location 'shop'"):
        await client.code_locations.wait_until_loaded("shop", timeout=None)


async def test_locations_that_there_are_not(client, server, waits):
    known = {"workspace": {"workspaceEntries": [location_entry("shop")]}}
    server.data(
        states(demo="LOADED"), known, states(shop="LOADED"), code_locations(code_location("shop"))
    )
    # Dagster+ may know a location that it shows no state of yet.
    found = await client.code_locations.wait_until_loaded("shop")
    assert names(found) == ["shop"]
    no_plus = Reply({"errors": [{"message": "Cannot query field 'workspace'"}]}, 400)
    for answer in (Reply({"data": known}), Reply({"data": {"workspace": None}}), no_plus):
        server.replies.clear()
        server.reply(Reply({"data": states(demo="LOADED")}), answer)
        with pytest.raises(errors.NotFoundError, match="no code location 'shops'") as caught:
            await client.code_locations.wait_until_loaded("shops")
        assert caught.value.code == "REPOSITORY_LOCATION_NOT_FOUND"


@pytest.mark.parametrize(
    "given", [{"names": []}, {"names": ""}, {"names": [""]}, {"poll": 0}, {"timeout": -1}]
)
async def test_waits_that_cannot_be(client, server, given):
    with pytest.raises(errors.InvalidInputError):
        await client.code_locations.wait_until_loaded(**{"names": "shop", **given})
    assert server.requests == 0


WRITES = {
    "create": (
        "addLocationFromDocument",
        lambda c, **given: c.create("shop", document=SHOP, **given),
    ),
    "update": (
        "updateLocationFromDocument",
        lambda c, **given: c.update("shop", image="shop:2", **given),
    ),
    "deploy": ("deployLocations", lambda c, **given: c.deploy({"locations": [SHOP]}, **given)),
    "sync": (
        "reconcileLocationsFromDocument",
        lambda c, **given: c.sync({"locations": [SHOP]}, **given),
    ),
}


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("gone", [True, False])
async def test_changed_locations_are_waited_for(client, server, waits, verb, gone):
    field, call = WRITES[verb]
    old, new = (location_entry("shop", hasOutdatedData=stale) for stale in (True, False))
    many = {"deploy": "DeployLocationsSuccess", "sync": "ReconcileLocationsSuccess"}
    answer = {"__typename": many[verb], "locations": [old]} if verb in many else old
    server.data(
        *([DOCUMENT] if verb == "update" else []),
        {field: answer},
        states(shop="LOADING"),
        states(shop="LOADED"),
        code_locations(code_location("shop")),
        {"workspace": None if gone else {"workspaceEntries": [new]}},
    )
    found = await call(client.code_locations, validate=False, wait=True)
    [entry] = found if verb in many else [found]
    assert (type(entry), entry.has_outdated_data) == (CodeLocationEntry, gone)
    assert server.operations[-4:] == [
        "ListCodeLocationStatuses",
        "ListCodeLocationStatuses",
        "ListCodeLocations",
        "ListCodeLocationEntries",
    ]


@pytest.mark.parametrize(
    ("typename", "kind", "status"),
    [
        ("RepositoryLocationNotFound", errors.NotFoundError, 404),
        ("ReloadNotSupported", errors.NotSupportedError, 501),
        ("UnauthorizedError", errors.PermissionDeniedError, 403),
    ],
)
async def test_locations_that_cannot_be_reloaded(client, server, typename, kind, status):
    server.data({"reloadRepositoryLocation": error(typename, "not now")})
    with pytest.raises(kind, match="not now") as caught:
        await client.code_locations.reload("south")
    assert caught.value.status_code == status


async def test_a_location_needs_a_name(client, server):
    for call in (client.code_locations.get, client.code_locations.reload):
        with pytest.raises(errors.InvalidInputError, match="the location's name must be a text"):
            await call("")
    assert server.requests == 0


SHOP = {"location_name": "shop", "code_source": {"module_name": "shop"}, "image": "shop:1"}
BANK = {"location_name": "bank", "code_source": {"python_file": "bank.py"}, "git": None}
SCHEMA = {
    "locationSchema": {
        "types": [
            composite("Location", location_name="String", code_source="Source", image="String?"),
            composite("Source", selector=True, module_name="String", python_file="String"),
            {"__typename": "RegularConfigType", **known("String"), "givenName": "String"},
        ],
        "root": {"__typename": "CompositeConfigType", "key": "Location"},
    }
}
NO_SCHEMA = {"locationSchema": None}
DOCUMENT = {"locationsAsDocument": {"document": {"locations": [SHOP, BANK]}}}


def unauthorized(field):
    return {field: error("UnauthorizedError", "not yours")}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["north", "south"]),
        ({"load_status": "loading"}, ["north"]),
        ({"pattern": "S*"}, ["south"]),
        ({"limit": 1}, ["north"]),
        ({"where": lambda location: location.version_key == "2"}, ["south"]),
    ],
)
async def test_statuses(client, server, given, kept):
    entries = [location_status("south", versionKey="2"), location_status("north", "LOADING")]
    entries = {"__typename": "WorkspaceLocationStatusEntries", "entries": entries}
    server.data({"locationStatusesOrError": entries})
    found = await client.code_locations.statuses(**given).to_list()
    assert names(found) == kept
    assert {type(location) for location in found} == {CodeLocationStatus}


async def test_a_load_status_that_cannot_be(client, server):
    with pytest.raises(errors.InvalidInputError, match="choose from LOADED, LOADING"):
        client.code_locations.statuses(load_status="LOST")
    assert server.requests == 0


async def test_patterns(client, server):
    server.data(FOUND)
    assert names(await client.code_locations.list(pattern="?o*").to_list()) == ["north", "south"]


@pytest.mark.parametrize(
    ("method", "field", "success"),
    [
        ("shutdown", "shutdownRepositoryLocation", "ShutdownRepositoryLocationSuccess"),
        ("ping", "pingLocation", "PingLocationSuccess"),
        ("delete", "deleteLocation", "DeleteLocationSuccess"),
    ],
)
async def test_what_gives_nothing(client, server, method, field, success):
    done = {"__typename": success, "name": "south"}
    known = {"workspace": {"workspaceEntries": [location_entry("south")]}}
    server.data({field: done}, {field: error("PythonError", "it is gone")}, known)
    assert await getattr(client.code_locations, method)("south") is None
    assert server.received[0].variables == {"name": "south"}
    with pytest.raises(errors.ServerError, match="it is gone"):
        await getattr(client.code_locations, method)("south")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ["bank", "shop"]),
        ({"with_load_error": True}, ["bank"]),
        ({"outdated": True}, ["shop"]),
        ({"outdated": False, "with_load_error": False}, []),
        ({"pattern": "b*"}, ["bank"]),
    ],
)
async def test_entries(client, server, given, kept):
    entries = [
        location_entry("shop", hasOutdatedData=True),
        location_entry("bank", hasLoadError=True),
    ]
    server.data({"workspace": {"workspaceEntries": entries}})
    found = await client.code_locations.entries(**given).to_list()
    assert names(found) == kept
    assert {type(entry) for entry in found} <= {CodeLocationEntry}


async def test_no_entries(client, server):
    server.data({"workspace": None})
    assert await client.code_locations.entries().to_list() == []


async def test_create(client, server):
    server.data(NO_SCHEMA)
    server.data({"addLocationFromDocument": location_entry("shop")})
    found = await client.code_locations.create(
        "shop",
        image="shop:1",
        module_name="shop.definitions",
        git_url="https://example.com/shop",
        commit_hash="abc",
        container_context={"k8s": {"namespace": "shop"}},
    )
    assert type(found) is CodeLocationEntry
    assert found.data_updated_at.tzinfo is not None
    assert server.operations == ["GetLocationSchema", "AddCodeLocationFromDocument"]
    assert server.received[1].variables == {
        "document": {
            "location_name": "shop",
            "image": "shop:1",
            "code_source": {"module_name": "shop.definitions"},
            "git": {"url": "https://example.com/shop", "commit_hash": "abc"},
            "container_context": {"k8s": {"namespace": "shop"}},
        }
    }


async def test_create_from_a_document_or_in_place(client, server):
    server.data({"addOrUpdateLocationFromDocument": location_entry("shop")})
    await client.code_locations.create(
        "shop",
        document="{code_source: {module_name: old}, image: 'shop:1'}",
        python_file="shop.py",
        or_update=True,
        validate=False,
    )
    assert server.operations == ["SetCodeLocationFromDocument"]
    assert server.received[0].variables["document"] == {
        "location_name": "shop",
        "image": "shop:1",
        "code_source": {"python_file": "shop.py"},
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"document": {"location_name": "bank"}}, "is of location 'bank', not of 'shop'"),
        ({"module_name": "a", "python_file": "b"}, "one code source; choose from"),
        ({"document": "[1]"}, "the location must be a mapping"),
        ({"container_context": "- 1"}, "the container context must be a mapping"),
    ],
)
async def test_locations_that_cannot_be(client, server, given, says):
    for call in (client.code_locations.create, client.code_locations.update):
        with pytest.raises(errors.InvalidInputError, match=says):
            await call("shop", **given)
    assert server.requests == 0


async def test_the_schema_is_held_against_a_document(client, server):
    server.data(SCHEMA)
    with pytest.raises(errors.InvalidInputError, match="unknown field 'imag'") as caught:
        await client.code_locations.create("shop", document={**SHOP, "imag": 1})
    assert caught.value.errors[0]["message"].startswith("location 'shop': the document has")
    assert server.operations == ["GetLocationSchema"]


@pytest.mark.parametrize(
    ("member", "kind", "code"),
    [
        (
            error("InvalidLocationError", "refused", errors=["no image", None, "no source"]),
            errors.InvalidRequestError,
            "INVALID_LOCATION",
        ),
        (error("CodeLocationLimitError"), errors.ConflictError, "CODE_LOCATION_LIMIT"),
        (error("UnauthorizedError"), errors.PermissionDeniedError, "UNAUTHORIZED"),
    ],
)
async def test_locations_that_the_server_refuses(client, server, member, kind, code):
    server.data({"addLocationFromDocument": member})
    with pytest.raises(kind) as caught:
        await client.code_locations.create("shop", document=SHOP, validate=False)
    assert caught.value.code == code
    if "errors" in member:
        assert caught.value.errors == [{"message": "no image"}, {"message": "no source"}]


async def test_update_sends_the_whole_document(client, server):
    server.data(DOCUMENT)
    server.data({"updateLocationFromDocument": location_entry("bank")})
    found = await client.code_locations.update(
        "bank", image="bank:2", module_name="bank", validate=False
    )
    assert found.name == "bank"
    assert server.operations == ["GetCodeLocationsDocument", "UpdateCodeLocationFromDocument"]
    assert server.received[1].variables["document"] == {
        "location_name": "bank",
        "code_source": {"module_name": "bank"},
        "image": "bank:2",
    }


async def test_update_of_what_is_not_there(client, server):
    server.data(DOCUMENT)
    with pytest.raises(errors.NotFoundError, match="'shops'; did you mean 'shop'") as caught:
        await client.code_locations.update("shops", image="shop:2")
    assert caught.value.code == "REPOSITORY_LOCATION_NOT_FOUND"


async def test_update_of_nothing(client, server):
    for given in ({}, {"document": {"location_name": "shop"}}):
        with pytest.raises(errors.InvalidInputError, match="nothing is to change"):
            await client.code_locations.update("shop", **given)
    assert server.requests == 0


@pytest.mark.parametrize(
    ("method", "field", "success", "operation"),
    [
        (
            "sync",
            "reconcileLocationsFromDocument",
            "ReconcileLocationsSuccess",
            "ReconcileCodeLocationsFromDocument",
        ),
        ("deploy", "deployLocations", "DeployLocationsSuccess", "DeployCodeLocations"),
    ],
)
async def test_whole_documents(client, server, method, field, success, operation):
    call = getattr(client.code_locations, method)
    server.data(SCHEMA)
    locations = [location_entry("shop"), None, location_entry("bank")]
    server.data({field: {"__typename": success, "locations": locations}}, unauthorized(field))
    found = await call({"locations": [SHOP]})
    assert names(found) == ["bank", "shop"]
    assert server.operations == ["GetLocationSchema", operation]
    assert server.received[1].variables == {"document": {"locations": [SHOP]}}
    with pytest.raises(errors.PermissionDeniedError, match="not yours"):
        await call({"locations": [SHOP]}, validate=False)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"locations": [SHOP, SHOP]}, "two items are named 'shop'"),
        ({"locations": [{"image": "a"}]}, "location 1 has no 'location_name'"),
        ({"locations": {"shop": SHOP}}, "has no list 'locations'"),
        ({"locations": [], "defaults": 1}, "only 'locations' at its top, not defaults"),
        ("locations", "the locations must be a mapping"),
    ],
)
async def test_documents_that_cannot_be(client, server, document, says):
    for call in (
        client.code_locations.sync,
        client.code_locations.plan,
        client.code_locations.deploy,
    ):
        with pytest.raises(errors.InvalidInputError, match=says):
            await call(document)
    assert server.requests == 0


async def test_deploy_of_nothing(client, server):
    with pytest.raises(errors.InvalidInputError, match="no location to deploy"):
        await client.code_locations.deploy({"locations": []})
    assert server.requests == 0


async def test_plan_only_reads(client, server):
    server.data(SCHEMA)
    server.data(DOCUMENT)
    mill = {"location_name": "mill", "code_source": {"module_name": "mill"}}
    changes = await client.code_locations.plan({"locations": [{**SHOP, "image": "shop:2"}, mill]})
    assert (changes.created, changes.updated, changes.deleted) == (["mill"], ["shop"], ["bank"])
    assert "-  image: shop:1\n+  image: shop:2\n" in changes.diff
    kept = await client.code_locations.plan({"locations": [mill]}, delete=False, validate=False)
    assert (kept.created, kept.updated, kept.deleted) == (["mill"], [], [])
    reads = ["GetLocationSchema", "GetCodeLocationsDocument", "GetCodeLocationsDocument"]
    assert server.operations == reads


async def test_fields_that_are_null_are_no_change(client, server):
    server.data(DOCUMENT)
    bank = {key: value for key, value in BANK.items() if value is not None}
    changes = await client.code_locations.plan({"locations": [SHOP, bank]}, validate=False)
    assert not changes
    assert changes.unchanged == ["bank", "shop"]


async def test_plan_of_what_does_not_fit(client, server):
    server.data(SCHEMA)
    with pytest.raises(errors.InvalidInputError, match=r"location 'bank': .* unknown field 'git'"):
        await client.code_locations.plan({"locations": [SHOP, BANK]})


async def test_a_document_of_the_server_that_cannot_be_read(client, server):
    server.data({"locationsAsDocument": {"document": {"workspace": []}}})
    with pytest.raises(errors.UnexpectedResultError, match="has no list 'locations'"):
        await client.code_locations.plan({"locations": []}, validate=False)


@pytest.mark.parametrize("found", [None, {"document": None}])
async def test_export_of_nothing(client, server, found):
    server.data({"locationsAsDocument": found})
    assert await client.code_locations.export() == {"locations": []}


async def test_export(client, server):
    server.data(DOCUMENT)
    assert await client.code_locations.export() == {"locations": [SHOP, BANK]}


def loads(count, start=0):
    return {
        "locationLoadHistory": [location_load("shop", number) for number in range(start, count)]
    }


async def test_history_loses_nothing(client, server):
    for asked in (3, 5, 7):
        server.data(loads(min(asked, 6)))
    pager = client.code_locations.history("shop", page_size=2)
    found = await pager.to_list()
    assert [type(load) for load in found] == [CodeLocationLoad] * 6
    assert [load.document["number"] for load in found] == [0, 1, 2, 3, 4, 5]
    asked = [request.variables for request in server.received]
    assert asked == [{"name": "shop", "limit": limit} for limit in (3, 5, 7)]


async def test_history_resumes(client, server):
    server.data(loads(4), loads(6))
    first = client.code_locations.history("shop", limit=3)
    await first.to_list()
    rest = client.code_locations.history("shop", cursor=first.cursor, status="error")
    assert [load.document["number"] for load in await rest.to_list()] == [3, 5]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"status": "LOST"}, "choose from ERROR, LOADED"),
        ({"cursor": "yesterday"}, "must be one of this list"),
    ],
)
async def test_histories_that_cannot_be(client, server, given, says):
    with pytest.raises(errors.InvalidInputError, match=says):
        await client.code_locations.history("shop", **given).to_list()
    assert server.requests == 0


async def test_schema(client, server):
    server.data(SCHEMA, NO_SCHEMA)
    found = await client.code_locations.schema()
    assert type(found) is LocationSchema
    assert found.root.key == "Location"
    with pytest.raises(errors.NotFoundError, match="no document schema 'code location'"):
        await client.code_locations.schema()


@pytest.mark.parametrize(
    ("location", "operation"),
    [(None, "ListDefsState"), ("shop", "ListCodeLocationDefsState")],
)
async def test_defs_state(client, server, location, operation):
    state = {"version": "v1", "createdAt": 1700000000.5, "managementType": "LOCAL_FILESYSTEM"}
    entries = {"entries": [{"key": "tableau", "state": None}, {"key": "fivetran", "state": state}]}
    entry = {"__typename": "WorkspaceLocationEntry", "defsStateInfo": entries}
    server.data({"latestDefsStateInfo": entries, "workspaceLocationEntryOrError": entry})
    found = await client.code_locations.defs_state(location=location).to_list()
    assert [(type(entry), entry.key) for entry in found] == [
        (DefsStateKey, "fivetran"),
        (DefsStateKey, "tableau"),
    ]
    assert found[0].state.version == "v1"
    assert found[1].state is None
    assert server.operations == [operation]


@pytest.mark.parametrize("location", [None, "shop"])
async def test_no_defs_state(client, server, location):
    entry = {"__typename": "WorkspaceLocationEntry", "defsStateInfo": None}
    server.data({"latestDefsStateInfo": None, "workspaceLocationEntryOrError": entry})
    assert await client.code_locations.defs_state(location=location).to_list() == []


async def test_refresh_defs_state(client, server):
    failed = error("RefreshDefsStateError", "no agent")
    known = {"workspace": {"workspaceEntries": [location_entry("shop")]}}
    server.data({"refreshDefsState": location_entry("shop")}, {"refreshDefsState": failed}, known)
    assert type(await client.code_locations.refresh_defs_state("shop")) is CodeLocationEntry
    with pytest.raises(errors.ServerError, match="no agent"):
        await client.code_locations.refresh_defs_state("shop")


@pytest.mark.parametrize(
    ("method", "field"),
    [
        ("delete", "deleteLocation"),
        ("ping", "pingLocation"),
        ("refresh_defs_state", "refreshDefsState"),
    ],
)
async def test_unknown_locations_that_servers_fail_on(client, server, method, field):
    failed = {field: error("PythonError", "KeyError", className="KeyError", stack=[])}
    server.data(failed, {"workspace": {"workspaceEntries": [location_entry("shop")]}})
    with pytest.raises(errors.NotFoundError, match="'shops'; did you mean 'shop'") as caught:
        await getattr(client.code_locations, method)("shops")
    assert caught.value.code == "REPOSITORY_LOCATION_NOT_FOUND"
    server.replies.clear()
    server.data(failed, {"workspace": None})
    with pytest.raises(errors.ServerError, match="KeyError"):
        await getattr(client.code_locations, method)("shops")


async def test_set_defs_state_version(client, server):
    answers = ({"ok": True}, {"ok": False}, None)
    server.data(*({"setLatestDefsStateVersion": answer} for answer in answers))
    assert await client.code_locations.set_defs_state_version("tableau", "v2") is None
    assert server.received[0].variables == {"key": "tableau", "version": "v2"}
    for _ in range(2):
        with pytest.raises(errors.UnexpectedResultError, match="did not set the version"):
            await client.code_locations.set_defs_state_version("tableau", None)
