"""One request to the API: a document, its variables, and how to read the answer.

Building and sending one needs neither pydantic nor httpx: they come with the first answer.
"""

from __future__ import annotations

import sys

from .unset import UNSET, UnsetType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Generic, Literal, TypeVar, cast

    from .decode import Envelope

    T_co = TypeVar("T_co", covariant=True)
    Kind = Literal["query", "mutation", "subscription"]
else:
    T_co = None

    def cast(_type: str, value: Any) -> Any:
        """Stand in for `typing.cast`."""
        return value

    class Generic:
        """Stands in for `typing.Generic`, whose import costs more than this module."""

        __slots__ = ()

        def __class_getitem__(cls, parameters: object) -> type:
            return cls


__all__ = ["Operation"]

_documents: dict[tuple[str, tuple[str, ...]], str] = {}
_READER = f"{__package__}.decode"


class Operation(Generic[T_co]):
    """A GraphQL operation with its variables, ready to be sent; `T_co` is the model of its answer.

    The functions of `_generated.operations` build them.

    Args:
        name: The operation's name in the document.
        kind: `query`, `mutation` or `subscription`.
        text: The operation, minified.
        fragments: The texts of all fragments that it needs.
        variables: By their names on the wire; those that are `UNSET` are dropped.
        module: The module that holds the model of the answer, a class of the operation's name.
    """

    __slots__ = ("_fragments", "_text", "kind", "module", "name", "variables")

    def __init__(
        self,
        name: str,
        kind: Kind,
        text: str,
        fragments: tuple[str, ...],
        variables: dict[str, Any],
        module: str,
    ) -> None:
        self.name: str = name
        self.kind: Kind = kind
        self.module: str = module
        self.variables: dict[str, Any] = {k: v for k, v in variables.items() if v is not UNSET}
        self._text = text
        self._fragments = fragments

    @property
    def document(self) -> str:
        """The whole document, joined with its fragments at the first use."""
        parts = (self._text, self._fragments)
        document = _documents.get(parts)
        if document is None:
            document = _documents[parts] = self._text + "".join(self._fragments)
        return document

    def body(self) -> bytes:
        """Return the JSON body of the request.

        Raises:
            InvalidInputError: A variable holds what JSON cannot say (NaN, infinity), or what the API cannot take,
                such as a datetime: it has several kinds of times, so they are converted where the field is known.
        """
        request = {"operationName": self.name, "query": self.document, "variables": self.variables}
        return encode(self.name, request)

    def secrets(self) -> tuple[str, ...]:
        """Return the texts of secrets among the variables, in the forms in which an answer may repeat them."""
        return tuple(_secret_texts(self.variables))

    def decode(self, content: bytes) -> T_co:
        """Read the body of an answer.

        Args:
            content: The body as it came.

        Raises:
            GraphQLRequestError: The answer has errors; those that say that the token may not raise
                PermissionDeniedError or AuthenticationError.
            InvalidResponseError: The answer is no GraphQL, or does not fit.
        """
        _load_reader()
        from .decode import decode

        return decode(self, content)

    def decode_envelope(self, content: bytes) -> Envelope[T_co]:
        """Read the body of an answer without judging what it says: its data, errors and maintenance.

        Args:
            content: The body as it came.

        Raises:
            InvalidResponseError: The answer is no GraphQL, or does not fit.
        """
        _load_reader()
        from .decode import decode_envelope

        return decode_envelope(self, content)

    def decode_frame(self, content: bytes) -> T_co | None:
        """Read a frame of a subscription; None where it has no data, or errors too.

        Args:
            content: The frame as it came.
        """
        _load_reader()
        from .decode import decode_frame

        return decode_frame(self, content)

    def __repr__(self) -> str:
        # Values may be secrets: names only.
        return f"<Operation {self.name}({', '.join(self.variables)})>"


def _load_reader() -> None:
    """Import what reads answers, all of pydantic with it, while the garbage collector rests."""
    if _READER in sys.modules:
        return
    from importlib import import_module

    from .collector import Resting

    with Resting():
        import_module(_READER)


def encode(operation: str, request: dict[str, Any]) -> bytes:
    """Return a request's body as JSON.

    Raises:
        InvalidInputError: It holds what cannot be sent.
    """
    import json

    from .errors import InvalidInputError

    try:
        return json.dumps(request, default=_to_wire, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"{operation} cannot be sent: {error}") from error


def _secret_texts(value: Any) -> Iterator[str]:
    from .secret import Secret

    if isinstance(value, Secret):
        text = value.reveal()
        # Whole, and each line: what repeats a text may cut it.
        yield from dict.fromkeys(
            form for part in (text, *text.splitlines()) for form in _forms(part)
        )
    elif isinstance(value, dict):
        for part in cast("dict[str, Any]", value).values():
            yield from _secret_texts(part)
    elif isinstance(value, (list, tuple)):
        for part in cast("tuple[Any, ...]", value):
            yield from _secret_texts(part)


def _forms(text: str) -> Iterator[str]:
    """Return a text as it is, and as JSON repeats it, also inside of a text that repeats JSON."""
    import json

    yield text
    for plain in (True, False):
        once = json.dumps(text, ensure_ascii=plain)[1:-1]
        yield once
        yield json.dumps(once, ensure_ascii=plain)[1:-1]


def _to_wire(value: Any) -> Any:
    """Convert what json cannot: only what the API's inputs can be."""
    from .secret import Secret

    if isinstance(value, Secret):
        return value.reveal()
    to_wire = getattr(value, "to_wire", None)
    if to_wire is not None:
        return to_wire()
    if isinstance(value, UnsetType):
        raise TypeError("UNSET inside a variable: leave the key out instead")
    if hasattr(value, "utcoffset"):
        raise TypeError("a datetime cannot be sent as such: convert it to the field's own unit")
    raise TypeError(f"a variable cannot be a {type(value).__name__}")
