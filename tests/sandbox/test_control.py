from __future__ import annotations

from unittest.mock import ANY

import pytest

pytest.importorskip("graphql")

from graphql import GraphQLError, build_schema, parse

from dagster_plus_sdk.sandbox.control import ControlPlane, Store, registry, seed
from dagster_plus_sdk.sandbox.control.callers import authenticate
from dagster_plus_sdk.sandbox.control.plane import snake_case
from dagster_plus_sdk.sandbox.control.registry import KINDS, MUTATIONS, QUERIES, Failure, Root
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN
from dagster_plus_sdk.sandbox.control.values import default_value, error_value, fit
from dagster_plus_sdk.sandbox.schema import full_schema

DEPLOYMENT = """
fragment D on DagsterCloudDeployment {
  __typename deploymentId deploymentName deploymentType deploymentStatus agentType isBranchDeployment
  organizationId organizationName organizationStatus canAccessDeployment canDeleteDeployment
  canEditDeploymentSettings canEditDeploymentPermissions canHaveBranchDeployments commits { __typename }
  deploymentSettings { __typename } editableSecretLocations { allLocations } parentDeployment { deploymentId }
}
"""
CREATE = """
mutation ($name: String!, $type: DeploymentAgentType, $inherit: Int) {
  createDeployment(deploymentName: $name, deploymentAgentType: $type, inheritPermsDeploymentId: $inherit) {
    __typename ...D ... on Error { message } ... on PythonError { className }
  }
}
"""
DELETE = """
mutation ($id: Int!) { deleteDeployment(deploymentId: $id) { ...D ... on Error { message } } }
"""


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "control.sqlite3")
    seed(opened, "demo")
    yield opened
    opened.close()


@pytest.fixture
def ask(store):
    plane = ControlPlane(full_schema(), store)
    caller = authenticate(store, DEFAULT_TOKEN)

    def ask(text, deployment="prod", **variables):
        text += DEPLOYMENT if "...D" in text else ""
        answer = plane.execute(parse(text), variables, deployment=deployment, caller=caller)
        assert answer.status == 200
        result = answer.result
        assert result.errors is None, result.errors
        (value,) = result.data.values()
        return value

    return ask


def test_the_demo_organization_has_two_deployments(ask):
    prod, staging = ask("{ fullDeployments { ...D } }")

    assert prod == {
        "__typename": "DagsterCloudDeployment",
        "deploymentId": 1,
        "deploymentName": "prod",
        "deploymentType": "PRODUCTION",
        "deploymentStatus": "ACTIVE",
        "agentType": "HYBRID",
        "isBranchDeployment": False,
        "organizationId": 1,
        "organizationName": "demo",
        "organizationStatus": "ACTIVE",
        "canAccessDeployment": True,
        "canDeleteDeployment": True,
        "canEditDeploymentSettings": True,
        "canEditDeploymentPermissions": True,
        "canHaveBranchDeployments": True,
        "commits": [],
        "deploymentSettings": {"__typename": "DeploymentSettings"},
        "editableSecretLocations": {"allLocations": True},
        "parentDeployment": None,
    }
    assert [row["isBranchDeployment"] for row in ask("{ deployments { ...D } }")] == [
        False,
        False,
        True,
    ]
    assert ask('{ deploymentByName(name: "staging") { ...D } }') == staging
    assert ask("{ currentDeployment { ...D } }", deployment="staging") == staging


def test_an_unknown_deployment(ask):
    text = '{ deploymentByName(name: "x") { __typename ... on Error { message } } }'

    assert ask(text) == {
        "__typename": "DeploymentNotFoundError",
        "message": "There is no deployment 'x'.",
    }


