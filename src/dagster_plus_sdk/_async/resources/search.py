"""Search for assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError
from ..._core.inputs import member, text
from ..._core.offsets import offset_batch, offset_of
from ..._core.paging import Plan
from ..._core.search_filters import search_filter
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..pager import AsyncPager
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..._core.asset_key import AssetKey
    from ..._core.paging import Batch
    from ..._generated.enums import SearchAssetDefFields
    from ..._generated.models import SearchResult, SearchValues


class AsyncSearch(AsyncResource):
    """Search over the definitions of assets (Dagster+)."""

    __slots__ = ()

    def list(
        self,
        query: str,
        *,
        assets: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None = None,
        locations: str | Iterable[str] | None = None,
        repository: str = "__repository__",
        groups: str | Iterable[str] | None = None,
        kinds: str | Iterable[str] | None = None,
        owners: str | Iterable[str] | None = None,
        tags: Mapping[str, str] | None = None,
        columns: str | Iterable[str] | None = None,
        column_tags: Mapping[str, str] | None = None,
        tables: str | Iterable[str] | None = None,
        where: Callable[[SearchResult], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[SearchResult]:
        """Find assets by text and filters, best first (Dagster+). GraphQL: ``search``.

        Args:
            query: What to look for; may be empty where there is a filter.
            assets: Only these assets.
            locations: Only assets of one of these code locations.
            repository: The repository's name in these locations.
            groups: Only assets of one of these groups.
            kinds: Only assets of one of these kinds.
            owners: Only assets of one of these owners: e-mail addresses, or teams as ``team:data``.
            tags: Only assets with these tags.
            columns: Only assets with one of these columns.
            column_tags: Only assets with columns that have these tags.
            tables: Only assets that are one of these tables.
            where: A further filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or how many to leave out.

        Raises:
            InvalidInputError: Neither text nor filter is given, or a filter is empty; nothing is sent.
            InvalidRequestError: The server cannot read the text.

        Example:
            client.search.list("orders", kinds=["python"], owners=["team:shop"], limit=10)
        """
        chosen = search_filter(
            assets=assets,
            locations=locations,
            repository=repository,
            groups=groups,
            kinds=kinds,
            owners=owners,
            tags=tags,
            columns=columns,
            column_tags=column_tags,
            tables=tables,
        )
        if chosen is None and not query.strip():
            raise InvalidInputError("say what to look for: a text or a filter")

        async def fetch(after: str | None, size: int) -> Batch[SearchResult]:
            offset = offset_of(after)
            operation = ops.search_assets(
                query=query,
                assets_filter=chosen or UNSET,
                cursor=offset or UNSET,
                limit=size + 1,
            )
            found = await self._transport.fetch(operation)
            return offset_batch(found.results, offset, size)

        plan = Plan(limit=limit, page_size=page_size, cursor=cursor, where=where)
        return AsyncPager(fetch, plan)

    async def values(
        self,
        field: SearchAssetDefFields | str,
        query: str,
        *,
        asset_name: str | None = None,
        assets: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None = None,
        locations: str | Iterable[str] | None = None,
        repository: str = "__repository__",
        groups: str | Iterable[str] | None = None,
        kinds: str | Iterable[str] | None = None,
        owners: str | Iterable[str] | None = None,
        tags: Mapping[str, str] | None = None,
        columns: str | Iterable[str] | None = None,
        column_tags: Mapping[str, str] | None = None,
        tables: str | Iterable[str] | None = None,
        limit: int | None = None,
    ) -> SearchValues:
        """Return the values of a field that match a text, with how many assets have each (Dagster+). GraphQL: ``searchFieldValues``.

        Args:
            field: The field, such as ``OWNERS`` or ``COLUMN_NAMES``.
            query: What the values are to match; an empty text for all.
            asset_name: Count only assets whose name matches this text.
            assets: See ``list``.
            locations: See ``list``.
            repository: See ``list``.
            groups: See ``list``.
            kinds: See ``list``.
            owners: See ``list``.
            tags: See ``list``.
            columns: See ``list``.
            column_tags: See ``list``.
            tables: See ``list``.
            limit: How many values at most; None for what the server gives.

        Raises:
            InvalidInputError: There is no such field, a filter is empty, or no value is wanted; nothing is sent.
            InvalidRequestError: The server cannot read the text.

        Example:
            await client.search.values("OWNERS", "shop", groups=["warehouse"])
        """
        from ..._generated.enums.search_asset_def_fields import SearchAssetDefFields as Fields

        chosen = search_filter(
            assets=assets,
            locations=locations,
            repository=repository,
            groups=groups,
            kinds=kinds,
            owners=owners,
            tags=tags,
            columns=columns,
            column_tags=column_tags,
            tables=tables,
        )
        if limit is not None and limit < 1:
            raise InvalidInputError(f"limit must be 1 or more, not {limit}")
        operation = ops.search_field_values(
            field_value_query=query,
            field=member(Fields, field, "field"),
            asset_name_query=UNSET if asset_name is None else text(asset_name, "asset_name"),
            assets_filter=chosen or UNSET,
            limit=UNSET if limit is None else limit,
        )
        return await self._transport.fetch(operation)
