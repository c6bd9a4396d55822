"""Environment variables; their values are in requests, and nowhere else."""

from __future__ import annotations

import logging

import pytest
from kit.canary import leaks
from kit.payloads import error
from kit.server import Reply

from dagster_plus_sdk import Changes, RevealedSecret, Secret, StoredSecret, SyncedSecrets, errors

pytestmark = pytest.mark.anyio

#: Of several lines and with quotes, so that answers repeat it in another form than it was sent in.
CORE = "5d1f7ae0"
VALUE = 'pass "word"\n5d1f7ae0'
ALL = {
    "fullDeploymentScope": True,
    "allBranchDeploymentsScope": True,
    "localDeploymentScope": True,
    "specificBranchDeploymentScope": None,
}
NONE = dict.fromkeys(ALL, False) | {"specificBranchDeploymentScope": None}


def secret(name, id="1", **changes):  # noqa: A002
    base = {
        "id": id,
        "name": name,
        "locationNames": [],
        "fullDeployments": True,
        "allBranchDeployments": True,
        "branchDeployment": None,
        "local": False,
        "canEdit": True,
        "canViewValue": True,
        "updatedAt": 1700000000.5,
        "updatedBy": {"id": 3, "email": "ada@example.com", "displayName": "Ada"},
    }
    return base | changes


def found(*secrets):
    return {"secretsOrError": {"__typename": "Secrets", "secrets": list(secrets)}}


def saved(root, name="TOKEN", **changes):
    return {root: {"__typename": "CreateOrUpdateSecretSuccess", "secret": secret(name, **changes)}}


TWO = found(
    secret("KEY", "b", locationNames=["south"]),
    secret("KEY", "a", local=True, fullDeployments=False, locationNames=["north"]),
    secret("HOST", "c", updatedAt=1600000000.0),
)


async def test_lists_are_sorted_and_have_no_values(client, server):
    server.data(TWO)
    listed = await client.secrets.list().to_list()
    assert [(type(s), s.name, s.id) for s in listed] == [
        (StoredSecret, "HOST", "c"),
        (StoredSecret, "KEY", "a"),
        (StoredSecret, "KEY", "b"),
    ]
    assert listed[0].updated_by.email == "ada@example.com"
    assert server.operations == ["ListSecrets"]
    assert "secretValue" not in server.received[0].json["query"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {}),
        ({"name": "KEY", "location": "south"}, {"secretName": "KEY", "locationName": "south"}),
        (
            {"scopes": ["full", "LOCAL"]},
            {"scopes": {"fullDeploymentScope": True, "localDeploymentScope": True}},
        ),
        ({"scopes": "branches"}, {"scopes": {"allBranchDeploymentsScope": True}}),
        ({"branch": "fix"}, {"scopes": {"specificBranchDeploymentScope": "fix"}}),
        ({"viewable": True}, {"onlyViewable": True}),
    ],
)
async def test_filters_of_the_server(client, server, given, sent):
    server.data(found())
    assert await client.secrets.list(**given).to_list() == []
    none = dict.fromkeys(("secretName", "locationName", "scopes", "onlyViewable"))
    assert server.received[0].variables == {**none, **sent}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"updated_after": 1650000000}, ["a", "b"]),
        ({"updated_before": 1650000000}, ["c"]),
        ({"where": lambda s: s.local}, ["a"]),
        ({"limit": 1}, ["c"]),
    ],
)
async def test_filters_here(client, server, given, kept):
    server.data(TWO)
    assert [s.id for s in await client.secrets.list(**given).to_list()] == kept


async def test_get(client, server):
    server.data(TWO)
    one = await client.secrets.get("HOST")
    assert (type(one), one.id) == (StoredSecret, "c")
    assert server.operations == ["ListSecrets"]


@pytest.mark.parametrize(
    ("name", "given", "id_"),
    [
        ("b", {}, "b"),
        ("KEY", {"location": "north"}, "a"),
        ("KEY", {"scope": "full"}, "b"),
        ("KEY", {"scope": "LOCAL"}, "a"),
    ],
)
async def test_get_says_which(client, server, name, given, id_):
    server.data(TWO)
    assert (await client.secrets.get(name, **given)).id == id_


