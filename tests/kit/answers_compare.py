"""Looks for each value of an answer in the model that it was decoded to."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Any

from codegen.tables import TABLES
from graphql import (
    get_nullable_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
)

from dagster_plus_sdk import AssetKey
from dagster_plus_sdk._core.enums import OpenStrEnum
from dagster_plus_sdk._core.models import Unknown
from dagster_plus_sdk._core.secret import Secret

from .answers_selected import TYPENAME, Selected, Sets, below, time_kind
from .answers_values import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Larger numbers are milliseconds, where the tables do not say it.
_SECONDS_END = 2e10
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def snake(name: str) -> str:
    """Return a name on the wire as Python writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def same_name(attribute: str, key: str) -> bool:
    """Whether an attribute is named as Python names a key; where digits begin a word is left open."""
    wanted = snake(key)
    if attribute in (wanted, f"{wanted}_"):
        return True
    has_digits = bool(re.search(r"\d", key))
    return has_digits and attribute.replace("_", "") == wanted.replace("_", "")


@cache
def _attributes(model: type[Any], key: str) -> list[str]:
    """Return the attributes of a class that are named as a key."""
    return [attribute for attribute in model.model_fields if same_name(attribute, key)]


def differences(selected: Selected, answer: dict[str, Any], model: Any) -> list[str]:
    """Return where a model does not say what the answer said, a line each."""
    return list(_Comparison(selected).object(answer, model, selected.root, selected.sets, ""))


class _Comparison:
    def __init__(self, selected: Selected) -> None:
        self.selected = selected
        self.types = selected.schema.type_map

    def object(self, answer: dict, model: Any, name: str, sets: Sets, path: str) -> Iterator[str]:
        name = answer.get(TYPENAME, name)
        said = name if isinstance(model, AssetKey) else getattr(model, "typename__", None)
        if TYPENAME in answer and said != name:
            yield f"{path}: a {name} became {model!r}"
            return
        if name not in self.types:
            yield from self._unknown(answer, model, path)
            return
        if isinstance(model, AssetKey):
            if list(model.path) != answer["path"]:
                yield f"{path}: {answer} became {model!r}"
            return
        yield from self._class(model, name, sets, path)
        for key, nodes in self.selected.of(name, sets).items():
            if key not in answer or nodes[0].name.value == TYPENAME:
                continue
            found = _attributes(type(model), key)
            if len(found) != 1:
                yield f"{path}.{key}: {type(model).__name__} has {found or 'no such attribute'}"
                continue
            kind = self.types[name].fields[nodes[0].name.value].type
            field = Field(name, nodes[0].name.value, key)
            value = getattr(model, found[0])
            yield from self._value(answer[key], value, kind, field, below(nodes), f"{path}.{key}")

    def _class(self, model: Any, name: str, sets: Sets, path: str) -> Iterator[str]:
        """Whatever selects a fragment returns the fragment's own class."""
        fragment = self.selected.only_fragment(name, sets)
        runtime = TABLES.runtime_fragments.get(fragment or "")
        wanted = runtime.name if runtime else fragment
        if wanted and type(model).__name__ != wanted:
            yield f"{path}: is a {type(model).__name__}, not {wanted}"

    def _unknown(self, answer: dict, model: Any, path: str) -> Iterator[str]:
        if not isinstance(model, Unknown):
            yield f"{path}: an unknown type became a {type(model).__name__}"
            return
        for key, value in answer.items():
            if key == TYPENAME:
                continue
            names = _attributes(type(model), key)
            kept = getattr(model, names[0] if names else key, ...)
            if kept is ... or (isinstance(value, str) and isinstance(kept, str) and kept != value):
                yield f"{path}.{key}: {value!r} became {kept!r}"

    def _value(
        self, answer: Any, value: Any, kind: Any, field: Field, sets: Sets, path: str
    ) -> Iterator[str]:
        kind = get_nullable_type(kind)
        if answer is None or value is None:
            if answer is not value:
                yield f"{path}: {answer!r} became {value!r}"
        elif is_list_type(kind):
            if not isinstance(value, list) or len(value) != len(answer):
                yield f"{path}: {len(answer)} items became {value!r}"
                return
            for index, (one, other) in enumerate(zip(answer, value, strict=True)):
                yield from self._value(one, other, kind.of_type, field, sets, f"{path}[{index}]")
        elif is_leaf_type(kind):
            if not self._is_same(answer, value, kind, field):
                yield f"{path}: {answer!r} became {value!r}"
        else:
            yield from self.object(answer, value, kind.name, sets, path)

    def _is_same(self, answer: Any, value: Any, kind: Any, field: Field) -> bool:
        if is_enum_type(kind):
            return (
                isinstance(value, OpenStrEnum)
                and type(value).__name__ == kind.name
                and value.value == answer
                and value.is_known == (answer in kind.values)
            )
        time = time_kind(field.coordinate, kind.name)
        if time:
            return isinstance(value, datetime) and _same_time(
                answer, value, millis=time == "millis"
            )
        if isinstance(value, Secret):
            value = value.reveal()
        elif field.coordinate in TABLES.secrets:
            return False
        if kind.name == "Date":
            return isinstance(value, date) and value.isoformat() == answer
        if isinstance(answer, str) and not isinstance(value, str):
            return bool(json.loads(answer) == value)
        return type(answer) is type(value) and bool(answer == value)


def _same_time(answer: Any, value: datetime, *, millis: bool) -> bool:
    number = float(answer)
    if millis or abs(number) > _SECONDS_END:
        number /= 1000
    is_aware = value.utcoffset() is not None
    return is_aware and abs(value - _EPOCH - timedelta(seconds=number)) < timedelta(milliseconds=1)
