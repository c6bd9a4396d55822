"""Results of operations: open unions, and `.ok`."""

from __future__ import annotations

import json

import pytest

from dagster_plus_sdk._core.errors import (
    InvalidResponseError,
    NotFoundError,
    ResultError,
    UnexpectedResultError,
)
from dagster_plus_sdk._core.models import ErrorResult, Unknown

ERRORS = """
    interface Error { message: String! }
    type RunNotFoundError implements Error { message: String! }
    type PythonError implements Error { message: String! className: String stack: [String!]! }
    type RunConflict implements Error { message: String! owner: String! }
    type Run { id: ID! }
    type Backfill { id: ID! }
"""
FIELDS = "fragment ErrorFields on Error { message ... on PythonError { className stack } }"
GET_RUN = (
    ERRORS
    + """
    union RunOrError = Run | RunNotFoundError | PythonError | RunConflict
    type Query { run: RunOrError! }
""",
    FIELDS
    + """
    fragment Run on Run { id }
    query GetRun { run { ...Run ... on RunConflict { owner } ...ErrorFields } }
""",
)


def get_run(package, **run):
    return package.decode("get_run", {"run": run})


def test_ok_returns_the_success(generate):
    package = generate(*GET_RUN)
    assert get_run(package, __typename="Run", id="1").ok == package.model("Run")(id="1")


def test_ok_raises_for_errors_and_keeps_what_the_server_said(generate):
    package = generate(*GET_RUN)
    result = get_run(package, __typename="RunNotFoundError", message="no run 1")
    assert type(result.run) is ErrorResult
    with pytest.raises(NotFoundError, match="no run 1") as error:
        _ = result.ok
    assert error.value.operation == "GetRun"
    python = {"message": "m", "className": "KeyError", "stack": ["a", "b"]}
    with pytest.raises(ResultError) as error:
        _ = get_run(package, __typename="PythonError", **python).ok
    assert error.value.stack == ["a", "b"]
    assert error.value.result.class_name == "KeyError"


def test_an_error_with_fields_of_its_own_is_an_error_result(generate):
    package = generate(*GET_RUN)
    result = get_run(package, __typename="RunConflict", message="m", owner="o")
    assert isinstance(result.run, ErrorResult)
    assert result.run.owner == "o"
    with pytest.raises(ResultError, match="m"):
        _ = result.ok


@pytest.mark.parametrize(
    ("typename", "expected"),
    [("ShinyRun", UnexpectedResultError), ("QuotaNotFoundError", ResultError)],
)
def test_types_that_no_one_knew_are_kept_and_raise(generate, typename, expected):
    result = get_run(generate(*GET_RUN), __typename=typename, message="hm", id="1")
    assert type(result.run) is Unknown
    assert result.run.id == "1"
    with pytest.raises(expected, match="hm"):
        _ = result.ok


def test_a_known_type_that_does_not_fit_is_no_unknown_one(generate):
    with pytest.raises(InvalidResponseError, match=r"run\.known\.Run\.id: Field required"):
        get_run(generate(*GET_RUN), __typename="Run")


def test_null_where_a_result_was_promised_raises(generate):
    schema = GET_RUN[0].replace("run: RunOrError!", "run: RunOrError")
    package = generate(schema, GET_RUN[1])
    with pytest.raises(UnexpectedResultError):
        _ = package.decode("get_run", {"run": None}).ok


def test_several_successes(generate):
    schema = ERRORS + "union Any = Run | Backfill | PythonError\ntype Query { any: Any! }"
    queries = (
        FIELDS + "query GetAny { any { ... on Run { id } ... on Backfill { id } ...ErrorFields } }"
    )
    package = generate(schema, queries)
    assert "def ok(self) -> GetAnyBackfill:" in package.text("results/get_any.py")
    for name in ("Run", "Backfill"):
        found = package.decode("get_any", {"any": {"__typename": name, "id": "1"}}).ok
        assert found.typename__ == name
    queries = queries.replace("on Backfill { id }", "on Backfill { key: id }")
    package = generate(schema, queries)
    assert "def ok(self) -> GetAnyBackfill | GetAnyRun:" in package.text("results/get_any.py")
    assert package.decode("get_any", {"any": {"__typename": "Run", "id": "1"}}).ok.id == "1"
    with pytest.raises(ResultError):
        _ = package.decode("get_any", {"any": {"__typename": "PythonError", "stack": []}}).ok


