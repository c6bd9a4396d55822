"""Documents that people keep in files: read, written, and compared before they are applied."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import TypeAlias

    #: A document: a mapping, YAML or JSON text, or the path of such a file.
    Document: TypeAlias = Mapping[str, Any] | str | os.PathLike[str]


def read_document(
    value: Document | None, what: str, *, example: str = "key: ..."
) -> dict[str, Any]:
    """Return a document as a mapping.

    Args:
        value: A mapping, YAML or JSON text, or the path of such a file; None for an empty one.
        what: What it is called in errors, such as ``the run config``.
        example: What it looks like, for the error where it is no mapping.

    Raises:
        InvalidInputError: The file cannot be read, the text is no YAML (the message has line and column), or the
            document is no mapping.
    """
    if value is None:
        return {}
    if isinstance(value, os.PathLike):
        document = parse(_read(value), f"{what} in {os.fspath(value)}")
    elif isinstance(value, str):
        document = parse(value, what)
    else:
        document = value
    if document is None:
        return {}
    if not hasattr(document, "items"):
        kind = type(document).__name__
        raise InvalidInputError(f"{what} must be a mapping such as {example!r}, not a {kind}")
    return dict(document)


def read_list(value: Document | None, key: str, what: str, *, alone: bool = False) -> list[Any]:
    """Return the list that a document has below a key.

    Args:
        value: See ``read_document``.
        key: Where the list is.
        what: What its items are called in errors, such as ``the locations``.
        alone: Refuse a document that has anything besides.

    Raises:
        InvalidInputError: See ``read_document``; or it has no such list.
    """
    found = read_document(value, what, example=f"{key}: [...]")
    listed = found.pop(key, None)
    if not isinstance(listed, (list, tuple)):
        raise InvalidInputError(
            f"the document has no list {key!r}; write {what} below that key, or an empty list for none"
        )
    if alone and found:
        raise InvalidInputError(
            f"the document has only {key!r} at its top, not {', '.join(map(str, found))}"
        )
    return [*cast("Sequence[Any]", listed)]


def to_yaml(document: Any) -> str:
    """Return a document as YAML, its keys in the order in which they stand."""
    import yaml

    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    return text


class Changes:
    """What applying a document would change.

    Attributes:
        created: Names of what is new, sorted.
        updated: Names of what would be different.
        deleted: Names of what would be gone.
        unchanged: Names of what stays as it is.
        diff: The difference as text, in the form of ``diff -u``; empty where nothing changes. Of environment variables and
            other secrets it shows only whether they differ.
    """

    __slots__ = ("created", "deleted", "diff", "unchanged", "updated")

    def __init__(
        self,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        secret: Collection[str] = (),
    ) -> None:
        from .document_masks import masked_items

        kept = sorted(before.keys() & after.keys())
        self.created: list[str] = sorted(after.keys() - before.keys())
        self.updated: list[str] = [name for name in kept if before[name] != after[name]]
        self.deleted: list[str] = sorted(before.keys() - after.keys())
        self.unchanged: list[str] = [name for name in kept if before[name] == after[name]]
        self.diff: str = _diff(
            masked_items(before, before, secret), masked_items(after, before, secret)
        )

    def __bool__(self) -> bool:
        """Tell whether anything would change."""
        return bool(self.created or self.updated or self.deleted)

    def model_dump(self, **_options: object) -> dict[str, Any]:
        """Return all of it as plain data, as models do."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        """Show the names of what would change."""
        return f"Changes(created={self.created}, updated={self.updated}, deleted={self.deleted})"


def by_name(items: Sequence[Any], key: str, what: str) -> dict[str, Any]:
    """Return the items of a document by their names.

    Args:
        items: Mappings.
        key: The field with the name.
        what: What one is called in errors, such as ``location``.

    Raises:
        InvalidInputError: An item is no mapping or has no name, or two have the same.
    """
    found: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        name = item.get(key) if hasattr(item, "get") else None
        if not isinstance(name, str) or not name:
            raise InvalidInputError(f"{what} {number} has no {key!r}; each needs one")
        if name in found:
            raise InvalidInputError(
                f"two items are named {name!r}; each {what} needs a name of its own"
            )
        found[name] = item
    return found


def flatten(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return a document's values by their paths: ``{"a": {"b": 1}}`` gives ``{"a.b": 1}``."""
    found: dict[str, Any] = {}
    for key, value in document.items():
        if hasattr(value, "items") and value:
            found.update(flatten(value, f"{prefix}{key}."))
        else:
            found[f"{prefix}{key}"] = value
    return found


def merged(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with changes put in; mappings inside it are merged too."""
    found = dict(document)
    for key, value in changes.items():
        inner: Any = found.get(key)
        both = hasattr(inner, "items") and hasattr(value, "items")
        found[key] = merged(inner, value) if both else value
    return found


def _diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    from difflib import unified_diff

    return "".join(unified_diff(_lines(before), _lines(after), "current", "wanted"))


def _lines(document: Mapping[str, Any]) -> list[str]:
    ordered = {name: document[name] for name in sorted(document)}
    return to_yaml(ordered).splitlines(keepends=True) if ordered else []


def _read(path: os.PathLike[str]) -> str:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - PathLike, not only Path
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInputError(f"{os.fspath(path)} cannot be read: {reason}") from error


def parse(source: str, what: str) -> Any:
    """Return what a text in YAML or JSON says; dates stay texts.

    Raises:
        InvalidInputError: It is neither; the message has ``what``, line and column.
    """
    import yaml

    if source.lstrip().startswith("{"):  # JSON knows tabs and surrogates, which YAML refuses
        import json

        with suppress(ValueError):
            return json.loads(source)

    class Loader(yaml.SafeLoader):
        """Leaves dates as texts, as Dagster does: JSON cannot say them."""

    Loader.yaml_implicit_resolvers = {
        first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(source, Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InvalidInputError(f"{what} is no valid YAML{where}: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        read = source[: error.position]
        line, column = read.count("\n") + 1, error.position - read.rfind("\n")
        raise InvalidInputError(
            f"{what} is no valid YAML in line {line}, column {column}: {error.reason}"
        ) from error
