"""The public names."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import dagster_plus_sdk
from dagster_plus_sdk import errors

PACKAGE = Path(dagster_plus_sdk.__file__).parent
NAMES = sorted(dagster_plus_sdk.__all__)
#: Modules that are public as such.
MODULES = ("errors", "operations")
#: Classes of the same name in both trees of the client: internal, and never seen together.
GENERATED_TWINS = PACKAGE / "_sync"


@cache
def public_objects():
    found = {name: getattr(dagster_plus_sdk, name) for name in NAMES}
    return {n: o for n, o in found.items() if inspect.isclass(o) or inspect.isfunction(o)}


def documented_members(cls):
    """The public functions and properties that a class of ours defines itself."""
    for name, member in vars(cls).items():
        wrapped = isinstance(member, (classmethod, staticmethod))
        function = member.__func__ if wrapped else member
        documented = inspect.isfunction(function) or isinstance(function, property)
        if documented and not name.startswith("_"):
            yield name, function


@cache
def class_names(tree: Path, *, but: Path | None = None) -> dict[str, list[str]]:
    places = defaultdict(list)
    for path in sorted(tree.rglob("*.py")):
        if but is not None and path.is_relative_to(but):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(tree).as_posix())
    return places


def defined_twice(tree: Path, *, but: Path | None = None) -> dict[str, list[str]]:
    return {name: where for name, where in class_names(tree, but=but).items() if len(where) > 1}


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_can_be_imported(name):
    assert getattr(dagster_plus_sdk, name) is not None


def test_no_name_is_listed_twice():
    assert len(NAMES) == len(set(NAMES))


def test_the_hand_written_names_are_sorted():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    listed = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    )
    assert listed == sorted(listed)
    assert errors.__all__ == sorted(errors.__all__)


def test_no_public_name_is_private():
    assert [n for n in NAMES if n.startswith("_") and n != "__version__"] == []


def test_dir_names_what_can_be_imported():
    assert dir(dagster_plus_sdk) == NAMES


def test_a_star_import_brings_every_name():
    namespace: dict[str, object] = {}
    exec("from dagster_plus_sdk import *", namespace)
    assert namespace.keys() - {"__builtins__"} == set(NAMES)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"'dagster_plus_sdk' has no attribute 'Runz'"):
        dagster_plus_sdk.Runz  # noqa: B018
    with pytest.raises(ImportError, match="Runz"):
        exec("from dagster_plus_sdk import Runz")


def test_every_public_class_and_enum_of_the_generated_trees_is_exported():
    from dagster_plus_sdk._generated import enums, models

    assert set(enums.MODULES) | set(models.MODULES) <= set(NAMES)


def test_every_exception_is_exported_and_in_one_tree():
    exceptions = {n for n, o in vars(errors).items() if inspect.isclass(o)}
    assert exceptions == set(errors.__all__) <= set(NAMES)
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), errors.DagsterPlusError)


def test_the_tree_in_the_docstring_is_the_tree():
    for name in errors.__all__:
        assert f"{name} " in errors.__doc__ or f"{name}\n" in errors.__doc__, name


@pytest.mark.parametrize("name", errors.__all__)
def test_an_exception_says_where_it_is_imported_from(name):
    error = getattr(dagster_plus_sdk, name)
    module = __import__(error.__module__, fromlist=[name])
    assert getattr(module, name) is error


@pytest.mark.parametrize("name", sorted(public_objects()))
def test_public_objects_have_docstrings(name):
    found = public_objects()[name]
    assert (vars(found).get("__doc__") or "").strip(), f"{name} has no docstring"
    if not inspect.isclass(found):
        return
    bare = [n for n, member in documented_members(found) if not (member.__doc__ or "").strip()]
    assert bare == []


def test_operations_have_docstrings():
    from dagster_plus_sdk import operations

    bare = [n for n in operations.__all__ if not getattr(operations, n).__doc__]
    assert bare == []


def test_no_class_name_is_defined_twice():
    assert defined_twice(PACKAGE, but=GENERATED_TWINS) == {}


def test_a_class_name_that_is_defined_twice_is_found(tmp_path):
    (tmp_path / "a.py").write_text("class Run:\n    pass\n")
    (tmp_path / "b.py").write_text("class Run:\n    pass\nclass Job:\n    pass\n")
    assert defined_twice(tmp_path) == {"Run": ["a.py", "b.py"]}


def test_the_twins_differ_in_their_names_where_they_are_public():
    twins = class_names(GENERATED_TWINS).keys() & class_names(PACKAGE, but=GENERATED_TWINS).keys()
    assert twins & set(NAMES) == set()


def test_public_modules_are_modules():
    for name in MODULES:
        assert inspect.ismodule(getattr(dagster_plus_sdk, name))
