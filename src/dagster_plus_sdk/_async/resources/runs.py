"""Runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.inputs import text
from ..._core.launch import Launch
from ..._core.paging import Plan, one_more
from ..._core.run_filters import runs_filter
from ..._generated import operations as ops
from ..launching import launch_run
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from ..._core.asset_key import AssetKey
    from ..._core.documents import Document
    from ..._generated.enums import RunStatus
    from ..._generated.models import Run, RunSummary
    from ..pager import AsyncPager


class AsyncRuns(AsyncResource):
    """Runs of the deployment."""

    __slots__ = ()

    def list(
        self,
        *,
        statuses: RunStatus | str | Iterable[RunStatus | str] | None = None,
        job: str | None = None,
        tags: Mapping[str, str] | None = None,
        run_ids: Sequence[str] | None = None,
        snapshot_id: str | None = None,
        mode: str | None = None,
        created_after: datetime | float | None = None,
        created_before: datetime | float | None = None,
        updated_after: datetime | float | None = None,
        updated_before: datetime | float | None = None,
        where: Callable[[RunSummary], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
        with_total: bool = False,
    ) -> AsyncPager[RunSummary]:
        """List runs, newest first. GraphQL: ``runsOrError``.

        Args:
            statuses: Runs in one of these states.
            job: Runs of this job.
            tags: Runs with all of these tags.
            run_ids: These runs.
            snapshot_id: Runs of this version of a job.
            mode: Runs of this mode; only old Dagster versions know modes, newer ones ignore it.
            created_after: An aware datetime, or epoch seconds (UTC).
            created_before: An aware datetime, or epoch seconds (UTC).
            updated_after: An aware datetime, or epoch seconds (UTC).
            updated_before: An aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many runs in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or a run id.
            with_total: Let the server count all matching runs, for each page's ``total``; slow on large instances.

        Raises:
            InvalidInputError: A status or time that cannot be; nothing is sent.
            InvalidRequestError: The server refuses the filter.
        """
        chosen = runs_filter(
            statuses=statuses,
            job=job,
            tags=tags,
            run_ids=run_ids,
            snapshot_id=snapshot_id,
            mode=mode,
            created_after=created_after,
            created_before=created_before,
            updated_after=updated_after,
            updated_before=updated_before,
        )

        plan = Plan(
            limit=limit,
            page_size=page_size,
            cursor=cursor,
            where=where,
            cursor_of=lambda run: run.id,
        )
        return self._paged(
            lambda after, size: ops.list_runs(
                filter=chosen, cursor=after, limit=size + 1, with_total=with_total
            ),
            lambda runs, size: one_more(runs.results, size, total=runs.count),
            plan,
        )

    async def get(self, run_id: str) -> Run:
        """Return one run. GraphQL: ``runOrError``.

        Args:
            run_id: Its id.

        Raises:
            NotFoundError: There is no such run.
        """
        return await self._transport.fetch(ops.get_run(run_id=text(run_id, "run_id")))

    async def count(
        self,
        *,
        statuses: RunStatus | str | Iterable[RunStatus | str] | None = None,
        job: str | None = None,
        tags: Mapping[str, str] | None = None,
        run_ids: Sequence[str] | None = None,
        snapshot_id: str | None = None,
        mode: str | None = None,
        created_after: datetime | float | None = None,
        created_before: datetime | float | None = None,
        updated_after: datetime | float | None = None,
        updated_before: datetime | float | None = None,
    ) -> int:
        """Return how many runs match; the server counts. GraphQL: ``runsOrError { count }``.

        Args:
            statuses: See ``list``.
            job: See ``list``.
            tags: See ``list``.
            run_ids: See ``list``.
            snapshot_id: See ``list``.
            mode: See ``list``.
            created_after: See ``list``.
            created_before: See ``list``.
            updated_after: See ``list``.
            updated_before: See ``list``.

        Raises:
            InvalidInputError: A status or time that cannot be; nothing is sent.
        """
        chosen = runs_filter(
            statuses=statuses,
            job=job,
            tags=tags,
            run_ids=run_ids,
            snapshot_id=snapshot_id,
            mode=mode,
            created_after=created_after,
            created_before=created_before,
            updated_after=updated_after,
            updated_before=updated_before,
        )
        return (await self._transport.fetch(ops.count_runs(filter=chosen))).count

    async def create(
        self,
        job: str,
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
        """Launch a run of a job, at most once. GraphQL: ``launchRun``.

        The launch is sent again only where it surely did not happen. When its answer is lost, the run is looked for by
        a tag that carries the launch's key.

        Args:
            job: The job's name.
            location: Its code location; found by the job's name where that is unique.
            repository: Its repository; found likewise.
            run_config: A mapping, YAML or JSON text, or the path of such a file.
            tags: Tags of the run.
            partition: The partition key.
            asset_selection: The assets of an asset job to run; ``__ASSET_JOB`` is refused without.
            op_selection: The ops of an op job to run.
            idempotency_key: Your own key, unique per launch: a launch with the same key returns the first one's run.

        Returns:
            The run, as it stands right after the launch.

        Raises:
            InvalidInputError: An argument cannot be, or several locations have such a job; nothing is launched.
            NotFoundError: There is no such job.
            InvalidRequestError: The configuration does not fit; ``errors`` has each reason with its path.
            PermissionDeniedError: The token may not launch.
            LaunchUnknownError: The answer was lost and no run was found; ``idempotency_key`` says what to look for.
        """
        launch = Launch(
            job,
            run_config=run_config,
            tags=tags,
            partition=partition,
            asset_selection=asset_selection,
            op_selection=op_selection,
            idempotency_key=idempotency_key,
        )
        return await launch_run(self._transport, launch, location, repository)

    async def terminate(self, run_id: str, *, force: bool = False) -> Run:
        """End a run. GraphQL: ``terminateRun``.

        Args:
            run_id: Its id.
            force: Mark it as canceled at once, whether or not its process can be reached; a process that is just
                starting may then still run. Else its process is asked to end, and the run is ``CANCELING`` until it
                has.

        Returns:
            The run: canceled if forced, else as it stood when its process was asked to end.

        Raises:
            NotFoundError: There is no such run.
            ConflictError: It has ended already, or cannot be ended.
            PermissionDeniedError: The token may not end it.
        """
        from ..._generated.enums.terminate_run_policy import TerminateRunPolicy as Policy

        policy = Policy.MARK_AS_CANCELED_IMMEDIATELY if force else Policy.SAFE_TERMINATE
        operation = ops.terminate_run(run_id=text(run_id, "run_id"), terminate_policy=policy)
        return (await self._transport.fetch(operation)).run

    async def delete(self, run_id: str) -> None:
        """Delete a run and its events; a running one goes on unseen, so end it first. GraphQL: ``deleteRun``.

        Args:
            run_id: Its id.

        Raises:
            NotFoundError: There is no such run.
            PermissionDeniedError: The token may not delete it.
        """
        await self._transport.fetch(ops.delete_run(run_id=text(run_id, "run_id")))
