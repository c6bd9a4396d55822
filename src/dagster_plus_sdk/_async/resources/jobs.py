"""Jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.inputs import all_of
from ..._core.places import Place, repository_selector
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..launching import locate_job
from ..resource import AsyncResource
from .runs import AsyncRuns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..._core.asset_key import AssetKey
    from ..._core.documents import Document
    from ..._generated.input_types import PipelineSelector
    from ..._generated.models import Job, JobSummary, Run
    from ..pager import AsyncPager


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
        """
        location, repository = await locate_job(self._transport, name, location, repository)
        params: PipelineSelector = {
            "pipelineName": name,
            "repositoryLocationName": location,
            "repositoryName": repository,
        }
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
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> Run:
        """Launch a run of a job, at most once; the same as ``runs.create``. GraphQL: ``launchRun``.

        Args:
            name: The job's name.
            location: See ``runs.create``.
            repository: See ``runs.create``.
            run_config: See ``runs.create``.
            tags: See ``runs.create``.
            partition: See ``runs.create``.
            asset_selection: See ``runs.create``.
            op_selection: See ``runs.create``.
            idempotency_key: See ``runs.create``.

        Raises:
            DagsterPlusError: As ``runs.create``.
        """
        return await AsyncRuns(self._transport).create(
            name,
            location=location,
            repository=repository,
            run_config=run_config,
            tags=tags,
            partition=partition,
            asset_selection=asset_selection,
            op_selection=op_selection,
            idempotency_key=idempotency_key,
        )
