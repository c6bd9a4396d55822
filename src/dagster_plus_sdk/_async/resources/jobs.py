"""Jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.asset_key import AssetKey
from ..._core.inputs import all_of, text
from ..._core.launch import selection
from ..._core.lookup import not_found
from ..._core.paging import Batch, Plan, one_more
from ..._core.places import Place, repository_selector
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..locating import locate, select_job
from ..pager import AsyncPager, once
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Mapping, Sequence

    from ..._core.documents import Document
    from ..._generated.models import (
        Job,
        JobResource,
        JobSnapshot,
        JobSummary,
        PartitionSet,
        Run,
    )


class AsyncJobs(AsyncResource):
    """Jobs of the deployment's code locations."""

    __slots__ = ()

    def list(
        self,
        *,
        location: str | None = None,
        repository: str | None = None,
        where: Callable[[JobSummary], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[JobSummary]:
        """List jobs, by location and name. The API has no pages here: one request gets all. GraphQL: ``repositoriesOrError``.

        Args:
            location: Only jobs of this code location.
            repository: Only jobs of repositories of this name.
            where: A further filter.
            limit: How many jobs in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.jobs.list(location="demo")
        """
        selector = repository_selector(location, repository)

        def place(job: JobSummary) -> Place:
            return Place.of(job.repository, job.name)

        return self._whole(
            ops.list_jobs(repository_selector=selector or UNSET),
            lambda found: sorted((job for node in found.nodes for job in node.jobs), key=place),
            where=all_of(lambda job: place(job).is_in(location, repository), where),
            limit=limit,
            cursor=cursor,
        )

    async def get(
        self, name: str, *, location: str | None = None, repository: str | None = None
    ) -> Job:
        """Return one job. GraphQL: ``pipelineOrError``.

        Args:
            name: Its name.
            location: Its code location; found by the name where that is unique.
            repository: Its repository; found likewise.

        Raises:
            NotFoundError: There is no such job.
            InvalidInputError: Several locations have such a job; the message lists them.

        Example:
            await client.jobs.get("daily_report")
        """
        params = await select_job(self._transport, name, location, repository)
        return await self._transport.fetch(ops.get_job(params=params))

    async def launch(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        run_config: Document | None = None,
        tags: Mapping[str, str] | None = None,
        partition: str | None = None,
        partition_range: Sequence[str] | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
        validate: bool = False,
        idempotency_key: str | None = None,
    ) -> Run:
        """Launch a run of a job, at most once; the same as ``runs.create``. GraphQL: ``launchRun``, and ``isPipelineConfigValid`` where it is asked for.

        Args:
            name: The job's name.
            location: See ``runs.create``.
            repository: See ``runs.create``.
            run_config: See ``runs.create``.
            tags: See ``runs.create``.
            partition: See ``runs.create``.
            partition_range: See ``runs.create``.
            asset_selection: See ``runs.create``.
            op_selection: See ``runs.create``.
            validate: See ``runs.create``.
            idempotency_key: See ``runs.create``.

        Raises:
            DagsterPlusError: As ``runs.create``.

        Example:
            await client.jobs.launch("daily_report", run_config=Path("config.yaml"))
            await client.jobs.launch("daily_orders", partition="2024-01-02", tags={"reason": "late orders"})
        """
        from .runs import AsyncRuns

        return await AsyncRuns(self._transport).create(
            name,
            location=location,
            repository=repository,
            run_config=run_config,
            tags=tags,
            partition=partition,
            partition_range=partition_range,
            asset_selection=asset_selection,
            op_selection=op_selection,
            validate=validate,
            idempotency_key=idempotency_key,
        )

    def partitions(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        where: Callable[[str], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[str]:
        """List the partition keys of a job, oldest first; none where it is not partitioned. GraphQL: ``pipelineOrError``.

        Args:
            name: The job's name.
            location: See ``get``.
            repository: See ``get``.
            asset_selection: Of an asset job: the partitions that these assets have.
            where: A filter.
            limit: How many keys in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or a partition key.

        Raises:
            InvalidInputError: Several locations have such a job, or the selection is empty.
            NotFoundError: There is no such job.

        Example:
            client.jobs.partitions("daily_orders", limit=7)
        """
        text(name, "the job's name")
        assets = [AssetKey.parse(key) for key in selection(asset_selection, "asset_selection")]

        located = once(lambda: select_job(self._transport, name, location, repository))

        async def fetch(after: str | None, size: int) -> Batch[str]:
            operation = ops.list_job_partitions(
                params=await located(),
                cursor=after,
                limit=size + 1,
                selected_asset_keys=assets or UNSET,
            )
            found = await self._transport.fetch(operation)
            return one_more(found.partitions.keys, size)

        plan: Plan[str] = Plan(
            limit=limit, page_size=page_size, cursor=cursor, where=where, cursor_of=str
        )
        return AsyncPager(fetch, plan)

    def partition_sets(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        where: Callable[[PartitionSet], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[PartitionSet]:
        """List the partition sets of a job, which backfills of it name. The API has no pages here. GraphQL: ``partitionSetsOrError``.

        Args:
            name: The job's name.
            location: See ``get``.
            repository: See ``get``.
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: Several locations have such a job.
            NotFoundError: There is no such job.

        Example:
            client.jobs.partition_sets("daily_orders")
        """
        text(name, "the job's name")

        async def gather() -> builtins.list[PartitionSet]:
            place = await locate(self._transport, "job", name, location, repository)
            operation = ops.list_partition_sets(
                repository_selector=place.selector(), pipeline_name=name
            )
            return (await self._transport.fetch(operation)).results

        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    def resources(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        where: Callable[[JobResource], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[JobResource]:
        """List the resources that a job uses. The API has no pages here. GraphQL: ``resourcesOrError``.

        Args:
            name: The job's name.
            location: See ``get``.
            repository: See ``get``.
            where: A filter.
            limit: How many resources in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: Several locations have such a job.
            NotFoundError: There is no such job.

        Example:
            client.jobs.resources("daily_report")
        """
        text(name, "the job's name")

        async def gather() -> builtins.list[JobResource]:
            selector = await select_job(self._transport, name, location, repository)
            operation = ops.list_job_resources(pipeline_selector=selector)
            found = (await self._transport.fetch(operation)).resources
            return sorted(found, key=lambda resource: resource.name)

        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    async def snapshot(
        self,
        name: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        snapshot_id: str | None = None,
    ) -> JobSnapshot:
        """Return a job as it is, or as it was in an earlier version. GraphQL: ``pipelineSnapshotOrError``.

        Args:
            name: The job's name.
            location: See ``get``.
            repository: See ``get``.
            snapshot_id: The version: ``job_snapshot_id`` of a run; its code location need not exist any more. None for
                the job as it is.

        Raises:
            InvalidInputError: Several locations have such a job.
            NotFoundError: There is no such job, or no such version of it; servers keep versions that have run.

        Example:
            await client.jobs.snapshot("daily_report")
        """
        if snapshot_id is None:
            selector = await select_job(self._transport, name, location, repository)
            return await self._transport.fetch(
                ops.get_job_snapshot(active_pipeline_selector=selector)
            )
        text(name, "the job's name")
        operation = ops.get_job_snapshot(snapshot_id=text(snapshot_id, "snapshot_id"))
        found = await self._transport.fetch(operation)
        if found.name != name:
            raise not_found(
                "version",
                snapshot_id,
                where=f" of job {name!r}: it is one of {found.name!r}",
                typename="PipelineSnapshotNotFoundError",
                operation=operation.name,
            )
        return found
