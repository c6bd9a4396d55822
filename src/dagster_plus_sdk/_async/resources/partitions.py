"""Partitions of assets and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.asset_key import AssetKey
from ..._core.errors import ConflictError, InvalidInputError
from ..._core.inputs import text
from ..._core.paging import Batch, Plan, one_more
from ..._core.partition_keys import partition_keys
from ..._core.places import Place, only_place
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..locating import select_job
from ..pager import AsyncPager, once
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..._generated.input_types import RepositorySelector
    from ..._generated.models import PartitionStatus

#: Keys that are asked for at once when the caller does not say: they are short.
_KEYS = 1000


class AsyncPartitions(AsyncResource):
    """Partitions of the deployment's assets and jobs."""

    __slots__ = ()

    def list(
        self,
        *,
        asset: AssetKey | str | Sequence[str] | None = None,
        job: str | None = None,
        location: str | None = None,
        repository: str | None = None,
        last_first: bool = False,
        where: Callable[[str], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[str]:
        """List the keys of an asset's or a job's partitions. GraphQL: ``assetNodeOrError``, ``pipelineOrError``.

        Args:
            asset: The asset; this, or the job. One without partitions has an empty list.
            job: The job; this, or the asset.
            location: The job's code location; found by the job's name where that is unique.
            repository: The job's repository; found likewise.
            last_first: Begin with the last partition, such as the latest day; of an asset, one request gets all keys then.
            where: A filter, applied here.
            limit: How many keys in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor`` of the same list.

        Raises:
            InvalidInputError: Not exactly one of asset and job is given: nothing is sent. Or, when it is walked, several
                locations have such a job.
            NotFoundError: There is no such asset or job.

        Example:
            client.partitions.list(asset="raw_orders", last_first=True, limit=7)
            client.partitions.list(job="daily_orders")
        """
        plan: Plan[str] = Plan(limit=limit, page_size=page_size, cursor=cursor, where=where)
        if (asset is None) == (job is None):
            raise InvalidInputError("give either asset or job: whose partitions to list")
        if job is not None:
            plan.cursor_of = str
            return self._of_job(text(job, "the job's name"), location, repository, last_first, plan)
        if location is not None or repository is not None:
            raise InvalidInputError(
                "location and repository say where a job is; an asset is found by its key"
            )
        key = AssetKey.parse(asset or "")
        if last_first:
            return self._whole(
                ops.get_asset_partition_keys(asset_key=key),
                lambda found: found.keys[::-1],
                where=where,
                limit=limit,
                cursor=cursor,
            )
        return self._paged(
            lambda after, size: ops.list_asset_partition_keys(
                asset_key=key, cursor=after, limit=size
            ),
            lambda found, _size: (
                Batch(found.page.keys, cursor=found.page.cursor, has_more=found.page.has_more)
                if found.page
                else Batch([])
            ),
            plan,
            default_page_size=_KEYS,
        )

    def _of_job(
        self,
        job: str,
        location: str | None,
        repository: str | None,
        last_first: bool,  # noqa: FBT001 - checked and passed on by list
        plan: Plan[str],
    ) -> AsyncPager[str]:
        located = once(lambda: select_job(self._transport, job, location, repository))

        async def fetch(after: str | None, size: int) -> Batch[str]:
            operation = ops.list_job_partition_keys(
                params=await located(),
                reverse=last_first,
                cursor=UNSET if after is None else after,
                limit=size + 1,
            )
            keys = (await self._transport.fetch(operation)).page.keys
            # The server takes the last ones then, and gives them in the usual order.
            return one_more(keys[::-1] if last_first else keys, size)

        return AsyncPager(fetch, plan, default_page_size=_KEYS)

    async def status(self, asset: AssetKey | str | Sequence[str]) -> PartitionStatus:
        r"""Return which partitions of an asset are made, fail or are missing. GraphQL: ``assetNodeOrError``.

        Args:
            asset: ``AssetKey("a", "b")``, ``["a", "b"]`` or ``"a/b"``; in text a slash inside a part is ``\/``.

        Returns:
            The counts, and the ``statuses``: ``PartitionTimeStatuses`` of partitions in time (ranges; what is in none is
            missing), ``PartitionKeyStatuses`` of others, ``PartitionDimensionStatuses`` of those with two dimensions.

        Raises:
            NotFoundError: There is no such asset.

        Example:
            await client.partitions.status("raw_orders")
        """
        operation = ops.get_partition_status(asset_key=AssetKey.parse(asset))
        return await self._transport.fetch(operation)

    async def add(
        self,
        definition: str,
        partitions: str | Sequence[str],
        *,
        location: str | None = None,
        repository: str | None = None,
        exist_ok: bool = False,
    ) -> None:
        """Add partitions to a dynamic partitions definition. GraphQL: ``addDynamicPartition``, once per key.

        Args:
            definition: The definition's name.
            partitions: The new partition's key, or several.
            location: A code location with an asset of that definition; found by the name where that is unique.
            repository: Its repository; found likewise.
            exist_ok: Pass over those that there are already.

        Raises:
            InvalidInputError: No key is given; nothing is sent. Or several locations have such a definition.
            NotFoundError: No asset has such a definition.
            ConflictError: A key exists already; those before it have been added.
            PermissionDeniedError: The token may not add it, or there is no such definition at that place.

        Example:
            await client.partitions.add("campaigns", ["spring", "summer"], exist_ok=True)
        """
        listed = _listed(partitions)
        selector = await self._home(definition, location, repository)
        for key in listed:
            operation = ops.add_dynamic_partition(
                repository_selector=selector, partitions_def_name=definition, partition_key=key
            )
            try:
                await self._transport.fetch(operation)
            except ConflictError:
                if not exist_ok:
                    raise

    async def delete(
        self,
        definition: str,
        partitions: str | Sequence[str],
        *,
        location: str | None = None,
        repository: str | None = None,
        wipe_materializations: bool = False,
    ) -> None:
        """Delete partitions of a dynamic partitions definition. GraphQL: ``deleteDynamicPartitions``.

        Args:
            definition: The definition's name.
            partitions: The partition's key, or several; one that does not exist is passed over.
            location: See ``add``.
            repository: See ``add``.
            wipe_materializations: Forget the partitions' materializations too.

        Raises:
            InvalidInputError: No key is given; nothing is sent. Or several locations have such a definition.
            NotFoundError: No asset has such a definition.
            NotSupportedError: The materializations cannot be wiped; nothing is deleted.
            PermissionDeniedError: The token may not delete it, or there is no such definition at that place.

        Example:
            await client.partitions.delete("campaigns", ["summer"])
        """
        listed = _listed(partitions)
        operation = ops.delete_dynamic_partitions(
            repository_selector=await self._home(definition, location, repository),
            partitions_def_name=definition,
            partition_keys=listed,
            wipe_materializations=wipe_materializations,
        )
        await self._transport.fetch(operation)

    async def _home(
        self, definition: str, location: str | None, repository: str | None
    ) -> RepositorySelector:
        """Return a repository that has a dynamic partitions definition; nothing is asked where it is given."""
        text(definition, "the definition's name")
        if location is None or repository is None:
            nodes = (await self._transport.fetch(ops.find_dynamic_partitions())).nodes
            places = {
                Place.of(node, dimension.dynamic_partitions_definition_name)
                for node in nodes
                for asset in node.assets
                for dimension in (asset.definition.dimensions if asset.definition else ())
                if dimension.dynamic_partitions_definition_name
            }
            what = "dynamic partitions definition"
            place = only_place(sorted(places), what, definition, location, repository)
            return place.selector()
        return {"repositoryLocationName": location, "repositoryName": repository}


def _listed(keys: str | Sequence[str]) -> Sequence[str]:
    return partition_keys([keys] if isinstance(keys, str) else keys, "partitions") or ()
