"""What the generated models are made of."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, cast

import pydantic
import pydantic_core
from pydantic import BeforeValidator, ConfigDict, Field, model_serializer
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError, SchemaError, core_schema

from .error_types import raise_for_member

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import GetCoreSchemaHandler, SerializerFunctionWrapHandler
    from pydantic_core import CoreSchema

__all__ = [
    "BaseModel",
    "ErrorResult",
    "Millis",
    "OneOf",
    "PublicNames",
    "Unknown",
    "typename",
    "unwrap",
]

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class BaseModel(pydantic.BaseModel):
    """The base of every model: snake_case in Python, the API's names on the wire, built when first used."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        populate_by_name=True,
        protected_namespaces=(),
        defer_build=True,
        # The same names come again and again, inherited ones for each class.
        alias_generator=lru_cache(maxsize=1024)(to_camel),
    )


def typename(default: Any = ...) -> Any:
    """Return the field of a `__typename` that differs between objects; neither repr nor dumps show it."""
    return Field(default, alias="__typename", repr=False, exclude=True)


class PublicNames(BaseModel):
    """A model with fields whose Python names need a trailing underscore; dumps show them without it."""

    @model_serializer(mode="wrap")
    def _strip_suffixes(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        dumped: dict[str, Any] = handler(self)
        return {k[:-1] if k in fields and k.endswith("_") else k: v for k, v in dumped.items()}


class _ShowsTypename(BaseModel):
    """A model whose type's name is what tells one from another: its repr starts with it."""

    typename__: str = typename()

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield None, self.typename__
        yield from super().__repr_args__()


class ErrorResult(_ShowsTypename):
    """A member of a result union that reports an error.

    Attributes:
        typename__: The GraphQL type, such as `RunNotFoundError`.
        message: What the server says.
        class_name: The class of the Python exception, where one stands behind it.
        stack: Its stack trace.
    """

    message: str = ""
    class_name: str | None = None
    stack: list[str] = []


class Unknown(_ShowsTypename):
    """An object of a type that this version does not know; its fields are kept as attributes."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def _from_millis(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return value
    try:
        return _EPOCH + timedelta(milliseconds=float(value))
    except OverflowError:
        raise ValueError("too far away for a datetime") from None


Millis = Annotated[datetime, BeforeValidator(_from_millis)]
"""Milliseconds with a fraction, of which early pydantic makes a wrong time."""


def _dump_by_class(value: Any, handler: Any) -> Any:
    if not getattr(value, "__pydantic_complete__", True):
        cast("type[pydantic.BaseModel]", type(value)).model_rebuild()
    return handler(value)


def _dump_union() -> Any:
    """Return how to dump a union's member: by its own class, else pydantic 2.7 loses an unknown one's fields.

    Early versions take only a function for that, late ones are several times faster without.
    """
    by_class: Any = core_schema.simple_ser_schema("any")
    check: Any = getattr(pydantic_core, "validate_core_schema", None)
    if check is None:
        return by_class
    try:
        check(core_schema.any_schema(serialization=by_class))
    except SchemaError:
        return core_schema.wrap_serializer_function_ser_schema(
            _dump_by_class, schema=core_schema.any_schema()
        )
    return by_class


_DUMP_UNION: Any = _dump_union()
_TAG: Any = [["__typename"], ["typename__"]]


class OneOf:
    """`Annotated[A | B | Unknown, OneOf({"A": A, "B": B}, Unknown)]` chooses the class by `__typename`.

    Args:
        members: The classes by the names of the types that they stand for.
        unknown: The class for all other types.
    """

    __slots__ = ("members", "unknown")

    def __init__(self, members: Mapping[str, Any], unknown: Any) -> None:
        self.members = members
        self.unknown = unknown

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Try the known types by their tag, then the unknown one."""
        schemas = {c: handler.generate_schema(c) for c in dict.fromkeys(self.members.values())}
        known = core_schema.tagged_union_schema(
            {tag: schemas[c] for tag, c in self.members.items()}, _TAG
        )
        other = core_schema.no_info_before_validator_function(
            self._refuse_known, handler.generate_schema(self.unknown)
        )
        return core_schema.union_schema(
            [(known, "known"), (other, "unknown")],
            mode="left_to_right",
            serialization=_DUMP_UNION,
        )

    def _refuse_known(self, value: Any) -> Any:
        """Keep a known member that does not fit an error, instead of calling it unknown."""
        if isinstance(value, dict):
            given = cast("dict[str, Any]", value)
            tag = given.get("__typename", given.get("typename__"))
        else:
            tag = getattr(value, "typename__", None)
        if tag in self.members:
            raise PydanticCustomError("known_typename", "{tag} is a known type", {"tag": tag})
        return cast("Any", value)


def unwrap(value: object, success: type[T] | tuple[type[T], ...], operation: str) -> T:
    """Return a value of the success type; raise for all else, types included that no one knew yet.

    Args:
        value: The member of a result union.
        success: The class, or classes, that mean success.
        operation: The name of the operation, for the exception.

    Raises:
        ResultError: The value is no success.
    """
    if not isinstance(value, success):
        raise_for_member(value, operation)
    return value
