"""The API's schema, as it is shipped with this package."""

from __future__ import annotations

import functools
from pathlib import Path

from graphql import GraphQLEnumType, build_ast_schema, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from graphql import GraphQLSchema

_NAME = "schema.graphql"


def schema_path() -> Path:
    """Return the file with the schema: inside the package, or at the root of a checkout.

    Raises:
        FileNotFoundError: It is in neither.
    """
    package = Path(__file__).parents[1]
    for folder in (package, package.parents[1]):
        if (folder / _NAME).is_file():
            return folder / _NAME
    raise FileNotFoundError(f"{_NAME} is not in {package}: install the package again")


@functools.cache
def full_schema() -> GraphQLSchema:
    """Return the schema of Dagster+; built once in a process, in half a second."""
    # Without locations a third of the time and most of the memory is saved.
    tree = parse(schema_path().read_text(encoding="utf-8"), no_location=True)
    return build_ast_schema(tree, assume_valid=True)


def enum_values(schema: GraphQLSchema) -> frozenset[str]:
    """Return all values that a schema's enums have."""
    enums = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLEnumType)]
    return frozenset(value for enum in enums for value in enum.values)
