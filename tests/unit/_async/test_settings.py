"""Settings of the deployment and of the organization: the same methods on two documents."""

from __future__ import annotations

import pytest
from kit.payloads import error

from dagster_plus_sdk import Changes, Setting, errors

pytestmark = pytest.mark.anyio

DOCUMENT = {
    "run_queue": {"max_concurrent_runs": 10, "tag_concurrency_limits": []},
    "sso_default_role": "VIEWER",
}
ROWS = [
    ("run_queue.max_concurrent_runs", 10),
    ("run_queue.tag_concurrency_limits", []),
    ("sso_default_role", "VIEWER"),
]


class Kind:
    """One of the two resources, and what the API calls its parts."""

    def __init__(self, attribute, word):
        self.attribute = attribute
        self.root = f"{word}Settings"
        self.typename = self.root[0].upper() + self.root[1:]

    def of(self, client):
        return getattr(client, self.attribute)

    def found(self, document, root=None):
        settings = {"__typename": self.typename, "settings": document}
        return {root or self.root: settings}

    def schema(self):
        key = f"{self.root}Schema"
        role = {"__typename": "RegularConfigType", "key": "String", "givenName": "String"}
        whole = {"__typename": "CompositeConfigType", "key": "All", "fields": [FIELD]}
        both = [
            {**t, "description": None, "isSelector": False, "typeParamKeys": []}
            for t in (role, whole)
        ]
        return {key: {"types": both, "root": {"__typename": "CompositeConfigType", "key": "All"}}}


FIELD = {
    "name": "sso_default_role",
    "description": None,
    "typeKey": "String",
    "isRequired": False,
    "defaultJson": None,
}


@pytest.fixture(
    params=[
        Kind("deployment_settings", "deployment"),
        Kind("organization_settings", "organization"),
    ],
    ids=lambda kind: kind.attribute,
)
def kind(request):
    return request.param


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, ROWS),
        ({"prefix": "run_queue."}, ROWS[:2]),
        ({"limit": 1}, ROWS[:1]),
        ({"where": lambda row: row.value == "VIEWER"}, ROWS[2:]),
    ],
)
async def test_rows(client, server, kind, given, kept):
    server.data(kind.found(DOCUMENT))
    found = await kind.of(client).list(**given).to_list()
    assert [(row.key, row.value) for row in found] == kept
    assert {type(row) for row in found} == {Setting}
    assert server.operations == [f"Get{kind.typename}"]


@pytest.mark.parametrize(
    ("given", "document"),
    [(DOCUMENT, DOCUMENT), (None, {}), ('{"a": {"b": 1}}', {"a": {"b": 1}})],
)
async def test_get(client, server, kind, given, document):
    """Some servers give the document as text."""
    server.data(kind.found(given))
    assert await kind.of(client).get() == document


async def test_no_settings_at_all(client, server, kind):
    server.data({kind.root: None})
    assert await kind.of(client).get() == {}
    assert await kind.of(client).list().to_list() == []


@pytest.mark.parametrize("method", ["set", "update"])
async def test_changes_are_checked_and_sent(client, server, kind, method):
    after = kind.found(DOCUMENT, f"{method}{kind.typename}")
    server.data(kind.schema(), after)
    assert await getattr(kind.of(client), method)("sso_default_role: ADMIN") == DOCUMENT
    verb = method.capitalize()
    assert server.operations == [f"Get{kind.typename}Schema", f"{verb}{kind.typename}"]
    assert server.received[1].variables == {kind.root: {"settings": {"sso_default_role": "ADMIN"}}}


@pytest.mark.parametrize("method", ["set", "update", "plan"])
async def test_what_does_not_fit_is_not_sent(client, server, kind, method):
    server.data(kind.schema())
    with pytest.raises(errors.InvalidInputError, match="did you mean 'sso_default_role'") as caught:
        await getattr(kind.of(client), method)({"sso_default_rol": "ADMIN"})
    assert len(caught.value.errors) == 1
    assert server.requests == 1


async def test_unchecked(client, server, kind):
    server.data(kind.found({"x": 1}, f"set{kind.typename}"))
    assert await kind.of(client).set({"x": 1}, validate=False) == {"x": 1}
    assert server.requests == 1


async def test_a_server_without_a_schema(client, server, kind):
    server.data({f"{kind.root}Schema": None}, kind.found({"x": 1}, f"update{kind.typename}"))
    assert await kind.of(client).update({"x": 1}) == {"x": 1}


async def test_a_file(client, server, kind, tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("a: {b: 1}")
    server.data(kind.found({}, f"set{kind.typename}"))
    await kind.of(client).set(path, validate=False)
    assert server.received[0].variables == {kind.root: {"settings": {"a": {"b": 1}}}}


@pytest.mark.parametrize(
    ("replace", "updated", "deleted"),
    [
        (False, ["sso_default_role"], []),
        (True, ["sso_default_role"], [key for key, _ in ROWS[:2]]),
    ],
)
async def test_plan(client, server, kind, replace, updated, deleted):
    server.data({f"{kind.root}Schema": None}, kind.found(DOCUMENT))
    document = {"sso_default_role": "ADMIN"}
    changes = await kind.of(client).plan(document, replace=replace)
    assert type(changes) is Changes
    assert (changes.created, changes.updated, changes.deleted) == ([], updated, deleted)
    assert "-sso_default_role: VIEWER\n+sso_default_role: ADMIN\n" in changes.diff
    assert changes.model_dump()["updated"] == updated
    assert server.operations[-1] == f"Get{kind.typename}"


async def test_schema(client, server, kind):
    server.data(kind.schema())
    found = await kind.of(client).schema()
    assert found.root.key == "All"


async def test_no_permission(client, server, kind):
    server.data({f"set{kind.typename}": error("UnauthorizedError", "editors only")})
    with pytest.raises(errors.PermissionDeniedError, match="editors only"):
        await kind.of(client).set({}, validate=False)
