"""What must not pass: each check yields one line per problem, with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode

from .lint_names import class_names, duplicate_modules, duplicates
from .lint_selections import anonymous_types, error_messages, lost_spreads, missing_typenames
from .naming import first_word
from .queries import name_of, where
from .times import lint_times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from graphql import GraphQLSchema

    from .documents import Documents
    from .models import Models
    from .queries import Queries
    from .tables import Tables

__all__ = ["after", "before"]


def before(schema: GraphQLSchema, queries: Queries, tables: Tables) -> Iterator[str]:
    """Check the queries and the tables, before any model is made."""
    yield from operation_names(schema, queries, tables)
    yield from old_root_fields(queries, tables)
    yield from unused_fragments(queries)
    yield from runtime_tables(schema, queries, tables)
    yield from anonymous_types(schema, queries)
    yield from lost_spreads(schema, queries)
    yield from lint_times(schema, tables)


def after(
    models: Models,
    documents: Documents,
    enums: Iterable[str],
    inputs: Iterable[str],
    handwritten: Iterable[Path],
) -> Iterator[str]:
    """Check the documents that will be sent, and the names of all classes."""
    for operation in models.queries.operations:
        text = documents.operations[name_of(operation)]
        yield from missing_typenames(models.schema, text, where(operation))
    for name, fragment in models.queries.fragments.items():
        yield from missing_typenames(models.schema, documents.fragments[name], where(fragment))
    yield from error_messages(models.schema, models.queries, models.selections)
    yield from duplicates(class_names(models, enums, inputs, handwritten))
    yield from duplicate_modules(models)


def operation_names(schema: GraphQLSchema, queries: Queries, tables: Tables) -> Iterator[str]:
    """Operations are verb-first and are no types."""
    for operation in queries.operations:
        name = name_of(operation)
        if name in schema.type_map:
            yield f"{where(operation)}: operation {name} has the name of a type: rename it"
        if first_word(name) not in tables.verbs:
            yield (
                f"{where(operation)}: operation {name} does not start with a verb: rename it, or add"
                f" {first_word(name)!r} to VERBS in tables.py"
            )


def old_root_fields(queries: Queries, tables: Tables) -> Iterator[str]:
    """Root fields that have a newer name are not used, and not used as names."""
    old = tables.old_root_fields
    for operation in queries.operations:
        for node in operation.selection_set.selections:
            if not isinstance(node, FieldNode):
                continue
            for name in (node.name.value, node.alias.value if node.alias else ""):
                if name in old:
                    yield (
                        f"{where(node)}: {name_of(operation)} uses the old root field {name}:"
                        f" use {old[name]}"
                    )


def unused_fragments(queries: Queries) -> Iterator[str]:
    """Every fragment is used by an operation."""
    used = {f for o in queries.operations for f in queries.spreads(o.selection_set)}
    for name, node in queries.fragments.items():
        if name not in used:
            yield f"{where(node)}: fragment {name} is used by no operation: remove it"


def runtime_tables(schema: GraphQLSchema, queries: Queries, tables: Tables) -> Iterator[str]:
    """The tables name what is there."""
    for name in tables.runtime_fragments:
        if name not in queries.fragments:
            yield f"tables.py: runtime_fragments has {name}, which is no fragment: remove it"
    for name in tables.runtime_inputs:
        if name not in schema.type_map:
            yield f"tables.py: runtime_inputs has {name}, which is no type: remove it"
    for coordinate in tables.secrets:
        owner, _, field = coordinate.partition(".")
        if field not in getattr(schema.type_map.get(owner), "fields", ()):
            yield f"tables.py: SECRETS has {coordinate}, which is no field: remove it"
    roots = [t for t in (schema.query_type, schema.mutation_type, schema.subscription_type) if t]
    fields = {name for root in roots for name in root.fields}
    for old, new in tables.old_root_fields.items():
        for name in (old, new):
            if name not in fields:
                yield f"tables.py: OLD_ROOT_FIELDS has {name}, which is no root field: remove it"
