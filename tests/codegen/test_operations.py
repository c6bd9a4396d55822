"""`operations/`, input types and enums."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys

import graphql
import pytest
from codegen.tables import RuntimeClass

from dagster_plus_sdk._core.asset_key import AssetKey

SCHEMA = """
    enum State { ON OFF None }
    scalar Config
    input AssetKeyInput { path: [String!]! }
    input Inner { name: String! state: State }
    input Filter { ids: [ID!] inner: Inner! limit: Int! = 3 config: Config key: AssetKeyInput }
    type Tag { key: String! }
    interface Thing { id: ID! }
    type A implements Thing { id: ID! tags: [Tag!]! }
    type Page { things: [Thing!]! }
    type Query { page(filter: Filter, first: Int, in: String, key: AssetKeyInput!): Page! }
    type Mutation { reset(state: State!): Boolean! }
"""
QUERIES = """
    fragment Tag on Tag { key }
    fragment Thing on Thing { id ... on A { tags { ...Tag } } }
    fragment Page on Page { things { ...Thing } }
    query ListThings($filter: Filter, $first: Int = 5, $in: String!, $key: AssetKeyInput!) {
      page(filter: $filter, first: $first, in: $in, key: $key) { ...Page }
    }
    mutation Reset($state: State!) { reset(state: $state) }
"""
INPUTS = {"AssetKeyInput": RuntimeClass("asset_key", "AssetKey")}


@pytest.fixture
def package(generate):
    return generate(SCHEMA, QUERIES, runtime_inputs=INPUTS)


def test_parameters_are_by_keyword_and_required_ones_first(package):
    signature = inspect.signature(package.operations.list_things)
    assert list(signature.parameters) == ["in_", "key", "filter", "first"]
    assert {p.kind for p in signature.parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    annotations = {n: p.annotation for n, p in signature.parameters.items()}
    assert annotations == {
        "in_": "str",
        "key": "AssetKey",
        "filter": "Filter | None | UnsetType",
        "first": "int | None | UnsetType",
    }
    assert signature.return_annotation == "Operation[ListThings]"
    assert package.operations.list_things.__doc__ == "Query `page`."
    assert package.operations.reset.__doc__ == "Mutation `reset`."


def test_variables_have_the_names_of_the_wire(package):
    operation = package.operations.list_things(in_="i", key=AssetKey("a", "b"), first=None)
    sent = json.loads(operation.body())["variables"]
    assert sent == {"in": "i", "key": {"path": ["a", "b"]}, "first": None}


def test_documents_are_minified_valid_and_hold_each_fragment_once(package):
    operation = package.operations.list_things(in_="i", key=AssetKey("a"))
    assert operation.document.endswith("fragment Thing on Thing{id ...on A{tags{...Tag}}}")
    assert operation.document.count("fragment Tag ") == 1
    schema = graphql.build_schema(SCHEMA)
    assert graphql.validate(schema, graphql.parse(operation.document)) == []


def test_typename_is_asked_where_the_type_is_open_and_nowhere_else(package):
    operation = package.operations.list_things(in_="i", key=AssetKey("a"))
    assert "things{__typename ...Thing}" in operation.document
    assert operation.document.count("__typename") == 1


def test_an_object_that_spreads_an_abstract_fragment_asks_for_its_typename(generate):
    schema = SCHEMA.replace("type Page {", "type Page { a: A! ")
    queries = QUERIES.replace("{ things { ...Thing } }", "{ a { ...Thing } }")
    package = generate(schema, queries, runtime_inputs=INPUTS)
    operation = package.operations.list_things(in_="i", key=AssetKey("a"))
    assert "a{__typename ...Thing}" in operation.document
    thing = {"__typename": "A", "id": "1", "tags": []}
    page = package.decode("list_things", {"page": {"a": thing}}, in_="i", key=AssetKey("a")).ok
    assert type(page.a) is package.model("A")


def test_inputs_are_typed_dicts_with_the_names_of_the_wire(package):
    types = package.module("input_types")
    assert types.Filter.__annotations__.keys() == {"ids", "inner", "limit", "config", "key"}
    text = package.text("input_types.py")
    for line in (
        "ids: NotRequired[Sequence[str] | None]",
        "inner: Inner",
        "limit: NotRequired[int]",
        "config: NotRequired[Any | None]",
        "key: NotRequired[AssetKey | None]",
        "state: NotRequired[State | None]",
    ):
        assert f"    {line}\n" in text
    assert types.__all__ == ["Filter", "Inner"]


def test_enums_are_open(package):
    state = package.enum("State")
    assert [member.value for member in state] == ["ON", "OFF", "None"]
    assert state("NEW") == "NEW"
    assert not state("NEW").is_known


def test_nothing_heavy_is_needed_to_build_a_request(package):
    code = f"""
import sys
sys.path.insert(0, {str(package.root.parent.parent)!r})
import dagster_plus_sdk._core.operation, dagster_plus_sdk._core.unset
for name in ("", ".operation", ".unset"):
    sys.modules[{package.name.split(".")[0]!r} + "._core" + name] = sys.modules["dagster_plus_sdk._core" + name]
from {package.name} import operations
operations.reset(state="ON").body()
print(sorted({{"pydantic", "httpx", "typing", "typing_extensions", "enum", "re"}} & (sys.modules.keys() - set(BEFORE))))
"""
    code = "import sys, json; BEFORE = set(sys.modules)\n" + code
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_subscriptions_are_operations_like_others(generate):
    package = generate(
        SCHEMA + "type Subscription { things(after: ID): Page! }",
        QUERIES + "subscription FollowThings($after: ID) { things(after: $after) { ...Page } }",
        runtime_inputs=INPUTS,
    )
    operation = package.operations.follow_things(after="1")
    assert (operation.name, operation.kind) == ("FollowThings", "subscription")
    assert package.operations.follow_things.__doc__ == "Subscription `things`."
    assert json.loads(operation.body())["query"].startswith("subscription FollowThings")
    thing = {"__typename": "A", "id": "7", "tags": [{"key": "k"}]}
    found = operation.decode(json.dumps({"data": {"things": {"things": [thing]}}}).encode()).ok
    assert type(found) is package.model("Page")
    assert found.things[0].tags[0].key == "k"


def test_a_module_is_imported_when_an_operation_of_it_is_used(generate):
    fragments = "fragment Thing on Thing { id }  fragment Page on Page { things { ...Thing } }"
    queries = {
        "pages": fragments + " query GetPage($key: AssetKeyInput!) { page(key: $key) { ...Page } }",
        "states": "mutation Reset($state: State!) { reset(state: $state) }",
    }
    package = generate(SCHEMA, queries, runtime_inputs=INPUTS)
    operations = package.operations
    assert dir(operations) == operations.__all__ == ["get_page", "reset"]
    assert f"{package.name}.operations.states" not in sys.modules
    assert operations.reset(state="ON").name == "Reset"
    assert operations.reset is operations.states.reset
    assert f"{package.name}.operations.states" in sys.modules
    assert f"{package.name}.fragments.pages" not in sys.modules
    with pytest.raises(AttributeError, match=r"operations' has no attribute 'get_nothing'"):
        operations.get_nothing  # noqa: B018
