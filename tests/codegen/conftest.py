"""Runs the whole generation on small schemas, and imports what it wrote."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import json
import sys
import textwrap

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

#: The generation runs in development only: an environment without its tools has nothing to test here.
collect_ignore_glob = [] if importlib.util.find_spec("ariadne_codegen") else ["test_*.py"]

CORE = "dagster_plus_sdk._core"
CORE_MODULES = ("asset_key", "decode", "enums", "errors", "models", "operation", "secret", "unset")

_numbers = itertools.count()


class Generated:
    """A generated package."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root / name / "_generated"
        self.name = f"{name}._generated"

    def module(self, name: str):
        return importlib.import_module(f"{self.name}.{name}")

    def model(self, name: str):
        modules = self.module("models").MODULES
        return getattr(self.module(f"models.{modules[name]}"), name)

    def enum(self, name: str):
        modules = self.module("enums").MODULES
        return getattr(self.module(f"enums.{modules[name]}"), name)

    @property
    def operations(self):
        return self.module("operations")

    def decode(self, operation: str, data, **variables):
        """Decode an answer to an operation."""
        content = json.dumps({"data": data}).encode()
        return getattr(self.operations, operation)(**variables).decode(content)

    def text(self, path: str) -> str:
        return (self.root / path).read_text()

    def files(self) -> list[str]:
        found = self.root.rglob("*.py")
        return sorted(file.relative_to(self.root).as_posix() for file in found)


def tables_for(queries: str, changes):
    """Return tables of which no entry is stale: the real ones name what small schemas lack."""
    from codegen.tables import RuntimeClass, Tables

    known = {
        "AssetKey": RuntimeClass("asset_key", "AssetKey"),
        "ErrorFields": RuntimeClass("models", "ErrorResult"),
    }
    fragments = {n: c for n, c in known.items() if f"fragment {n} " in queries}
    return Tables(**{"runtime_fragments": fragments, "old_root_fields": {}, **changes})


@pytest.fixture
def write(tmp_path):
    """Write a schema and queries, and return the settings of a generation.

    Queries are one text, or texts by file; other arguments replace tables.
    """

    def write(schema, queries, handwritten=(), **tables):
        (tmp_path / "schema.graphql").write_text(textwrap.dedent(schema))
        (tmp_path / "queries").mkdir(exist_ok=True)
        files = {"all": queries} if isinstance(queries, str) else queries
        for name, text in files.items():
            (tmp_path / "queries" / f"{name}.graphql").write_text(textwrap.dedent(text))
        settings = {
            "schema_path": str(tmp_path / "schema.graphql"),
            "queries_path": str(tmp_path / "queries"),
            "target_package_name": "_generated",
            "target_package_path": str(tmp_path),
            "plugins": ["codegen.plugin.DagsterPlusPlugin"],
            "include_all_inputs": False,
            "include_all_enums": True,
        }
        own = {
            "tables": tables_for("".join(files.values()), tables),
            "handwritten": list(handwritten),
        }
        return {"tool": {"ariadne-codegen": settings, "dagster-plus-codegen": own}}

    return write


@pytest.fixture
def generate(write, tmp_path, monkeypatch):
    """Generate a package into a folder of its own, on top of the real `_core`."""
    import generate as command

    def generate(*arguments, **options):
        name = f"generated_{next(_numbers)}"
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        command.generate(write(*arguments, **options), tmp_path / name / "_generated")
        monkeypatch.syspath_prepend(str(tmp_path))
        for module in ("", *(f".{m}" for m in CORE_MODULES)):
            real = importlib.import_module(CORE + module)
            monkeypatch.setitem(sys.modules, f"{name}._core{module}", real)
        return Generated(tmp_path, name)

    return generate


@pytest.fixture
def problems(write, tmp_path):
    """Generate, and return the lines with which that fails."""
    import click
    import generate as command

    def problems(*arguments, **options):
        config = write(*arguments, **options)
        with pytest.raises(click.ClickException) as error:
            command.generate(config, tmp_path / "out")
        assert not (tmp_path / "out").exists()
        return error.value.message.splitlines()

    return problems
