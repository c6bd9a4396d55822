"""Tables: chosen columns are there in the models; all other models show what fits into a cell."""

from __future__ import annotations

import types
from typing import Annotated, Union, get_args, get_origin

import pytest
from kit.command_lines import leaves

import dagster_plus_sdk
from dagster_plus_sdk.cli.printing.asked import IDS
from dagster_plus_sdk.cli.printing.columns import COLUMNS, columns_of
from dagster_plus_sdk.cli.printing.text import pick

#: Those of no generated model: their records are made by hand.
PLAIN = {"AssetKey", "Setting"}


def models_in(annotation):
    """The models in a type, and those that they may be at run time."""
    if get_origin(annotation) in (Annotated, Union, types.UnionType, list):
        for part in get_args(annotation):
            yield from models_in(part)
    elif hasattr(annotation, "model_fields"):
        yield annotation
        for special in annotation.__subclasses__():
            yield from models_in(special)


def exists(annotation, path):
    """Tell whether a path can lead somewhere."""
    if not path:
        return True
    if path[0] == "#":
        return list in map(get_origin, (annotation, *get_args(annotation)))
    return any(
        exists(model.model_fields[path[0]].annotation, path[1:])
        for model in models_in(annotation)
        if path[0] in model.model_fields
    )


@pytest.mark.parametrize("model", sorted(COLUMNS.keys() - PLAIN))
def test_chosen_columns_are_in_the_model(model):
    for title, path in columns_of(model, ["any"]):
        assert title == title.upper()
        assert exists(getattr(dagster_plus_sdk, model), path.split(".")), path


@pytest.mark.parametrize(
    ("model", "path"), [pair for pair in IDS.items() if pair[1]], ids=lambda text: text
)
def test_ids_are_in_the_model(model, path):
    assert exists(getattr(dagster_plus_sdk, model), path.split("."))


def test_a_path_that_leads_nowhere_is_found():
    user = dagster_plus_sdk.User
    assert exists(user, ["details", "email"])
    for wrong in ("mail", "details.mail", "licensed_role.x", "details.#"):
        assert not exists(user, wrong.split("."))


def test_every_chosen_table_is_that_of_a_command():
    listed = {entry.get("model") for entry in leaves().values()}
    assert COLUMNS.keys() <= listed


def test_nested_fields_are_left_out_unless_nothing_is_left():
    assert columns_of("Unknown", ["id", "grants", "is_on"], ["grants"]) == [
        ("ID", "id"),
        ("IS ON", "is_on"),
    ]
    assert columns_of("Unknown", ["grants"], ["grants"]) == [("GRANTS", "grants")]
    assert columns_of("", []) == [("VALUE", "")]


def test_a_count():
    assert pick({"a": {"b": [1, 2]}}, "a.b.#") == 2
    assert pick({"a": None}, "a.#") is None


@pytest.mark.parametrize(
    ("words", "title", "first"),
    [
        ("user list", "EMAIL NAME ROLE ID", "email-1@example.com name-1 ADMIN 1"),
        ("team list", "NAME MEMBERS ROLE ID", "name-1 2 ADMIN id-1"),
        ("env-var list", "NAME CONSUMERS", "name-1 2"),
        ("pin list --fields id", "ID", "id-1"),
    ],
)
def test_what_people_list(dplus, answering, words, title, first):
    done = dplus(
        *words.split(), "--format", "table", "--url", answering.url, "--api-token", "user:x:1"
    )
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[:2] == [title, first]
