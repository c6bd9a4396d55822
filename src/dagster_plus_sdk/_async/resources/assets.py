"""Assets."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ..._core.asset_filters import (
    asset_filter,
    asset_keys,
    event_types,
    millis,
    partition_list,
    unknown_asset,
    wipe_ranges,
)
from ..._core.asset_key import AssetKey
from ..._core.asset_launch import check_partition, job_of, matching
from ..._core.asset_lineage import check_walk, lineage_of
from ..._core.documents import read_document
from ..._core.errors import InvalidInputError
from ..._core.filters import glob
from ..._core.inputs import all_of, member, members, one_of, period, text
from ..._core.paging import Batch, Plan, Position, one_more
from ..._core.partition_keys import partition_tags
from ..._core.places import repository_selector
from ..._core.ticks import MAX_PAGE_SIZE, earlier, time_of_cursor
from ..._core.unset import UNSET
from ..._core.waiting import Patience
from ..._generated import operations as ops
from ..asset_following import AsyncAssetSource
from ..following import AsyncFollowing
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from ..._core.asset_events import AssetEvent
    from ..._core.asset_partition import AssetPartition
    from ..._core.documents import Document
    from ..._core.operation import Operation
    from ..._generated.enums import (
        AssetEventHistoryEventTypeSelector,
        AssetEventType,
        InstigationTickStatus,
        PartitionRangeStatus,
    )
    from ..._generated.input_types import (
        AssetGroupSelector,
        PipelineSelector,
        ReportRunlessAssetEventsParams,
    )
    from ..._generated.models import (
        Asset,
        AssetDefinition,
        AssetDefinitionCollision,
        AssetEvaluation,
        AssetEvaluationTick,
        AssetHealthRecord,
        AssetHistoryEntry,
        AssetLineageNode,
        AssetPartitions,
        AssetPlace,
        AssetStatus,
        AssetSummary,
        Run,
    )
    from ..._generated.results.list_asset_events import ListAssetEventsAsset
    from ..pager import AsyncPager
    from ..transport import AsyncTransport, HasOk


class AsyncAssets(AsyncResource):
    """Assets of the deployment: those that are defined, and those of which only the history is left."""

    __slots__ = ()

    def list(
        self,
        *,
        prefix: AssetKey | str | Sequence[str] | None = None,
        group: str | None = None,
        pattern: str | None = None,
        kind: str | Iterable[str] | None = None,
        owner: str | Iterable[str] | None = None,
        tags: Mapping[str, str] | None = None,
        location: str | None = None,
        materialized: bool | None = None,
        where: Callable[[AssetSummary], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetSummary]:
        """List assets by key, those included that were never materialized. GraphQL: ``assetsOrError``.

        The server filters by prefix; the other filters are applied here.

        Args:
            prefix: Only assets whose key begins with this one.
            group: Only assets of this group.
            pattern: Only keys that match, as text such as ``shop/*``: ``*`` and ``?`` stand for slashes, too.
            kind: Only assets of this kind, or of one of these.
            owner: Only assets of this owner, or of one of these: an address, or a team as ``team:name`` or ``name``.
            tags: Only assets with all of these tags.
            location: Only assets of this code location.
            materialized: Only those that were ever materialized (True), or only the others (False).
            where: A further filter.
            limit: How many assets in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or one of the server's.

        Raises:
            InvalidInputError: A filter that cannot be; nothing is sent.

        Example:
            client.assets.list(group="warehouse", owner="team:shop", tags={"tier": "1"})
            client.assets.list(pattern="*orders", materialized=False)
        """
        path = list(AssetKey.parse(prefix).path) if prefix is not None else UNSET
        keep = asset_filter(
            group=group,
            pattern=pattern,
            kind=kind,
            owner=owner,
            tags=tags,
            location=location,
            materialized=materialized,
            where=where,
        )
        return self._paged(
            lambda after, size: ops.list_assets(prefix=path, cursor=after, limit=size),
            lambda found, size: Batch(
                found.nodes, cursor=found.cursor, has_more=len(found.nodes) >= size
            ),
            Plan(limit=limit, page_size=page_size, cursor=cursor, where=keep),
        )

    async def get(self, key: AssetKey | str | Sequence[str]) -> Asset:
        r"""Return one asset with all that is known of it. GraphQL: ``assetOrError``.

        Args:
            key: ``AssetKey("a", "b")``, ``["a", "b"]`` or ``"a/b"``; in text a slash inside a part is ``\/``.

        Returns:
            The asset; its ``definition`` is None where only its history is left.

        Raises:
            NotFoundError: There is no such asset.

        Example:
            await client.assets.get("orders")
        """
        operation = ops.get_asset(asset_key=AssetKey.parse(key))
        asset = await self._transport.fetch(operation)
        # The server answers any key with an asset; one that nobody knows has nothing but its key.
        if not (asset.definition or asset.last_materialized_at or asset.last_observed_at):
            raise unknown_asset([asset.key], operation=operation.name)
        return asset

    def definitions(
        self,
        *,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None = None,
        group: str | None = None,
        job: str | None = None,
        location: str | None = None,
        repository: str | None = None,
        where: Callable[[AssetDefinition], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetDefinition]:
        """List definitions of assets, by key. The API has no pages here: one request gets all. GraphQL: ``assetNodes``.

        Args:
            keys: One key or several; those without a definition are left out.
            group: Only assets of this group.
            job: Only assets of this job.
            location: Only assets of this code location.
            repository: Only assets of repositories of this name; with location and group the server filters.
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A key that cannot be, or no key at all; nothing is sent.

        Example:
            client.assets.definitions(job="daily_orders")
        """
        selector: AssetGroupSelector | None = None
        pipeline: PipelineSelector | None = None
        place = repository_selector(location, repository)
        if place and group is not None:
            selector = {"groupName": group, **place}
        elif place and job is not None:
            pipeline = {
                "pipelineName": job,
                "repositoryLocationName": place["repositoryLocationName"],
                "repositoryName": place["repositoryName"],
            }

        def wanted(found: AssetDefinition) -> bool:
            return (
                group in (None, found.group_name)
                and location in (None, found.repository.location.name)
                and repository in (None, found.repository.name)
                and (job is None or job in found.job_names)
            )

        return self._whole(
            ops.list_asset_definitions(
                asset_keys=UNSET if keys is None else asset_keys(keys),
                group=selector or UNSET,
                pipeline=pipeline or UNSET,
            ),
            lambda found: sorted(found, key=lambda asset: asset.key),
            where=all_of(wanted, where),
            limit=limit,
            cursor=cursor,
        )

    def health(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]],
        *,
        where: Callable[[AssetHealthRecord], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetHealthRecord]:
        """List the health and freshness of assets, in one request. The API has no pages here. GraphQL: ``assetsOrError``.

        Open-source Dagster computes no health: there ``health`` is None, and only the freshness is known.

        Args:
            keys: One key or several: an ``AssetKey``, text such as ``a/b``, or a list of these; a list in it is one key.
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Returns:
            Those of the assets, in the order of the keys.

        Raises:
            InvalidInputError: A key that cannot be, or no key at all; nothing is sent.
            NotFoundError: One of the assets does not exist.

        Example:
            client.assets.health(["orders", "top_products"])
        """
        operation = ops.list_asset_health(asset_keys=asset_keys(keys))

        def known(nodes: Sequence[AssetHealthRecord]) -> Sequence[AssetHealthRecord]:
            missing = [asset.key for asset in nodes if not asset.is_known]
            if missing:
                raise unknown_asset(missing, operation=operation.name)
            return nodes

        return self._whole(
            operation, lambda found: known(found.nodes), where=where, limit=limit, cursor=cursor
        )

    def status(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]],
        *,
        where: Callable[[AssetStatus], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetStatus]:
        """List the latest runs and materializations of assets, in one request. The API has no pages here. GraphQL: ``assetsLatestInfo`` and ``assetsOrError``.

        Args:
            keys: See ``health``.
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Returns:
            One for each asset, in the order of the keys; without a run and a materialization where there was none.

        Raises:
            InvalidInputError: A key that cannot be, or no key at all; nothing is sent.
            NotFoundError: One of the assets does not exist.

        Example:
            client.assets.status(["customers", "products"])
        """
        wanted = asset_keys(keys)

        return self._gathered(
            lambda: self._statuses(wanted), where=where, limit=limit, cursor=cursor
        )

    async def materialize(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None = None,
        *,
        pattern: str | Iterable[str] | None = None,
        partition: str | None = None,
        partition_range: Sequence[str] | None = None,
        tags: Mapping[str, str] | None = None,
        run_config: Document | None = None,
        location: str | None = None,
        add_required: bool = False,
        validate: bool = False,
        idempotency_key: str | None = None,
    ) -> Run:
        """Launch one run that materializes assets, at most once. GraphQL: ``assetNodes``, ``assetNodeAdditionalRequiredKeys``, ``launchRun``, and ``isPipelineConfigValid`` where it is asked for.

        Args:
            keys: See ``health``; all in one code location.
            pattern: Or text such as ``shop/*``, or several, as in ``list``: of the assets that match, those that can be
                materialized.
            partition: The partition key; partitioned assets need one, or a range.
            partition_range: The first and the last partition's key: one run makes all of them, which not every asset can.
            tags: Tags of the run.
            run_config: A mapping, YAML or JSON text, or the path of such a file.
            location: The code location that they must be in; with ``pattern`` only its assets match.
            add_required: Materialize what must be made together with them, too; else it is refused when it is not named.
            validate: See ``runs.create``.
            idempotency_key: See ``runs.create``.

        Returns:
            The run, as it stands right after the launch.

        Raises:
            InvalidInputError: Not either keys or a pattern; or an asset cannot be materialized, they are in several code
                locations, need others with them, or need a partition; nothing is launched.
            NotFoundError: One of the assets is not defined, or none matches; the message names similar ones.
            InvalidRequestError: The configuration does not fit; ``errors`` has each reason with its path.
            PermissionDeniedError: The token may not launch.
            LaunchUnknownError: The answer was lost and no run was found; ``idempotency_key`` says what to ask
                ``runs.find_launch`` for.

        Example:
            await client.assets.materialize(["customers", "products"], tags={"reason": "new prices"})
            await client.assets.materialize("raw_orders", partition="2024-01-02")
        """
        return await self._launch(
            keys,
            observes=False,
            pattern=pattern,
            partition=partition,
            partition_range=partition_range,
            tags=tags,
            run_config=run_config,
            location=location,
            add_required=add_required,
            validate=validate,
            idempotency_key=idempotency_key,
        )

    async def observe(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None = None,
        *,
        pattern: str | Iterable[str] | None = None,
        partition: str | None = None,
        partition_range: Sequence[str] | None = None,
        tags: Mapping[str, str] | None = None,
        run_config: Document | None = None,
        location: str | None = None,
        add_required: bool = False,
        validate: bool = False,
        idempotency_key: str | None = None,
    ) -> Run:
        """Launch one run that observes source assets, at most once. GraphQL: ``assetNodes``, ``assetNodeAdditionalRequiredKeys``, ``launchRun``, and ``isPipelineConfigValid`` where it is asked for.

        Args:
            keys: See ``health``; all observable, and in one code location.
            pattern: See ``materialize``: of the assets that match, those that can be observed.
            partition: See ``materialize``.
            partition_range: See ``materialize``.
            tags: See ``materialize``.
            run_config: See ``materialize``.
            location: See ``materialize``.
            add_required: See ``materialize``.
            validate: See ``runs.create``.
            idempotency_key: See ``runs.create``.

        Returns:
            The run, as it stands right after the launch.

        Raises:
            DagsterPlusError: As ``materialize``.

        Example:
            await client.assets.observe("exchange_rates")
        """
        return await self._launch(
            keys,
            observes=True,
            pattern=pattern,
            partition=partition,
            partition_range=partition_range,
            tags=tags,
            run_config=run_config,
            location=location,
            add_required=add_required,
            validate=validate,
            idempotency_key=idempotency_key,
        )

    def events(
        self,
        key: AssetKey | str | Sequence[str],
        *,
        types: AssetEventHistoryEventTypeSelector
        | str
        | Iterable[AssetEventHistoryEventTypeSelector | str]
        | None = None,
        partitions: str | Iterable[str] | None = None,
        after: datetime | float | None = None,
        before: datetime | float | None = None,
        where: Callable[[AssetEvent], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetEvent]:
        """List materializations, observations and failures of an asset, newest first. GraphQL: ``assetOrError``.

        Args:
            key: See ``get``.
            types: Only ``MATERIALIZATION``, ``OBSERVATION`` or ``FAILURE``; open-source Dagster keeps no failures here.
            partitions: Only events of these partitions.
            after: Only events after this time: an aware datetime, or epoch seconds (UTC).
            before: Only events before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many events in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or one of the server's.

        Returns:
            Each an ``AssetMaterialization``, ``AssetObservation`` or ``AssetFailure``.

        Raises:
            InvalidInputError: A type or time that cannot be; nothing is sent.
            NotFoundError: There is no such asset.

        Example:
            client.assets.events("customers", types=["MATERIALIZATION"], after=yesterday, limit=5)
            client.assets.events("raw_orders", partitions=["2024-01-02"])
        """
        asset_key, chosen = AssetKey.parse(key), event_types(types)
        named = partition_list(partitions)
        start, end = millis(after, before)

        def page(found: ListAssetEventsAsset, size: int) -> Batch[AssetEvent]:
            if not found.is_known:
                raise unknown_asset([asset_key], operation="ListAssetEvents")
            history = found.history
            return Batch(
                history.results, cursor=history.cursor, has_more=len(history.results) >= size
            )

        return self._paged(
            lambda after, size: ops.list_asset_events(
                asset_key=asset_key,
                types=chosen,
                partitions=UNSET if named is None else named,
                after=start or UNSET,
                before=end or UNSET,
                cursor=after or UNSET,
                limit=size,
            ),
            page,
            Plan(limit=limit, page_size=page_size, cursor=cursor, where=where),
        )

    async def follow(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]],
        *,
        types: AssetEventHistoryEventTypeSelector
        | str
        | Iterable[AssetEventHistoryEventTypeSelector | str]
        | None = None,
        partitions: str | Iterable[str] | None = None,
        after: datetime | float | None = None,
        where: Callable[[AssetEvent], bool] | None = None,
        poll: float = 2.0,
        timeout: float | None = None,
    ) -> AsyncIterator[AssetEvent]:
        """Yield the new events of assets as they come, those of each asset once and in order, without an end.

        The events come from each asset's history, read behind the last ones: so nothing is lost or given twice whatever happens
        to connections. Where the server has the subscription for it (Dagster+), that tells when to read; elsewhere the
        histories are read again and again. GraphQL: ``assetOrError`` and ``assetEvents``.

        Args:
            keys: See ``health``. Without a subscription each asset takes a request per round.
            types: See ``events``.
            partitions: See ``events``.
            after: Only events after this time: an aware datetime, or epoch seconds (UTC); now by default.
            where: A further filter, applied here.
            poll: The longest pause between two rounds where it polls, in seconds; while events come it is shorter.
            timeout: Stop after this many seconds; None goes on until the caller stops. Passing faults are sat out, without
                a timeout from the first answer on.

        Raises:
            InvalidInputError: A key, type or time that cannot be, or no key at all; nothing is sent.
            NotFoundError: There is no such asset.
            WaitTimeoutError: At the end of the time the server did not answer.

        Example:
            client.assets.follow(["customers", "products"], types=["MATERIALIZATION"], timeout=3)
        """
        chosen, named = event_types(types), partition_list(partitions)

        def events(
            transport: AsyncTransport, key: AssetKey, since: float | None
        ) -> AsyncPager[AssetEvent]:
            return type(self)(transport).events(key, types=chosen, partitions=named, after=since)

        source = AsyncAssetSource(asset_keys(keys), chosen, after, events)
        following = AsyncFollowing(self._transport, source, Patience(timeout, poll))
        async with aclosing(following.each()) as found:
            async for event in found:
                if where is None or where(event):
                    yield event

    def partitions(
        self,
        key: AssetKey | str | Sequence[str],
        *,
        status: PartitionRangeStatus | str | Iterable[PartitionRangeStatus | str] | None = None,
        missing: bool | None = None,
        where: Callable[[AssetPartition], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetPartition]:
        """List the partitions of an asset with their states, in Dagster's order. The API has no pages here. GraphQL: ``assetNodeOrError``.

        The states come as ranges over all partitions: one request gets all.

        Args:
            key: See ``get``.
            status: Only ``MATERIALIZED``, ``FAILED`` or ``MATERIALIZING`` ones, or several of these.
            missing: Only those that nobody materialized (True), or only the others (False).
            where: A further filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Returns:
            Keys with their states; of an asset without partitions none.

        Raises:
            InvalidInputError: A status that cannot be; nothing is sent.
            NotFoundError: The asset is not defined.

        Example:
            client.assets.partitions("raw_orders", missing=True, limit=7)
        """
        from ..._generated.enums.partition_range_status import PartitionRangeStatus

        states = members(PartitionRangeStatus, status, "status")

        def items(found: AssetPartitions) -> Sequence[AssetPartition]:
            from ..._core.asset_partition import partitions_of

            return partitions_of(found)

        def wanted(partition: AssetPartition) -> bool:
            fits = states is None or partition.status in states
            return fits and missing in (None, partition.status is None)

        return self._whole(
            ops.list_asset_partitions(asset_key=AssetKey.parse(key)),
            items,
            where=all_of(wanted, where),
            limit=limit,
            cursor=cursor,
        )

    def lineage(
        self,
        key: AssetKey | str | Sequence[str],
        *,
        direction: str = "both",
        depth: int | None = None,
        where: Callable[[AssetLineageNode], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetLineageNode]:
        """List an asset and what it is made of or goes into, the nearest first. The API has no pages here. GraphQL: ``assetNodes``.

        One request gets the dependencies of all assets; they are walked here.

        Args:
            key: See ``get``.
            direction: ``upstream``, ``downstream`` or ``both``.
            depth: How many steps to go; None goes to the ends.
            where: A filter of the result.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: No such direction, or a negative depth; nothing is sent.
            NotFoundError: The asset is not defined.

        Example:
            client.assets.lineage("orders", direction="downstream", depth=1)
        """
        start, way = AssetKey.parse(key), check_walk(direction, depth)
        operation = ops.list_asset_lineage()

        def walked(nodes: Sequence[AssetLineageNode]) -> Sequence[AssetLineageNode]:
            found = lineage_of(start, nodes, way, depth)
            if not found:
                known = (node.key for node in nodes)
                raise unknown_asset([start], operation=operation.name, known=known)
            return found

        return self._whole(operation, walked, where=where, limit=limit, cursor=cursor)

    async def wipe(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]],
        *,
        first_partition: str | None = None,
        last_partition: str | None = None,
    ) -> None:
        """Delete the history of assets: their events, not what they stored. GraphQL: ``wipeAssets``.

        An asset that nobody knows has no history: there is nothing to delete, and no error.

        Args:
            keys: See ``health``.
            first_partition: Only the partitions from this one on.
            last_partition: The last of them; the first alone where it is left out.

        Raises:
            InvalidInputError: A key or range that cannot be; nothing is sent.
            NotFoundError: An asset whose partitions are to be wiped is not defined.
            NotSupportedError: The server cannot wipe partitions, as open-source Dagster cannot.
            PermissionDeniedError: The token may not wipe.

        Example:
            await client.assets.wipe(["customers", "products"])
        """
        ranges = wipe_ranges(asset_keys(keys), first_partition, last_partition)
        await self._transport.fetch(ops.wipe_assets(asset_partition_ranges=ranges))

    async def report(
        self,
        key: AssetKey | str | Sequence[str],
        event_type: AssetEventType | str,
        *,
        partitions: str | Iterable[str] | None = None,
        description: str | None = None,
    ) -> None:
        """Report that an asset was materialized or observed outside of Dagster. GraphQL: ``reportRunlessAssetEvents``.

        The API takes no metadata here. An asset without a definition comes into being by it.

        Args:
            key: See ``get``.
            event_type: ``MATERIALIZATION`` or ``OBSERVATION``.
            partitions: One partition or several; each gets an event.
            description: What the events say.

        Raises:
            InvalidInputError: A type or key that cannot be; nothing is sent.
            PermissionDeniedError: The token may not report.

        Example:
            await client.assets.report("payments", "MATERIALIZATION", description="May, by the provider")
        """
        from ..._generated.enums.asset_event_type import AssetEventType

        name = str(event_type).strip().upper().removeprefix("ASSET_")
        params: ReportRunlessAssetEventsParams = {
            "assetKey": AssetKey.parse(key),
            "eventType": member(AssetEventType, f"ASSET_{name}", "event_type"),
        }
        if partitions is not None:
            params["partitionKeys"] = partition_list(partitions)
        if description is not None:
            params["description"] = description
        await self._transport.fetch(ops.report_asset_events(event_params=params))

    def collisions(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]],
        *,
        where: Callable[[AssetDefinitionCollision], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetDefinitionCollision]:
        """List those of the assets that several repositories define. The API has no pages here: one request gets all. GraphQL: ``assetNodeDefinitionCollisions``.

        Args:
            keys: See ``health``; all defined, else the server fails.
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A key that cannot be, or no key at all; nothing is sent.
            GraphQLRequestError: One of the assets is not defined.

        Example:
            client.assets.collisions(["orders", "customers"])
        """
        return self._whole(
            ops.list_asset_collisions(asset_keys=asset_keys(keys)),
            lambda found: sorted(found, key=lambda asset: asset.key),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def required_keys(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]],
        *,
        where: Callable[[AssetKey], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetKey]:
        """List the keys that must be materialized together with these. The API has no pages here: one request gets all. GraphQL: ``assetNodeAdditionalRequiredKeys``.

        Args:
            keys: See ``health``; all defined, else the server fails.
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A key that cannot be, or no key at all; nothing is sent.
            GraphQLRequestError: One of the assets is not defined.

        Example:
            client.assets.required_keys("returns")
        """
        return self._whole(
            ops.list_required_asset_keys(asset_keys=asset_keys(keys)),
            sorted,
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def evaluations(
        self,
        key: AssetKey | str | Sequence[str],
        *,
        check: str | None = None,
        where: Callable[[AssetEvaluation], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetEvaluation]:
        """List evaluations of an asset's automation condition, newest first. GraphQL: ``assetConditionEvaluationRecordsOrError``.

        Args:
            key: See ``get``.
            check: The name of one of its checks: the evaluations of that check's condition instead.
            where: A filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or an evaluation id.

        Raises:
            InvalidInputError: A key that cannot be; nothing is sent.
            NotSupportedError: The instance keeps no evaluations before it is migrated.

        Example:
            client.assets.evaluations("forecast", limit=5)
        """
        asset_key = AssetKey.parse(key)
        plan: Plan[AssetEvaluation] = Plan(
            limit=limit,
            page_size=page_size,
            cursor=cursor,
            where=where,
            cursor_of=lambda evaluation: evaluation.evaluation_id,
        )
        if check is not None:
            text(check, "the check's name")
        return self._paged(
            lambda after, size: ops.list_asset_evaluations(
                asset_key=asset_key if check is None else UNSET,
                asset_check_key=UNSET if check is None else {"assetKey": asset_key, "name": check},
                cursor=after or UNSET,
                limit=size + 1,
            ),
            lambda found, size: one_more(found.records, size),
            plan,
        )

    def evaluation_ticks(
        self,
        *,
        statuses: InstigationTickStatus | str | Iterable[InstigationTickStatus | str] | None = None,
        after: datetime | float | None = None,
        before: datetime | float | None = None,
        where: Callable[[AssetEvaluationTick], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetEvaluationTick]:
        """List the ticks that evaluate all assets at once, newest first. GraphQL: ``autoMaterializeTicks``.

        Instances whose automation conditions are evaluated by sensors, as new ones are, have none: see those sensors' ticks.

        Args:
            statuses: Only ticks in one of these states.
            after: Only ticks after this time: an aware datetime, or epoch seconds (UTC).
            before: Only ticks before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 999.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A status, time or cursor that cannot be; nothing is sent.

        Example:
            client.assets.evaluation_ticks(statuses="FAILURE", after=yesterday)
        """
        from ..._generated.enums.instigation_tick_status import InstigationTickStatus

        chosen = members(InstigationTickStatus, statuses, "status")
        start, end = period(after, before)
        plan: Plan[AssetEvaluationTick] = Plan(
            limit=limit,
            page_size=page_size,
            max_page_size=MAX_PAGE_SIZE,
            cursor=cursor,
            where=where,
            cursor_of=lambda tick: f"{tick.tick_id}:{tick.timestamp.timestamp()!r}",
        )
        time_of_cursor(Position.parse(cursor).cursor)

        def ask(
            place: str | None, size: int
        ) -> Operation[HasOk[builtins.list[AssetEvaluationTick]]]:
            # The server ignores a cursor where a time is given: its time is sent as that.
            until = earlier(end, time_of_cursor(place))
            return ops.list_evaluation_ticks(
                statuses=UNSET if chosen is None else chosen,
                after=UNSET if start is None else start,
                before=UNSET if until is None else until,
                limit=size + 1,
            )

        return self._paged(ask, one_more, plan)

    def evaluation_partitions(
        self,
        key: AssetKey | str | Sequence[str],
        evaluation_id: str,
        node_id: str,
        *,
        where: Callable[[str], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[str]:
        """List the partitions for which a part of a condition held. The API has no pages here: one request gets all. GraphQL: ``truePartitionsForAutomationConditionEvaluationNode``.

        Args:
            key: See ``get``.
            evaluation_id: The evaluation's ``evaluation_id``.
            node_id: The ``unique_id`` of one of its nodes.
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Returns:
            Partition keys; for an asset without partitions the one text ``None``, as the server has it.

        Raises:
            InvalidInputError: An id that is empty; nothing is sent.
            GraphQLRequestError: There is no such evaluation, or no such node in it.

        Example:
            client.assets.evaluation_partitions("forecast", evaluation_id, node_id)
        """
        return self._whole(
            ops.list_evaluation_partitions(
                asset_key=AssetKey.parse(key),
                evaluation_id=text(evaluation_id, "evaluation_id"),
                node_unique_id=text(node_id, "node_id"),
            ),
            lambda found: found,
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def history(
        self,
        key: AssetKey | str | Sequence[str],
        *,
        where: Callable[[AssetHistoryEntry], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[AssetHistoryEntry]:
        """List the changes of an asset's definition, newest first; only Dagster+ keeps them. GraphQL: ``assetDiffHistory``.

        Args:
            key: See ``get``.
            where: A filter, applied here.
            limit: How many in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: A key that cannot be; nothing is sent.
            GraphQLRequestError: The server is no Dagster+.

        Example:
            client.assets.history("orders", limit=10)
        """
        asset_key = AssetKey.parse(key)
        plan: Plan[AssetHistoryEntry] = Plan(
            limit=limit,
            page_size=page_size,
            cursor=cursor,
            where=where,
            cursor_of=lambda entry: repr(entry.loaded_at.timestamp()),
        )
        return self._paged(
            lambda after, size: ops.list_asset_history(
                asset_key=asset_key, cursor=after or UNSET, limit=size + 1
            ),
            one_more,
            plan,
        )

    async def _statuses(self, keys: builtins.list[AssetKey]) -> builtins.list[AssetStatus]:
        """Return one for each key: the server gives none for those that never ran."""
        from ..._core.models import unwrap
        from ..._generated.models.asset_status import AssetStatus
        from ..._generated.results.list_asset_statuses import ListAssetStatusesAssetConnection

        operation = ops.list_asset_statuses(asset_keys=keys)
        result = await self._transport.execute(operation)
        there = unwrap(result.assets_or_error, ListAssetStatusesAssetConnection, operation.name)
        known = {asset.key for asset in there.nodes if asset.is_known}
        missing = [key for key in keys if key not in known]
        if missing:
            raise unknown_asset(missing, operation=operation.name)
        latest = {status.key: status for status in result.assets_latest_info}
        return [
            latest.get(key) or AssetStatus(key=key, in_progress_run_ids=[], unstarted_run_ids=[])
            for key in keys
        ]

    async def _launch(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None,
        *,
        pattern: str | Iterable[str] | None,
        observes: bool,
        partition: str | None,
        partition_range: Sequence[str] | None,
        tags: Mapping[str, str] | None,
        run_config: Document | None,
        location: str | None,
        add_required: bool,
        validate: bool,
        idempotency_key: str | None,
    ) -> Run:
        """Launch the job that can run these assets, with them as its selection."""
        from .runs import AsyncRuns

        # What cannot be is said before anything is sent.
        config = read_document(run_config, "the run config", example="ops: ...")
        partition_tags(partition, partition_range)
        chosen, found = await self._places(keys, pattern, observes=observes, location=location)
        place = job_of(chosen, found, observes=observes, location=location, operation="FindAssets")
        check_partition(found, partition, partition_range, tags)
        return await AsyncRuns(self._transport).create(
            place.job,
            location=place.location,
            repository=place.repository,
            run_config=config,
            tags=tags,
            partition=partition,
            partition_range=partition_range,
            asset_selection=await self._with_required(chosen, add=add_required),
            validate=validate,
            idempotency_key=idempotency_key,
        )

    async def _places(
        self,
        keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]] | None,
        pattern: str | Iterable[str] | None,
        *,
        observes: bool,
        location: str | None,
    ) -> tuple[builtins.list[AssetKey], Sequence[AssetPlace]]:
        """Return the keys of the assets that are meant, and what the server says of them."""
        name, given = one_of(keys=keys, pattern=pattern)
        if name == "keys":
            chosen = asset_keys(given)
            return chosen, await self._transport.fetch(ops.find_assets(asset_keys=chosen))
        glob(given)
        operation = ops.find_assets()
        found = matching(
            given,
            await self._transport.fetch(operation),
            observes=observes,
            location=location,
            operation=operation.name,
        )
        return [*dict.fromkeys(asset.key for asset in found)], found

    async def _with_required(
        self, keys: builtins.list[AssetKey], *, add: bool
    ) -> builtins.list[AssetKey]:
        """Return the keys and those that must run with them.

        Raises:
            InvalidInputError: There are such, and the caller did not name them.
        """
        required = sorted(
            await self._transport.fetch(ops.list_required_asset_keys(asset_keys=keys))
        )
        if required and not add:
            raise InvalidInputError(
                f"{', '.join(map(str, keys))} cannot run without {', '.join(map(str, required))}: "
                "name them too, or set add_required"
            )
        return keys + required
