"""Jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.errors import InvalidInputError, NotFoundError
from ..._core.inputs import all_of, text
from ..._core.paging import Batch, Plan
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..pager import AsyncPager
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..._core.asset_key import AssetKey
    from ..._core.inputs import RunConfig
    from ..._generated.input_types import PipelineSelector, RepositorySelector
    from ..._generated.models import Job, JobSummary, RepositoryRef, Run


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
        selector: RepositorySelector | None = (
            {"repositoryLocationName": location, "repositoryName": repository}
            if location is not None and repository is not None
            else None
        )

        def wanted(job: JobSummary) -> bool:
            return _fits(job.repository, location, repository)

        async def fetch(_after: str | None, _size: int) -> Batch[JobSummary]:
            operation = ops.list_jobs(repository_selector=selector or UNSET)
            nodes = (await self._transport.fetch(operation)).nodes
            return Batch(sorted((job for node in nodes for job in node.jobs), key=_place))

        plan = Plan(limit=limit, cursor=cursor, where=all_of(wanted, where))
        return AsyncPager(fetch, plan)

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
        if location is None or repository is None:
            home = await self.locate(name, location, repository)
            location, repository = home.location.name, home.name
        params: PipelineSelector = {
            "pipelineName": text(name, "the job's name"),
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
        run_config: RunConfig | None = None,
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
        from .runs import AsyncRuns

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

    async def locate(
        self, name: str, location: str | None = None, repository: str | None = None
    ) -> RepositoryRef:
        """Return the repository, with its code location, that has a job. GraphQL: ``repositoriesOrError``.

        Args:
            name: The job's name.
            location: Look in this code location only.
            repository: Look in repositories of this name only.

        Raises:
            NotFoundError: There is no such job; the message names similar ones.
            InvalidInputError: Several have it; the message lists them.
        """
        text(name, "the job's name")
        nodes = (await self._transport.fetch(ops.find_jobs())).nodes
        jobs = [j for node in nodes for j in node.jobs if _fits(j.repository, location, repository)]
        homes = [job.repository for job in jobs if job.name == name]
        if len(homes) == 1:
            return homes[0]
        if not homes:
            raise _no_such_job(name, location, repository, sorted({job.name for job in jobs}))
        places = ", ".join(
            f'location="{home.location.name}", repository="{home.name}"' for home in homes
        )
        raise InvalidInputError(
            f"{len(homes)} places have a job {name!r}; say which: {places}", code="AMBIGUOUS_NAME"
        )


def _fits(home: RepositoryRef, location: str | None, repository: str | None) -> bool:
    return location in (None, home.location.name) and repository in (None, home.name)


def _place(job: JobSummary) -> tuple[str, str, str]:
    return job.repository.location.name, job.repository.name, job.name


def _no_such_job(
    name: str, location: str | None, repository: str | None, known: Sequence[str]
) -> NotFoundError:
    from difflib import get_close_matches

    place = f" in location {location!r}" if location else ""
    place += f" in repository {repository!r}" if repository else ""
    similar = get_close_matches(name, known, n=3)
    hint = f"; did you mean {' or '.join(map(repr, similar))}?" if similar else ""
    return NotFoundError(
        f"There is no job {name!r}{place}{hint}",
        code="PIPELINE_NOT_FOUND",
        typename="PipelineNotFoundError",
    )
