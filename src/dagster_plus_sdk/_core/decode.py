"""From the bytes of an answer to its model, in one step; imported with the first answer."""

from __future__ import annotations

import importlib
import os
import threading
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaError, core_schema, from_json

from .collector import Resting
from .error_types import refusal
from .errors import GraphQLRequestError, InvalidResponseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema, ErrorDetails

    from .errors import APIError
    from .operation import Operation

__all__ = ["Envelope", "decode", "decode_envelope", "decode_frame", "request_error"]

M = TypeVar("M")
_MAX_ERRORS = 3
_LARGE = 100_000
#: An answer has one of these.
_KEYS = frozenset({"data", "errors", "maintenance"})


class Envelope(Generic[M]):
    """A whole answer: the model beside what else the server said.

    Attributes:
        data: The decoded data; None where there is none, or where it does not fit beside errors.
        errors: The top-level GraphQL errors as they came.
        maintenance: Dagster+'s body while it is being worked on.
        extensions: The extensions as they came.
        raw_data: Data that came beside errors and does not fit the model.
    """

    __slots__ = ("data", "errors", "extensions", "maintenance", "raw_data")

    def __init__(
        self,
        data: M | None = None,
        errors: list[Any] | None = None,
        maintenance: Any = None,
        extensions: Any = None,
        raw_data: Any = None,
    ) -> None:
        self.data: M | None = data
        self.errors: list[Any] | None = errors
        self.maintenance: Any = maintenance
        self.extensions: Any = extensions
        self.raw_data: Any = raw_data

    def __repr__(self) -> str:
        return f"Envelope(data={self.data!r}, errors={self.errors!r})"


class _EnvelopeOf:
    """The schema of an answer whose data is one model: cheaper to build than a generic model."""

    __slots__ = ("model",)

    def __init__(self, model: type[Any]) -> None:
        self.model: type[Any] = model

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        anything = core_schema.any_schema()
        fields: dict[str, CoreSchema] = {
            "data": core_schema.nullable_schema(handler.generate_schema(self.model)),
            "errors": core_schema.nullable_schema(core_schema.list_schema()),
            "maintenance": anything,
            "extensions": anything,
        }
        return core_schema.typed_dict_schema(
            {k: core_schema.typed_dict_field(v, required=False) for k, v in fields.items()}
        )


class _FrameOf(_EnvelopeOf):
    """The schema of a websocket's frame whose payload is such an answer."""

    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        payload = super().__get_pydantic_core_schema__(source, handler)
        fields: dict[str, CoreSchema] = {
            "type": core_schema.literal_schema(["data"]),
            "payload": payload,
        }
        return core_schema.typed_dict_schema(
            {k: core_schema.typed_dict_field(v) for k, v in fields.items()}
        )


_adapters: dict[tuple[str, str, type[_EnvelopeOf]], TypeAdapter[Any]] = {}
_building = threading.RLock()


def _renew_lock() -> None:
    """Give a forked child a free lock: the thread that held it stays in the parent."""
    global _building  # noqa: PLW0603 - the child's own
    _building = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def _adapter(
    operation: Operation[Any], around: type[_EnvelopeOf] = _EnvelopeOf
) -> TypeAdapter[Any]:
    key = (operation.module, operation.name, around)
    found = _adapters.get(key)
    if found is not None:
        return found
    with _building:  # deferred schemas are built in place: by one thread at a time
        if key not in _adapters:
            with Resting():
                model = getattr(importlib.import_module(operation.module), operation.name)
                _adapters[key] = _build(around(model))
        return _adapters[key]


def _build(schema: _EnvelopeOf) -> TypeAdapter[Any]:
    """Build the schema of an answer; Ctrl-C meanwhile is Ctrl-C, of which pydantic makes an error of the schema."""
    try:
        return TypeAdapter[Any](Annotated[Any, schema])
    except SchemaError as error:
        if "KeyboardInterrupt" in str(error):
            raise KeyboardInterrupt from None
        raise


def _validate(adapter: TypeAdapter[Any], content: bytes) -> Any:
    """Read a body; a large one while the garbage collector rests, for a quarter of the time."""
    if len(content) < _LARGE:
        return adapter.validate_json(content)
    with Resting():
        return adapter.validate_json(content)


