"""What a document selects, type by type."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from codegen.tables import ERROR_NAME, TABLES, TIME_SCALARS
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    OperationDefinitionNode,
    SelectionSetNode,
    get_variable_values,
    is_abstract_type,
    is_interface_type,
    is_object_type,
    is_union_type,
    parse,
    value_from_ast,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from graphql import GraphQLError, GraphQLSchema, SelectionNode

#: Selection sets that hold for one object.
Sets = tuple[SelectionSetNode, ...]
Fields = dict[str, list[FieldNode]]
#: The type that no schema has.
TOMORROW = "TypeOfTomorrow"
TYPENAME = "__typename"


@cache
def time_kind(coordinate: str, scalar: str) -> str | None:
    """Return ``"time"``, ``"millis"`` or None: what the codegen's tables say of a field."""
    if scalar not in TIME_SCALARS or not _matches(coordinate, TABLES.times):
        return None
    return "millis" if _matches(coordinate, TABLES.millis) else "time"


def _matches(coordinate: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(coordinate, pattern) for pattern in patterns)


def is_error(schema: GraphQLSchema, name: str) -> bool:
    """Whether a type stands for a failure, as the codegen sees it."""
    kind = schema.type_map[name]
    if not is_object_type(kind):
        return False
    if any(interface.name == "Error" for interface in kind.interfaces):
        return True
    return bool(ERROR_NAME.search(name)) and name in _union_members(schema)


@cache
def _union_members(schema: GraphQLSchema) -> frozenset[str]:
    unions = [kind for kind in schema.type_map.values() if is_union_type(kind)]
    return frozenset(member.name for union in unions for member in union.types)


class Selected:
    """The fields that a document selects of each type.

    Args:
        schema: The schema that it is valid for.
        document: The document, or its text.
        variables: Coerced ones: `@include` and `@skip` look at them.
        name: The operation; needed where there are several.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: Any,
        variables: Mapping[str, Any] | None = None,
        name: str | None = None,
    ) -> None:
        self.schema = schema
        self.variables = dict(variables or {})
        tree = parse(document, no_location=True) if isinstance(document, str) else document
        self.fragments = {
            node.name.value: node
            for node in tree.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.operation = next(
            node
            for node in tree.definitions
            if isinstance(node, OperationDefinitionNode)
            and (name is None or (node.name and node.name.value == name))
        )
        self.root = getattr(schema, f"{self.operation.operation.value}_type").name
        self.sets = (self.operation.selection_set,)
        self._fields: dict = {}
        self._members: dict = {}

    def of(self, type_name: str, sets: Sets) -> Fields:
        """Return the fields that a type gets."""
        key = (type_name, *map(id, sets))
        if key not in self._fields:
            self._fields[key] = self._grouped(sets, lambda c: c is None or self._is_a(type_name, c))
        return self._fields[key]

    def of_unknown(self, kind: Any, sets: Sets, *, foreign: bool) -> Fields:
        """Return the fields that a type gets which no one knows.

        Args:
            kind: The abstract type that it belongs to.
            sets: The selections.
            foreign: Whether it implements every interface that the selections name, and not only its own.
        """
        own = {None, kind.name, *self._shared_interfaces(kind)}

        def applies(condition: str | None) -> bool:
            return condition in own or (
                foreign and is_interface_type(self.schema.type_map[condition])
            )

        return self._grouped(sets, applies)

    def _shared_interfaces(self, kind: Any) -> set[str]:
        """Return the interfaces of all types that belong to an abstract one: a new type has them, too."""
        members = self.schema.get_possible_types(kind)
        return set.intersection(*({i.name for i in member.interfaces} for member in members))

    def _grouped(self, sets: Sets, applies: Callable[[str | None], bool]) -> Fields:
        found: Fields = {}
        for node in self._applied(sets, applies):
            found.setdefault((node.alias or node.name).value, []).append(node)
        return found

    def members(self, kind: Any, sets: Sets) -> list[str]:
        """Return the types of which anything is selected, or else all; successes first."""
        key = (kind.name, *map(id, sets))
        if key not in self._members:
            names = sorted(member.name for member in self.schema.get_possible_types(kind))
            named = [name for name in names if self._is_selected(name, sets)]
            self._members[key] = sorted(
                named or names, key=lambda name: is_error(self.schema, name)
            )
        return self._members[key]

    def only_fragment(self, type_name: str, sets: Sets) -> str | None:
        """Return the fragment on exactly this type, where it is all that is selected."""
        nodes = [node for one in sets for node in one.selections]
        asked = [n for n in nodes if not (isinstance(n, FieldNode) and n.name.value == TYPENAME)]
        applied = [n for n in asked if isinstance(n, FieldNode) or self._applies(n, type_name)]
        if len(applied) != 1 or not isinstance(applied[0], FragmentSpreadNode):
            return None
        name = applied[0].name.value
        return name if self.fragments[name].type_condition.name.value == type_name else None

    def _is_selected(self, type_name: str, sets: Sets) -> bool:
        return any(
            self._applies(node, type_name)
            if not isinstance(node, FieldNode)
            else node.name.value != TYPENAME
            for one in sets
            for node in one.selections
        )

    def _applies(self, node: SelectionNode, type_name: str) -> bool:
        condition = self._condition(node)
        return condition is None or self._is_a(type_name, condition)

    def _condition(self, node: SelectionNode) -> str | None:
        if isinstance(node, FragmentSpreadNode):
            node = self.fragments[node.name.value]
        return node.type_condition.name.value if node.type_condition else None

    def _is_a(self, type_name: str, condition: str) -> bool:
        wanted = self.schema.type_map[condition]
        if not is_abstract_type(wanted):
            return type_name == condition
        return self.schema.is_sub_type(wanted, self.schema.type_map[type_name])

    def _applied(self, sets: Sets, applies: Callable[[str | None], bool]) -> Iterator[FieldNode]:
        """Yield fields, those inside fragments whose condition applies included."""
        for node in (node for one in sets for node in one.selections):
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif applies(self._condition(node)):
                spread = isinstance(node, FragmentSpreadNode)
                inner = self.fragments[node.name.value] if spread else node
                yield from self._applied((inner.selection_set,), applies)

    def _is_included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        wanted = {"include": True, "skip": False}
        conditions = {d.name.value: d.arguments[0].value for d in node.directives}
        return all(
            value_from_ast(value, GraphQLBoolean, self.variables) == wanted[name]
            for name, value in conditions.items()
            if name in wanted
        )


def coerced_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: dict[str, Any]
) -> dict[str, Any] | list[GraphQLError]:
    """Return the variables of an operation as a server has them, or what is wrong with them."""
    found = get_variable_values(schema, operation.variable_definitions or (), given)
    # Since graphql-core 3.3 they come with their sources.
    return getattr(found, "coerced", found)


def below(nodes: list[FieldNode]) -> Sets:
    """Return the selections below a field that may be selected at several places."""
    return tuple(node.selection_set for node in nodes if node.selection_set)
