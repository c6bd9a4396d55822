"""Answers made from the schema: what a server could say to an operation, each place of it filled.

``Answers(schema, document, variables)`` makes them, the same ones each time. Each method yields as many as it takes to
show its subject at every place that the document selects:

- `full`: every field has a value, lists have two items, or one of each selected type;
- `nulls`, `empty_lists`: nullable fields are null, lists empty; the outermost first, then those inside them;
- `unknown_enums`: enums have a value that no one knows;
- `unknown_members`: objects are of a type that no one knows, bare or with fields of other types;
- `errors`: the root field is one of its error members.
"""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import (
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_enum_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from .answers_selected import TOMORROW, TYPENAME, Selected, Sets, below, is_error
from .answers_values import Field, plausible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import GraphQLOutputType, GraphQLSchema

VALUE_OF_TOMORROW = "A_VALUE_OF_TOMORROW"
FOREIGN = {"fieldOfTomorrow": "text of tomorrow"}
#: Lists that no server leaves empty.
NEVER_EMPTY = frozenset({"AssetKey.path"})
_MOST_ROUNDS = 500


class Place(NamedTuple):
    """Where a value stands: its path, and how many nullable, list and open places enclose it."""

    path: tuple[str, ...] = ()
    nullables: int = 0
    lists: int = 0
    opens: int = 0
    item: int = 1


class Twist(NamedTuple):
    """What is unusual about an answer, and how deep inside places of the same kind."""

    kind: str = "full"
    level: int = 0


class Answers:
    """Makes the `data` of answers to one operation.

    Args:
        schema: The schema.
        document: A document, or its text, that is valid for the schema.
        variables: Its variables, coerced.
        name: The operation; needed where the document has several.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: Any,
        variables: Mapping[str, Any] | None = None,
        name: str | None = None,
    ) -> None:
        self.schema = schema
        self.selected = Selected(schema, document, variables, name)
        self._begin(Twist())

    def full(self) -> Iterator[dict[str, Any]]:
        yield from self._rounds(Twist())

    def nulls(self) -> Iterator[dict[str, Any]]:
        yield from self._levels("null")

    def empty_lists(self) -> Iterator[dict[str, Any]]:
        yield from self._levels("empty")

    def unknown_enums(self) -> Iterator[dict[str, Any]]:
        yield from self._rounds(Twist("enum"))

    def unknown_members(self) -> Iterator[dict[str, Any]]:
        """Yield answers with unknown types; those at the root first."""
        yield from self._levels("unknown")
        yield from self._levels("foreign")

    def unknown_roots(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the key of a root field and an answer where it is of an unknown type; for each root field."""
        for key in self._open_roots():
            for kind in ("unknown", "foreign"):
                self._begin(Twist(), (key, kind))
                yield key, self._data()

    def errors(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield the key of a root field, one of its error members, and the answer; for each such member."""
        for key, members in self._open_roots().items():
            for member in members:
                if is_error(self.schema, member):
                    self._begin(Twist(), (key, member))
                    yield key, member, self._data()

    def _open_roots(self) -> dict[str, list[str]]:
        """Return the selected members of the root fields that are unions or interfaces, by key."""
        found = {}
        for key, nodes in self.selected.of(self.selected.root, self.selected.sets).items():
            kind = get_nullable_type(self._kind(self.selected.root, nodes))
            if is_abstract_type(kind):
                found[key] = self.selected.members(kind, below(nodes))
        return found

    def _begin(self, twist: Twist, root: tuple[str, str] | None = None) -> None:
        self._twist = twist
        self._root = root
        self._hit = False
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._sizes: dict[tuple[str, ...], int] = {}

    def _levels(self, kind: str) -> Iterator[dict[str, Any]]:
        for level in count():
            made = list(self._rounds(Twist(kind, level)))
            if not made:
                return
            yield from made

    def _rounds(self, twist: Twist) -> Iterator[dict[str, Any]]:
        """Yield answers until each open place has shown all its types; those only that show the twist."""
        self._begin(twist)
        for _ in range(_MOST_ROUNDS):
            self._hit = twist.kind == "full"
            data = self._data()
            if self._hit:
                yield data
            if all(self._seen[path] >= size for path, size in self._sizes.items()):
                return
        raise AssertionError(f"{_MOST_ROUNDS} answers do not show all: {self._sizes}")

    def _hits(self, kind: str, level: int) -> bool:
        hit = self._twist == (kind, level)
        self._hit = self._hit or hit
        return hit

    def _kind(self, owner: str, nodes: list) -> GraphQLOutputType:
        return self.schema.type_map[owner].fields[nodes[0].name.value].type

    def _data(self) -> dict[str, Any]:
        return self._object(self.selected.root, self.selected.sets, Place())

    def _object(self, type_name: str, sets: Sets, place: Place) -> dict[str, Any]:
        return {
            key: type_name
            if nodes[0].name.value == TYPENAME
            else self._field(type_name, key, nodes, place)
            for key, nodes in self.selected.of(type_name, sets).items()
        }

    def _field(self, owner: str, key: str, nodes: list, place: Place) -> Any:
        field = Field(owner, nodes[0].name.value, key, place.item)
        place = Place((*place.path, f"{owner}.{key}"), *place[1:])  # faster than _replace
        return self._value(self._kind(owner, nodes), field, below(nodes), place)

    def _value(self, kind: Any, field: Field, sets: Sets, place: Place) -> Any:
        if is_non_null_type(kind):
            kind = kind.of_type
        elif self._hits("null", place.nullables):
            return None
        else:
            place = Place(place.path, place.nullables + 1, *place[2:])
        if is_list_type(kind):
            return self._list(kind.of_type, field, sets, place)
        if is_leaf_type(kind):
            return self._leaf(kind, field, place)
        if is_abstract_type(kind):
            return self._open(kind, sets, place)
        return self._object(kind.name, sets, place)

    def _list(self, kind: Any, field: Field, sets: Sets, place: Place) -> list[Any]:
        if field.coordinate not in NEVER_EMPTY and self._hits("empty", place.lists):
            return []
        size = self._size(kind, sets, place)
        place = place._replace(lists=place.lists + 1)
        # Numbered on through the lists of several objects, so that no two items are the same.
        before = (place.item - 1) * size
        return [
            self._value(kind, field._replace(item=item), sets, place._replace(item=item))
            for item in range(before + 1, before + size + 1)
        ]

    def _size(self, kind: Any, sets: Sets, place: Place) -> int:
        """Return how many items show all types that this place has not shown yet; at least two."""
        named = get_named_type(kind)
        if not is_abstract_type(named) or self._twist.kind in ("unknown", "foreign"):
            return 2
        return max(2, len(self.selected.members(named, sets)) - self._seen[place.path])

    def _open(self, kind: Any, sets: Sets, place: Place) -> dict[str, Any]:
        if self._root is not None and place.path == (f"{self.selected.root}.{self._root[0]}",):
            chosen = self._root[1]
            if chosen in ("unknown", "foreign"):
                return self._unknown(kind, sets, place, foreign=chosen == "foreign")
            return self._object(chosen, sets, place)
        for twist in ("unknown", "foreign"):
            if self._hits(twist, place.opens):
                return self._unknown(kind, sets, place, foreign=twist == "foreign")
        members = self._choices(kind, sets, place)
        member = members[self._seen[place.path] % len(members)]
        self._sizes[place.path] = len(members)
        self._seen[place.path] += 1
        return self._object(member, sets, place._replace(opens=place.opens + 1))

    def _choices(self, kind: Any, sets: Sets, place: Place) -> list[str]:
        """Return the types that a place may have: errors not at the root, where they are the whole answer."""
        members = self.selected.members(kind, sets)
        if len(place.path) > 1 or place.lists:
            return members
        return [name for name in members if not is_error(self.schema, name)] or members

    def _unknown(self, kind: Any, sets: Sets, place: Place, *, foreign: bool) -> dict[str, Any]:
        """Return an object of a type that no one knows, with what the selections have for it."""
        owners = [kind, *filter(is_interface_type, self.schema.type_map.values())]
        made: dict[str, Any] = {TYPENAME: TOMORROW}
        for key, nodes in self.selected.of_unknown(kind, sets, foreign=foreign).items():
            name = nodes[0].name.value
            owner = next((t for t in owners if name in getattr(t, "fields", ())), None)
            if name != TYPENAME and owner is not None:
                inside = place._replace(opens=place.opens + 1)
                made[key] = self._field(owner.name, key, nodes, inside)
        return {**made, **FOREIGN} if foreign else made

    def _leaf(self, kind: Any, field: Field, place: Place) -> Any:
        if is_enum_type(kind) and self._hits("enum", 0):
            return VALUE_OF_TOMORROW
        return plausible(kind, field)