def decode_envelope(operation: Operation[M], content: bytes) -> Envelope[M]:
    """Read a body, whatever its HTTP status, without judging what it says.

    Args:
        operation: What was asked.
        content: The body as it came.

    Raises:
        InvalidResponseError: The body is not JSON, no GraphQL answer, or its data does not fit the model
            and no errors tell why.
    """
    adapter = _adapter(operation)
    found: dict[str, Any] | None = None
    misfits: list[ErrorDetails] = []
    try:
        found = _validate(adapter, content)
    except ValidationError as error:
        misfits = error.errors(include_url=False, include_input=False)
    # Not in the handler: an exception's context would show the server's values.
    if found is None:
        return _misfit(operation, content, misfits)
    if not found.keys() & _KEYS:
        raise not_graphql(operation)
    return Envelope(**found)


def decode_frame(operation: Operation[M], content: bytes) -> M | None:
    """Read a frame of a subscription in one step.

    Args:
        operation: What was subscribed to.
        content: The frame as it came.

    Returns:
        The model; None where the frame is any other than one with data and without errors.
    """
    if not operation.module:  # its data have no model
        return None
    try:
        found = Envelope[M](**_validate(_adapter(operation, _FrameOf), content)["payload"])
    except ValidationError:
        return None
    return None if found.errors else found.data


def decode(operation: Operation[M], content: bytes) -> M:
    """Read a body and return its model.

    Args:
        operation: What was asked.
        content: The body as it came.

    Raises:
        APIError: The answer has errors, as `request_error` says; its `data` is what came beside them.
        InvalidResponseError: The answer is no GraphQL, has no data, or does not fit.
    """
    envelope = operation.decode_envelope(content)
    if envelope.errors:
        raise request_error(operation.name, envelope)
    if envelope.data is None:
        raise InvalidResponseError("The answer has no data", operation=operation.name)
    return envelope.data


def request_error(operation: str, envelope: Envelope[Any]) -> APIError:
    """Return the exception for the errors of an answer, entries without a message included.

    It is a GraphQLRequestError, or where their codes say that the token may not, the exception for that.
    """
    listed: list[dict[str, Any]] = [
        e if isinstance(e, dict) else {"message": str(e)} for e in envelope.errors or ()
    ]
    message = "; ".join(str(e.get("message") or "an error without a message") for e in listed)
    kind = refusal(listed) or GraphQLRequestError
    error = kind(message, operation=operation, errors=listed)
    error.data = envelope.raw_data if envelope.data is None else envelope.data
    return error


def _misfit(
    operation: Operation[M], content: bytes, misfits: Sequence[ErrorDetails]
) -> Envelope[M]:
    """Return what can be kept of a body that does not fit, or raise what is wrong with it."""
    body = _read_json(content)
    if body is None:
        raise InvalidResponseError(
            f"The answer is not JSON, or cut off, after {len(content)} bytes",
            operation=operation.name,
        )
    if not body.keys() & _KEYS:
        raise not_graphql(operation)
    errors: Any = body.get("errors")
    if errors and isinstance(errors, list):
        return Envelope(
            errors=errors,  # pyright: ignore[reportUnknownArgumentType]
            maintenance=body.get("maintenance"),
            extensions=body.get("extensions"),
            raw_data=body.get("data"),
        )
    raise InvalidResponseError(
        f"The answer does not fit {operation.name}: {_describe(misfits)}",
        operation=operation.name,
    )


def _read_json(content: bytes) -> dict[str, Any] | None:
    """Return the object that a body holds, an empty one for other JSON, or None if it is not JSON."""
    try:
        raw: Any = from_json(content)
    except ValueError:
        return None
    return cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}


def _describe(errors: Sequence[ErrorDetails]) -> str:
    real = [e for e in errors if e["type"] != "known_typename"]
    shown = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in real[:_MAX_ERRORS]]
    more = len(real) - len(shown)
    return "; ".join(shown) + (f" (and {more} more)" if more else "")


def not_graphql(operation: Operation[Any]) -> InvalidResponseError:
    """Return the exception for JSON that answers no GraphQL request."""
    return InvalidResponseError("The answer is JSON, but no GraphQL", operation=operation.name)
