"""Questions to the schema, with the types that graphql-core leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from graphql import FieldNode, get_named_type, type_from_ast

if TYPE_CHECKING:
    from graphql import (
        GraphQLField,
        GraphQLInputType,
        GraphQLNamedType,
        GraphQLObjectType,
        GraphQLSchema,
        GraphQLType,
        Node,
        OperationDefinitionNode,
        SelectionNode,
        VariableDefinitionNode,
    )

__all__ = [
    "fields_of",
    "is_typename",
    "named",
    "nested",
    "root_type",
    "variable_type",
]


def fields_of(schema: GraphQLSchema, type_name: str) -> dict[str, GraphQLField]:
    """Return the fields of an object or interface; a union has none."""
    fields: dict[str, GraphQLField] = getattr(schema.type_map[type_name], "fields", {})
    return fields


def named(kind: GraphQLType) -> GraphQLNamedType:
    """Return a type without its lists and exclamation marks."""
    return get_named_type(kind)


def nested(node: FieldNode) -> tuple[SelectionNode, ...]:
    """Return what is selected of a field."""
    return tuple(node.selection_set.selections) if node.selection_set else ()


def is_typename(node: Node) -> bool:
    """Whether a selection is `__typename`."""
    return isinstance(node, FieldNode) and node.name.value == "__typename"


def root_type(schema: GraphQLSchema, operation: OperationDefinitionNode) -> GraphQLObjectType:
    """Return the type of an operation's root."""
    root = schema.get_root_type(operation.operation)
    assert root is not None  # validation has seen to it
    return root


def variable_type(schema: GraphQLSchema, variable: VariableDefinitionNode) -> GraphQLInputType:
    """Return the type of a variable."""
    return cast("GraphQLInputType", type_from_ast(schema, variable.type))
