"""The package as a whole: its files, its indexes, that it is deterministic, and the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import generate as command
import pytest
from codegen.package import HEADER

PROJECT = Path(__file__).parents[2]
SCHEMA = """
    enum State { ON }
    enum Other { OFF }
    input Filter { id: ID state: State }
    type Tag { key: String! }
    type Left { id: ID! tag: Tag! }
    type Right { id: ID! state: State! }
    union Side = Left | Right
    type Query { side(filter: Filter): Side! }
"""
QUERIES = """
    fragment Tag on Tag { key }
    fragment Side on Side { ... on Left { id tag { ...Tag } } ... on Right { id state } }
    query GetSide($filter: Filter) { side(filter: $filter) { ...Side } }
"""


@pytest.fixture
def project(tmp_path):
    """A project with its own settings, and its `codegen.toml`."""
    (tmp_path / "schema.graphql").write_text(SCHEMA)
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "side.graphql").write_text(QUERIES)
    (tmp_path / "src").mkdir()
    (tmp_path / "small_tables.py").write_text(
        "from codegen import tables\ntables.TABLES = tables.Tables(old_root_fields={})\n"
    )
    settings = (PROJECT / "codegen.toml").read_text().replace("src/dagster_plus_sdk", "src")
    (tmp_path / "codegen.toml").write_text(settings)
    return tmp_path


def run(project, *arguments, seed="0"):
    """Run the command in a process of its own, with small tables."""
    code = "import small_tables, generate, sys; sys.exit(generate.main(sys.argv[1:]))"
    paths = os.pathsep.join([str(PROJECT / "tools"), str(project)])
    return subprocess.run(
        [sys.executable, "-c", code, "--config", str(project / "codegen.toml"), *arguments],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )


def texts(project):
    root = project / "src" / "_generated"
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in root.rglob("*.py")}


def test_each_fragment_enum_and_operation_has_a_module(generate):
    package = generate(SCHEMA, QUERIES)
    assert package.files() == [
        "__init__.py",
        "enums/__init__.py",
        "enums/other.py",
        "enums/state.py",
        "fragments/__init__.py",
        "fragments/all.py",
        "input_types.py",
        "models/__init__.py",
        "models/side.py",
        "models/tag.py",
        "operations/__init__.py",
        "operations/all.py",
        "results/__init__.py",
        "results/get_side.py",
    ]
    assert all(package.text(name).startswith(HEADER) for name in package.files())
    assert "make generate" in HEADER


def test_indexes_name_every_class_and_import_none(generate):
    package = generate(SCHEMA, QUERIES)
    index = package.module("models")
    assert index.MODULES == {
        "AnySide": "side",
        "Left": "side",
        "Right": "side",
        "Side": "side",
        "Tag": "tag",
        "UnknownSide": "side",
    }
    assert not hasattr(index, "Tag")
    assert "    from .tag import Tag as Tag\n" in package.text("models/__init__.py")
    assert package.module("enums").MODULES == {"Other": "other", "State": "state"}


def test_the_output_does_not_depend_on_the_hash_seed(project):
    outputs = []
    for seed in ("1", "2"):
        done = run(project, seed=seed)
        assert done.returncode == 0, done.stderr
        outputs.append(texts(project))
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 14


def test_check_names_what_is_stale(project):
    assert run(project).returncode == 0
    before = texts(project)
    done = run(project, "--check")
    assert (done.returncode, done.stderr) == (0, "")
    root = project / "src" / "_generated"
    (root / "models" / "tag.py").unlink()
    (root / "operations" / "__init__.py").write_text("")
    (root / "models" / "old.py").write_text("")
    done = run(project, "--check")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:3] == [
        "differs: operations/__init__.py",
        "left over: models/old.py",
        "missing: models/tag.py",
    ]
    assert "make generate" in done.stderr
    assert not (root / "models" / "tag.py").exists()
    assert run(project).returncode == 0
    assert texts(project) == before


def test_a_problem_is_one_line_and_leaves_the_package_as_it_is(project):
    assert run(project).returncode == 0
    before = texts(project)
    (project / "queries" / "more.graphql").write_text("query Side { side { ...Side } }")
    done = run(project)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines() == [
        "queries/more.graphql:1: operation Side does not start with a verb: rename it, or add 'side' to"
        " VERBS in tables.py",
        "queries/more.graphql:1: operation Side has the name of a type: rename it",
    ]
    assert texts(project) == before


def test_main_reports_problems_and_stale_files(project, capsys, monkeypatch):
    from codegen import plugin
    from codegen.tables import Tables

    monkeypatch.setattr(plugin, "TABLES", Tables(old_root_fields={}))
    arguments = ["--config", str(project / "codegen.toml")]
    assert command.main([*arguments, "--check"]) == 1
    assert "missing: operations/__init__.py" in capsys.readouterr().err
    assert command.main(arguments) == 0
    assert command.main([*arguments, "--check"]) == 0
    (project / "queries" / "side.graphql").write_text("{")
    assert command.main(arguments) == 1
    assert "queries/side.graphql:1: Syntax Error" in capsys.readouterr().err
    (project / "schema.graphql").unlink()
    assert command.main(arguments) == 1
    assert "schema.graphql" in capsys.readouterr().err
