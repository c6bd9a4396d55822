"""The types of documents: what is said of them to clients, and the check of what clients send, from one table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .store import Row

SCALARS: Mapping[str, tuple[type, ...]] = {
    "Bool": (bool,),
    "Float": (float, int),
    "Int": (int,),
    "String": (str,),
}


class ConfigType(ABC):
    """What a value in a document must be.

    Attributes:
        key: The type's key in a schema: equal for equal types.
        inner: The types that it is made of.
    """

    typename = ""

    def __init__(self, key: str, *inner: ConfigType) -> None:
        self.key: str = key
        self.inner: tuple[ConfigType, ...] = inner

    @abstractmethod
    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value, in sentences."""

    def details(self) -> Row:
        """Return the fields that only this kind of type has."""
        return {}

    @cached_property
    def row(self) -> Row:
        """The type as the API's schema has it."""
        inner = [one.row for one in self.inner]
        return {
            "__typename": self.typename,
            "key": self.key,
            "description": None,
            "isSelector": False,
            "typeParamKeys": [],
            "recursiveConfigTypes": inner,
            **self.details(),
        }


class Scalar(ConfigType):
    """A text, a number, or true and false.

    Args:
        name: One of `SCALARS`.
    """

    typename = "RegularConfigType"

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        kinds = SCALARS[self.key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            yield f'Invalid scalar {path}. It is not valid for expected type "{self.key}".'

    def details(self) -> Row:
        """Return its name."""
        return {"givenName": self.key}


class Choice(ConfigType):
    """One of some texts.

    Args:
        name: What the choice is called.
        values: The texts.
    """

    typename = "EnumConfigType"

    def __init__(self, name: str, values: Sequence[str]) -> None:
        super().__init__(name)
        self._values = tuple(values)

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        if value not in self._values:
            yield f"Value {path} not in enum type {self.key}: it can be {', '.join(self._values)}."

    def details(self) -> Row:
        """Return its name and the texts."""
        values = [{"value": value, "description": None} for value in self._values]
        return {"givenName": self.key, "values": values}


class Listed(ConfigType):
    """A list.

    Args:
        item: What is in it.
    """

    typename = "ArrayConfigType"

    def __init__(self, item: ConfigType) -> None:
        super().__init__(f"Array.{item.key}", item)

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        if not isinstance(value, list):
            yield f"Value {path} must be list."
            return
        for index, item in enumerate(value):
            yield from self.inner[0].problems(item, f"{path}[{index}]")

    def details(self) -> Row:
        """Return the type of the items."""
        return {"typeParamKeys": [self.inner[0].key], "ofType": self.inner[0].row}


class Nullable(ConfigType):
    """Something, or null.

    Args:
        inner: What it is if it is not null.
    """

    typename = "NullableConfigType"

    def __init__(self, inner: ConfigType) -> None:
        super().__init__(f"Noneable.{inner.key}", inner)

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        if value is not None:
            yield from self.inner[0].problems(value, path)

    def details(self) -> Row:
        """Return the type inside."""
        return {"typeParamKeys": [self.inner[0].key], "ofType": self.inner[0].row}


class Mapped(ConfigType):
    """A mapping with any texts as its keys.

    Args:
        value: What its values are.
    """

    typename = "MapConfigType"

    def __init__(self, value: ConfigType) -> None:
        super().__init__(f"Map.String.{value.key}", STRING, value)

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        if not isinstance(value, dict):
            yield f"Value {path} must be dict."
            return
        for name, item in value.items():
            yield from self.inner[1].problems(item, below(path, name))

    def details(self) -> Row:
        """Return the types of keys and values."""
        key, value = self.inner
        return {
            "typeParamKeys": [key.key, value.key],
            "keyType": key.row,
            "valueType": value.row,
        }


class Shape(ConfigType):
    """A mapping with known keys.

    Args:
        name: What it is called.
        fields: Types by key; a key that ends with ``*`` must be there.
        one: Whether exactly one of the keys must be there.
        open_to_more: Whether other keys are taken, too.
    """

    typename = "CompositeConfigType"

    def __init__(
        self,
        name: str,
        fields: Mapping[str, ConfigType],
        *,
        one: bool = False,
        open_to_more: bool = False,
    ) -> None:
        # What Dagster calls its own types, and what clients know those by that take unknown keys.
        sort = "Selector" if one else "Permissive" if open_to_more else "Shape"
        super().__init__(f"{sort}.{name}", *fields.values())
        self.fields: dict[str, ConfigType] = {
            key.rstrip("*"): found for key, found in fields.items()
        }
        self._required = {key.rstrip("*") for key in fields if key.endswith("*")}
        self._one = one
        self._open = open_to_more

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        if not isinstance(value, dict):
            yield f"Value {path} must be dict. Expected: {{ {' '.join(self.fields)} }}."
            return
        if self._one and len(value) != 1:
            yield f"You must specify exactly one field {path}: one of {', '.join(self.fields)}."
        for name, inner in value.items():
            if name in self.fields:
                yield from self.fields[name].problems(inner, below(path, name))
            elif not self._open:
                yield (
                    f'Received unexpected config entry "{name}" {path}.'
                    f" Expected: {{ {' '.join(self.fields)} }}."
                )
        for name in self.fields:
            if name in self._required and name not in value:
                yield f'Missing required config entry "{name}" {path}.'

    def details(self) -> Row:
        """Return the fields."""
        return {"isSelector": self._one, "fields": [self._field(name) for name in self.fields]}

    def _field(self, name: str) -> Row:
        return {
            "name": name,
            "description": None,
            "configType": self.fields[name].row,
            "configTypeKey": self.fields[name].key,
            "isRequired": name in self._required,
            "isSecret": False,
            "defaultValueAsJson": None,
        }


BOOL = Scalar("Bool")
FLOAT = Scalar("Float")
INT = Scalar("Int")
STRING = Scalar("String")
TEXTS = Listed(STRING)

ROOT = "at the root"


def below(path: str, name: object) -> str:
    """Return the path of a key in what a path leads to."""
    return f"at path root:{name}" if path == ROOT else f"{path}:{name}"


def camel(name: str) -> str:
    """Return a document's key as the API spells it."""
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def schema_of(root: ConfigType) -> Row:
    """Return the schema of documents of a type: the type, and all that it is made of."""
    found: dict[str, ConfigType] = {}

    def visit(one: ConfigType) -> None:
        if one.key not in found:
            found[one.key] = one
            for inner in one.inner:
                visit(inner)

    visit(root)
    return {
        "rootConfigType": root.row,
        "allConfigTypes": [found[key].row for key in sorted(found)],
    }
