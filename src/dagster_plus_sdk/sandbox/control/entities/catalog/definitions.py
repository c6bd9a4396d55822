"""Definitions of assets: those of the real Dagster, and those that a seed has. Nothing of them is kept."""

from __future__ import annotations

import json

from ...deploying import by_name
from ...registry import Failure, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ...context import Context
    from ...store import Row

SEEDED = "asset_definition"
ASSETS = """
{
  assetNodes {
    assetKey { path }
    description
    groupName
    kinds
    owners { __typename ... on TeamAssetOwner { team } ... on UserAssetOwner { email } }
    tags { key value }
    dependencyKeys { path }
    repository { name location { name } }
    metadataEntries {
      label
      ... on TextMetadataEntry { text }
      ... on TableSchemaMetadataEntry { schema { columns { name tags { key value } } } }
    }
  }
}
"""
TABLE_NAME = "dagster/table_name"


def path_of(key: str | Iterable[str]) -> list[str]:
    """Return the parts of an asset's key, which a seed writes as a text or a list."""
    return key.split("/") if isinstance(key, str) else list(key)


def definitions(context: Context) -> list[Row]:
    """Return the assets that are defined, by key: as search results, with their columns and dependencies."""
    nodes = context.ask(ASSETS).get("assetNodes") or ()
    real = [_of_node(node) for node in nodes]
    here = context.here()["deploymentId"]
    seeded = [
        {**row, "__typename": ""}
        for row in context.store.list(SEEDED)
        if row["deployment"] in (None, here)
    ]
    return sorted([*seeded, *real], key=lambda found: list(found["key"]["path"]))


def known_assets(context: Context, others: Iterable[Iterable[str]]) -> list[Row]:
    """Return the assets that are defined, and others that only left traces."""
    found = definitions(context)
    known = {tuple(each["key"]["path"]) for each in found}
    bare = sorted({tuple(path) for path in others} - known)
    return [*found, *(_definition(list(path)) for path in bare)]


@seeds("assets")
def plant_asset(
    context: Context,
    key: str | list[str] | None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    group: str = "default",
    kinds: Iterable[str] = (),
    owners: Iterable[str] = (),
    tags: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[str, str] | None] | Iterable[str] = (),
    table: str | None = None,
    deps: Iterable[str | list[str]] = (),
    location: str = "demo",
    repository: str = "__repository__",
    deployment: str | None = None,
) -> None:
    """Write a definition of an asset, for search and metrics only: assets themselves are the real Dagster's.

    Args:
        context: Where to.
        key: Its key: a text or a list.
        name: The same, as entries that are texts have it.
        description: What it is.
        group: Its group.
        kinds: Its kinds.
        owners: E-mail addresses, or teams as ``team:data``.
        tags: Its tags.
        columns: The names of its columns, or their tags by name.
        table: The table that it is.
        deps: The keys of the assets that it is made of.
        location: Its code location.
        repository: Its repository.
        deployment: The deployment's name; by default all.
    """
    columned = dict(columns) if isinstance(columns, dict) else dict.fromkeys(columns)
    given = key or name
    if not given:
        raise Failure("InvalidAssetKey", "an asset needs a key")
    found = _definition(
        path_of(given),
        description=description,
        group=group,
        kinds=list(kinds),
        owners=[asset_owner(owner) for owner in owners],
        tags=_tags(tags),
        columns=list(columned),
        columnTags=[tag for own in columned.values() for tag in _tags(own)],
        tableName=table,
        deps=[path_of(dep) for dep in deps],
        locationName=location,
        repositoryName=repository,
    )
    where = by_name(context.store, deployment)["deploymentId"] if deployment else None
    context.store.put(SEEDED, found["id"], {**found, "deployment": where})


def _definition(path: list[str], **known: Any) -> Row:
    return {
        "id": json.dumps(path),
        "key": {"path": path},
        "description": None,
        "group": "",
        "kinds": [],
        "owners": [],
        "tags": [],
        "columns": [],
        "columnTags": [],
        "tableName": None,
        "deps": [],
        "locationName": "",
        "repositoryName": "",
        **known,
    }


def asset_owner(name: str) -> Row:
    """Return an owner whom people write as an e-mail address, or as ``team:data``."""
    team = name.removeprefix("team:")
    if team != name:
        return {"__typename": "TeamAssetOwner", "team": team}
    return {"__typename": "UserAssetOwner", "email": name}


def owner_name(owner: Row) -> str:
    """Return an owner as people write it: an e-mail address, or a team as ``team:data``."""
    return owner["email"] if "email" in owner else f"team:{owner['team'].removeprefix('team:')}"


def _tags(tags: Mapping[str, str] | None) -> list[Row]:
    return [{"key": key, "value": value} for key, value in (tags or {}).items()]


def _of_node(node: Row) -> Row:
    entries = node["metadataEntries"] or ()
    columns = [column for e in entries for column in (e.get("schema") or {}).get("columns", ())]
    return _definition(
        node["assetKey"]["path"],
        description=node["description"],
        group=node["groupName"] or "",
        kinds=node["kinds"],
        owners=node["owners"],
        tags=node["tags"],
        columns=[column["name"] for column in columns],
        columnTags=[tag for column in columns for tag in column["tags"] or ()],
        tableName=next((e["text"] for e in entries if e["label"] == TABLE_NAME), None),
        deps=[key["path"] for key in node["dependencyKeys"]],
        locationName=node["repository"]["location"]["name"],
        repositoryName=node["repository"]["name"],
    )
