"""Documents of code locations: one location, and ``{"locations": [...]}`` for all of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .document_schema import problems
from .documents import by_name, merged, read_document, read_list
from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .document_schema import DocumentSchema
    from .documents import Document

NAME = "location_name"
#: Where the definitions are; a location has one of these.
SOURCES = ("autoload_defs_module_name", "module_name", "package_name", "python_file")
#: What a document has under ``git``, by the names of the keywords for it.
GIT = {"commit_hash": "commit_hash", "git_url": "url"}


def location_document(
    name: str, document: Document | None, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Return one location as a document.

    Args:
        name: The location's name.
        document: What is known of it already; its name may be left out.
        settings: Single settings by their keywords; None for those that are not given.

    Raises:
        InvalidInputError: The document is of another location, or there are two code sources.
    """
    found = read_document(document, "the location", example="image: ...")
    if found.get(NAME, name) != name:
        raise InvalidInputError(f"the document is of location {found[NAME]!r}, not of {name!r}")
    given = {key: value for key, value in settings.items() if value is not None}
    source = {key: given.pop(key) for key in SOURCES if key in given}
    if len(source) > 1:
        raise InvalidInputError(f"a location has one code source; choose from {', '.join(source)}")
    git = {inner: given.pop(key) for key, inner in GIT.items() if key in given}
    if "container_context" in given:
        context = read_document(given["container_context"], "the container context")
        given["container_context"] = context
    if source:
        given["code_source"] = source
    return updated({NAME: name, **found}, {**given, "git": git} if git else given)


def updated(location: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a location's document with changes put in; a new code source takes the place of the old one."""
    source = changes.get("code_source")
    kept = {key: value for key, value in location.items() if source is None or key != "code_source"}
    return merged(kept, changes)


def locations_of(document: Document) -> dict[str, Any]:
    """Return the locations of a document by their names, in its order.

    Args:
        document: ``{"locations": [...]}``.

    Raises:
        InvalidInputError: It is no such document, or two locations have the same name.
    """
    return by_name(read_list(document, "locations", "the locations", alone=True), NAME, "location")


def check_locations(locations: Iterable[Mapping[str, Any]], schema: DocumentSchema | None) -> None:
    """Refuse locations that do not fit.

    Args:
        locations: A document each.
        schema: What the server takes as one; None where it does not say.

    Raises:
        InvalidInputError: One does not fit; ``errors`` has each reason, with the location and its path in there.
    """
    if schema is None:
        return
    found = [
        f"location {location[NAME]!r}: {problem}"
        for location in locations
        for problem in problems(location, schema)
    ]
    if found:
        more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""  # noqa: PLR2004
        raise InvalidInputError(
            f"{'; '.join(found[:3])}{more}", errors=[{"message": problem} for problem in found]
        )


def comparable(locations: Mapping[str, Any]) -> dict[str, Any]:
    """Return locations without the fields that are null: a server gives those that were never set, too."""
    return {name: _without_nulls(location) for name, location in locations.items()}


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        return {key: _without_nulls(item) for key, item in given.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in cast("Sequence[Any]", value)]
    return value
