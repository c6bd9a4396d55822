"""The favorite assets of people."""

from __future__ import annotations

from ...registry import VIEW, Failure, mutation, query
from .own import owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

FAVORITE = "favorite"
# Dagster answers with an asset for every key; one that there is has a definition, or was materialized.
KNOWN = """
query ($key: AssetKeyInput!) {
  assetOrError(assetKey: $key) {
    ... on Asset { definition { id } assetMaterializations(limit: 1) { timestamp } }
  }
}
"""


def _mine(context: Context, user: Row | None = None) -> dict[str, object]:
    of = user or owner(context)
    return {"userId": of["userId"], "deployment": context.here()["deploymentId"]}


def _id(mine: dict[str, object], asset_key: Row) -> str:
    return f"{mine['userId']}/{mine['deployment']}/{asset_key['path']}"


@query("userFavoriteAssets")
def user_favorite_assets(context: Context) -> list[Row]:
    """Return the keys of the caller's favorite assets."""
    return favorites_of(context)


def favorites_of(context: Context, user: Row | None = None) -> list[Row]:
    """Return the keys of a user's favorite assets: by default the caller's."""
    return [row["assetKey"] for row in context.store.list(FAVORITE, **_mine(context, user))]


@mutation("addUserFavoriteAsset", needs=VIEW, audit=None)
def add(context: Context, *, asset_key: Row) -> Row:
    """Make an asset a favorite; without a Dagster no key is unknown."""
    known = context.ask(KNOWN, key=asset_key).get("assetOrError")
    if known is not None and not any(known.values()):
        raise _unknown(asset_key)
    mine = _mine(context)
    context.store.put(FAVORITE, _id(mine, asset_key), {**mine, "assetKey": asset_key})
    return {"__typename": "AssetKey", **asset_key}


@mutation("removeUserFavoriteAsset", needs=VIEW, audit=None)
def remove(context: Context, *, asset_key: Row) -> Row:
    """Make an asset no favorite any more."""
    identifier = _id(_mine(context), asset_key)
    if context.store.get(FAVORITE, identifier) is None:
        raise _unknown(asset_key)
    context.store.delete(FAVORITE, identifier)
    return {"__typename": "AssetKey", **asset_key}


def _unknown(asset_key: Row) -> Failure:
    message = f"There is no asset {'/'.join(asset_key['path'])}."
    return Failure("AssetKeyNotFoundError", message, assetKey=asset_key)
