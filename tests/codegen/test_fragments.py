"""Fragments: a class of its own, the same wherever it is selected."""

from __future__ import annotations

import pickle

from dagster_plus_sdk._core.models import BaseModel, ErrorResult, Unknown

SCHEMA = """
    interface Error { message: String! }
    interface Event { id: ID! level: Level! }
    interface Failure implements Event { id: ID! level: Level! reason: String }
    enum Level { INFO ERROR }
    type Started implements Event { id: ID! level: Level! }
    type Ended implements Event { id: ID! level: Level! }
    type Crashed implements Event & Failure { id: ID! level: Level! reason: String code: Int! }
    type Skipped implements Event & Failure { id: ID! level: Level! reason: String }
    type Wrote implements Event { id: ID! level: Level! rows: Int! tag: Tag }
    type Tag { key: String! value: String! }
    type Run { id: ID! name: String! tags: [Tag!]! events: [Event!]! parent: Run }
    type NotFoundError implements Error { message: String! }
    union RunOrError = Run | NotFoundError
    type Query { run(id: ID!): RunOrError! runs: [Run!]! events: [Event!]! }
"""
QUERIES = """
    fragment ErrorFields on Error { message }
    fragment Tag on Tag { key value }
    fragment RunSummary on Run { id tags { ...Tag } }
    fragment Run on Run { ...RunSummary name parent { ...RunSummary } }
    fragment Event on Event {
      id level
      ... on Failure { reason }
      ... on Crashed { code }
      ... on Wrote { rows tag { ...Tag } }
    }
    query GetRun($id: ID!) { run(id: $id) { ...Run ...ErrorFields } }
    query ListRuns { runs { ...RunSummary } }
    query ListEvents { events { ...Event } }
"""
RUN = {"__typename": "Run", "id": "1", "name": "n", "tags": [{"key": "a", "value": "b"}]}


def test_a_fragment_gives_its_own_class_everywhere(generate):
    package = generate(SCHEMA, QUERIES)
    run = package.decode("get_run", {"run": {**RUN, "parent": RUN}}, id="1").ok
    assert type(run) is package.model("Run")
    assert type(run.parent) is package.model("RunSummary")
    assert type(run.tags[0]) is type(run.parent.tags[0]) is package.model("Tag")
    listed = package.decode("list_runs", {"runs": [RUN]}).ok
    assert type(listed[0]) is package.model("RunSummary")
    assert isinstance(run, package.model("RunSummary"))


def test_equality_and_pickles_keep_the_class(generate):
    package = generate(SCHEMA, QUERIES)
    first = package.decode("get_run", {"run": RUN}, id="1").ok
    again = package.decode("get_run", {"run": RUN}, id="1").ok
    assert first == again
    assert type(pickle.loads(pickle.dumps(first))) is package.model("Run")
    assert package.model("Tag")(key="a", value="b") == first.tags[0]


def test_the_typename_is_known_and_not_shown(generate):
    package = generate(SCHEMA, QUERIES)
    run = package.decode("get_run", {"run": RUN}, id="1").ok
    assert run.typename__ == "Run"
    assert "typename" not in repr(run)
    dumped = {*run.model_dump(), *run.model_dump(mode="json"), *run.model_dump(by_alias=True)}
    assert dumped == {"id", "name", "tags", "parent"}


def test_an_interface_fragment_is_the_base_of_its_members(generate):
    package = generate(SCHEMA, QUERIES)
    common = {"id": "1", "level": "INFO"}
    events = [
        {"__typename": "Started", **common},
        {"__typename": "Skipped", **common, "reason": "r"},
        {"__typename": "Crashed", **common, "reason": "r", "code": 3},
        {"__typename": "Wrote", **common, "rows": 2, "tag": {"key": "a", "value": "b"}},
        {"__typename": "Invented", **common, "spin": 4},
    ]
    decoded = package.decode("list_events", {"events": events}).ok
    names = ["Event", "Failure", "Crashed", "Wrote", "UnknownEvent"]
    assert [type(event) for event in decoded] == [package.model(name) for name in names]
    assert all(isinstance(event, package.model("Event")) for event in decoded)
    assert isinstance(decoded[2], package.model("Failure"))
    assert [event.typename__ for event in decoded] == [e["__typename"] for e in events]
    assert decoded[4].spin == 4
    assert isinstance(decoded[4], Unknown)
    assert decoded[4].model_dump()["spin"] == 4


def test_a_member_named_by_the_table(generate):
    package = generate(SCHEMA, QUERIES, member_names={"Event.Failure": "FailedEvent"})
    assert issubclass(package.model("Crashed"), package.model("FailedEvent"))


def test_a_fragment_that_contains_another_wins(generate):
    queries = """
        fragment Entry on Event { id }
        fragment WroteEntry on Wrote { ...Entry rows }
        query ListEvents { events { ...Entry ...WroteEntry } }
    """
    package = generate(SCHEMA, queries)
    events = [
        {"__typename": "Wrote", "id": "1", "rows": 2},
        {"__typename": "Ended", "id": "2"},
        {"__typename": "Invented", "id": "3", "x": 1},
    ]
    decoded = package.decode("list_events", {"events": events}).ok
    names = ["WroteEntry", "Entry", "UnknownEntry"]
    assert [type(event) for event in decoded] == [package.model(name) for name in names]
    assert "typename__" not in decoded[0].model_dump()


def test_an_error_type_as_a_fragment_is_an_error_result(generate):
    queries = """
        fragment Missing on NotFoundError { message }
        fragment Run on Run { id }
        query GetRun($id: ID!) { run(id: $id) { ...Run ...Missing } }
    """
    package = generate(SCHEMA, queries)
    assert issubclass(package.model("Missing"), ErrorResult)
    assert issubclass(package.model("Run"), BaseModel)
    assert package.model("Missing")(message="m").typename__ == "NotFoundError"
