"""Every operation of queries/ is sent to the control plane: it answers, or says that it is not in the sandbox and why.

``tools/sandbox_coverage.py`` sorts the root fields: those of open-source Dagster are the real Dagster's and are left out here; of the
others each is answered from state, or stands in `MISSING`. A failure names the operation. An error of the answer, such as that something
is not found, is an answer; a resolver that breaks on the values of an operation is none.
"""

from __future__ import annotations

import json

import pytest

pytest.importorskip("dagster_graphql")

import sandbox_coverage
from graphql import FieldNode, GraphQLError, parse
from kit.answers_variables import build

from dagster_plus_sdk.sandbox.control import ControlPlane, Store, seed
from dagster_plus_sdk.sandbox.control.callers import authenticate
from dagster_plus_sdk.sandbox.control.missing import MISSING
from dagster_plus_sdk.sandbox.control.plane import NOT_IN_SANDBOX
from dagster_plus_sdk.sandbox.control.registry import SWITCHES
from dagster_plus_sdk.sandbox.control.seed import DEFAULT_TOKEN
from dagster_plus_sdk.sandbox.schema import full_schema

ROOTS = sandbox_coverage.collect()
OPERATIONS = sorted({name for root in ROOTS for name in root.operations})
#: Fields that are answered from what the real Dagster has under another name: there is none behind these tests.
RENAMED = {root.name for root in ROOTS if root.answered_by == sandbox_coverage.DAGSTER}


@pytest.fixture(scope="module")
def planted():
    store = Store(":memory:")
    seed(store, "demo")
    yield store, store.dump()
    store.close()


@pytest.fixture
def send(planted):
    """Send an operation to the demo organization; return the root fields, and the errors of those that only Dagster+ has."""
    store, dumped = planted
    with store.transaction():
        store.load(dumped)
    plane = ControlPlane(full_schema(), store)

    def send(operation):
        tree = parse(operation.document)
        selected = tree.definitions[0].selection_set.selections
        fields = {
            (node.alias or node.name).value: node.name.value
            for node in selected
            if isinstance(node, FieldNode)
        }
        real = {name for kind, name in sandbox_coverage.real_fields() if kind == operation.kind}
        answer = plane.execute(
            tree,
            json.loads(operation.body())["variables"],
            deployment="prod",
            caller=authenticate(store, DEFAULT_TOKEN),
        )
        mine = {name for name in fields.values() if name not in real | RENAMED}
        errors = [
            error
            for error in answer.result.errors or ()
            if error.path is None or fields[error.path[0]] in mine
        ]
        return mine, errors

    return send


@pytest.mark.parametrize("only_required", [False, True], ids=["all", "required"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_answered_or_missing(send, caplog, name, only_required):
    fields, errors = send(build(name, only_required=only_required))
    refused = {error.message for error in errors if error.extensions.get("code") == NOT_IN_SANDBOX}
    assert refused == {
        f"'{field}' is not in the sandbox: {MISSING[field]}" for field in fields & MISSING.keys()
    }
    broken = [
        error
        for error in errors
        if not isinstance(error.original_error or error, GraphQLError) or not error.extensions
    ]
    assert broken == []
    assert "broke" not in caplog.text


def test_the_share_of_what_only_dagster_plus_has():
    assert sandbox_coverage.problems(ROOTS, MISSING) == []
    counted = sandbox_coverage.shares(ROOTS)
    assert counted[True] / counted.total() >= sandbox_coverage.LEAST


def test_every_switch_has_a_default_another_choice_and_a_question():
    for name, switch in SWITCHES.items():
        assert len(set(switch.choices)) == len(switch.choices) >= 2, name
        assert switch.about.endswith((".", "?")), name
