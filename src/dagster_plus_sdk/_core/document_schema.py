"""Checks a document against the schema that a server gives for it, before it is sent.

The server's own check stands behind this one: what this one does not know, it lets pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .errors import InvalidInputError
from .secret import MASK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Protocol

    from .._generated.models import AnyDocumentType, DocumentTypeRef

    class DocumentSchema(Protocol):
        """The schema of a kind of documents."""

        @property
        def types(self) -> Sequence[AnyDocumentType]:
            """Every type in it."""
            ...

        @property
        def root(self) -> DocumentTypeRef:
            """The type of the whole document."""
            ...


_SCALARS: dict[str, tuple[type, ...]] = {
    "Bool": (bool,),
    "Float": (float, int),
    "Int": (int,),
    "String": (str,),
}


def check_document(
    document: Mapping[str, Any],
    schema: DocumentSchema,
    what: str,
    *,
    secret: Collection[str] = (),
) -> None:
    """Refuse a document that does not fit.

    Args:
        document: What is to be sent.
        schema: What the server takes.
        what: What the document is called in the error, such as ``the settings``.
        secret: Keys whose values, and what is in them, no error shows.

    Raises:
        InvalidInputError: It does not fit; ``errors`` has each reason with its path.
    """
    found = problems(document, schema, secret=secret)
    if found:
        more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""  # noqa: PLR2004
        raise InvalidInputError(
            f"{what} cannot be applied: {'; '.join(found[:3])}{more}",
            errors=[{"message": problem} for problem in found],
        )


def problems(
    document: Mapping[str, Any], schema: DocumentSchema, *, secret: Collection[str] = ()
) -> list[str]:
    """Return what is wrong with a document, a line each with the path of the place."""
    checker = _Checker({found.key: found for found in schema.types}, secret)
    return list(checker.check(document, schema.root.key, ""))


class _Checker:
    def __init__(self, types: Mapping[str, Any], secret: Collection[str]) -> None:
        self.types = types
        self.secret = secret

    def check(self, value: Any, key: str, path: str) -> Iterator[str]:
        found: Any = self.types.get(key)
        kind = getattr(found, "typename__", None)
        if kind == "CompositeConfigType":
            yield from self._fields(value, found, path)
        elif kind == "ScalarUnionConfigType":
            nested = isinstance(value, (dict, list))
            inner = found.non_scalar_type_key if nested else found.scalar_type_key
            yield from self.check(value, inner, path)
        elif kind == "NullableConfigType":
            if value is not None:
                yield from self.check(value, found.type_param_keys[0], path)
        elif kind == "ArrayConfigType":
            yield from self._items(value, found, path)
        elif kind == "MapConfigType":
            yield from self._values(value, found, path)
        elif kind == "EnumConfigType":
            names = [choice.value for choice in found.values]
            if value not in names:
                shown = self._shown(value, path)
                yield f"{_at(path)} must be one of {', '.join(names)}, not {shown}"
        elif kind == "RegularConfigType":
            yield from self._scalar(value, found.given_name, path)

    def _fields(self, value: Any, found: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{_at(path)} must be a mapping, not {self._shown(value, path)}"
            return
        fields = {field.name: field for field in found.fields}
        if found.is_selector and len(cast("dict[str, Any]", value)) != 1:
            yield f"{_at(path)} must have exactly one of {', '.join(sorted(fields))}"
        for name, inner in cast("dict[str, Any]", value).items():
            if name in fields:
                yield from self.check(inner, fields[name].type_key, f"{path}.{name}")
            elif not found.key.startswith("Permissive"):
                yield f"{_at(path)} has an unknown field {name!r}{_similar(name, fields)}"
        for name, field in fields.items():
            if field.is_required and name not in value and not found.is_selector:
                yield f"{_at(path)} lacks the field {name!r}"

    def _items(self, value: Any, found: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{_at(path)} must be a list, not {self._shown(value, path)}"
            return
        for index, item in enumerate(cast("Sequence[Any]", value)):
            yield from self.check(item, found.type_param_keys[0], f"{path}[{index}]")

    def _values(self, value: Any, found: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{_at(path)} must be a mapping, not {self._shown(value, path)}"
            return
        for name, inner in cast("dict[str, Any]", value).items():
            yield from self.check(inner, found.type_param_keys[1], f"{path}.{name}")

    def _scalar(self, value: Any, name: str, path: str) -> Iterator[str]:
        kinds = _SCALARS.get(name)
        if kinds is None:
            return
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            yield f"{_at(path)} must be {name}, not {self._shown(value, path)}"

    def _shown(self, value: Any, path: str) -> str:
        if any(key in self.secret for key in path.replace("[", ".").split(".")):
            return MASK
        return "nothing" if value is None else f"{value!r:.40}"


def _at(path: str) -> str:
    return path.lstrip(".") or "the document"


def _similar(name: object, known: Mapping[str, Any]) -> str:
    from difflib import get_close_matches

    similar = get_close_matches(str(name), known, n=1)
    return f"; did you mean {similar[0]!r}?" if similar else ""
