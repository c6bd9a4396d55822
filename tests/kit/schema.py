"""The API's schema, its error types, and documents for it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from graphql import (
    DocumentNode,
    GraphQLError,
    build_schema,
    is_object_type,
    is_union_type,
    parse,
    validate,
)

_ERROR_NAME = re.compile(
    r"(Error|Failure|Failed|Invalid|Conflict|NotFound|Disabled|Unset|Required|Unsupported|NotSupported|Expired|"
    r"Denied|Upgrade|Exceeded)$"
)


@cache
def load_schema():
    return build_schema((Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"))


@cache
def tree_of(document: str) -> DocumentNode:
    """Return a document's tree; with the definition of its operation as first one.

    Raises:
        GraphQLSyntaxError: It does not parse.
    """
    return parse(document)


@cache
def problems(document: str) -> list[GraphQLError]:
    """Return what makes a document invalid for the schema."""
    return validate(load_schema(), tree_of(document))


def error_types(schema) -> set[str]:
    """Return the names of the union members that report an error, by interface or by name."""
    members = {
        member.name
        for kind in schema.type_map.values()
        if is_union_type(kind)
        for member in kind.types
    }
    return {
        name
        for name, kind in schema.type_map.items()
        if name in members and is_object_type(kind) and _reports_error(name, kind)
    }


def _reports_error(name, kind) -> bool:
    return any(interface.name == "Error" for interface in kind.interfaces) or bool(
        _ERROR_NAME.search(name)
    )
