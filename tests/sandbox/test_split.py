"""An operation that is split, sent to two sides and merged is answered as if there were one."""

from __future__ import annotations

import asyncio
import json
import os
import zlib
from collections import Counter

import pytest

pytest.importorskip("graphql")

from graphql import (
    OperationType,
    build_ast_schema,
    execute,
    parse,
    validate,
)
from kit.operations import Operations, Resolvers

from dagster_plus_sdk.sandbox.front.answers import HttpAnswer, run_parts
from dagster_plus_sdk.sandbox.front.documents import Documents, InvalidDocumentError
from dagster_plus_sdk.sandbox.front.recording import strip_marks
from dagster_plus_sdk.sandbox.front.split import RealRoot, Splitter
from dagster_plus_sdk.sandbox.schema import full_schema, schema_path

#: How many random operations there are; more for a long run.
OPERATIONS = int(os.environ.get("SPLIT_OPERATIONS", "100"))
NAMES = {"CloudQuery": "Query", "CloudMutation": "Mutation"}
KINDS = {"CloudQuery": OperationType.QUERY, "CloudMutation": OperationType.MUTATION}


def is_real(name):
    """Tell whether the other side has a root field: half of them, always the same."""
    return name == "version" or zlib.crc32(name.encode()) % 2 == 0


@pytest.fixture(scope="module")
def sides():
    """A schema with fewer root fields, on roots of other names, and what splits between it and the full one."""
    tree = parse(schema_path().read_text())
    roots = {}
    for node in tree.definitions:
        if getattr(node, "name", None) and node.name.value in NAMES:
            kind, node.name.value = KINDS[node.name.value], NAMES[node.name.value]
            node.fields = tuple(f for f in node.fields if is_real(f.name.value))
            fields = frozenset(f.name.value for f in node.fields)
            roots[kind] = RealRoot(node.name.value, fields)
        for root in getattr(node, "operation_types", ()):
            root.type.name.value = NAMES.get(root.type.name.value, root.type.name.value)
    return build_ast_schema(tree, assume_valid=True), Splitter(full_schema(), roots)


class Differ:
    """Executes one operation in both ways."""

    def __init__(self, sides, text, variables, seed=0):
        self.real, splitter = sides
        self.full = full_schema()
        self.text, self.variables, self.seed = text, variables, seed
        self.plan = Documents(self.full, splitter).plan(text, "Main", variables)
        self.calls = []

    def whole(self):
        return self.execute(self.full, parse(self.text), self.variables)

    def execute(self, schema, document, variables):
        resolvers = Resolvers(self.seed)
        result = execute(
            schema,
            document,
            variable_values=variables,
            operation_name="Main",
            field_resolver=resolvers,
        )
        self.calls.append(resolvers.calls)
        errors = [error.formatted for error in result.errors or ()]
        strip_marks(result.data)
        for error in errors:
            # A null where none may be is reported with the root type's own name.
            for name, real in NAMES.items():
                error["message"] = error["message"].replace(f" {real}.", f" {name}.")
        return HttpAnswer(200, result.data, errors)

    async def run(self, part):
        if part.real is None:
            return self.execute(self.full, part.document, self.variables)
        document = parse(part.real.text)
        assert validate(self.real, document) == []
        used = {k: v for k, v in self.variables.items() if k in part.real.variables}
        return self.execute(self.real, document, used)

    def split(self):
        return asyncio.run(run_parts(self.full, self.plan, self.variables, self.run))


def same(whole, split):
    """Tell whether two answers are the same, key order included."""
    if json.dumps(whole.data) != json.dumps(split.data):
        return False
    if whole.data is None:
        # Which of several failing fields ends it is a race: split, both sides report theirs.
        return bool(whole.errors) and all(error in split.errors for error in whole.errors)
    return whole.errors == split.errors


def shown(answer):
    return json.dumps({"data": answer.data, "errors": answer.errors}, indent=1)


def test_random_operations(sides):
    seen = Counter()
    for seed in range(OPERATIONS):
        text, variables = Operations(full_schema(), seed).make()
        try:
            differ = Differ(sides, text, variables, seed)
        except InvalidDocumentError as error:
            # The one rule that the maker of operations does not keep.
            seen["invalid"] += 1
            message = str(error)
            break_rule = "can only be used once" in message
            if not break_rule:
                raise
            continue
        whole, split = differ.whole(), differ.split()
        assert same(whole, split), (seed, text, variables, shown(whole), shown(split))
        if differ.plan.is_mutation:
            assert differ.calls[0] == [key for calls in differ.calls[1:] for key in calls], seed
        real = {part.real is not None for part in differ.plan.parts}
        seen["mixed" if len(real) > 1 else "real" if True in real else "local"] += 1
        seen["mutations"] += differ.plan.is_mutation
        seen["with errors"] += bool(whole.errors)
        seen["null"] += whole.data is None
    assert min(seen["mixed"], seen["mutations"], seen["with errors"]) > OPERATIONS / 10
    assert seen["real"]
    assert seen["local"]


