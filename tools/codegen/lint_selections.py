"""What documents must select, and under which names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    parse,
    visit,
)

from .queries import name_of, where
from .schema import fields_of, is_typename, named, nested, root_type
from .selection import condition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import (
        FragmentDefinitionNode,
        GraphQLNamedType,
        GraphQLSchema,
        Node,
        OperationDefinitionNode,
        SelectionNode,
    )

    from .queries import Queries
    from .selection import Selections

__all__ = ["anonymous_types", "error_messages", "lost_spreads", "missing_typenames"]

TypedField = tuple[FieldNode, "GraphQLNamedType"]


def anonymous_types(schema: GraphQLSchema, queries: Queries) -> Iterator[str]:
    """Objects are named fragments, but for the root field of an operation and its members."""
    for name, fragment in queries.fragments.items():
        on = fragment.type_condition.name.value
        for node, kind in _objects(schema, on, fragment.selection_set.selections):
            yield from _anonymous(node, kind, f"fragment {name}")
    for operation in queries.operations:
        root = root_type(schema, operation).name
        for root_node, root_kind in _objects(schema, root, operation.selection_set.selections):
            for node, kind in _objects(schema, root_kind.name, nested(root_node)):
                yield from _anonymous(node, kind, f"operation {name_of(operation)}")


def _objects(
    schema: GraphQLSchema, parent: str, selections: Iterable[SelectionNode]
) -> Iterator[TypedField]:
    """Yield the fields of a selection that hold objects, those of inline fragments included."""
    for node in selections:
        if isinstance(node, InlineFragmentNode):
            inner = condition_of(node, parent)
            yield from _objects(schema, inner, node.selection_set.selections)
        elif isinstance(node, FieldNode) and node.selection_set:
            yield node, named(fields_of(schema, parent)[node.name.value].type)


def _anonymous(node: FieldNode, kind: GraphQLNamedType, owner: str) -> Iterator[str]:
    asked = [s for s in nested(node) if not is_typename(s)]
    spreads = [s for s in asked if isinstance(s, FragmentSpreadNode)]
    if len(spreads) < len(asked) or not spreads:
        yield (
            f"{where(node)}: {owner} selects {node.name.value} without a name for its type: write a"
            f" fragment on {kind.name} and select only that"
        )
    elif len(spreads) > 1 and not is_abstract_type(kind):
        names = ", ".join(s.name.value for s in spreads)
        yield (
            f"{where(node)}: {owner} selects {node.name.value} with several fragments ({names}): write"
            " one that spreads them"
        )


def lost_spreads(schema: GraphQLSchema, queries: Queries) -> Iterator[str]:
    """Fragments on abstract types write their fields themselves: no class would get those of a spread."""
    for name, fragment in queries.fragments.items():
        on = fragment.type_condition.name.value
        if not is_abstract_type(schema.type_map[on]):
            continue
        for node in fragment.selection_set.selections:
            if isinstance(node, FragmentSpreadNode):
                yield (
                    f"{where(node)}: fragment {name} spreads {node.name.value}, whose fields no class of"
                    f" {name} would have: write them here, those of one type in `... on` that type"
                )


class _AbstractFields(Visitor):
    """Collects the fields of abstract types."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: list[TypedField] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Keep the field, if its type is abstract."""
        kind = self._info.get_type()
        if kind is not None and is_abstract_type(named(kind)):
            self.found.append((node, named(kind)))


def _abstract_fields(schema: GraphQLSchema, node: Node) -> list[TypedField]:
    info = TypeInfo(schema)
    visitor = _AbstractFields(info)
    visit(node, TypeInfoVisitor(info, visitor))
    return visitor.found


def missing_typenames(schema: GraphQLSchema, document: str, origin: str) -> Iterator[str]:
    """Every abstract field of a document that is sent asks for `__typename`."""
    for node, kind in _abstract_fields(schema, parse(document)):
        if not any(map(is_typename, nested(node))):
            yield (
                f"{origin}: the document selects {node.name.value} ({kind.name}) without __typename:"
                " its members could not be told apart"
            )


def error_messages(
    schema: GraphQLSchema, queries: Queries, selections: Selections
) -> Iterator[str]:
    """Every error member that has a `message` selects it."""
    definitions: list[OperationDefinitionNode | FragmentDefinitionNode] = [
        *queries.operations,
        *queries.fragments.values(),
    ]
    for definition in definitions:
        for node, kind in _abstract_fields(schema, definition):
            silent = list(_silent_errors(schema, selections, node, kind))
            if silent:
                yield (
                    f"{where(node)}: {_title(definition)} selects {node.name.value} without the message"
                    f" of {', '.join(silent)}: add ...ErrorFields, or the message"
                )


def _silent_errors(
    schema: GraphQLSchema, selections: Selections, node: FieldNode, kind: GraphQLNamedType
) -> Iterator[str]:
    for name in sorted(selections.possible[kind.name]):
        if selections.is_error(name) and "message" in fields_of(schema, name):
            chosen = selections.all_fields(name, nested(node)).get("message")
            if not chosen or chosen[0].name.value != "message":
                yield name


def _title(node: OperationDefinitionNode | FragmentDefinitionNode) -> str:
    kind = "fragment" if node.kind == "fragment_definition" else "operation"
    return f"{kind} {name_of(node)}"
