"""The API's filter of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .asset_key import AssetKey
from .inputs import several, tag_list, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._generated.input_types import AssetsFilterInput


def search_filter(
    *,
    assets: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None,
    locations: str | Iterable[str] | None,
    repository: str,
    groups: str | Iterable[str] | None,
    kinds: str | Iterable[str] | None,
    owners: str | Iterable[str] | None,
    tags: Mapping[str, str] | None,
    columns: str | Iterable[str] | None,
    column_tags: Mapping[str, str] | None,
    tables: str | Iterable[str] | None,
) -> AssetsFilterInput | None:
    """Return the filter; None where nothing is filtered.

    Raises:
        InvalidInputError: A filter is empty, or has an empty text.
    """
    # Lists that are left out are an error to the server, null ones too.
    found: AssetsFilterInput = {
        "codeLocations": [
            {"repositoryLocationName": name, "repositoryName": text(repository, "repository")}
            for name in _texts(locations, "locations")
        ],
        "groups": [{"groupName": name} for name in _texts(groups, "groups")],
        "kinds": _texts(kinds, "kinds"),
        "owners": [{"ownerName": name} for name in _texts(owners, "owners")],
        "tags": tag_list(tags),
        "columns": _texts(columns, "columns"),
        "columnTags": tag_list(column_tags),
        "tableNames": [*_texts(tables, "tables")],
    }
    listed = several([assets] if isinstance(assets, AssetKey) else assets, "assets")
    if listed is not None:
        found["filteredAssets"] = [AssetKey.parse(key) for key in listed]
    return found if any(found.values()) else None


def _texts(values: Any, what: str) -> list[str]:
    return [text(value, what) for value in several(values, what) or ()]
