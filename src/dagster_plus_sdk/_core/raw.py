"""Documents that somebody else wrote."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from .errors import InvalidInputError, InvalidResponseError
from .operation import Operation, encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .decode import Envelope
    from .operation import Kind

#: Comments, block strings and strings: what may hold braces and words that mean nothing.
_NOISE = re.compile(r'"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*')
_TOKEN = re.compile(r"[{}()\[\]]|(?<![@$\w])[_A-Za-z]\w*")
_NO_JSON = object()
_KINDS = ("query", "mutation", "subscription")


class RawOperation(Operation[dict[str, Any]]):
    """An operation of a document whose result is not modelled: it decodes to its ``data`` as it came.

    Args:
        document: Its text.
        variables: The values of its variables.
        operation_name: Which of its operations to run.

    Raises:
        InvalidInputError: The document has no operation, or no such one.
    """

    __slots__ = ("_chosen",)

    def __init__(
        self, document: str, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> None:
        self._chosen, kind = _choose(operations_of(document), operation_name)
        name = self._chosen or f"anonymous {kind}"
        super().__init__(name, kind, document, (), dict(variables or {}), "")

    @property
    def document(self) -> str:
        """The document as it was given."""
        return self._text

    def body(self) -> bytes:
        """Return the JSON body of the request; without a name where the operation has none.

        Raises:
            InvalidInputError: A variable holds what JSON cannot say.
        """
        request: dict[str, Any] = {"query": self._text, "variables": self.variables}
        if self._chosen is not None:
            request["operationName"] = self._chosen
        return encode(self.name, request)

    def decode_envelope(self, content: bytes) -> Envelope[dict[str, Any]]:
        """Read the body of an answer; its data stay as they came.

        Raises:
            InvalidResponseError: It is no GraphQL.
        """
        import json

        from .decode import Envelope, not_graphql

        raw: Any = _NO_JSON
        with suppress(ValueError):
            raw = json.loads(content)
        # Not in a handler: the exception's context would hold the body.
        if raw is _NO_JSON:
            raise InvalidResponseError(
                f"The answer is not JSON, or cut off, after {len(content)} bytes"
            )
        keys = ("data", "errors", "maintenance", "extensions")
        body = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
        fits = isinstance(body.get("data"), (dict, type(None)))
        if not fits or not body.keys() & set(keys[:3]):
            raise not_graphql(self)
        return Envelope(**{key: body[key] for key in keys if key in body})


def operations_of(document: str) -> list[tuple[str | None, Kind]]:
    """Return name and kind of each operation of a document, without checking the document."""
    found: list[tuple[str | None, Kind]] = []
    depth, pending, named = 0, None, None
    for word in _TOKEN.findall(_NOISE.sub(" ", document)):
        if word in "{([":
            if word == "{" and depth == 0 and pending != "fragment":
                found.append((named, pending or "query"))
            if word == "{" and depth == 0:
                pending = named = None
            depth += 1
        elif word in "})]":
            depth -= 1
        elif depth == 0 and pending is None and word in (*_KINDS, "fragment"):
            pending = word
        elif depth == 0 and pending is not None and named is None:
            named = word
    return found


def _choose(
    operations: list[tuple[str | None, Kind]], wanted: str | None
) -> tuple[str | None, Kind]:
    if not operations:
        raise InvalidInputError("the document has no operation, such as { version }")
    names = ", ".join(str(name) for name, _ in operations)
    fitting = [o for o in operations if wanted is None or o[0] == wanted]
    if not fitting:
        raise InvalidInputError(f"the document has no operation {wanted!r}, but {names}")
    if len(fitting) > 1:
        raise InvalidInputError(f"the document has several operations, choose one of {names}")
    return fitting[0]
