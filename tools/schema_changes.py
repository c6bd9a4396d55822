"""Compare two GraphQL schemas from the point of view of those who use the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    find_breaking_changes,
    find_dangerous_changes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import GraphQLEnumValue, GraphQLField, GraphQLNamedType, GraphQLSchema

    Groups = dict[str, dict[str, list[str]]]

_HEADINGS: Final = {
    "added": "Added",
    "removed": "Removed",
    "breaking": "Breaking, besides what was removed",
    "dangerous": "Dangerous: what exists may behave differently",
    "compatible": "Compatible",
}


def find_changes(old: GraphQLSchema, new: GraphQLSchema) -> Groups:
    """Return what changed: group ("added", ...), kind ("types", ...), descriptions."""
    groups: Groups = {group: {} for group in _HEADINGS}
    for kind, description in _additions(old, new):
        groups["added"].setdefault(kind, []).append(description)
    for change in find_breaking_changes(old, new):
        removal = "REMOVED" in change.type.name
        kinds = groups["removed" if removal else "breaking"]
        kinds.setdefault(_words(change.type.name), []).append(change.description)
    for danger in find_dangerous_changes(old, new):
        groups["dangerous"].setdefault(_words(danger.type.name), []).append(danger.description)
    reported = {
        description.split(" ")[0]
        for kinds in groups.values()
        for descriptions in kinds.values()
        for description in descriptions
    }
    for kind, coordinate, description in _compatible(old, new):
        if coordinate not in reported:
            groups["compatible"].setdefault(kind, []).append(description)
    return groups


def describe_changes(groups: Groups) -> str:
    """Return the changes as text for people: counts first, then the lists."""
    counts = {group: sum(map(len, kinds.values())) for group, kinds in groups.items()}
    if not any(counts.values()):
        return "no changes"
    lines = ["changes: " + ", ".join(f"{count} {group}" for group, count in counts.items())]
    for group, kinds in groups.items():
        if kinds:
            lines += "", f"{_HEADINGS[group]} ({counts[group]})"
        for kind, descriptions in kinds.items():
            lines.append(f"  {kind} ({len(descriptions)})")
            lines += (f"    {description}" for description in sorted(descriptions))
    return "\n".join(lines)


def _additions(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[tuple[str, str]]:
    roots = {root.name for root in _roots(new)}
    for name, kind in new.type_map.items():
        if name not in old.type_map:
            yield "types", f"{name} ({_kind(kind)})"
    for name in _common(old, new):
        before, after = _fields(old.type_map[name]), _fields(new.type_map[name])
        for field in after.keys() - before.keys():
            yield "root fields" if name in roots else "fields", f"{name}.{field}"
        values = _values(new.type_map[name]).keys() - _values(old.type_map[name]).keys()
        for value in values if _values(old.type_map[name]) else ():
            yield "enum values", f"{name}.{value}"


def _compatible(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[tuple[str, str, str]]:
    """Yield what graphql-core does not report: safe changes of types, and deprecations."""
    for name in _common(old, new):
        before, after = old.type_map[name], new.type_map[name]
        for field, type_ in _field_types(after).items():
            was = _field_types(before).get(field, type_)
            if was != type_:
                yield "field types", f"{name}.{field}", f"{name}.{field}: {was} became {type_}"
        for member, reason in _deprecations(after).items():
            if reason is not None and _deprecations(before).get(member) is None:
                yield "deprecated", f"{name}.{member}", f"{name}.{member}: {reason}"


def _common(old: GraphQLSchema, new: GraphQLSchema) -> Iterable[str]:
    return (name for name in new.type_map if name in old.type_map)


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return [root for root in roots if root is not None]


def _fields(type_: GraphQLNamedType) -> dict[str, GraphQLField]:
    if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)):
        return cast("dict[str, GraphQLField]", type_.fields)
    return {}


def _values(type_: GraphQLNamedType) -> dict[str, GraphQLEnumValue]:
    return type_.values if isinstance(type_, GraphQLEnumType) else {}


def _field_types(type_: GraphQLNamedType) -> dict[str, str]:
    if isinstance(type_, GraphQLInputObjectType):
        return {name: str(field.type) for name, field in type_.fields.items()}
    return {name: str(field.type) for name, field in _fields(type_).items()}


def _deprecations(type_: GraphQLNamedType) -> dict[str, str | None]:
    members: dict[str, GraphQLField | GraphQLEnumValue] = {**_fields(type_), **_values(type_)}
    return {name: member.deprecation_reason for name, member in members.items()}


def _kind(type_: GraphQLNamedType) -> str:
    name = type(type_).__name__.removeprefix("GraphQL").removesuffix("Type")
    return {"InputObject": "input", "Object": "object"}.get(name, name.lower())


def _words(name: str) -> str:
    return name.lower().replace("_", " ")
