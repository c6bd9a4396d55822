"""Captured logs: what the processes of runs wrote to standard output and errors."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from ..._core import log_files
from ..._core.inputs import text
from ..._core.paging import Batch, Plan
from ..._core.waiting import Patience
from ..._generated import operations as ops
from ..following import AsyncFollowing
from ..log_following import MAX_PAGE_SIZE, AsyncLogSource, pieces
from ..pager import AsyncPager
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Callable

    from ..._core.captured_log import CapturedLog
    from ..._generated.models import CapturedLogFile, CapturedLogs


class AsyncLogs(AsyncResource):
    """Captured logs of runs: standard output and errors."""

    __slots__ = ()

    async def get(
        self, run_id: str, *, step: str | None = None, stream: str | None = None
    ) -> CapturedLogs:
        """Return what a process of a run has written so far. GraphQL: ``logsForRun`` and ``capturedLogs``.

        Args:
            run_id: The run's id.
            step: A step that ran in the process; it may be left out where the run has one process only. Of a step that
                was tried several times the last try counts.
            stream: ``stdout`` or ``stderr`` for one of them only.

        Returns:
            The whole text, as ``stdout`` and ``stderr``; None where nothing was captured.

        Raises:
            InvalidInputError: There is no such stream; or several processes, and no step is named.
            NotFoundError: There is no such run, no such step, or nothing was captured of it.

        Example:
            await client.logs.get(run_id, step="publish", stream="stdout")
        """
        wanted = log_files.only_stream(stream)
        files = await self._files(text(run_id, "run_id"))
        key = log_files.log_key(run_id, log_files.the_one(files, run_id, step))
        found = [piece async for piece, _ in pieces(self._transport, key, None, last=True)]
        return log_files.without_other(log_files.joined(found), wanted)

    def links(
        self,
        run_id: str,
        *,
        step: str | None = None,
        where: Callable[[CapturedLog], bool] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AsyncPager[CapturedLog]:
        """List the captured logs of a run: their steps, places and download URLs. GraphQL: ``logsForRun`` and ``capturedLogsMetadata``.

        The API has no pages here: the links of each log take a request.

        Args:
            run_id: The run's id.
            step: Only logs of processes in which this step ran.
            where: A further filter.
            limit: How many logs in all; None for every one.
            cursor: Go on behind this place: a pager's ``cursor``.

        Raises:
            NotFoundError: There is no such run.

        Example:
            client.logs.links(run_id, step="publish")
        """
        text(run_id, "run_id")

        async def fetch(after: str | None, size: int) -> Batch[CapturedLog]:
            files = log_files.of_step(await self._files(run_id), step)
            start = log_files.offset(after)
            end = start + size
            found = [await self._links(run_id, file) for file in files[start:end]]
            return Batch(found, cursor=str(start + len(found)), has_more=len(files) > end)

        plan = Plan(limit=limit, cursor=cursor, where=where, max_page_size=10)
        return AsyncPager(fetch, plan, default_page_size=10)

    async def follow(
        self,
        run_id: str,
        *,
        step: str | None = None,
        stream: str | None = None,
        poll: float = 1.0,
        timeout: float | None = None,
    ) -> AsyncIterator[CapturedLogs]:
        """Yield what the processes of a run write, piece by piece, until the run has ended.

        What there is already is asked for; what is new comes by subscription, that of all logs over one connection, and by
        polling where that cannot be (see ``run_events.follow``). An open-source webserver looks at its files every few seconds
        only, so there the text comes in larger pieces by subscription. Each text comes once, in the order in which its process
        wrote it. GraphQL: ``logsForRun`` with ``runOrError``, ``capturedLogs``, and the subscriptions ``pipelineRunLogs``
        and ``capturedLogs``.

        Args:
            run_id: The run's id.
            step: Only processes in which this step runs.
            stream: ``stdout`` or ``stderr`` for one of them only.
            poll: The longest pause between two rounds where it polls, in seconds; while text comes it is shorter.
            timeout: Give up after this many seconds; passing faults are sat out until then. None waits as long as the run
                takes, and sits faults out from the first answer on.

        Yields:
            Pieces: ``stdout`` and ``stderr`` hold what is new; ``log_key`` tells the processes apart.

        Raises:
            InvalidInputError: There is no such stream; nothing is sent.
            NotFoundError: There is no such run.
            WaitTimeoutError: The run had not ended in time; it goes on.

        Example:
            client.logs.follow(run_id, stream="stderr", timeout=600)
        """
        wanted = log_files.only_stream(stream)
        source = AsyncLogSource(text(run_id, "run_id"), step, wanted)
        following = AsyncFollowing(self._transport, source, Patience(timeout, poll))
        async with aclosing(following.each()) as found:
            async for piece in found:
                yield piece

    async def _files(self, run_id: str) -> builtins.list[CapturedLogFile]:
        """Return the captured logs of a run, in the order in which they began."""
        events = self._paged(
            lambda after, size: ops.list_captured_logs(
                run_id=run_id, after_cursor=after, limit=size
            ),
            lambda page, _size: Batch(page.events, cursor=page.cursor, has_more=page.has_more),
            Plan(),
            default_page_size=MAX_PAGE_SIZE,
        )
        return log_files.captured([event async for event in events])

    async def _links(self, run_id: str, file: CapturedLogFile) -> CapturedLog:
        from ..._core.captured_log import CapturedLog

        key, url = log_files.log_key(run_id, file), self._transport.settings.url
        links = await self._transport.fetch(ops.get_captured_logs_links(log_key=key))
        return CapturedLog(
            run_id=run_id,
            file_key=file.file_key,
            step_keys=file.step_keys or [],
            captured_at=file.timestamp,
            stdout_url=log_files.absolute(links.stdout_url, url),
            stderr_url=log_files.absolute(links.stderr_url, url),
            stdout_location=links.stdout_location,
            stderr_location=links.stderr_location,
        )
