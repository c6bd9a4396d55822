"""Events select all that the schema has: what is left out stands here, with its reason."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    parse,
)
from kit.schema import load_schema

ROOT = Path(__file__).parents[2]
EXCUSED = {
    "*.pipelineName": "the run's job, which the run has",
    "*.runOrError": "the run itself",
    "*.solidHandleID": "the op's place within graphs: stepKey names the step",
    "*.stepStats": "of the whole step, which the run has",
    "ErrorChainLink.message": "that of its error",
    "LogsCapturedEvent.logKey": "the old name of fileKey",
    "PythonError.cause": "the first of causes",
}


@pytest.fixture(scope="module")
def schema():
    return load_schema()


@pytest.fixture(scope="module")
def fragments():
    files = sorted((ROOT / "queries").glob("*.graphql"))
    nodes = [node for file in files for node in parse(file.read_text()).definitions]
    return {n.name.value: n for n in nodes if isinstance(n, FragmentDefinitionNode)}


@pytest.fixture(scope="module")
def selected(schema, fragments):
    """The fields that are selected of each object type below an event."""
    found = defaultdict(set)

    def walk(kind, selections):
        possible = schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        for member in possible:
            walk_object(member, selections)

    def walk_object(kind, selections):
        for node in selections:
            if isinstance(node, FieldNode):
                name = node.name.value
                found[kind.name].add(name)
                if node.selection_set:
                    walk(get_named_type(kind.fields[name].type), node.selection_set.selections)
                continue
            spread = isinstance(node, FragmentSpreadNode)
            part = fragments[node.name.value] if spread else node
            on = schema.type_map[part.type_condition.name.value]
            if on is kind or (is_abstract_type(on) and schema.is_sub_type(on, kind)):
                walk_object(kind, part.selection_set.selections)

    walk(schema.type_map["DagsterRunEvent"], fragments["RunEvent"].selection_set.selections)
    return found


def left_out(schema, selected):
    return {
        f"{name}.{field}"
        for name in selected
        for field in schema.type_map[name].fields.keys() - selected[name]
    }


def test_every_event_type_is_walked(schema, selected):
    events = {member.name for member in schema.type_map["DagsterRunEvent"].types}
    assert events <= selected.keys()
    assert {"AssetCheckEvaluation", "PythonError", "TableColumn", "TypeCheck"} <= selected.keys()


def test_every_field_is_selected_or_excused(schema, selected):
    missing = left_out(schema, selected)
    assert {m for m in missing if not any(fnmatchcase(m, e) for e in EXCUSED)} == set()


def test_every_excuse_is_needed(schema, selected):
    missing = left_out(schema, selected)
    assert [e for e in EXCUSED if not any(fnmatchcase(m, e) for m in missing)] == []


def test_objects_are_not_left_out_as_a_whole(schema, selected):
    """A field that holds an object is followed into it."""
    for name, fields in selected.items():
        for field in fields:
            inner = get_named_type(schema.type_map[name].fields[field].type)
            if is_composite_type(inner) and not is_abstract_type(inner):
                assert inner.name in selected