async def test_get_with_its_value(client, server):
    revealed = secret("HOST", "c", value=VALUE)
    server.data(TWO, found(revealed, secret("HOST", "d", value="other")))
    one = await client.secrets.get("HOST", with_value=True)
    assert (type(one), one.value.reveal()) == (RevealedSecret, VALUE)
    assert leaks([one, one.model_dump(), one.model_dump_json()], VALUE) == []
    # Of the others no value is asked for.
    assert server.received[1].variables["secretName"] == "HOST"


async def test_ambiguous_names_list_what_there_is(client, server):
    server.data(TWO)
    with pytest.raises(errors.InvalidInputError) as caught:
        await client.secrets.get("KEY")
    assert 'id="b" (scopes full, branches; locations south)' in caught.value.message
    assert 'id="a" (scopes branches, local; locations north)' in caught.value.message
    assert caught.value.code == "AMBIGUOUS_NAME"


async def test_unknown_names_show_similar_ones(client, server):
    server.data(TWO)
    with pytest.raises(errors.NotFoundError, match="did you mean 'HOST'"):
        await client.secrets.delete("HOSTS")
    assert server.operations == ["ListSecrets"]


@pytest.mark.parametrize(
    ("given", "scopes", "locations"),
    [
        ({}, ALL, []),
        ({"scopes": ["full"]}, NONE | {"fullDeploymentScope": True}, []),
        ({"branch": "fix"}, NONE | {"specificBranchDeploymentScope": "fix"}, []),
        (
            {"scopes": "local", "branch": "fix", "locations": ["a", "b"]},
            NONE | {"specificBranchDeploymentScope": "fix", "localDeploymentScope": True},
            ["a", "b"],
        ),
    ],
)
@pytest.mark.parametrize("value", [VALUE, Secret(VALUE), ""])
async def test_create(client, server, given, scopes, locations, value):
    server.data(saved("createSecret"))
    made = await client.secrets.create("TOKEN", value, **given)
    assert (type(made), made.name) == (StoredSecret, "TOKEN")
    assert server.received[0].variables == {
        "name": "TOKEN",
        "value": "" if value == "" else VALUE,
        "scopes": scopes,
        "locationNames": locations,
    }


@pytest.mark.parametrize("location", [None, "north"])
async def test_create_or_replace(client, server, location):
    server.data(saved("createOrUpdateSecretForScopes"))
    locations = [location] if location else None
    await client.secrets.create("TOKEN", VALUE, locations=locations, replace=True)
    assert server.operations == ["SetSecret"]
    assert server.received[0].variables == {
        "name": "TOKEN",
        "value": VALUE,
        "scopes": ALL,
        "locationName": location,
    }


OLD = secret("KEY", "a", branchDeployment="fix", locationNames=["north"])
KEPT = {
    "id": "a",
    "name": "KEY",
    "value": VALUE,
    "scopes": ALL | {"localDeploymentScope": False, "specificBranchDeploymentScope": "fix"},
    "locationNames": ["north"],
}


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({}, {}),
        ({"new_name": "KEY_2"}, {"name": "KEY_2"}),
        ({"locations": ["south"]}, {"locationNames": ["south"]}),
        ({"all_locations": True}, {"locationNames": []}),
        ({"scopes": "local"}, {"scopes": NONE | {"localDeploymentScope": True}}),
        ({"branch": "x"}, {"scopes": KEPT["scopes"] | {"specificBranchDeploymentScope": "x"}}),
    ],
)
async def test_update_sends_the_whole_record(client, server, given, changed):
    server.data(found(OLD), saved("updateSecret"))
    assert type(await client.secrets.update("KEY", value=VALUE, **given)) is StoredSecret
    assert server.operations == ["ListSecrets", "UpdateSecret"]
    assert server.received[1].variables == KEPT | changed


async def test_update_without_a_value_keeps_it(client, server):
    server.data(found(OLD), found(OLD | {"value": VALUE}), saved("updateSecret"))
    await client.secrets.update("KEY", all_locations=True)
    assert server.received[2].variables == KEPT | {"locationNames": []}


