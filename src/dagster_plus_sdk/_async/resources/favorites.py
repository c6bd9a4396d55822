"""Favorite assets of a user of Dagster+."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.asset_key import AssetKey
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..pager import AsyncPager


class AsyncFavorites(AsyncResource):
    """Favorite assets of the token's user (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        *,
        where: Callable[[AssetKey], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetKey]:
        """List favorite assets, by key. The API has no pages here: one request gets all. GraphQL: ``userFavoriteAssets``.

        Args:
            where: A filter, applied here.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.favorites.list()
        """
        return self._whole(ops.list_favorites(), sorted, where=where, limit=limit, cursor=cursor)

    async def add(self, key: AssetKey | str | Sequence[str]) -> AssetKey:
        """Make an asset a favorite. GraphQL: ``addUserFavoriteAsset``.

        Args:
            key: See ``assets.get``.

        Raises:
            NotFoundError: There is no such asset.

        Example:
            await client.favorites.add("orders")
        """
        return await self._transport.fetch(ops.add_favorite(asset_key=AssetKey.parse(key)))

    async def remove(self, key: AssetKey | str | Sequence[str]) -> None:
        """Make an asset no favorite any more. GraphQL: ``removeUserFavoriteAsset``.

        Args:
            key: See ``assets.get``.

        Raises:
            NotFoundError: There is no such asset.

        Example:
            await client.favorites.remove("orders")
        """
        await self._transport.fetch(ops.remove_favorite(asset_key=AssetKey.parse(key)))
