"""The key of an asset: a value, not a model."""

from __future__ import annotations

from .errors import InvalidInputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["AssetKey"]


class AssetKey:
    r"""The key of an asset: one or more parts, immutable, hashable and sortable.

    `AssetKey("analytics", "orders")` equals `AssetKey.parse("analytics/orders")`; `str()` is the inverse
    of `parse`. A slash inside a part is written `\/`, as Dagster does.

    Args:
        *path: The parts, at least one.

    Raises:
        InvalidInputError: There is no part, or one that is no text.
    """

    __slots__ = ("path",)

    path: tuple[str, ...]

    def __init__(self, *path: str) -> None:
        if not path or not all(map(_is_text, path)):
            raise InvalidInputError(f"An asset key needs one or more parts of text, not {path!r}")
        object.__setattr__(self, "path", path)

    @classmethod
    def parse(cls, value: AssetKey | str | Sequence[str]) -> AssetKey:
        r"""Return the key that is meant by a key, its text or its parts.

        Args:
            value: An `AssetKey`, text such as `prefix/name`, or a sequence of parts.

        Raises:
            InvalidInputError: There is no part, or one that is no text.
        """
        if isinstance(value, AssetKey):
            return value
        if isinstance(value, str):
            if not value:
                raise InvalidInputError("An asset key cannot be empty")
            return cls(*_split(value))
        if not hasattr(value, "__iter__"):
            raise InvalidInputError(f"An asset key is text or a list of parts, not {value!r}")
        return cls(*value)

    def to_wire(self) -> dict[str, list[str]]:
        """Return the key as the API's `AssetKeyInput`."""
        return {"path": list(self.path)}

    def __str__(self) -> str:
        last = len(self.path) - 1
        return "/".join(_escape(part, ends=i < last) for i, part in enumerate(self.path))

    def __repr__(self) -> str:
        return f"AssetKey({', '.join(map(repr, self.path))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AssetKey) and self.path == other.path

    def __lt__(self, other: object) -> bool:
        return self.path < other.path if isinstance(other, AssetKey) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.path)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"AssetKey is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"AssetKey is immutable: {name} cannot be deleted")

    def __reduce__(self) -> tuple[type[AssetKey], tuple[str, ...]]:
        return AssetKey, self.path

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read the API's `{"path": [...]}`, a key or its text; dump the text."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                str, return_schema=core_schema.str_schema()
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the text form."""
        return {"type": "string", "examples": ["prefix/name"]}

    @classmethod
    def _validate(cls, value: Any) -> AssetKey:
        try:
            return cls.parse(_path_in(value))
        except (InvalidInputError, KeyError, TypeError) as error:
            raise ValueError("not an asset key") from error


def _path_in(value: Any) -> Any:
    """Return the path of the API's object; other values as they are."""
    try:
        return value["path"]
    except TypeError:
        return value


def _is_text(part: object) -> bool:
    return isinstance(part, str)


def _escape(part: str, *, ends: bool) -> str:
    r"""Return a part with `/` as `\/`; backslashes before a slash are doubled, to tell them apart."""
    out: list[str] = []
    run = 0
    for char in part:
        if char == "/":
            out.append("\\" * run + "\\/")
        else:
            out.append(char)
        run = run + 1 if char == "\\" else 0
    return "".join(out) + ("\\" * run if ends else "")


def _split(text: str) -> list[str]:
    r"""Return the parts: a slash separates unless an odd number of backslashes stands before it."""
    parts = [""]
    run = 0
    for char in text:
        if char == "\\":
            run += 1
            continue
        backslashes, escaped = divmod(run, 2) if char == "/" else (run, 0)
        parts[-1] += "\\" * backslashes
        run = 0
        if char == "/" and not escaped:
            parts.append("")
        else:
            parts[-1] += char
    parts[-1] += "\\" * run
    return parts