async def test_a_secret_without_a_scope_gets_none(client, server):
    bare = secret("KEY", "a", fullDeployments=False, allBranchDeployments=False)
    server.data(found(bare), saved("updateSecret"))
    await client.secrets.update("KEY", value=VALUE)
    assert server.received[1].variables["scopes"] == NONE


async def test_update_without_a_value_that_cannot_be_seen(client, server):
    server.data(found(OLD | {"canViewValue": False}))
    with pytest.raises(errors.InvalidInputError, match="give the value"):
        await client.secrets.update("KEY", all_locations=True)
    assert server.requests == 1


async def test_delete(client, server):
    gone = {"deleteSecret": {"__typename": "DeleteSecretSuccess", "secretId": "b"}}
    server.data(TWO, gone)
    assert await client.secrets.delete("KEY", scope="full") is None
    assert server.received[1].variables == {"id": "b"}


DOCUMENT = """
secrets:
  - {name: KEY, value: "5d1f7ae0-key", scopes: [full, branches], locations: [north]}
  - {name: HOST, value: "5d1f7ae0-host", branch: fix}
"""


async def test_sync(client, server):
    done = {"__typename": "SyncSecretsSuccess", "secrets": [secret("KEY")], "removed": ["OLD"]}
    server.data({"syncSecrets": done})
    synced = await client.secrets.sync(DOCUMENT)
    assert (type(synced), type(synced.secrets[0])) == (SyncedSecrets, StoredSecret)
    assert synced.removed == ["OLD"]
    assert server.received[0].variables["secrets"] == [
        {
            "secretName": "KEY",
            "secretValue": "5d1f7ae0-key",
            "scopes": ALL | {"localDeploymentScope": False},
            "locationNames": ["north"],
        },
        {
            "secretName": "HOST",
            "secretValue": "5d1f7ae0-host",
            "scopes": NONE | {"specificBranchDeploymentScope": "fix"},
            "locationNames": [],
        },
    ]


async def test_plan(client, server):
    server.data(
        found(
            secret("KEY", locationNames=["north"], value="5d1f7ae0-key"),
            secret("HOST", value="5d1f7ae0-old"),
            secret("OLD", value="5d1f7ae0-old"),
        )
    )
    document = DOCUMENT + "  - {name: NEW, value: x}\n"
    changes = await client.secrets.plan(document)
    assert type(changes) is Changes
    assert (changes.created, changes.updated) == (["NEW"], ["HOST"])
    assert (changes.deleted, changes.unchanged) == (["OLD"], ["KEY"])
    assert "5d1f7ae0" not in changes.diff
    assert "'*** (changed)'" in changes.diff
    assert server.operations == ["ListRevealedSecrets"]


async def test_plan_compares_with_the_one_for_the_same_place(client, server):
    """Values that change places are changes."""
    stored = [
        secret("KEY", locationNames=["north"], value="5d1f7ae0-a"),
        secret("KEY", "2", locationNames=["south"], value="5d1f7ae0-b"),
    ]
    server.data(found(*stored), found(*stored))
    scopes = ["full", "branches"]
    wanted = [
        {"name": "KEY", "value": f"5d1f7ae0-{v}", "scopes": scopes, "locations": [place]}
        for v, place in (("b", "north"), ("a", "south"))
    ]
    changes = await client.secrets.plan({"secrets": wanted})
    assert (changes.updated, changes.diff.count("(changed)")) == (["KEY"], 2)
    wanted = [w | {"value": f"5d1f7ae0-{v}"} for w, v in zip(wanted, "ab", strict=True)]
    assert not await client.secrets.plan({"secrets": wanted})


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.update("A", new_name=""),
        lambda s: s.update("A", branch=" "),
        lambda s: s.list(name=""),
        lambda s: s.list(location=""),
        lambda s: s.list(updated_after=5, updated_before=4),
    ],
)
async def test_names_and_periods_that_cannot_be(client, server, call):
    with pytest.raises(errors.InvalidInputError):
        await call(client.secrets)
    assert server.requests == 0


async def test_env_file(client, server):
    server.data({"localSecretsFileContents": "A=5d1f7ae0\n"})
    text = await client.secrets.env_file()
    assert (repr(text), text.reveal()) == ("Secret('***')", "A=5d1f7ae0\n")


