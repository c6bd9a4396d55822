"""Values that are plausible for a field, by its type and its name; the same ones each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from graphql import is_enum_type

from .answers_selected import time_kind

if TYPE_CHECKING:
    from graphql import GraphQLNamedType

#: 2023-11-14 22:13:20 UTC.
START = 1_700_000_000
TWELVE_YEARS = 378_000_000

#: Enum values that let a client come to an end, the first one that an enum has.
SETTLED = (
    "SUCCESS",
    "COMPLETED_SUCCESS",
    "COMPLETED",
    "SUCCEEDED",
    "LOADED",
    "ACTIVE",
    "RUNNING",
    "HEALTHY",
)
_ORDER = (("creat", 0), ("start", 60), ("launch", 30), ("end", 120), ("updat", 180))
#: Flags that are false, so that what is listed is there and in use, and lists come to an end.
_FALSE = re.compile(
    r"has_?(more|next)|next_?page|deleted|revoked|disabled|archived|hidden|muted|expired|suspended",
    re.IGNORECASE,
)
_LATER = re.compile(r"expir|until|trial.*end|period.*end", re.IGNORECASE)


class Field(NamedTuple):
    """A field as it is asked: its type and name in the schema, its key in the answer, the number of the item."""

    owner: str
    name: str
    key: str
    item: int = 1

    @property
    def coordinate(self) -> str:
        return f"{self.owner}.{self.name}"


def plausible(kind: GraphQLNamedType, field: Field) -> Any:
    """Return a value of a leaf type."""
    if is_enum_type(kind):
        return next((value for value in SETTLED if value in kind.values), next(iter(kind.values)))
    time = time_kind(field.coordinate, kind.name)
    if time:
        return _time(kind.name, field, millis=time == "millis")
    return _SCALARS.get(kind.name, _json)(field)


def text(field: Field) -> str:
    """Return a text: of the field's name, or in the form that its name promises."""
    plain = f"{field.key}-{field.item}"
    name = field.key.lower()
    if name.endswith("email"):
        return f"{plain}@example.com"
    if name.endswith("url"):
        return f"https://example.com/{plain}"
    if "json" in name:
        return f'{{"key": "{plain}"}}'
    if "yaml" in name:
        return f"key: {plain}\n"
    return plain


def _number(field: Field) -> int:
    return crc32(field.key.encode()) % 90


def _integer(field: Field) -> int:
    return field.item if field.key.lower().endswith("id") else _number(field) + field.item


def _json(field: Field) -> dict[str, str]:
    return {"key": f"{field.key}-{field.item}"}


_SCALARS = {
    "BigInt": _integer,
    "Boolean": lambda field: not _FALSE.search(field.key),
    "Date": lambda field: f"2024-05-{field.item % 28 + 1:02}",
    "Float": lambda field: _integer(field) + 0.5,
    "ID": text,
    "Int": _integer,
    "String": text,
    "UUID": lambda field: f"00000000-0000-4000-8000-{field.item:012}",
}


def _time(scalar: str, field: Field, *, millis: bool) -> Any:
    """Return seconds, or milliseconds where these are floats, or come as texts or big integers."""
    name = field.key.lower()
    later = next((s for word, s in _ORDER if word in name), 200 + crc32(name.encode()) % 50)
    seconds = START + later + field.item + (TWELVE_YEARS if _LATER.search(name) else 0)
    if millis:
        return seconds * 1000 + 250.5
    if scalar == "Float":
        return seconds + 0.25
    if scalar == "Int":
        return seconds
    return str(seconds * 1000 + 250) if scalar == "String" else seconds * 1000 + 250
