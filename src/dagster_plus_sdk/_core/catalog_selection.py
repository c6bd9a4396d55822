"""What a catalog view selects: from keyword arguments, and from a view that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .errors import InvalidInputError
from .inputs import tag_list, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .._generated.input_types import (
        CatalogViewSelectionInput,
        CodeLocationAssetSelectionInput,
        GroupAssetSelectionInput,
    )
    from .._generated.models import CatalogViewSelection

#: The repository of a code location that defines no named ones.
USUAL_REPOSITORY = "__repository__"

_LISTS = (
    "codeLocations",
    "columnTags",
    "columns",
    "groups",
    "kinds",
    "owners",
    "tableNames",
    "tags",
)


def selection_parts(
    *,
    query: str | None = None,
    groups: str | Iterable[str] | None = None,
    kinds: str | Iterable[str] | None = None,
    owners: str | Iterable[str] | None = None,
    tags: Mapping[str, str] | None = None,
    column_tags: Mapping[str, str] | None = None,
    columns: str | Iterable[str] | None = None,
    table_names: str | Iterable[str] | None = None,
    code_locations: str | Iterable[str] | None = None,
) -> dict[str, Any]:
    """Return the parts of a selection that are given, in the API's form.

    Raises:
        InvalidInputError: A part cannot be, or there are a query and others: the API takes either.
    """
    parts = {
        "codeLocations": _each(code_locations, "code_locations", _code_location),
        "columnTags": None if column_tags is None else tag_list(column_tags),
        "columns": _each(columns, "columns", str),
        "groups": _each(groups, "groups", _group),
        "kinds": _each(kinds, "kinds", str),
        "owners": _each(owners, "owners", lambda name: {"ownerName": name}),
        "tableNames": _each(table_names, "table_names", str),
        "tags": None if tags is None else tag_list(tags),
    }
    given: dict[str, Any] = {name: part for name, part in parts.items() if part is not None}
    if query is not None:
        if given:
            raise InvalidInputError("give either query or the parts of a selection, such as groups")
        given = {"querySelection": text(query, "query")}
    return given


def whole_selection(
    parts: Mapping[str, Any], before: CatalogViewSelection | None = None
) -> CatalogViewSelectionInput:
    """Return a selection as the API wants it: with every list, and the table names as a list always.

    Args:
        parts: What is given, by `selection_parts`.
        before: The selection that they change; None for a new one.

    Raises:
        InvalidInputError: Nothing would be selected.
    """
    kept = {} if before is None or "querySelection" in parts else _parts_of(before)
    if parts and "querySelection" not in parts:
        kept.pop("querySelection", None)
    chosen: dict[str, Any] = {**dict.fromkeys(_LISTS, ()), **kept, **parts}
    if not any(chosen.values()):
        raise InvalidInputError(
            "the view would select nothing; give query, or one of groups, kinds, owners, tags, column_tags, "
            "columns, table_names, code_locations"
        )
    whole = {name: list(chosen[name]) for name in _LISTS}
    if chosen.get("querySelection"):
        return cast(
            "CatalogViewSelectionInput", {**whole, "querySelection": chosen["querySelection"]}
        )
    return cast("CatalogViewSelectionInput", whole)


def _parts_of(selection: CatalogViewSelection) -> dict[str, Any]:
    """Return a view's selection in the form in which it is sent."""
    return {
        "querySelection": selection.query,
        "codeLocations": [
            {"repositoryLocationName": place.location, "repositoryName": place.repository}
            for place in selection.code_locations
        ],
        "columnTags": [{"key": tag.key, "value": tag.value} for tag in selection.column_tags],
        "columns": selection.columns,
        "groups": [
            {
                "groupName": group.name,
                "repositoryLocationName": group.location,
                "repositoryName": group.repository,
            }
            for group in selection.groups
        ],
        "kinds": selection.kinds,
        "owners": [{"ownerName": owner_name(owner)} for owner in selection.owners],
        "tableNames": selection.table_names,
        "tags": [{"key": tag.key, "value": tag.value} for tag in selection.tags],
    }


def owner_name(owner: Any) -> str:
    """Return an owner as Dagster writes it: an e-mail address, or ``team:`` and the team's name.

    Raises:
        InvalidInputError: It is neither, so that it could not be sent back.
    """
    email, team = getattr(owner, "email", None), getattr(owner, "team", None)
    if email is None and team is None:
        raise InvalidInputError(
            f"the view has an owner of a kind that is newer than this version: {owner!r}"
        )
    return email if email is not None else f"team:{str(team).removeprefix('team:')}"


def _each(
    values: str | Iterable[str] | None, what: str, convert: Callable[[str], Any]
) -> list[Any] | None:
    """Return converted values; an empty list stays one: it empties that part of a view."""
    if values is None:
        return None
    listed = [values] if isinstance(values, str) else list(values)
    return [convert(text(value, f"each of {what}")) for value in listed]


def _code_location(value: str) -> CodeLocationAssetSelectionInput:
    """Read ``location`` or ``repository@location``."""
    repository, at, location = value.partition("@")
    if not at:
        repository, location = USUAL_REPOSITORY, value
    return {
        "repositoryLocationName": text(location, "the location in code_locations"),
        "repositoryName": text(repository, "the repository in code_locations"),
    }


def _group(value: str) -> GroupAssetSelectionInput:
    """Read ``group``, ``group@location`` or ``group@repository@location``."""
    name, at, place = value.partition("@")
    found: GroupAssetSelectionInput = {"groupName": text(name, "the name in groups")}
    if at:
        found.update(_code_location(place))  # type: ignore[typeddict-item]
    return found
