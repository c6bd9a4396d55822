"""What is followed of a run's captured logs: the text of each, up to the run's end."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from .._core import log_files
from .._core.errors import PaginationError
from .._core.models import unwrap
from .._core.run_filters import ENDED
from .._generated import operations as ops
from .following import AsyncSource

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

    from .._core.operation import Operation
    from .._generated.models import CapturedLogs
    from .transport import AsyncTransport

#: The most events that a server gives at once.
MAX_PAGE_SIZE = 1000

#: The subscription that brings the names of further logs.
_EVENTS = "1"


class _FollowedLog:
    """How far one log has been followed."""

    __slots__ = ("cursor", "held", "is_whole", "key")

    def __init__(self, key: list[str]) -> None:
        self.key = key
        self.cursor: str | None = None
        #: Whether a part of a character was left for later: the server's subscription is beyond it.
        self.held = False
        #: Whether the server has said that no more will come; it may have missed the last of it nevertheless.
        self.is_whole = False


class AsyncLogSource(AsyncSource["CapturedLogs"]):
    """The captured logs of a run: all of them at once, over one connection.

    Args:
        run_id: The run.
        step: Only logs in which this step writes.
        stream: Only this stream.
    """

    def __init__(self, run_id: str, step: str | None, stream: str | None) -> None:
        self.otherwise = f"Run {run_id} did not end"
        self._run_id = run_id
        self._step = step
        self._stream = stream
        self._cursor: str | None = None
        self._logs: dict[str, _FollowedLog] = {}
        self._is_at_end = False

    async def ask(self, transport: AsyncTransport) -> AsyncGenerator[Sequence[CapturedLogs], None]:
        """Yield what the logs have behind their places."""
        # The state is read before the text: what came in between is in the same round.
        ended = self.ending = await self._advance(transport)
        for log in self._logs.values():
            if log.is_whole and not ended:
                continue
            log.held = False
            async with aclosing(pieces(transport, log.key, log.cursor, last=ended)) as found:
                async for piece, held in found:
                    log.cursor, log.held = piece.cursor, held
                    yield self._shown(piece)
        self.over = ended

    def subscriptions(self) -> Mapping[str, Operation[Any]]:
        """Return one for the names of further logs, and one for each log; none where the run is at its end."""
        if self._is_at_end:
            return {}
        wanted: dict[str, Operation[Any]] = {
            _EVENTS: ops.follow_captured_log_events(run_id=self._run_id, cursor=self._cursor)
        }
        for number, log in enumerate(self._logs.values(), int(_EVENTS) + 1):
            if not log.is_whole:
                wanted[str(number)] = ops.follow_captured_logs(log_key=log.key, cursor=log.cursor)
        return wanted

    def take(self, key: str, result: Any) -> Sequence[CapturedLogs] | None:
        """Take the names of further logs, or the text of one."""
        if key == _EVENTS:
            page = result.ok
            self._cursor = page.cursor
            self._learn(page.events)
            self._is_at_end = log_files.has_ended(page.events)
            return None if self._is_at_end else ()
        piece: CapturedLogs = result.ok
        log = self._log(key)
        if log.held:
            return None
        if piece.cursor == log.cursor:
            return ()
        piece, log.held = log_files.without_cut_character(piece, log.cursor)
        log.cursor = piece.cursor
        return self._shown(piece)

    def completed(self, key: str) -> None:
        """Take note that no more will come of a log."""
        if key != _EVENTS:
            log = self._log(key)
            log.is_whole = not log.held

    def _log(self, key: str) -> _FollowedLog:
        """Return the log of a subscription; logs have numbers behind that of their names."""
        return list(self._logs.values())[int(key) - int(_EVENTS) - 1]

    def _shown(self, piece: CapturedLogs) -> Sequence[CapturedLogs]:
        shown = log_files.without_other(piece, self._stream)
        return () if log_files.is_empty(shown) else (shown,)

    async def _advance(self, transport: AsyncTransport) -> bool:
        """Learn of logs that have begun since, and return whether the run has ended."""
        from .._generated.models.captured_log_event_page import CapturedLogEventPage
        from .._generated.models.run_state import RunState

        ended: bool | None = None
        while True:
            operation = ops.poll_captured_logs(
                run_id=self._run_id, after_cursor=self._cursor, limit=MAX_PAGE_SIZE
            )
            result = await transport.execute(operation)
            state = unwrap(result.run_or_error, RunState, operation.name)
            page = unwrap(result.logs_for_run, CapturedLogEventPage, operation.name)
            ended = state.status in ENDED if ended is None else ended
            self._learn(page.events)
            if page.has_more and page.cursor == self._cursor:
                raise PaginationError(
                    f"run {self._run_id} has more events, but its cursor stays {self._cursor!r}"
                )
            self._cursor = page.cursor
            if not page.has_more:
                return ended

    def _learn(self, events: Iterable[Any]) -> None:
        for file in log_files.of_step(log_files.captured(events), self._step):
            key = log_files.log_key(self._run_id, file)
            self._logs.setdefault("/".join(key), _FollowedLog(key))


async def pieces(
    transport: AsyncTransport, key: list[str], cursor: str | None, *, last: bool
) -> AsyncGenerator[tuple[CapturedLogs, bool], None]:
    """Yield what a log has behind a cursor, and whether a part of a character at the end was left for later.

    Args:
        transport: What sends.
        key: The log.
        cursor: The place; None for the beginning.
        last: Whether no more will be written.
    """
    while True:
        piece = await transport.fetch(ops.get_captured_logs(log_key=key, cursor=cursor))
        whole, held = log_files.without_cut_character(piece, cursor)
        if log_files.is_empty(whole):
            yield (piece, False) if last else (whole, held)
            return
        yield whole, held
        if whole.cursor is None:
            return
        if whole.cursor == cursor:
            raise PaginationError(
                f"the log {'/'.join(key)} has more text, but its cursor stays {cursor!r}"
            )
        cursor = whole.cursor