def test_fields_that_are_no_unions(generate):
    schema = ERRORS + "type Query { run: Run runs: [Run!] version: String! done: Boolean! }"
    queries = """
        fragment Run on Run { id }
        query GetRun { run { ...Run } }
        query ListRuns { runs { ...Run } }
        query GetVersion { version }
        query GetDone { done }
    """
    package = generate(schema, queries)
    assert package.decode("get_run", {"run": None}).ok is None
    assert package.decode("get_run", {"run": {"id": "1"}}).ok.id == "1"
    assert package.decode("list_runs", {"runs": None}).ok is None
    assert package.decode("get_version", {"version": "1"}).ok == "1"
    assert package.decode("get_done", {"done": False}).ok is False
    assert "def ok(self) -> Run | None:" in package.text("results/get_run.py")
    assert "def ok(self) -> bool:" in package.text("results/get_done.py")


def test_a_nullable_union_without_errors_may_be_null(generate):
    schema = ERRORS + "union Thing = Run | Backfill\ntype Query { thing: Thing }"
    queries = "query GetThing { thing { ... on Run { id } ... on Backfill { key: id } } }"
    package = generate(schema, queries)
    assert package.decode("get_thing", {"thing": None}).ok is None
    with pytest.raises(UnexpectedResultError):
        _ = package.decode("get_thing", {"thing": {"__typename": "Novel"}}).ok


def test_several_root_fields_have_no_ok(generate):
    schema = ERRORS + "type Query { a: Int! b: Int! }"
    result = generate(schema, "query GetBoth { a b }").decode("get_both", {"a": 1, "b": 2})
    assert (result.a, result.b) == (1, 2)
    assert not hasattr(result, "ok")


def test_a_success_without_fields(generate):
    schema = ERRORS + "type Done { id: ID }\nunion R = Done | PythonError\ntype Query { r: R! }"
    queries = FIELDS + "query StartIt { r { ... on Done { __typename } ...ErrorFields } }"
    package = generate(schema, queries)
    assert package.decode("start_it", {"r": {"__typename": "Done"}}).ok.typename__ == "Done"


def test_members_with_equal_bodies_are_one_class(generate):
    schema = """
        interface Named { name: String! }
        type A implements Named { name: String! }
        type B implements Named { name: String! }
        type C { size: Int! }
        union Thing = A | B | C
        type Query { thing: Thing! }
    """
    queries = "query GetThing { thing { ... on Named { name } ... on C { size } } }"
    package = generate(schema, queries)
    things = [
        package.decode("get_thing", {"thing": {"__typename": name, "name": "n"}}).ok
        for name in "AB"
    ]
    assert type(things[0]) is type(things[1])
    assert type(things[0]).__name__ == "GetThingNamed"
    assert [thing.typename__ for thing in things] == ["A", "B"]


def test_members_whose_times_differ_are_two_classes(generate):
    schema = """
        type A { at: Float! }
        type B { at: Float! }
        union Thing = A | B
        type Query { thing: Thing! }
    """
    queries = "query GetThing { thing { ... on A { at } ... on B { at } } }"
    package = generate(schema, queries, times=("A.at",), not_times=("B.at",))
    assert package.decode("get_thing", {"thing": {"__typename": "A", "at": 1.0}}).ok.at.year == 1970
    assert package.decode("get_thing", {"thing": {"__typename": "B", "at": 1.0}}).ok.at == 1.0


def test_an_interface_with_none_but_its_own_fields_is_one_class(generate):
    schema = """
        interface Named { name: String! }
        type A implements Named { name: String! }
        type Query { thing: Named! }
    """
    package = generate(schema, "query GetThing { thing { name } }")
    thing = package.decode("get_thing", {"thing": {"__typename": "New", "name": "n"}}).ok
    assert (thing.name, thing.typename__) == ("n", "New")


def test_a_narrow_fragment_does_not_stand_for_a_wider_union(generate):
    schema = """
        interface Named { name: String! }
        type A implements Named { name: String! }
        type C { size: Int! }
        union Thing = A | C
        type Query { thing: Thing! }
    """
    queries = "fragment Named on Named { name } query GetThing { thing { ...Named } }"
    package = generate(schema, queries)
    thing = package.decode("get_thing", {"thing": {"__typename": "A", "name": "n"}}).ok
    assert type(thing) is package.model("Named")
    with pytest.raises(UnexpectedResultError):
        _ = package.decode("get_thing", {"thing": {"__typename": "C"}}).ok


def test_subscriptions(generate):
    schema = ERRORS + "type Query { a: Int }\ntype Subscription { runs: Run! }"
    queries = "fragment Run on Run { id } subscription FollowRuns { runs { ...Run } }"
    package = generate(schema, queries)
    operation = package.operations.follow_runs()
    assert operation.kind == "subscription"
    assert operation.decode(json.dumps({"data": {"runs": {"id": "1"}}}).encode()).ok.id == "1"
