"""What each type gets from a selection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    is_abstract_type,
    is_composite_type,
    print_ast,
)

from .problems import CodegenError
from .queries import where
from .schema import is_typename
from .tables import ERROR_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLAbstractType, GraphQLSchema, NamedTypeNode, SelectionNode

    from .queries import Queries

__all__ = ["Body", "Fields", "Selections", "add_field", "condition_of", "response_name"]

Fields = dict[str, list[FieldNode]]


def response_name(node: FieldNode) -> str:
    """Return the name of a field in the answer."""
    return (node.alias or node.name).value


@dataclass
class Body:
    """What one type gets: whole fragments and single fields."""

    spreads: list[str] = field(default_factory=list)
    fields: Fields = field(default_factory=dict)
    #: Type conditions of the inline fragments that apply; a type named so is known, fields or none.
    conditions: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.spreads or self.fields or self.conditions)

    @property
    def only_fragment(self) -> str | None:
        """The fragment, if there is one and nothing else."""
        return self.spreads[0] if len(self.spreads) == 1 and not self.fields else None

    def key(self) -> str:
        """Return a text that is equal for bodies that give the same class."""
        fields = {name: print_ast(nodes[0]) for name, nodes in self.fields.items()}
        return repr((self.spreads, fields))


class Selections:
    """Answers questions about selections on one schema."""

    def __init__(self, schema: GraphQLSchema, queries: Queries) -> None:
        self.schema = schema
        self.fragments = queries.fragments
        self.possible = {
            name: self._possible(name)
            for name, kind in sorted(schema.type_map.items())
            if is_composite_type(kind)
        }
        unions = [t for t in schema.type_map.values() if isinstance(t, GraphQLUnionType)]
        self._union_members = {member.name for union in unions for member in union.types}

    def _possible(self, type_name: str) -> frozenset[str]:
        kind = self.schema.type_map[type_name]
        if is_abstract_type(kind):
            abstract = cast("GraphQLAbstractType", kind)
            return frozenset(member.name for member in self.schema.get_possible_types(abstract))
        return frozenset({type_name})

    def condition(self, fragment: str) -> str:
        """Return the type that a fragment is on."""
        return self.fragments[fragment].type_condition.name.value

    def is_abstract(self, fragment: str) -> bool:
        """Whether a fragment is on an interface or a union."""
        return is_abstract_type(self.schema.type_map[self.condition(fragment)])

    def is_error(self, type_name: str) -> bool:
        """Whether a type stands for a failure."""
        kind = self.schema.type_map[type_name]
        if not isinstance(kind, GraphQLObjectType):
            return False
        if any(interface.name == "Error" for interface in kind.interfaces):
            return True
        return type_name in self._union_members and bool(ERROR_NAME.search(type_name))

    def collect(self, type_name: str, selections: Iterable[SelectionNode]) -> Body:
        """Return what a type gets; fragments that another of them contains are dropped."""
        body = Body()
        self._collect(type_name, selections, body)
        contained = {c for f in body.spreads for c in self._contained(f, type_name)}
        body.spreads = [f for f in body.spreads if f not in contained]
        return body

    def _collect(self, type_name: str, selections: Iterable[SelectionNode], body: Body) -> None:
        for node in selections:
            if isinstance(node, FieldNode):
                if not is_typename(node):
                    add_field(body.fields, node)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                applies = type_name in self.possible[self.condition(name)]
                if applies and name not in body.spreads:
                    body.spreads.append(name)
            else:
                assert isinstance(node, InlineFragmentNode)
                condition = condition_of(node, type_name)
                if type_name in self.possible[condition]:
                    body.conditions.append(condition)
                    self._collect(type_name, node.selection_set.selections, body)

    def _contained(self, fragment: str, type_name: str) -> set[str]:
        """Return the fragments that a fragment spreads for a type, and those that these spread."""
        direct = Body()
        self._collect(type_name, self.fragments[fragment].selection_set.selections, direct)
        return set(direct.spreads).union(*(self._contained(f, type_name) for f in direct.spreads))

    def all_fields(self, type_name: str, selections: Iterable[SelectionNode]) -> Fields:
        """Return every field that a type gets, those of fragments included."""
        body = self.collect(type_name, selections)
        found = dict(body.fields)
        for fragment in body.spreads:
            for name, nodes in self.fragment_fields(fragment, type_name).items():
                found.setdefault(name, nodes)
        return found

    def fragment_fields(self, fragment: str, type_name: str) -> Fields:
        """Return every field that a type gets from a fragment."""
        return self.all_fields(type_name, self.fragments[fragment].selection_set.selections)


def condition_of(node: InlineFragmentNode, parent: str) -> str:
    """Return the type that an inline fragment is on: its parent's, unless it names one."""
    named: NamedTypeNode | None = node.type_condition  # graphql-core's own annotation forgets None
    return named.name.value if named else parent


def add_field(fields: Fields, node: FieldNode) -> None:
    """Add a field to a body, where it may stand already if it is selected in the same way."""
    nodes = fields.setdefault(response_name(node), [])
    if nodes and print_ast(nodes[0]) != print_ast(node):
        raise CodegenError(
            f"{where(node)}: {response_name(node)} is selected twice, differently: make it one fragment"
        )
    nodes.append(node)
