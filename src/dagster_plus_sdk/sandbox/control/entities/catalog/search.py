"""Search: assets by what their definitions say, and the values that these have."""

from __future__ import annotations

import json

from ...registry import Failure, query, switch
from .definitions import definitions, owner_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ...context import Context
    from ...store import Row

#: How many results, or values, where no limit is given.
LIMIT = 100
NOTHING_FOUND = switch(
    "search_without_results",
    "empty",
    "not_found",
    about="What a search without results answers: an empty list, or SearchResultsNotFoundError.",
)


def _path(asset: Row) -> str:
    return "/".join(asset["key"]["path"])


def _tag(tag: Row) -> str:
    return f"{tag['key']}={tag['value']}"


def _texts(asset: Row) -> Iterator[str]:
    """Yield what a text is looked for in."""
    yield _path(asset)
    yield from (asset["description"] or "", asset["group"], asset["tableName"] or "")
    yield from (asset["locationName"], *asset["kinds"], *asset["columns"])
    yield from map(owner_name, asset["owners"])
    yield from map(_tag, (*asset["tags"], *asset["columnTags"]))


def _rank(asset: Row, words: list[str]) -> int | None:
    """Return how well an asset matches, 0 best; None if it does not."""
    texts = [text.lower() for text in _texts(asset)]
    if not all(any(word in text for text in texts) for word in words):
        return None
    path, name = texts[0], asset["key"]["path"][-1].lower()
    whole = " ".join(words)
    if whole in (path, name):
        return 0
    if path.startswith(whole) or name.startswith(whole):
        return 1
    return 2 if all(word in path for word in words) else 3


def _words(text: str) -> list[str]:
    if text.count('"') % 2:
        raise Failure("SearchQueryError", f"The query {text!r} has a quote without an end.")
    parts = text.lower().split('"')
    # What is between quotes is one word.
    return [
        word
        for number, part in enumerate(parts)
        for word in ([part] if number % 2 else part.split())
        if word
    ]


def _page(context: Context, found: list[Row], cursor: int | None, limit: int | None) -> list[Row]:
    start, size = cursor or 0, LIMIT if limit is None else limit
    if start < 0 or size < 0:
        raise Failure("SearchQueryError", "Neither cursor nor limit can be negative.")
    if not found and context.switch(NOTHING_FOUND) == "not_found":
        raise Failure("SearchResultsNotFoundError", "Nothing was found.")
    return found[start : start + size]


