"""Fitting what resolvers return to the schema: union members, success types, values that no one gave."""

# graphql-core leaves the parameters of its generic types open.
# pyright: basic

from __future__ import annotations

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from graphql import GraphQLSchema

    from .store import Row

ZEROS: dict[str, object] = {"Boolean": False, "Int": 0, "Float": 0.0}


def fit(return_type: Any, value: Any) -> Any:
    """Return a value as the default resolvers need it for a field of this type.

    A list, or a row that is no member of a union, goes into the success type that has a field for it. An object without
    a type is the success type itself, of which it gives the fields that there are.
    """
    union = get_nullable_type(return_type)
    if not isinstance(union, GraphQLUnionType) or value is None:
        return value
    typename = typename_of(value)
    if any(member.name == typename for member in union.types):
        return value
    members = [member for member in union.types if not is_error(member)]
    for member in members:
        for name, field in member.fields.items():
            if _holds(field.type, value, typename):
                return {"__typename": member.name, name: value}
    if isinstance(value, dict) and not typename and members:
        fields = {name: value[name] for name in members[0].fields if name in value}
        return {"__typename": members[0].name, **fields}
    raise TypeError(f"no member of {union.name} holds {typename or type(value).__name__}")


def has_members(return_type: Any) -> bool:
    """Tell whether a field is a union, which errors can be members of."""
    return isinstance(get_nullable_type(return_type), GraphQLUnionType)


def typename_of(value: Any) -> str:
    """Return the GraphQL type of a row; an empty string for everything else."""
    typename: str = value.get("__typename", "") if isinstance(value, dict) else ""
    return typename


def _holds(field_type: Any, value: object, typename: str) -> bool:
    inner = get_nullable_type(field_type)
    if not isinstance(value, list):
        return isinstance(inner, GraphQLObjectType) and inner.name == typename
    return isinstance(inner, GraphQLList) and all(
        _is_item(get_nullable_type(inner.of_type), item) for item in value
    )


def _is_item(item_type: Any, item: object) -> bool:
    """Tell whether a list of a type can have an item."""
    if not isinstance(item, dict):
        return is_leaf_type(item_type) or isinstance(item_type, GraphQLList)
    if isinstance(item_type, GraphQLUnionType):
        return typename_of(item) in {member.name for member in item_type.types}
    named = typename_of(item) or getattr(item_type, "name", "")
    # Which types an interface has only the schema knows.
    return isinstance(item_type, GraphQLInterfaceType) or (
        isinstance(item_type, GraphQLObjectType) and item_type.name == named
    )


def is_error(member: GraphQLObjectType) -> bool:
    """Tell whether a member of a union is an error."""
    return member.name.endswith("Error") or any(i.name == "Error" for i in member.interfaces)


def error_value(return_type: Any, body: Row) -> Row:
    """Return the error member for a failure.

    Args:
        return_type: The field's type.
        body: The failure's type name and message.

    Raises:
        GraphQLError: The field has no member for errors.
    """
    union = get_nullable_type(return_type)
    names = {member.name for member in union.types} if isinstance(union, GraphQLUnionType) else ()
    if body["__typename"] in names:
        return body
    if "PythonError" in names:
        return {**body, "__typename": "PythonError", "className": body["__typename"]}
    raise GraphQLError(body["message"], extensions={"code": body["__typename"]})


def default_value(schema: GraphQLSchema, return_type: Any) -> object:
    """Return a value for a field that no one gave one: null, or where it must not be null, an empty one."""
    if not isinstance(return_type, GraphQLNonNull):
        return None
    named = get_named_type(return_type)
    if isinstance(get_nullable_type(return_type), GraphQLList):
        return []
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    if isinstance(named, GraphQLScalarType):
        return ZEROS.get(named.name, "")
    if isinstance(named, GraphQLUnionType | GraphQLInterfaceType):
        return {"__typename": _first_success(schema.get_possible_types(named))}
    return {"__typename": named.name}


def _first_success(members: Iterable[GraphQLObjectType]) -> str:
    first, *_ = sorted(members, key=is_error)
    return first.name