def test_a_deployment_is_created_and_deleted(ask, store):
    made = ask(CREATE, name="new", type="SERVERLESS", inherit=1)
    assert (made["deploymentName"], made["agentType"], made["deploymentId"]) == (
        "new",
        "SERVERLESS",
        4,
    )
    assert ask("{ fullDeployments { deploymentName } }")[-1] == {"deploymentName": "new"}

    deleted = made | {"deploymentStatus": "PENDING_DELETION"}
    assert ask(DELETE, id=4) == deleted
    assert ask("{ fullDeployments { ...D } }")[-1] == deleted
    store.set_setting("clock", 3600.0)
    assert len(ask("{ fullDeployments { deploymentName } }")) == 2
    assert ask(CREATE, name="new")["deploymentId"] == 5


@pytest.mark.parametrize(
    ("variables", "typename", "message"),
    [
        ({"name": "prod"}, "DuplicateDeploymentError", "There is a deployment 'prod' already."),
        (
            {"name": "x", "inherit": 9},
            "DeploymentNotFoundError",
            "There is no deployment with id 9.",
        ),
        ({"name": "_%@"}, "PythonError", "A deployment cannot be called '_%@': letters"),
    ],
)
def test_a_deployment_that_cannot_be_created(ask, variables, typename, message):
    answer = ask(CREATE, **variables)

    assert answer["__typename"] == typename
    assert answer.get("className") == ("InvalidDeploymentName" if "%" in message else None)
    assert answer["message"].startswith(message)
    assert len(ask("{ fullDeployments { deploymentName } }")) == 2


def test_the_plan_has_a_limit(ask):
    for number in range(8):
        assert ask(CREATE, name=f"d{number}")["deploymentName"]

    assert ask(CREATE, name="d8") == {
        "__typename": "DeploymentLimitError",
        "message": "The plan has 10 full deployments.",
    }


def test_the_last_deployment_stays(ask):
    text = DELETE.replace("...D", "__typename")
    assert ask(text, id=7)["__typename"] == "DeploymentNotFoundError"
    ask(DELETE, id=1)

    assert ask(text, id=2)["__typename"] == "DeleteFinalDeploymentError"
    found = ask("{ fullDeployments { deploymentStatus } }")
    assert [row["deploymentStatus"] for row in found] == ["PENDING_DELETION", "ACTIVE"]


def test_organization_and_identity(ask):
    text = "{ organization { name publicId status metadata { __typename } usersOrError { __typename ... on DagsterCloudUserList { users { email displayName } } } } }"
    assert ask(text) == {
        "name": "demo",
        "publicId": "demo",
        "status": "ACTIVE",
        "metadata": {"__typename": "DagsterCloudOrganizationMetadata"},
        "usersOrError": {
            "__typename": "DagsterCloudUserList",
            "users": ANY,
        },
    }
    text = "{ identity { currentDeployment { deploymentName } viewer { email userId } } }"
    assert ask(text, deployment="staging") == {
        "currentDeployment": {"deploymentName": "staging"},
        "viewer": {"email": "ada@example.com", "userId": 1},
    }
    assert ask("{ version }") == "0+sandbox"


def test_a_store_that_is_opened_again_keeps_what_it_has(ask, store, tmp_path):
    ask(DELETE, id=2)

    again = Store(tmp_path / "control.sqlite3")
    seed(again, "renamed")
    again.close()

    assert ask("{ organization { name } }") == {"name": "renamed"}
    assert ask("{ fullDeployments { organizationName deploymentStatus } }") == [
        {"organizationName": "renamed", "deploymentStatus": status}
        for status in ("ACTIVE", "PENDING_DELETION")
    ]


def test_what_a_failed_transaction_wrote_is_gone(store):
    def fail():
        with store.transaction():
            store.put("DagsterCloudUser", 70, {"email": "x"})
            assert store.get("DagsterCloudUser", 70)
            raise Failure("NoError", "no")

    with pytest.raises(Failure, match="no"):
        fail()

    assert store.get("DagsterCloudUser", 70) is None


