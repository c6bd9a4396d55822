"""Input types: TypedDicts with the names on the wire, which cost nothing to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    is_required_input_field,
)

from .naming import module_name
from .schema import named, variable_type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLInputType, GraphQLNamedType, GraphQLSchema, OperationDefinitionNode

    from .tables import Tables

__all__ = ["Inputs"]


class Inputs:
    """The input types that operations need, and annotations of their types."""

    def __init__(self, schema: GraphQLSchema, tables: Tables) -> None:
        self._schema = schema
        self._tables = tables

    def annotation(self, kind: GraphQLInputType, used: set[str]) -> str:
        """Return the annotation of an input's type; what it names is added to `used`."""
        if isinstance(kind, GraphQLNonNull):
            return self._non_null(kind.of_type, used)
        return f"{self._non_null(kind, used)} | None"

    def _non_null(self, kind: GraphQLInputType, used: set[str]) -> str:
        if isinstance(kind, GraphQLList):
            return f"Sequence[{self.annotation(kind.of_type, used)}]"
        name = named(kind).name
        if runtime := self._tables.runtime_inputs.get(name):
            used.add(runtime.name)
            return runtime.name
        if isinstance(kind, GraphQLScalarType):
            # Dates are sent as ISO text.
            python = self._tables.scalars.get(name, "Any")
            return "str" if python == "date" else python
        used.add(name)
        return name

    def imports(self, used: Iterable[str], dots: str = ".") -> list[str]:
        """Return the imports of enums and hand-written classes among the names; `dots` lead to the generated package."""
        names = sorted(used)
        runtime = {c.name: c.module for c in self._tables.runtime_inputs.values()}
        return [
            *(f"from {dots}._core.{runtime[n]} import {n}" for n in names if n in runtime),
            *(
                f"from {dots}enums.{module_name(n)} import {n}"
                for n in names
                if isinstance(self._schema.type_map.get(n), GraphQLEnumType)
            ),
        ]

    def used_by(
        self, operations: Iterable[OperationDefinitionNode]
    ) -> dict[str, GraphQLInputObjectType]:
        """Return the input objects that operations take, and those inside them."""
        found: dict[str, GraphQLInputObjectType] = {}
        todo: list[GraphQLNamedType] = [
            named(variable_type(self._schema, v))
            for operation in operations
            for v in operation.variable_definitions
        ]
        while todo:
            kind = todo.pop()
            if not isinstance(kind, GraphQLInputObjectType):
                continue
            if kind.name not in found and kind.name not in self._tables.runtime_inputs:
                found[kind.name] = kind
                todo += [named(field.type) for field in kind.fields.values()]
        return dict(sorted(found.items()))

    def source(self, kinds: dict[str, GraphQLInputObjectType]) -> str:
        """Return the source of `input_types.py`."""
        used: set[str] = set()
        classes = [self._class(kind, used) for kind in kinds.values()]
        lines = [
            "from __future__ import annotations",
            "from typing import TypedDict",
            "TYPE_CHECKING = False",
            "if TYPE_CHECKING:",
            "    from collections.abc import Sequence",
            "    from typing import Any",
            "    from typing_extensions import NotRequired",
            *(f"    {line}" for line in self.imports(used)),
            f"__all__ = {list(kinds)!r}",
        ]
        return "\n".join([*lines, *classes]) + "\n"

    def _class(self, kind: GraphQLInputObjectType, used: set[str]) -> str:
        lines = []
        for name, field in kind.fields.items():
            annotation = self.annotation(field.type, used)
            if not is_required_input_field(field):
                annotation = f"NotRequired[{annotation}]"
            lines.append(f"    {name}: {annotation}\n")
        return f'class {kind.name}(TypedDict):\n    """The API\'s `{kind.name}`."""\n\n{"".join(lines)}'