@pytest.mark.parametrize(
    "call",
    [
        lambda s: s.create("", VALUE),
        lambda s: s.create("A", 5),
        lambda s: s.create("A", None),
        lambda s: s.create("A", VALUE, scopes=[]),
        lambda s: s.create("A", VALUE, scopes="everywhere"),
        lambda s: s.create("A", VALUE, locations=[]),
        lambda s: s.create("A", VALUE, branch=""),
        lambda s: s.create("A", VALUE, locations=["a", "b"], replace=True),
        lambda s: s.get("", with_value=True),
        lambda s: s.get("A", scope="everywhere"),
        lambda s: s.update("A"),
        lambda s: s.update("A", value=5),
        lambda s: s.update("A", value=VALUE, scopes="everywhere"),
        lambda s: s.update("A", value=VALUE, locations=["a"], all_locations=True),
        lambda s: s.sync({"secrets": [{"name": "A", "value": 5}]}),
        lambda s: s.sync({"secrets": [{"name": "A", "value": VALUE, "scopes": ["everywhere"]}]}),
        lambda s: s.sync({"secrets": [{"name": "A", "value": VALUE, "place": "here"}]}),
        lambda s: s.sync({"secrets": [{"value": VALUE}]}),
        lambda s: s.sync({"secrets": [VALUE]}),
        lambda s: s.sync({"secrets": {"A": VALUE}}),
        lambda s: s.sync({"A": VALUE}),
        lambda s: s.sync(f"secrets: [{{name: A, value: *{CORE}}}]"),
        lambda s: s.plan(f"secrets:\n - name: A\n   value: !{CORE}"),
        lambda s: s.plan(CORE),
        lambda s: s.plan({"secrets": [{"name": "A", "value": [VALUE]}]}),
    ],
)
async def test_what_cannot_be_is_neither_sent_nor_shown(client, server, call):
    with pytest.raises(errors.InvalidInputError) as caught:
        await call(client.secrets)
    assert server.requests == 0
    assert leaks(caught.value, "5d1f7ae0") == []


def repeat(received):
    """Answer with an error that repeats what came."""
    value = received.variables.get("value") or received.variables["secrets"][0]["secretValue"]
    root = {
        "CreateSecret": "createSecret",
        "SyncSecrets": "syncSecrets",
        "SetSecret": "createOrUpdateSecretForScopes",
    }
    member = error("InvalidSecretInputError", f"{value} will not do")
    return Reply({"data": {root[received.operation]: member}})


def break_down(received):
    return Reply({"errors": [{"message": f"no: {received.body.decode()}"}]}, 500)


def page(received):
    return Reply(received.body, 500)


CALLS = [
    lambda s: s.create("A", VALUE),
    lambda s: s.create("A", Secret(VALUE), replace=True),
    lambda s: s.sync({"secrets": [{"name": "A", "value": VALUE}]}),
]


@pytest.mark.parametrize("reply", [repeat, break_down, page])
@pytest.mark.parametrize("call", CALLS)
async def test_errors_do_not_show_values(connect, server, caplog, reply, call):
    caplog.set_level(logging.DEBUG)
    seen = []
    client = connect(event_hooks={"request": [seen.append], "response": [seen.append]})
    server.reply(reply)
    with pytest.raises(errors.DagsterPlusError) as caught:
        await call(client.secrets)
    assert "5d1f7ae0" in server.received[0].body.decode()
    assert leaks(caught.value, "5d1f7ae0") == []
    assert leaks([seen, caplog.text, caplog.records], "5d1f7ae0") == []


@pytest.mark.parametrize(
    ("typename", "kind"),
    [
        ("SecretAlreadyExistsError", errors.ConflictError),
        ("TooManySecretsError", errors.ConflictError),
        ("InvalidSecretInputError", errors.InvalidRequestError),
        ("UnauthorizedError", errors.PermissionDeniedError),
    ],
)
async def test_create_errors(client, server, typename, kind):
    server.data({"createSecret": error(typename, "because")})
    with pytest.raises(kind, match="because"):
        await client.secrets.create("A", VALUE)