@query("search")
def search(
    context: Context,
    *,
    query: str,
    assets_filter: Row | None = None,
    cursor: int | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Return the assets that a text and a filter find, best first."""
    words = _words(query)
    ranked = [
        (rank, asset)
        for asset in _filtered(context, assets_filter)
        if (rank := _rank(asset, words)) is not None
    ]
    ranked.sort(key=lambda pair: pair[0])
    return _page(context, [asset for _, asset in ranked], cursor, limit)


def _tags_of(asset: Row, name: str) -> list[tuple[str, str]]:
    return [(tag["key"], tag["value"]) for tag in asset[name]]


def _place(asset: Row) -> tuple[str, str]:
    return asset["locationName"], asset["repositoryName"]


def _is_in_group(asset: Row, group: Row) -> bool:
    given = (group.get("repositoryLocationName"), group.get("repositoryName"))
    places = zip(given, _place(asset), strict=True)
    return group["groupName"] == asset["group"] and all(g in (None, own) for g, own in places)


#: Whether an asset has one of the values that a filter has.
FILTERS: dict[str, Callable[[Row, Row], bool]] = {
    "filteredAssets": lambda asset, key: key["path"] == asset["key"]["path"],
    "codeLocations": lambda asset, place: (
        (place["repositoryLocationName"], place["repositoryName"]) == _place(asset)
    ),
    "groups": _is_in_group,
    "kinds": lambda asset, value: value in asset["kinds"],
    "owners": lambda asset, owner: owner["ownerName"] in map(owner_name, asset["owners"]),
    "columns": lambda asset, value: value in asset["columns"],
    "tableNames": lambda asset, value: value == asset["tableName"],
    "tags": lambda asset, tag: (tag["key"], tag["value"]) in _tags_of(asset, "tags"),
    "columnTags": lambda asset, tag: (tag["key"], tag["value"]) in _tags_of(asset, "columnTags"),
}


def _filtered(context: Context, given: Row | None) -> list[Row]:
    return [
        asset
        for asset in definitions(context)
        if all(
            any(matches(asset, value) for value in given[name])
            for name, matches in FILTERS.items()
            if given and given.get(name)
        )
    ]


#: What can be counted: the fields that ask for it, the values of an asset, and how a value is shown.
DIMENSIONS: dict[str, tuple[set[str], Callable[[Row], Iterable[Any]], Callable[[Any], Row]]] = {
    "columns": (
        {"COLUMNS", "COLUMN_NAMES"},
        lambda asset: asset["columns"],
        lambda value: {"fieldValue": value},
    ),
    "kinds": ({"KIND"}, lambda asset: asset["kinds"], lambda value: {"fieldValue": value}),
    "tableNames": (
        {"TABLE_NAME"},
        lambda asset: [asset["tableName"]] if asset["tableName"] else [],
        lambda value: {"fieldValue": value},
    ),
    "tags": ({"TAGS"}, lambda asset: asset["tags"], lambda value: {"tag": value}),
    "columnTags": (
        {"COLUMN_TAGS"},
        lambda asset: asset["columnTags"],
        lambda value: {"tag": value},
    ),
    "owners": ({"OWNERS"}, lambda asset: asset["owners"], lambda value: {"owner": value}),
    "groups": (
        {"GROUP", "GROUP_ADDRESS"},
        lambda asset: [{"group": asset["group"], **_where(asset)}],
        lambda value: value,
    ),
    "codeLocations": (
        {"LOCATION_NAME", "REPOSITORY_NAME", "REPO_ADDRESS"},
        lambda asset: [_where(asset)],
        lambda value: value,
    ),
}


def _where(asset: Row) -> Row:
    location, repository = _place(asset)
    return {"codeLocationName": location, "repositoryName": repository}


def _shown(value: object) -> str:
    """Return a value as a text is looked for in it."""
    if not isinstance(value, dict):
        return str(value)
    if "value" in value:
        return _tag(value)
    if "codeLocationName" in value:
        return str(value.get("group") or value["codeLocationName"])
    return owner_name(value)


@query("searchFieldValues")
def search_field_values(
    context: Context,
    *,
    field_value_query: str,
    field: str | None = None,
    asset_name_query: str | None = None,
    assets_filter: Row | None = None,
    limit: int | None = None,
) -> Row:
    """Return the values of a field, or of all, with how many assets have each: the most frequent first."""
    name, text = (asset_name_query or "").lower(), field_value_query.lower()
    assets = [a for a in _filtered(context, assets_filter) if name in _path(a).lower()]
    counted: Row = {dimension: [] for dimension in DIMENSIONS}
    for dimension, (fields, values, show) in DIMENSIONS.items():
        if field is None or field in fields:
            found = _count(assets, values, text)
            shown = [{**show(value), "numResults": count} for value, count in found]
            counted[dimension] = shown[: LIMIT if limit is None else limit]
    if not any(counted.values()) and context.switch(NOTHING_FOUND) == "not_found":
        raise Failure("SearchResultsNotFoundError", "Nothing was found.")
    return counted


def _count(
    assets: list[Row], values: Callable[[Row], Iterable[Any]], text: str
) -> list[tuple[Any, int]]:
    counts: dict[str, tuple[Any, int]] = {}
    for asset in assets:
        # An asset with a value twice has it.
        for key, value in {json.dumps(v, sort_keys=True): v for v in values(asset)}.items():
            if text in _shown(value).lower():
                counts[key] = (value, counts.get(key, (value, 0))[1] + 1)
    return sorted(counts.values(), key=lambda each: (-each[1], _shown(each[0])))
