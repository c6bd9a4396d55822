"""Documents of settings: their types, with defaults and ranges; replaced, merged, checked, and read."""

from __future__ import annotations

import json

from ..._core.documents import merged
from .config_types import ROOT, ConfigType, Scalar, Shape
from .registry import Failure, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, TypeAlias

    from .context import Context
    from .store import Row

    #: A type, or a type and the default.
    Field: TypeAlias = "ConfigType | tuple[ConfigType, Any]"

MERGE = switch(
    "settings_merge",
    "deep",
    "top_level",
    about="Whether an update of settings merges mappings inside mappings, or replaces those below the top.",
)
UNKNOWN = switch(
    "settings_unknown_keys",
    "refused",
    "kept",
    about="What becomes of keys that no setting has.",
)
FORM = switch(
    "settings_form",
    "object",
    "text",
    "null_if_unset",
    about="How settings are read: as an object, as JSON text, or as null while nobody has set any.",
)


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
        super().__init__(name, plain, open_to_more=open_to_more)
        self._fields = fields

    def defaults(self) -> dict[str, Any]:
        """Return the document that has every default, and nothing else."""
        found: dict[str, Any] = {}
        for name, one in self._fields.items():
            if isinstance(one, tuple):
                found[name] = one[1]
            elif isinstance(one, SettingGroup):
                found[name] = one.defaults()
        return found

    def _field(self, name: str) -> Row:
        defaults = self.defaults()
        default = json.dumps(defaults[name]) if name in defaults else None
        return {**super()._field(name), "defaultValueAsJson": default}


def keeps_unknown(context: Context) -> bool:
    """Tell whether a document may have keys that no setting has."""
    return context.switch(UNKNOWN) == "kept"


def read_sent(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the document of a settings input: an object, or JSON text.

    Raises:
        Failure: It is neither.
    """
    found: Any = (given or {}).get("settings")
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError as error:
            raise _invalid(f"the document is no JSON: {error}") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _invalid("the document must be a mapping")
    return found


def check(settings: SettingGroup, document: Mapping[str, Any]) -> None:
    """Refuse a document that does not fit.

    Raises:
        Failure: It does not; the error has every reason.
    """
    found = list(settings.problems(document, ROOT))
    if found:
        raise _invalid(" ".join(found))


def updated(
    context: Context, before: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a document with changes put in."""
    return merged(before, changes) if context.switch(MERGE) == "deep" else {**before, **changes}


def shown(context: Context, settings: SettingGroup, document: Mapping[str, Any] | None) -> Any:
    """Return a document as it is read.

    Args:
        context: The switches.
        settings: What it may have.
        document: What was set; None: nothing ever was.
    """
    form = context.switch(FORM)
    if document is None and form == "null_if_unset":
        return None
    whole = merged(settings.defaults(), document or {})
    return json.dumps(whole) if form == "text" else whole


def _invalid(reasons: str) -> Failure:
    return Failure("DagsterInvalidConfigError", f"The settings cannot be applied: {reasons}")