def test_every_stored_value_and_every_resolver_has_its_place_in_the_schema(store):
    schema = full_schema()
    for name, kind in KINDS.items():
        fields = set(schema.type_map[name].fields)
        stored = {key for row in store.list(name) for key in row}
        assert stored - {"__typename"} - kind.private <= fields, name
        assert set(kind.computed) <= fields, name
    assert QUERIES.keys() <= schema.query_type.fields.keys()
    assert MUTATIONS.keys() <= schema.mutation_type.fields.keys()
    for root, table in ((schema.query_type, QUERIES), (schema.mutation_type, MUTATIONS)):
        for name, entry in table.items():
            resolver = entry.resolver
            given = {snake_case(argument) for argument in root.fields[name].args}
            assert given == set(resolver.__kwdefaults__ or ()) | {
                key
                for key in resolver.__annotations__
                if key not in {"_context", "context", "asked", "return"} - given
            }, name


SDL = """
interface Error { message: String! }
type PythonError implements Error { message: String! className: String }
type GoneError implements Error { message: String! }
type Thing { id: ID! }
type Many { things: [Thing!]! }
type Both { names: [String!]! others: [OneOrError!]! things: [Thing!]! }
type One { thing: Thing! }
union OneOrError = GoneError | PythonError | One
union ManyOrError = PythonError | Many
union BothOrError = PythonError | Both
enum Colour { RED GREEN }
interface Named { name: String! }
type Person implements Named { name: String! }
type Query {
  one: OneOrError! many: ManyOrError both: BothOrError plain: Thing
  colour: Colour! text: String! number: Float! yes: Boolean! list: [Int!]! union: OneOrError! named: Named! maybe: Int
}
"""


@pytest.fixture(scope="module")
def small():
    return build_schema(SDL)


def of(small, name):
    return small.query_type.fields[name].type


def test_success_types_hold_rows_and_lists(small):
    thing = {"__typename": "Thing", "id": "1"}

    assert fit(of(small, "one"), thing) == {"__typename": "One", "thing": thing}
    assert fit(of(small, "many"), [thing]) == {"__typename": "Many", "things": [thing]}
    assert fit(of(small, "both"), [thing]) == {"__typename": "Both", "things": [thing]}
    assert fit(of(small, "both"), ["a"]) == {"__typename": "Both", "names": ["a"]}
    one = {"__typename": "One"}
    assert fit(of(small, "both"), [one]) == {"__typename": "Both", "others": [one]}
    assert fit(of(small, "plain"), thing) == thing
    assert fit(of(small, "many"), None) is None
    with pytest.raises(TypeError, match="no member of ManyOrError holds Thing"):
        fit(of(small, "many"), thing)
    with pytest.raises(TypeError, match="holds int"):
        fit(of(small, "many"), 7)


def test_a_failure_becomes_what_the_field_has_for_it(small):
    body = Failure("GoneError", "gone").body

    assert error_value(of(small, "one"), body) == {"__typename": "GoneError", "message": "gone"}
    assert error_value(of(small, "many"), body) == {
        "__typename": "PythonError",
        "className": "GoneError",
        "message": "gone",
    }
    with pytest.raises(GraphQLError, match="gone") as info:
        error_value(of(small, "plain"), body)
    assert info.value.extensions == {"code": "GoneError"}


def test_values_that_no_one_gave(small):
    expected = {
        "colour": "RED",
        "text": "",
        "number": 0.0,
        "yes": False,
        "list": [],
        "union": {"__typename": "One"},
        "named": {"__typename": "Person"},
        "maybe": None,
    }

    assert {name: default_value(small, of(small, name)) for name in expected} == expected


def test_a_query_that_fails_is_answered_with_its_error(store, monkeypatch):
    def broken(context):
        raise Failure("UnauthorizedError", "no")

    monkeypatch.setitem(registry.QUERIES, "organization", Root(broken, None, overrides=False))
    plane = ControlPlane(full_schema(), store)
    caller = authenticate(store, DEFAULT_TOKEN)

    answer = plane.execute(parse("{ organization { name } }"), {}, deployment="prod", caller=caller)

    assert answer.result.errors[0].extensions == {"code": "UnauthorizedError"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("deploymentId", "deployment_id"), ("name", "name"), ("restartBranchCI", "restart_branch_ci")],
)
def test_names_of_arguments(name, expected):
    assert snake_case(name) == expected
