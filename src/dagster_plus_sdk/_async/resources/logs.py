"""Captured logs: what the processes of runs wrote to standard output and errors."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..._core import log_files
from ..._core.errors import DagsterPlusError, InvalidInputError, PaginationError, WaitTimeoutError
from ..._core.inputs import text
from ..._core.models import unwrap
from ..._core.paging import Batch, Plan
from ..._core.retry import is_transient
from ..._core.run_filters import ENDED
from ..._core.waiting import asleep
from ..._generated import operations as ops
from ..pager import AsyncPager
from ..polling import within
from ..resource import AsyncResource

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Callable

    from ..._core.captured_log import CapturedLog
    from ..._generated.models import CapturedLogEventPage, CapturedLogFile, CapturedLogs
    from ..transport import AsyncTransport

#: The most events that a server gives at once.
_MAX_PAGE_SIZE = 1000

_QUICKEST_POLL = 0.1


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
        """
        wanted = log_files.only_stream(stream)
        files = await self._files(text(run_id, "run_id"))
        key = log_files.log_key(run_id, log_files.the_one(files, run_id, step))
        pieces = await self._pieces(self._transport, key, None)
        return log_files.without_other(log_files.joined(pieces), wanted)

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

        GraphQL: ``logsForRun`` with ``runOrError``, and ``capturedLogs``.

        Args:
            run_id: The run's id.
            step: Only processes in which this step runs.
            stream: ``stdout`` or ``stderr`` for one of them only.
            poll: The longest pause between two rounds, in seconds; while text comes it is shorter.
            timeout: Give up after this many seconds; passing faults are survived until then. None waits as long as
                the run takes, and gives up where a single request does.

        Yields:
            Pieces: ``stdout`` and ``stderr`` hold what is new; ``log_key`` tells the processes apart.

        Raises:
            InvalidInputError: There is no such stream; nothing is sent.
            NotFoundError: There is no such run.
            WaitTimeoutError: The run had not ended in time; it goes on.
        """
        if poll <= 0:
            raise InvalidInputError(f"poll must be more than 0 s, not {poll}")
        wanted = log_files.only_stream(stream)
        end = None if timeout is None else time.monotonic() + timeout
        walk = _Walk(text(run_id, "run_id"), step)
        pause = min(_QUICKEST_POLL, poll)
        while True:
            transport = within(self._transport, end)
            came = False
            try:
                # The state is read before the text: what came in between is in the same round.
                ended = await self._advance(transport, walk)
                for key in walk.keys:
                    for piece in await self._pieces(transport, key, walk.cursors.get(key[-1])):
                        walk.cursors[key[-1]] = piece.cursor
                        shown = log_files.without_other(piece, wanted)
                        if not log_files.is_empty(shown):
                            came = True
                            yield shown
                if ended:
                    return
            except DagsterPlusError as error:
                if end is None or not is_transient(error):
                    raise
            pause = min(_QUICKEST_POLL if came else pause * 1.5, poll)
            left = pause if end is None else end - time.monotonic()
            if left <= 0:
                raise WaitTimeoutError(f"Run {run_id} did not end within {timeout:g} s")
            await asleep(min(pause, left))

    async def _files(self, run_id: str) -> builtins.list[CapturedLogFile]:
        """Return the captured logs of a run, in the order in which they began."""
        events = self._paged(
            lambda after, size: ops.list_captured_logs(
                run_id=run_id, after_cursor=after, limit=size
            ),
            lambda page, _size: Batch(page.events, cursor=page.cursor, has_more=page.has_more),
            Plan(),
            default_page_size=_MAX_PAGE_SIZE,
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

    async def _pieces(
        self, transport: AsyncTransport, key: builtins.list[str], cursor: str | None
    ) -> builtins.list[CapturedLogs]:
        """Return what a log has behind a cursor: one piece at least, the last of them the end."""
        pieces: builtins.list[CapturedLogs] = []
        while True:
            piece = await transport.fetch(ops.get_captured_logs(log_key=key, cursor=cursor))
            pieces.append(piece)
            if log_files.is_empty(piece) or piece.cursor is None:
                return pieces
            if piece.cursor == cursor:
                raise PaginationError(
                    f"the log {'/'.join(key)} has more text, but its cursor stays {cursor!r}"
                )
            cursor = piece.cursor

    async def _advance(self, transport: AsyncTransport, walk: _Walk) -> bool:
        """Learn of logs that have begun since, and return whether the run has ended."""
        from ..._generated.models.captured_log_event_page import CapturedLogEventPage
        from ..._generated.models.run_state import RunState

        ended: bool | None = None
        while True:
            operation = ops.poll_captured_logs(
                run_id=walk.run_id, after_cursor=walk.cursor, limit=_MAX_PAGE_SIZE
            )
            result = await transport.execute(operation)
            state = unwrap(result.run_or_error, RunState, operation.name)
            page = unwrap(result.logs_for_run, CapturedLogEventPage, operation.name)
            ended = state.status in ENDED if ended is None else ended
            if not walk.take(page):
                return ended


class _Walk:
    """How far a run's logs have been followed."""

    __slots__ = ("cursor", "cursors", "keys", "run_id", "step")

    def __init__(self, run_id: str, step: str | None) -> None:
        self.run_id = run_id
        self.step = step
        self.cursor: str | None = None
        self.keys: list[list[str]] = []
        self.cursors: dict[str, str | None] = {}

    def take(self, page: CapturedLogEventPage) -> bool:
        """Keep what a page of events names, and return whether there are more.

        Raises:
            PaginationError: There are more, but the cursor stays.
        """
        for file in log_files.of_step(log_files.captured(page.events), self.step):
            key = log_files.log_key(self.run_id, file)
            if key not in self.keys:
                self.keys.append(key)
        if page.has_more and page.cursor == self.cursor:
            raise PaginationError(
                f"run {self.run_id} has more events, but its cursor stays {self.cursor!r}"
            )
        self.cursor = page.cursor
        return page.has_more
