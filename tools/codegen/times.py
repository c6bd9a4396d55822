"""Which fields are times: by the tables, and a check that these are complete."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type

from .naming import words
from .tables import TIME_SCALARS, TIME_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import GraphQLSchema

    from .tables import Tables

__all__ = ["is_listed_time", "is_millis", "is_time", "lint_times"]


def _matches(coordinate: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(coordinate, pattern) for pattern in patterns)


def is_time(tables: Tables, coordinate: str, scalar: str) -> bool:
    """Whether a field is a time."""
    return scalar in TIME_SCALARS and is_listed_time(tables, coordinate)


def is_listed_time(tables: Tables, coordinate: str) -> bool:
    """Whether the table of times has a field, whatever its scalar."""
    return _matches(coordinate, tables.times)


def is_millis(tables: Tables, coordinate: str) -> bool:
    """Whether a time is milliseconds with a fraction."""
    return _matches(coordinate, tables.millis)


def lint_times(schema: GraphQLSchema, tables: Tables) -> Iterator[str]:
    """Yield a line for each field that could be a time and is in no table, or in two."""
    coordinates = dict(_scalar_fields(schema))
    for coordinate in coordinates:
        is_in = _matches(coordinate, tables.times), _matches(coordinate, tables.not_times)
        if all(is_in):
            yield f"tables.py: {coordinate} stands in both TIMES and NOT_TIMES: keep one"
        elif not any(is_in) and TIME_WORDS.intersection(words(coordinate.partition(".")[2])):
            yield f"tables.py: {coordinate} may be a time: add it to TIMES or to NOT_TIMES"
        if is_millis(tables, coordinate) and not is_in[0]:
            yield f"tables.py: {coordinate} stands in MILLIS, but not in TIMES: add it there too"
    for name in ("times", "not_times", "millis"):
        for pattern in getattr(tables, name):
            if not any(fnmatchcase(coordinate, pattern) for coordinate in coordinates):
                yield f"tables.py: {name.upper()} has {pattern!r}, which matches no field: remove it"


def _scalar_fields(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Yield the coordinates of fields that hold scalars which can carry a time."""
    for name, kind in sorted(schema.type_map.items()):
        if name.startswith("__") or not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            continue
        for field_name, field in kind.fields.items():
            scalar = get_named_type(field.type).name
            if scalar in TIME_SCALARS:
                yield f"{name}.{field_name}", scalar
