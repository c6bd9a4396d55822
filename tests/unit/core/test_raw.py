"""Documents that somebody else wrote."""

from __future__ import annotations

import json

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from dagster_plus_sdk._core.errors import InvalidInputError, InvalidResponseError
from dagster_plus_sdk._core.raw import RawOperation, operations_of

DOCUMENTS = [
    ("{ a }", [(None, "query")]),
    ("query { a }", [(None, "query")]),
    ("query Q { a }", [("Q", "query")]),
    ("query Q{a}", [("Q", "query")]),
    ("mutation M($x: In = {a: {b: [1]}}) { m(x: $x) { __typename } }", [("M", "mutation")]),
    ("mutation ($query: Int) { m(query: $query) }", [(None, "mutation")]),
    ("subscription S @live { s }", [("S", "subscription")]),
    ("query @cached(ttl: 5, of: {query: 1}) { a }", [(None, "query")]),
    ("query A { a } mutation B { b }", [("A", "query"), ("B", "mutation")]),
    ("fragment mutation on Query { a } query A { ...mutation }", [("A", "query")]),
    ("fragment F on Query { query mutation } { ...F }", [(None, "query")]),
    ("query query { mutation }", [("query", "query")]),
    ("query mutation { a }", [("mutation", "query")]),
    ("# mutation M {\nquery Q { a }", [("Q", "query")]),
    ('query Q { a(x: "} mutation M {") }', [("Q", "query")]),
    ('query Q { a(x: "\\"} mutation M {") }', [("Q", "query")]),
    ('query Q { a(x: """} "mutation\\""" M {""") }', [("Q", "query")]),
]


@pytest.mark.parametrize(("document", "found"), DOCUMENTS)
def test_operations_are_found(document, found):
    assert operations_of(document) == found


@pytest.mark.parametrize("document", [document for document, _ in DOCUMENTS])
def test_a_real_parser_finds_the_same(document):
    definitions = [d for d in parse(document).definitions if d.kind == "operation_definition"]
    real = [(d.name.value if d.name else None, d.operation.value) for d in definitions]
    assert operations_of(document) == real


@given(st.text(alphabet='{}()[]"\\#\n aqQ_mutation$@', max_size=60))
def test_no_text_breaks_it(document):
    assert all(kind in ("query", "mutation", "subscription") for _, kind in operations_of(document))


@pytest.mark.parametrize(
    ("document", "wanted", "name", "kind"),
    [
        ("{ a }", None, "anonymous query", "query"),
        ("mutation { a }", None, "anonymous mutation", "mutation"),
        ("query A { a } mutation B { b }", "B", "B", "mutation"),
        ("query A { a }", "A", "A", "query"),
    ],
)
def test_the_operation_that_is_run(document, wanted, name, kind):
    operation = RawOperation(document, None, wanted)
    assert (operation.name, operation.kind, operation.document) == (name, kind, document)


@pytest.mark.parametrize(
    ("document", "wanted", "says"),
    [
        ("", None, "has no operation"),
        ("fragment F on Query { a }", None, "has no operation"),
        ("query A { a } query B { b }", None, "several operations, choose one of A, B"),
        ("query A { a }", "C", "no operation 'C', but A"),
        ("{ a }", "A", "no operation 'A', but None"),
    ],
)
def test_no_choice(document, wanted, says):
    with pytest.raises(InvalidInputError, match=says):
        RawOperation(document, None, wanted)


def test_the_request():
    named = RawOperation("query Q { a }", {"x": None}, None)
    assert json.loads(named.body()) == {
        "query": "query Q { a }", "variables": {"x": None}, "operationName": "Q",
    }  # fmt: skip
    assert json.loads(RawOperation("{ a }", None, None).body()) == {
        "query": "{ a }",
        "variables": {},
    }
    with pytest.raises(InvalidInputError, match="JSON compliant"):
        RawOperation("{ a }", {"x": float("nan")}, None).body()


def decoded(body):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return RawOperation("{ a }", None, None).decode_envelope(content)


def test_the_answer():
    body = {"data": {"a": 1}, "errors": [{"message": "m"}], "extensions": {"e": 1}, "more": 1}
    envelope = decoded(body)
    assert (envelope.data, envelope.errors, envelope.extensions) == (
        {"a": 1}, [{"message": "m"}], {"e": 1},
    )  # fmt: skip
    assert decoded({"maintenance": {"message": "m"}}).maintenance == {"message": "m"}
    assert decoded({"data": None}).data is None


@pytest.mark.parametrize("body", [[], 5, None, {}, {"detail": 1}, {"data": 5}, {"data": [1]}])
def test_json_that_is_no_answer(body):
    with pytest.raises(InvalidResponseError, match="no GraphQL"):
        decoded(body)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"data": {"a', b"\xff\xfe\xfa"])
def test_what_is_no_json(body):
    with pytest.raises(InvalidResponseError, match=f"cut off, after {len(body)} bytes") as caught:
        decoded(body)
    assert caught.value.__context__ is None
