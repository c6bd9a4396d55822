"""All generated models: one module per fragment, one per operation's result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import fragments, results
from .naming import module_name
from .problems import raise_problems
from .selection import Selections

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from .module import Module
    from .queries import Queries
    from .selection import Fields
    from .tables import Tables

__all__ = ["Models"]


class Models:
    """Makes the modules, each after those that it needs, and remembers what is in them.

    Args:
        schema: The API's schema.
        queries: The fragments and operations.
        tables: What the schema does not say.

    Raises:
        CodegenError: A selection cannot be turned into classes.
    """

    def __init__(self, schema: GraphQLSchema, queries: Queries, tables: Tables) -> None:
        self.schema = schema
        self.queries = queries
        self.tables = tables
        self.selections = Selections(schema, queries)
        #: Modules by fragment, in the order of their making.
        self.modules: dict[str, Module] = {}
        #: Every field of a class, inherited ones included.
        self.fields: dict[str, Fields] = {}
        #: For abstract fragments, the class of each type.
        self.members: dict[str, dict[str, str]] = {}
        #: Classes whose `__typename` is a field, because they stand for several types.
        self.wide = {"ErrorResult", "Unknown"}
        self.errors = {"ErrorResult"}
        self._used_member_names: set[str] = set()
        for name in queries.fragments:
            self.need(name)
        self.results: dict[str, Module] = {
            module.names[-1]: module
            for module in (results.write(self, node) for node in queries.operations)
        }
        raise_problems(
            f"tables.py: member_names has {key!r}, which names no member: remove it"
            for key in tables.member_names.keys() - self._used_member_names
        )

    def need(self, fragment: str) -> None:
        """Make the module of a fragment, unless it is there or is hand-written."""
        if fragment not in self.modules and fragment not in self.tables.runtime_fragments:
            fragments.write(self, fragment)

    def member_name(self, fragment: str, type_name: str) -> str:
        """Return the class of one type (or of an inner interface) of an abstract fragment."""
        key = f"{fragment}.{type_name}"
        self._used_member_names.add(key)
        return self.tables.member_names.get(key, type_name)

    def class_for(self, module: Module, fragment: str, type_name: str) -> str:
        """Return the class of an object of a type that selects a fragment, imported."""
        if runtime := self.tables.runtime_fragments.get(fragment):
            return module.core(runtime.name, runtime.module)
        self.need(fragment)
        return self.of_fragment(
            module, fragment, self.members.get(fragment, {}).get(type_name, fragment)
        )

    def of_fragment(self, module: Module, fragment: str, name: str) -> str:
        """Return a name of a fragment's module, imported."""
        self.need(fragment)
        return module.generated("models", module_name(fragment), name)
