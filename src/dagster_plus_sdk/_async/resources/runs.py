"""Runs."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from ..._core.documents import read_document
from ..._core.errors import DagsterPlusError, InvalidRequestError, ServerError, WaitTimeoutError
from ..._core.inputs import member, several, text
from ..._core.paging import Batch, Plan, one_more
from ..._core.run_filters import runs_filter
from ..._core.run_watch import CHUNK, RunWatch, read_run_ids
from ..._core.unset import UNSET
from ..._generated import operations as ops
from ..locating import select_job
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from ..._core.asset_key import AssetKey
    from ..._core.documents import Document
    from ..._generated.enums import ReexecutionStrategy, RunsFeedView, RunStatus
    from ..._generated.models import (
        ExecutionPlan,
        Run,
        RunConfigError,
        RunConfigSchema,
        RunGroup,
        RunLaunch,
        RunsFeedEntry,
        RunSummary,
        RunTagValues,
        RunTermination,
    )
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
            created_after: Runs created after this time: an aware datetime, or epoch seconds (UTC).
            created_before: Runs created before this time: an aware datetime, or epoch seconds (UTC).
            updated_after: Runs updated after this time: an aware datetime, or epoch seconds (UTC).
            updated_before: Runs updated before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many runs in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or a run id.
            with_total: Let the server count all matching runs, for each page's ``total``; slow on large instances.

        Raises:
            InvalidInputError: A status or time that cannot be; nothing is sent.
            InvalidRequestError: The server refuses the filter.

        Example:
            client.runs.list(statuses=["FAILURE", "CANCELED"], created_after=yesterday)
            client.runs.list(job="daily_report", tags={"team": "finance"}, limit=10)
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

        Example:
            await client.runs.get(run_id)
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

        Example:
            await client.runs.count(statuses="FAILURE", created_after=yesterday)
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

    def ids(
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
        where: Callable[[str], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[str]:
        """List the ids of runs, newest first. GraphQL: ``runIdsOrError``.

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
            where: A further filter, applied here.
            limit: How many ids in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``, or a run id.

        Raises:
            InvalidInputError: A status or time that cannot be; nothing is sent.
            InvalidRequestError: The server refuses the filter.

        Example:
            client.runs.ids(job="daily_report", statuses="SUCCESS", limit=10)
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
            cursor_of=lambda run_id: run_id,
        )
        return self._paged(
            lambda after, size: ops.list_run_ids(filter=chosen, cursor=after, limit=size + 1),
            lambda found, size: one_more(found.results, size),
            plan,
        )

    async def create(
        self,
        job: str,
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
        """Launch a run of a job, at most once. GraphQL: ``launchRun``, and ``isPipelineConfigValid`` where it is asked for.

        The launch is sent again only where it surely did not happen. When its answer is lost, the run is looked for by
        a tag that carries the launch's key.

        Args:
            job: The job's name.
            location: Its code location; found by the job's name where that is unique.
            repository: Its repository; found likewise.
            run_config: A mapping, YAML or JSON text, or the path of such a file.
            tags: Tags of the run.
            partition: The partition key.
            partition_range: Or the first and the last partition's key: one run over all of them, for assets that are made
                so. Servers do not check that there are such partitions.
            asset_selection: The assets of an asset job to run; ``__ASSET_JOB`` is refused without.
            op_selection: The ops of an op job to run.
            validate: Ask the server whether the configuration fits before anything is launched; see ``validate``.
            idempotency_key: Your own key, unique per launch: a launch with the same key returns the first one's run. Two
                at the same moment are not kept apart.

        Returns:
            The run, as it stands right after the launch.

        Raises:
            InvalidInputError: An argument cannot be, several locations have such a job, or the key is that of a run of another job,
                partition or asset; nothing is launched.
            NotFoundError: There is no such job.
            InvalidRequestError: The configuration does not fit; ``errors`` has each reason with its path.
            PermissionDeniedError: The token may not launch.
            LaunchUnknownError: The answer was lost and no run was found; ``idempotency_key`` says what to ask
                ``find_launch`` for.

        Example:
            await client.runs.create("daily_report", run_config=Path("config.yaml"), tags={"reason": "audit"})
            await client.runs.create(
                "daily_orders", partition="2024-01-02", idempotency_key="orders-2024-01-02"
            )
        """
        from ..._core.launch import Launch
        from ..launching import launch_run

        launch = Launch(
            job,
            run_config=run_config,
            tags=tags,
            partition=partition,
            partition_range=partition_range,
            asset_selection=asset_selection,
            op_selection=op_selection,
            validate=validate,
            idempotency_key=idempotency_key,
        )
        return await launch_run(self._transport, launch, location, repository)

    async def create_many(self, launches: Sequence[Mapping[str, Any]]) -> builtins.list[RunLaunch]:
        """Launch several runs in one request, each at most once. GraphQL: ``launchMultipleRuns``, and ``isPipelineConfigValid`` for each where it is asked for.

        Args:
            launches: For each the arguments of ``create``, by their names: ``[{"job": "report", "tags": {...}}, ...]``.

        Returns:
            For each launch, in that order, a ``RunLaunched`` with its ``run``, or what the server has against it: a
            ``RunConfigInvalid``, or another one with a ``message``. The others are launched all the same.

        Raises:
            InvalidInputError: An argument cannot be, or several locations have such a job; nothing is launched.
            NotFoundError: There is no such job; nothing is launched.
            InvalidRequestError: A configuration that was to be validated does not fit; nothing is launched.
            LaunchUnknownError: The answer was lost and not every run was found; ``errors`` has the ``idempotency_key`` of
                each that is missing, ``runs`` are the others.

        Example:
            await client.runs.create_many(launches)
        """
        from ..._core.launch_list import read_launches
        from ..launching import launch_runs

        read = read_launches(launches)
        return await launch_runs(
            self._transport,
            [launch for launch, _, _ in read],
            [(location, repository) for _, location, repository in read],
        )

    async def find_launch(self, idempotency_key: str) -> Run | None:
        """Return the run that was launched with a key, to learn what became of a launch. GraphQL: ``runsOrError``.

        The run's automatic retries and re-executions inherit its tag, and are not taken for it.

        Args:
            idempotency_key: The key that was given to ``create``, ``reexecute`` or the like, or the one that a
                ``LaunchUnknownError`` names.

        Returns:
            The run; None if there is none. A request that is still under way may make one yet.

        Raises:
            InvalidInputError: The key is empty; nothing is sent.

        Example:
            await client.runs.find_launch("orders-2024-01-02")
        """
        from ..launching import find_launch

        return await find_launch(self._transport, text(idempotency_key, "idempotency_key"))

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

        Example:
            await client.runs.terminate(run_id)
        """
        from ..._generated.enums.terminate_run_policy import TerminateRunPolicy as Policy

        policy = Policy.MARK_AS_CANCELED_IMMEDIATELY if force else Policy.SAFE_TERMINATE
        operation = ops.terminate_run(run_id=text(run_id, "run_id"), terminate_policy=policy)
        return (await self._transport.fetch(operation)).run

    async def terminate_many(
        self, run_ids: Sequence[str], *, force: bool = False
    ) -> builtins.list[RunTermination]:
        """End several runs in one request. GraphQL: ``terminateRuns``.

        Args:
            run_ids: Their ids.
            force: See ``terminate``.

        Returns:
            For each run, in that order, a ``RunTerminated``, or a ``RunNotTerminated`` or ``RunTerminationRefused``
            that says why not: it has ended already, is unknown, or the token may not end it.

        Raises:
            InvalidInputError: No run is named; nothing is sent.

        Example:
            await client.runs.terminate_many([run_id, other_run_id], force=True)
        """
        from ..._generated.enums.terminate_run_policy import TerminateRunPolicy as Policy

        policy = Policy.MARK_AS_CANCELED_IMMEDIATELY if force else Policy.SAFE_TERMINATE
        ids = [text(run_id, "a run's id") for run_id in several(run_ids, "run_ids") or ()]
        operation = ops.terminate_runs(run_ids=ids, terminate_policy=policy)
        return (await self._transport.fetch(operation)).results

    async def delete(self, run_id: str) -> None:
        """Delete a run and its events; a running one goes on unseen, so end it first. GraphQL: ``deleteRun``.

        Args:
            run_id: Its id.

        Raises:
            NotFoundError: There is no such run.
            PermissionDeniedError: The token may not delete it.

        Example:
            await client.runs.delete(run_id)
        """
        await self._transport.fetch(ops.delete_run(run_id=text(run_id, "run_id")))

    async def reexecute(
        self,
        run_id: str,
        *,
        strategy: ReexecutionStrategy | str = "ALL_STEPS",
        tags: Mapping[str, str] | None = None,
        use_parent_tags: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Run:
        """Execute a run again, at most once. GraphQL: ``launchRunReexecution``, and ``runOrError``.

        It is sent again, and looked for, as in ``create``.

        Args:
            run_id: The run to execute again.
            strategy: ``ALL_STEPS``, ``FROM_FAILURE`` (the failed steps and what follows them) or
                ``FROM_ASSET_FAILURE`` (the assets and checks that were not made).
            tags: Further tags of the new run.
            use_parent_tags: Whether it gets the old run's tags; None leaves that to the server, which gives it them.
            idempotency_key: See ``create``.

        Returns:
            The new run, as it stands right after the launch.

        Raises:
            InvalidInputError: There is no such strategy, or the key is that of the run itself.
            NotFoundError: There is no such run.
            ServerError: It cannot be executed so, such as from the failure of a run that did not fail.
            PermissionDeniedError: The token may not launch.
            LaunchUnknownError: The answer was lost and no run was found; ``idempotency_key`` says what to look for.

        Example:
            await client.runs.reexecute(run_id, tags={"reason": "new prices"}, use_parent_tags=True)
        """
        from ..._core.launch import Reexecution
        from ..._generated.enums.reexecution_strategy import ReexecutionStrategy
        from ..launching import reexecute_run

        reexecution = Reexecution(
            run_id,
            member(ReexecutionStrategy, strategy, "strategy"),
            tags=tags,
            use_parent_tags=use_parent_tags,
            idempotency_key=idempotency_key,
        )
        try:
            return await reexecute_run(self._transport, reexecution)
        except ServerError as error:
            # Servers say so of an unknown run, too.
            state = ops.get_run_state(run_id=run_id)
            await self._explain(error, lambda: self._transport.fetch(state))
            raise

    async def wait(
        self,
        run_id: str,
        *,
        timeout: float | None = None,
        poll: float = 1.0,
        cancel_on_timeout: bool = False,
        follow_retries: bool = True,
        raise_on_failure: bool = True,
    ) -> Run:
        """Wait until a run has ended, and return it as it ended. GraphQL: ``runsOrError``.

        Connections that fail, 429, 5xx and Dagster+'s maintenance are sat out until the deadline; without one, as soon as
        the server has answered once.

        Args:
            run_id: Its id.
            timeout: Give up after this many seconds. None waits as long as it takes.
            poll: The longest pause between two requests, in seconds; the first ones are shorter.
            cancel_on_timeout: Ask the run to end if it has not by then.
            follow_retries: Go on with the retries that Dagster launches by itself, to the last one.
            raise_on_failure: Raise where the run ended and not with success, else return it all the same.

        Returns:
            The run; where it was retried automatically, the last retry.

        Raises:
            InvalidInputError: ``poll`` is not more than 0, or the id is empty; nothing is sent.
            NotFoundError: There is no such run.
            RunFailedError: It failed or was canceled; it has the failed steps' messages and the first error's stack.
            WaitTimeoutError: It had not ended in time; it goes on, unless it is asked to end.

        Example:
            await client.runs.wait(run_id, timeout=600, cancel_on_timeout=True)
        """
        [run] = await self.wait_many(
            [run_id],
            timeout=timeout,
            poll=poll,
            cancel_on_timeout=cancel_on_timeout,
            follow_retries=follow_retries,
            raise_on_failure=raise_on_failure,
        )
        return run

    async def wait_many(
        self,
        run_ids: Iterable[str],
        *,
        timeout: float | None = None,
        poll: float = 1.0,
        cancel_on_timeout: bool = False,
        follow_retries: bool = True,
        raise_on_failure: bool = True,
    ) -> builtins.list[Run]:
        """Wait until several runs have ended, and return them as they ended. GraphQL: ``runsOrError``.

        Any number of runs takes one request per look, for each 100 of them.

        Args:
            run_ids: Their ids.
            timeout: See ``wait``.
            poll: See ``wait``.
            cancel_on_timeout: See ``wait``.
            follow_retries: See ``wait``.
            raise_on_failure: Raise once all have ended, where one ended and not with success.

        Returns:
            The runs, retries in the place of what they retry, in the order of the ids.

        Raises:
            InvalidInputError: ``poll`` is not more than 0, or an id is empty; nothing is sent.
            NotFoundError: There is no such run.
            RunFailedError: One failed or was canceled; it is about the first of them, and has all the ``runs``.
            WaitTimeoutError: One had not ended in time; ``run_ids`` are those that had not.

        Example:
            await client.runs.wait_many([run_id, other_run_id], timeout=600)
        """
        from ..._core.waiting import Patience
        from ..run_waiting import failure_of, wait_for_runs

        watch = RunWatch(read_run_ids(run_ids), follow_retries=follow_retries)
        patience = Patience(timeout, poll)
        try:
            found = await wait_for_runs(self._transport, watch, patience)
        except WaitTimeoutError as error:
            if cancel_on_timeout:
                await self._cancel(error)
            raise
        if raise_on_failure:
            failure = await failure_of(self._transport, found, watch, patience)
            if failure is not None:
                raise failure
        return found

    async def _cancel(self, timeout: WaitTimeoutError) -> None:
        """Ask the runs that did not end in time to end, and say in the error what came of that."""
        from ..._generated.models.run_termination import RunTerminated

        asked: builtins.list[str] = []
        refused: builtins.list[str] = []
        for start in range(0, len(timeout.run_ids), CHUNK):
            ids = timeout.run_ids[start : start + CHUNK]
            try:
                results = await self.terminate_many(ids)
            except DagsterPlusError as error:
                refused += [f"{run_id}: {error.message}" for run_id in ids]
                continue
            for run_id, result in zip_longest(ids, results[: len(ids)]):
                if isinstance(result, RunTerminated):
                    asked.append(run_id)
                else:
                    refused.append(f"{run_id}: {getattr(result, 'message', 'no answer')}")
        timeout.note_cancellation(asked, refused)

    async def validate(
        self,
        job: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        run_config: Document | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
    ) -> builtins.list[RunConfigError]:
        """Return what is wrong with a run configuration; nothing is launched. GraphQL: ``isPipelineConfigValid``.

        Dagster's own job of all assets, ``__ASSET_JOB``, has no objection to names of ops and resources that it does not know.

        Args:
            job: See ``create``.
            location: See ``create``.
            repository: See ``create``.
            run_config: See ``create``.
            asset_selection: See ``create``.
            op_selection: See ``create``.

        Returns:
            The errors, each with its reason and where it is; none where the configuration fits.

        Raises:
            InvalidInputError: An argument cannot be, or several locations have such a job.
            NotFoundError: There is no such job.
            InvalidRequestError: There is no such asset or op in it.

        Example:
            await client.runs.validate("daily_report", run_config=Path("config.yaml"))
        """
        config = read_document(run_config, "the run config", example="ops: ...")
        selector = await select_job(
            self._transport,
            job,
            location,
            repository,
            asset_selection=asset_selection,
            op_selection=op_selection,
        )
        operation = ops.validate_run_config(pipeline=selector, run_config_data=config)
        try:
            await self._transport.fetch(operation)
        except InvalidRequestError as error:
            if error.typename != "RunConfigValidationInvalid":
                raise
            errors: builtins.list[RunConfigError] = error.result.errors
            return errors
        return []

    async def execution_plan(
        self,
        job: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        run_config: Document | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
    ) -> ExecutionPlan:
        """Return the steps that a run of a job would have. GraphQL: ``executionPlanOrError``.

        Args:
            job: See ``create``.
            location: See ``create``.
            repository: See ``create``.
            run_config: See ``create``.
            asset_selection: See ``create``.
            op_selection: See ``create``.

        Raises:
            InvalidInputError: An argument cannot be, or several locations have such a job.
            NotFoundError: There is no such job.
            InvalidRequestError: The configuration does not fit; ``errors`` has each reason with its path.

        Example:
            await client.runs.execution_plan("daily_report", run_config=Path("config.yaml"))
        """
        config = read_document(run_config, "the run config", example="ops: ...")
        selector = await select_job(
            self._transport,
            job,
            location,
            repository,
            asset_selection=asset_selection,
            op_selection=op_selection,
        )
        return await self._transport.fetch(
            ops.get_execution_plan(pipeline=selector, run_config_data=config)
        )

    async def config_schema(
        self,
        job: str,
        *,
        location: str | None = None,
        repository: str | None = None,
        asset_selection: Sequence[AssetKey | str] | None = None,
        op_selection: Sequence[str] | None = None,
    ) -> RunConfigSchema:
        """Return what a job's run configuration may hold, and its default as YAML. GraphQL: ``runConfigSchemaOrError``.

        Args:
            job: See ``create``.
            location: See ``create``.
            repository: See ``create``.
            asset_selection: See ``create``.
            op_selection: See ``create``.

        Raises:
            InvalidInputError: Several locations have such a job.
            NotFoundError: There is no such job.

        Example:
            await client.runs.config_schema("daily_report")
        """
        selector = await select_job(
            self._transport,
            job,
            location,
            repository,
            asset_selection=asset_selection,
            op_selection=op_selection,
        )
        return await self._transport.fetch(ops.get_run_config_schema(selector=selector))

    async def group(self, run_id: str) -> RunGroup:
        """Return a run with those that it was executed again as, and from. GraphQL: ``runGroupOrError``.

        Args:
            run_id: The id of any of them.

        Raises:
            NotFoundError: There is no such run.

        Example:
            await client.runs.group(run_id)
        """
        return await self._transport.fetch(ops.get_run_group(run_id=text(run_id, "run_id")))

    def tag_keys(
        self,
        *,
        where: Callable[[str], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[str]:
        """List the keys of the tags that runs have. The API has no pages here: one request gets all. GraphQL: ``runTagKeysOrError``.

        Args:
            where: A filter.
            limit: How many in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Example:
            client.runs.tag_keys()
        """
        return self._whole(
            ops.list_run_tag_keys(),
            lambda found: sorted(found.keys),
            where=where,
            limit=limit,
            cursor=cursor,
        )

    def tags(
        self,
        *,
        keys: str | Sequence[str] | None = None,
        prefix: str | None = None,
        where: Callable[[RunTagValues], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[RunTagValues]:
        """List the tags that runs have, each with its values. The API has no pages here. GraphQL: ``runTagsOrError``, and ``runTagKeysOrError`` where no key is named.

        Args:
            keys: Only tags with one of these keys.
            prefix: Only values that begin so.
            where: A further filter.
            limit: How many tags in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: ``keys`` is empty; nothing is sent.

        Example:
            client.runs.tags(keys=["team"])
            client.runs.tags(keys=["team", "reason"], prefix="f")
        """
        chosen = several(keys, "keys")

        async def gather() -> builtins.list[RunTagValues]:
            wanted = chosen
            if wanted is None:
                wanted = (await self._transport.fetch(ops.list_run_tag_keys())).keys
            if not wanted:
                return []
            operation = ops.list_run_tags(tag_keys=wanted, value_prefix=prefix or UNSET)
            found = (await self._transport.fetch(operation)).tags
            return sorted(found, key=lambda tag: tag.key)

        return self._gathered(gather, where=where, limit=limit, cursor=cursor)

    def feed(
        self,
        *,
        view: RunsFeedView | str = "ROOTS",
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
        where: Callable[[RunsFeedEntry], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[RunsFeedEntry]:
        """List runs and backfills together, newest first. GraphQL: ``runsFeedOrError``.

        Args:
            view: ``ROOTS`` (backfills, and runs of none), ``RUNS`` (every run and no backfill) or ``BACKFILLS``.
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
            where: A further filter, applied here.
            limit: How many entries in all; None for every one.
            page_size: How many to ask for at once, 1 to 1000.
            cursor: Go on behind this place: a pager's ``cursor``.

        Returns:
            Entries: ``RunsFeedRun`` and ``RunsFeedBackfill``.

        Raises:
            InvalidInputError: A view, status or time that cannot be; nothing is sent.

        Example:
            client.runs.feed(statuses="FAILURE", created_after=yesterday)
        """
        from ..._generated.enums.runs_feed_view import RunsFeedView

        wanted = member(RunsFeedView, view, "view")
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
        return self._paged(
            lambda after, size: ops.list_runs_feed(
                view=wanted, filter=chosen, cursor=after, limit=size
            ),
            lambda feed, _size: Batch(feed.results, cursor=feed.cursor, has_more=feed.has_more),
            Plan(limit=limit, page_size=page_size, cursor=cursor, where=where),
        )

    async def feed_count(
        self,
        *,
        view: RunsFeedView | str = "ROOTS",
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
        """Return how many entries ``feed`` has; the server counts. GraphQL: ``runsFeedCountOrError``.

        Args:
            view: See ``feed``.
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
            InvalidInputError: A view, status or time that cannot be; nothing is sent.

        Example:
            await client.runs.feed_count(view="BACKFILLS", tags={"team": "shop"})
        """
        from ..._generated.enums.runs_feed_view import RunsFeedView

        wanted = member(RunsFeedView, view, "view")
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
        operation = ops.count_runs_feed(view=wanted, filter=chosen)
        return (await self._transport.fetch(operation)).count
