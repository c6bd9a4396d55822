"""The plugin: replaces what ariadne-codegen generates by this project's own modules."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ariadne_codegen.plugins.base import Plugin

from . import lints, package
from .documents import Documents
from .inputs import Inputs
from .models import Models
from .problems import raise_problems
from .queries import Queries
from .tables import TABLES, Tables

if TYPE_CHECKING:
    from graphql import ExecutableDefinitionNode, FragmentDefinitionNode, GraphQLSchema

__all__ = ["DagsterPlusPlugin"]


class DagsterPlusPlugin(Plugin):
    """Reads the operations when the schema is known, checks them, and writes the package at the end.

    ariadne-codegen's own modules are made and dropped; its settings, its enum values and its formatting stay.
    The section `tool.dagster-plus-codegen` may hold `handwritten`, folders whose classes take names away, and,
    in tests, `tables`.
    """

    def __init__(self, schema: GraphQLSchema, config_dict: dict[str, Any]) -> None:
        super().__init__(schema, config_dict)
        settings = config_dict["tool"]["ariadne-codegen"]
        own = config_dict["tool"].get("dagster-plus-codegen", {})
        self._path = Path(settings["target_package_path"]) / settings["target_package_name"]
        self._queries_path = settings["queries_path"]
        self._handwritten = [Path(folder) for folder in own.get("handwritten", ())]
        self._tables: Tables = own.get("tables", TABLES)
        self._enums: list[ast.ClassDef] = []

    def process_schema(self, schema: GraphQLSchema) -> GraphQLSchema:
        """Read the operations and make all models, before anything is written."""
        self.schema = schema
        queries = Queries(self._queries_path, schema)
        raise_problems(lints.before(schema, queries, self._tables))
        self._models = Models(schema, queries, self._tables)
        self._documents = Documents(self._models)
        self._inputs = Inputs(schema, self._tables)
        return schema

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        """Keep the enums for later; write no module."""
        self._enums = [node for node in module.body if isinstance(node, ast.ClassDef)]
        return _nothing()

    def generate_result_types_module(
        self,
        module: ast.Module,  # noqa: ARG002 - dropped
        operation_definition: ExecutableDefinitionNode,  # noqa: ARG002 - known already
    ) -> ast.Module:
        """Write no module."""
        return _nothing()

    def generate_fragments_module(
        self,
        module: ast.Module,  # noqa: ARG002 - dropped
        fragments_definitions: dict[str, FragmentDefinitionNode],  # noqa: ARG002 - known already
    ) -> ast.Module:
        """Write no module."""
        return _nothing()

    def generate_inputs_module(self, module: ast.Module) -> ast.Module:  # noqa: ARG002 - dropped
        """Write no module."""
        return _nothing()

    def generate_init_module(self, module: ast.Module) -> ast.Module:  # noqa: ARG002 - dropped
        """Check what is known by now; write no module."""
        kinds = self._inputs.used_by(self._models.queries.operations)
        enums = [enum.name for enum in self._enums]
        raise_problems(lints.after(self._models, self._documents, enums, kinds, self._handwritten))
        return _nothing()

    def generate_files(self, generated_files: list[str]) -> list[str]:
        """Write the package."""
        kinds = self._inputs.used_by(self._models.queries.operations)
        written = package.files(self._models, self._documents, self._enums, self._inputs, kinds)
        for name in generated_files:  # copied by ariadne-codegen, and not ours
            (self._path / name).unlink()
        for name, source in written.items():
            file = self._path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(source, encoding="utf-8")
        return list(written)


def _nothing() -> ast.Module:
    """Return a module that is not written, because it is empty."""
    return ast.Module(body=[], type_ignores=[])
