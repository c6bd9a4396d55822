"""Backfills."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ..._core.backfill import (
    COMPLETED,
    ENDED,
    BackfillLaunch,
    asset_keys,
    has_ended,
    unknown_reexecution,
)
from ..._core.backfill_failure import backfill_failure
from ..._core.errors import DagsterPlusError, InvalidInputError, WaitTimeoutError
from ..._core.inputs import member, members, period, text
from ..._core.launch import was_lost
from ..._core.paging import Plan, one_more
from ..._core.partition_keys import partition_keys
from ..._core.waiting import Patience
from ..._generated import operations as ops
from ..backfilling import launch_backfill, read_launched
from ..polling import each_change, persist, poll_until
from ..resource import AsyncResource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from ..._core.asset_key import AssetKey
    from ..._core.documents import Document
    from ..._generated.enums import BulkActionStatus, ReexecutionStrategy
    from ..._generated.input_types import BulkActionsFilter
    from ..._generated.models import Backfill, BackfillProgress, BackfillSummary, BackfillTarget
    from ..pager import AsyncPager


class AsyncBackfills(AsyncResource):
    """Backfills of the deployment: many partitions of assets or of a job, made at once."""

    __slots__ = ()

    def list(
        self,
        *,
        statuses: BulkActionStatus | str | Iterable[BulkActionStatus | str] | None = None,
        created_after: datetime | float | None = None,
        created_before: datetime | float | None = None,
        where: Callable[[BackfillSummary], bool] | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[BackfillSummary]:
        """List backfills, newest first. GraphQL: ``partitionBackfillsOrError``.

        Args:
            statuses: Backfills in one of these states.
            created_after: Backfills created after this time: an aware datetime, or epoch seconds (UTC).
            created_before: Backfills created before this time: an aware datetime, or epoch seconds (UTC).
            where: A further filter, applied here.
            limit: How many backfills in all; None for every one.
            page_size: How many to ask for at once, 1 to 500.
            cursor: Go on behind this place: a pager's ``cursor``, or a backfill id.

        Raises:
            InvalidInputError: A status or time that cannot be; nothing is sent.

        Example:
            client.backfills.list(statuses=["FAILED", "COMPLETED_FAILED"], created_after=yesterday)
        """
        from ..._generated.enums.bulk_action_status import BulkActionStatus

        created = period(created_after, created_before, ("created_after", "created_before"))
        given: dict[str, object] = {
            "statuses": members(BulkActionStatus, statuses, "status"),
            "createdAfter": created[0],
            "createdBefore": created[1],
        }
        chosen: BulkActionsFilter = {k: v for k, v in given.items() if v is not None}  # type: ignore[assignment]
        plan = Plan(
            limit=limit,
            page_size=page_size,
            max_page_size=500,
            cursor=cursor,
            where=where,
            cursor_of=lambda found: found.id,
        )
        return self._paged(
            lambda after, size: ops.list_backfills(filters=chosen, cursor=after, limit=size + 1),
            lambda found, size: one_more(found.results, size),
            plan,
        )

    async def get(self, backfill_id: str) -> Backfill:
        """Return one backfill, with its progress. GraphQL: ``partitionBackfillOrError``.

        Args:
            backfill_id: Its id.

        Raises:
            NotFoundError: There is no such backfill.

        Example:
            await client.backfills.get(backfill_id)
        """
        operation = ops.get_backfill(backfill_id=text(backfill_id, "backfill_id"))
        return await self._transport.fetch(operation)

    def preview(
        self,
        assets: Sequence[AssetKey | str],
        *,
        partitions: Sequence[str],
        where: Callable[[BackfillTarget], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[BackfillTarget]:
        """List what a backfill of assets would make, per asset; nothing is launched. GraphQL: ``assetBackfillPreview``.

        The API has no pages here: one request gets all.

        Args:
            assets: The assets' keys.
            partitions: The keys of the partitions, as for ``create``.
            where: A further filter.
            limit: How many assets in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            InvalidInputError: No asset or no partition is named; nothing is sent.

        Example:
            client.backfills.preview(["raw_orders", "orders"], partitions=["2024-01-01", "2024-01-02"])
        """
        operation = ops.preview_backfill(
            params={
                "assetSelection": asset_keys(assets),
                "partitionNames": partition_keys(partitions, "partitions") or [],
            }
        )
        return self._whole(operation, lambda found: found, where=where, limit=limit, cursor=cursor)

    async def create(
        self,
        *,
        assets: Sequence[AssetKey | str] | None = None,
        job: str | None = None,
        location: str | None = None,
        repository: str | None = None,
        partitions: Sequence[str] | None = None,
        partition_range: Sequence[str] | None = None,
        all_partitions: bool = False,
        run_config: Document | None = None,
        tags: Mapping[str, str] | None = None,
        title: str | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> Backfill:
        """Launch a backfill of assets or of a job, at most once. GraphQL: ``launchPartitionBackfill``.

        The launch is sent again only where it surely did not happen. When its answer is lost, the backfill is looked
        for by a tag that carries the launch's key (``runsFeedOrError``).

        Args:
            assets: The assets to make; this, or the job.
            job: The job to run; this, or the assets.
            location: The job's code location; found by the job's name where that is unique.
            repository: The job's repository; found likewise.
            partitions: The keys of the partitions; of several assets those of the ones that depend on no other of
                them; the others' follow from these.
            partition_range: The keys of the first and the last partition, instead; all assets must have them.
            all_partitions: All partitions there are, instead.
            run_config: A mapping, YAML or JSON text, or the path of such a file; for all runs.
            tags: Tags of the backfill and its runs.
            title: A title.
            description: A description.
            idempotency_key: Your own key, unique per launch: a launch with the same key returns the first one's backfill.

        Returns:
            The backfill, as it stands right after the launch.

        Raises:
            InvalidInputError: An argument cannot be, several locations have such a job, or the key is that of a backfill of
                something else; nothing is launched.
            NotFoundError: There is no such job with partitions, or no such partition.
            InvalidRequestError: The configuration does not fit.
            PermissionDeniedError: The token may not launch.
            ServerError: Dagster refuses it; the message says why, such as unknown partitions.
            LaunchUnknownError: The answer was lost and no backfill was found; ``idempotency_key`` says what to look for.

        Example:
            await client.backfills.create(
                assets=["raw_orders", "orders"], partition_range=["2024-01-01", "2024-01-02"]
            )
            await client.backfills.create(
                job="daily_orders", partitions=["2024-02-01"], tags={"reason": "late orders"}
            )
        """
        launch = BackfillLaunch(
            assets=assets,
            job=job,
            partitions=partitions,
            partition_range=partition_range,
            all_partitions=all_partitions,
            run_config=run_config,
            tags=tags,
            title=title,
            description=description,
            idempotency_key=idempotency_key,
        )
        if job is None and (location is not None or repository is not None):
            raise InvalidInputError(
                "location and repository say where a job is; an asset is found by its key"
            )
        return await launch_backfill(self._transport, launch, location, repository)

    async def cancel(self, backfill_id: str) -> None:
        """Cancel a backfill, and its runs that have not ended. GraphQL: ``cancelPartitionBackfill``.

        It is ``CANCELING`` until its runs have ended; ``wait`` for it. Its state is asked for first
        (``partitionBackfillOrError``): Dagster would cancel one that has ended, too.

        Args:
            backfill_id: Its id.

        Raises:
            NotFoundError: There is no such backfill.
            ConflictError: It has ended already.
            PermissionDeniedError: The token may not cancel it.

        Example:
            await client.backfills.cancel(backfill_id)
        """
        status = await self._status(backfill_id)
        if status in ENDED:
            raise has_ended(backfill_id, status)
        await self._transport.fetch(ops.cancel_backfill(backfill_id=backfill_id))

    async def resume(self, backfill_id: str) -> None:
        """Go on with a backfill that failed or was canceled. GraphQL: ``resumePartitionBackfill``.

        Its state is asked for first (``partitionBackfillOrError``): Dagster would resume one that is complete, too.

        Args:
            backfill_id: Its id.

        Raises:
            NotFoundError: There is no such backfill.
            ConflictError: It is complete; ``reexecute`` it.
            PermissionDeniedError: The token may not resume it.

        Example:
            await client.backfills.resume(backfill_id)
        """
        status = await self._status(backfill_id)
        if status in COMPLETED:
            raise has_ended(backfill_id, status, hint="; reexecute launches it again")
        await self._transport.fetch(ops.resume_backfill(backfill_id=backfill_id))

    async def reexecute(
        self, backfill_id: str, *, strategy: ReexecutionStrategy | str = "FROM_FAILURE"
    ) -> Backfill:
        """Launch a backfill that has ended again, as a new one. GraphQL: ``reexecutePartitionBackfill``.

        Args:
            backfill_id: Its id.
            strategy: ``FROM_FAILURE`` for what was not made, ``ALL_STEPS`` for everything.

        Returns:
            The new backfill, as it stands right after the launch.

        Raises:
            InvalidInputError: A strategy that cannot be; nothing is sent.
            NotFoundError: There is no such backfill.
            PermissionDeniedError: The token may not launch.
            ServerError: It has not ended, or nothing is left to make.
            LaunchUnknownError: The answer was lost; the message says what to look for.

        Example:
            await client.backfills.reexecute(backfill_id, strategy="FROM_FAILURE")
        """
        from ..._generated.enums.reexecution_strategy import ReexecutionStrategy

        text(backfill_id, "backfill_id")
        chosen = member(ReexecutionStrategy, strategy, "strategy")
        operation = ops.reexecute_backfill(
            reexecution_params={"parentRunId": backfill_id, "strategy": chosen}
        )
        try:
            launched = await self._explained(operation, lambda: self._status(backfill_id))
        except DagsterPlusError as error:
            if was_lost(error):
                raise unknown_reexecution(backfill_id, error) from error
            raise
        return await read_launched(self._transport, launched.backfill_id)

    async def wait(
        self,
        backfill_id: str,
        *,
        timeout: float | None = None,
        poll: float = 2.0,
        cancel_on_timeout: bool = False,
        raise_on_failure: bool = True,
    ) -> Backfill:
        """Wait until a backfill has ended, and return it as it ended. GraphQL: ``partitionBackfillOrError``.

        Connections that fail, 429, 5xx and Dagster+'s maintenance are sat out until the deadline; without one, as soon as
        the server has answered once.

        Args:
            backfill_id: Its id.
            timeout: Give up after this many seconds. None waits as long as it takes.
            poll: The longest pause between two requests, in seconds; the first ones are shorter.
            cancel_on_timeout: Cancel it (``cancelPartitionBackfill``) if it has not ended by then.
            raise_on_failure: Raise where it ended and not with success, else return it all the same.

        Returns:
            The backfill, with what was made of each asset, or what came of the job's runs.

        Raises:
            InvalidInputError: A pause that cannot be; nothing is sent.
            NotFoundError: There is no such backfill.
            BackfillFailedError: It failed or was canceled; ``errors`` has what was not made.
            WaitTimeoutError: It had not ended in time; it goes on, unless it is canceled.

        Example:
            await client.backfills.wait(backfill_id, timeout=600)
        """
        text(backfill_id, "backfill_id")
        otherwise, patience = _unfinished(backfill_id), Patience(timeout, poll)
        try:
            await poll_until(
                self._transport,
                ops.poll_backfill(backfill_id=backfill_id),
                lambda found: found.status in ENDED,
                otherwise,
                patience,
            )
            whole = ops.get_backfill(backfill_id=backfill_id)
            found = await persist(self._transport, whole, patience, otherwise)
        except WaitTimeoutError as error:
            if cancel_on_timeout:
                await self._cancel(backfill_id, error)
            raise
        if raise_on_failure:
            failure = backfill_failure(found, await self._transport.secrets())
            if failure is not None:
                raise failure
        return found

    async def follow(
        self, backfill_id: str, *, poll: float = 2.0, timeout: float | None = None
    ) -> AsyncIterator[BackfillProgress]:
        """Yield the progress of a backfill each time it has changed, until it has ended. GraphQL: ``partitionBackfillOrError``.

        The first one comes at once, the last one says how it ended; nothing is raised where that is no success. Faults that
        pass are sat out as ``wait`` does it.

        Args:
            backfill_id: Its id.
            poll: The longest pause between two requests, in seconds; the first ones are shorter.
            timeout: Give up after this many seconds. None follows as long as it takes.

        Yields:
            Its status; for each asset how many partitions are ``targeted``, ``in_progress``, ``materialized`` and
            ``failed`` (``assets.statuses``), or for a job how many are in which state (``run_counts``).

        Raises:
            InvalidInputError: A pause that cannot be; nothing is sent.
            NotFoundError: There is no such backfill.
            WaitTimeoutError: It had not ended in time; it goes on.

        Example:
            client.backfills.follow(backfill_id, timeout=600)
        """
        text(backfill_id, "backfill_id")
        changes = each_change(
            self._transport,
            ops.get_backfill_progress(backfill_id=backfill_id),
            lambda found: found.status in ENDED,
            _unfinished(backfill_id),
            Patience(timeout, poll),
        )
        async with aclosing(changes):
            async for progress in changes:
                yield progress

    async def _cancel(self, backfill_id: str, timeout: WaitTimeoutError) -> None:
        """Cancel a backfill that did not end in time, and say in the error what came of that."""
        try:
            await self.cancel(backfill_id)
        except DagsterPlusError as error:
            timeout.note_cancellation([], [f"{backfill_id}: {error.message}"])
        else:
            timeout.note_cancellation([backfill_id], [])

    async def _status(self, backfill_id: str) -> BulkActionStatus:
        operation = ops.poll_backfill(backfill_id=text(backfill_id, "backfill_id"))
        return (await self._transport.fetch(operation)).status


def _unfinished(backfill_id: str) -> str:
    return f"Backfill {backfill_id} did not end"
