"""The types of settings: as those of other documents, with defaults, ranges and values that may be null."""

from __future__ import annotations

import json

from .config_types import ConfigType, Scalar, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, TypeAlias

    from .store import Row

    #: A type, or a type and the default.
    Field: TypeAlias = "ConfigType | tuple[ConfigType, Any]"


class Number(Scalar):
    """An integer in a range.

    Args:
        most: The largest; None: there is none. The smallest is 0.
    """

    def __init__(self, most: int | None = None) -> None:
        super().__init__("Int")
        self._most = most

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        wrong = list(super().problems(value, path))
        yield from wrong
        if not wrong and value < 0:
            yield f"Value {path} must be at least 0."
        if not wrong and self._most is not None and value > self._most:
            yield f"Value {path} must be at most {self._most}."


class Either(ConfigType):
    """A plain value, or a mapping.

    Args:
        scalar: The plain value.
        other: The mapping.
    """

    typename = "ScalarUnionConfigType"

    def __init__(self, scalar: Scalar, other: ConfigType) -> None:
        super().__init__(f"ScalarUnion.{scalar.key}-{other.key}", scalar, other)

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        yield from self.inner[isinstance(value, (dict, list))].problems(value, path)

    def details(self) -> Row:
        """Return both types."""
        scalar, other = self.inner
        return {
            "typeParamKeys": [scalar.key, other.key],
            "scalarType": scalar.row,
            "scalarTypeKey": scalar.key,
            "nonScalarType": other.row,
            "nonScalarTypeKey": other.key,
        }


class SettingGroup(Shape):
    """A mapping of settings, some of which have defaults.

    Args:
        name: What it is called.
        fields: Types by key, with their defaults. A mapping of settings has those of what is in it.
        open_to_more: Whether other keys are taken, too.
    """

    def __init__(
        self, name: str, fields: Mapping[str, Field], *, open_to_more: bool = False
    ) -> None:
        plain = {key: one[0] if isinstance(one, tuple) else one for key, one in fields.items()}
        super().__init__(name, plain)
        self._fields = fields
        self._open = open_to_more
        if open_to_more:
            # What Dagster calls its own types with unknown keys, and what clients know them by.
            self.key = f"Permissive.{name}"

    def defaults(self) -> dict[str, Any]:
        """Return the document that has every default, and nothing else."""
        found: dict[str, Any] = {}
        for name, one in self._fields.items():
            if isinstance(one, tuple):
                found[name] = one[1]
            elif isinstance(one, SettingGroup):
                found[name] = one.defaults()
        return found

    def problems(self, value: Any, path: str) -> Iterator[str]:
        """Yield what is wrong with a value."""
        if self._open and isinstance(value, dict):
            value = {name: inner for name, inner in value.items() if name in self.fields}
        yield from super().problems(value, path)

    def _field(self, name: str) -> Row:
        defaults = self.defaults()
        default = json.dumps(defaults[name]) if name in defaults else None
        return {**super()._field(name), "defaultValueAsJson": default}