def split(sides, text, variables=None):
    """Return the texts for the real side, None for the other, and the merged answer."""
    differ = Differ(sides, text, variables or {})
    whole, answer = differ.whole(), differ.split()
    assert same(whole, answer)
    return [part.real and part.real.text for part in differ.plan.parts], answer


def of_side(real, kind="query"):
    """Return the names of fields without arguments that hold a plain value, on one side."""
    from graphql import is_leaf_type
    from graphql.type import get_named_type

    root = getattr(full_schema(), f"{kind}_type")
    return [
        name
        for name, field in root.fields.items()
        if is_real(name) is real and not field.args and is_leaf_type(get_named_type(field.type))
    ]


def test_what_stays_keeps_its_place(sides):
    real, local = of_side(True)[0], of_side(False)[0]
    text = f"query Main {{\n  a: {local}\n  ...F b: {real} # {local}\n}}\nfragment F on CloudQuery {{ c: {local} }}"

    (sent, none), _ = split(sides, text)

    assert none is None
    assert len(sent) == len(text)
    assert sent.split() == ["query", "Main", "{", "b:", real, "#", local, "}"]
    assert sent.index(f"b: {real}") == text.index(f"b: {real}")
    assert [line.strip() for line in sent.split("\n")][1] == ""


def test_a_root_condition_is_renamed_in_place(sides):
    real = of_side(True)[0]
    text = f"query Main {{ ... on CloudQuery {{ {real} }} ...F }} fragment F on CloudQuery {{ x: {real} }}"

    (sent,), _ = split(sides, text)

    assert sent == text.replace("CloudQuery", "Query     ")


def test_unused_variables_and_their_parentheses_go(sides):
    real, local = of_side(True)[0], of_side(False)[0]
    text = (
        f"query Main($a: Boolean!, $b: Boolean!) {{ {local} @skip(if: $a) {real} @skip(if: $b) }}"
    )
    both = {"a": False, "b": False}

    (sent, _), _ = split(sides, text, both)
    assert "$a" not in sent
    assert "($" not in sent.replace(" ", "") or "$b" in sent

    (sent, _), _ = split(
        sides, text.replace(" @skip(if: $b)", "").replace(", $b: Boolean!", ""), both
    )
    assert "(" not in sent


def test_a_document_of_the_real_side_is_sent_as_it_is(sides):
    real = of_side(True)[0]
    text = f"query Main {{ {real} }}"

    assert split(sides, text)[0] == [text]


def test_a_key_that_is_skipped_at_its_first_place_has_the_place_of_its_second(sides):
    real, local = of_side(True)[0], of_side(False)[0]
    text = f"query Main($s: Boolean = true) {{ k: {real} @skip(if: $s) l: {local} k: {real} }}"

    assert list(split(sides, text)[1].data) == ["l", "k"]
    assert list(split(sides, text, {"s": False})[1].data) == ["k", "l"]


def test_nothing_is_asked_where_all_is_skipped(sides):
    texts, answer = split(sides, "query Main { version @skip(if: true) }")

    assert texts == []
    assert (answer.status, answer.data) == (200, {})


def test_nothing_runs_with_a_wrong_variable(sides):
    local = of_side(False)[0]
    text = f"query Main($s: Boolean!) {{ {local} @skip(if: $s) version }}"
    differ = Differ(sides, text, {"s": "yes"})

    answer = differ.split()

    assert (answer.status, answer.data, differ.calls) == (400, None, [])
    assert "Variable '$s' got invalid value" in answer.errors[0]["message"]


def test_introspection_is_never_sent(sides):
    texts, answer = split(sides, "query Main { __schema { queryType { name } } __typename }")

    assert texts == [None]
    assert answer.data == {
        "__schema": {"queryType": {"name": "CloudQuery"}},
        "__typename": "CloudQuery",
    }


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("{", None, "Syntax Error"),
        ("{ nothing }", None, "Cannot query field 'nothing' on type 'CloudQuery'"),
        ("query A { version } query B { version }", None, "Must provide operation name"),
        ("query A { version }", "C", "Unknown operation named 'C'"),
        ('subscription { capturedLogs(logKey: ["a"]) { stdout } }', None, "need a websocket"),
    ],
)
def test_what_cannot_be_planned(sides, text, name, message):
    documents = Documents(full_schema(), sides[1])

    for _ in range(2):
        with pytest.raises(InvalidDocumentError, match="^" + message.replace("need", ".*need")):
            documents.plan(text, name, {})


def test_plans_are_remembered_up_to_a_number(sides):
    documents = Documents(full_schema(), sides[1], size=2)
    plan = documents.plan("{ version }", None, {})

    documents.plan("{ a: version }", None, {})
    assert documents.plan("{ version }", None, {}) is plan
    documents.plan("{ b: version }", None, {})
    assert documents.plan("{ version }", None, {}) is plan
    documents.plan("{ c: version }", None, {})
    documents.plan("{ d: version }", None, {})
    assert documents.plan("{ version }", None, {}) is not plan
