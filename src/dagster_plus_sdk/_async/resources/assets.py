"""Assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.asset_key import AssetKey
from ..._core.errors import NotFoundError
from ..._core.inputs import all_of
from ..._core.paging import Batch, Plan
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..._generated.models import Asset, AssetSummary
    from ..pager import AsyncPager


class AsyncAssets(AsyncResource):
    """Assets of the deployment: those that are defined, and those that were materialized once."""

    __slots__ = ()

    def list(
        self,
        *,
        prefix: AssetKey | str | Sequence[str] | None = None,
        group: str | None = None,
        where: Callable[[AssetSummary], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetSummary]:
        """List assets by key, never materialized ones included. GraphQL: ``assetsOrError``.

        Args:
            prefix: Only assets whose key begins with this one.
            group: Only assets of this group; filtered here.
            where: A further filter.
            limit: How many assets in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or one of the server's.
        """
        path = list(AssetKey.parse(prefix).path) if prefix is not None else UNSET

        def in_group(asset: AssetSummary) -> bool:
            return asset.definition is not None and asset.definition.group_name == group

        where = all_of(in_group if group is not None else None, where)
        return self._paged(
            lambda after, size: ops.list_assets(prefix=path, cursor=after, limit=size),
            lambda found, size: Batch(
                found.nodes, cursor=found.cursor, has_more=len(found.nodes) >= size
            ),
            Plan(limit=limit, page_size=page_size, cursor=cursor, where=where),
        )

    async def get(self, key: AssetKey | str | Sequence[str]) -> Asset:
        r"""Return one asset. GraphQL: ``assetOrError``.

        Args:
            key: ``AssetKey("a", "b")``, ``["a", "b"]`` or ``"a/b"``; in text a slash inside a part is ``\/``.

        Raises:
            NotFoundError: There is no such asset.
        """
        operation = ops.get_asset(asset_key=AssetKey.parse(key))
        asset = await self._transport.fetch(operation)
        # The server answers any key with an asset; one that nobody knows has nothing but its key.
        if not (asset.definition or asset.last_materialized_at or asset.last_observed_at):
            raise NotFoundError(
                f"There is no asset {asset.key}",
                code="ASSET_NOT_FOUND",
                operation=operation.name,
                typename="AssetNotFoundError",
            )
        return asset
