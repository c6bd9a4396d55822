"""What is followed of a run: its events, up to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.errors import PaginationError
from .._core.models import unwrap
from .._core.paging import Position
from .._core.run_filters import ENDED, ENDING
from .._generated import operations as ops
from .following import AsyncSource

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from .._core.operation import Operation
    from .._generated.models import RunEvent, RunEventPage
    from .transport import AsyncTransport


class AsyncRunSource(AsyncSource["RunEvent"]):
    """The events of a run.

    Args:
        run_id: The run.
        place: Where to begin.
        size: How many events to ask for at once.
    """

    def __init__(self, run_id: str, place: Position, size: int) -> None:
        self.otherwise = f"Run {run_id} did not end"
        self._run_id = run_id
        self._place = place
        self._size = size
        #: Whether its last event came; that its state says so, too, is seen before the last events.
        self._has_last = False

    async def ask(self, transport: AsyncTransport) -> AsyncGenerator[Sequence[RunEvent], None]:
        """Yield the events behind the place, page by page."""
        from .._generated.models.run_event_page import RunEventPage
        from .._generated.models.run_state import RunState

        was_ending = self.ending
        while True:
            operation = ops.poll_run_events(
                run_id=self._run_id, after_cursor=self._place.cursor, limit=self._size
            )
            result = await transport.execute(operation)
            state = unwrap(result.run_or_error, RunState, operation.name)
            page = unwrap(result.logs_for_run, RunEventPage, operation.name)
            self.ending = state.status in ENDED
            yield page.events[self._place.used :]
            self._move(page)
            if not page.has_more:
                break
        # The state is read before the events: what came in between is in the next answer.
        self.over = was_ending

    def subscriptions(self) -> Mapping[str, Operation[Any]]:
        """Return the one behind the place; none where the run is at its end."""
        if self._has_last or self.ending or self._place.used:
            return {}
        return {"1": ops.follow_run_events(run_id=self._run_id, cursor=self._place.cursor)}

    def take(self, key: str, result: Any) -> Sequence[RunEvent] | None:  # noqa: ARG002 - there is one
        """Take a frame's events."""
        page = result.ok
        if page.cursor == self._place.cursor:  # nothing new, or the same once more
            return ()
        self._place = Position(page.cursor)
        events: Sequence[RunEvent] = page.events
        self._has_last = any(event.event_type in ENDING for event in events)
        return events

    def _move(self, page: RunEventPage) -> None:
        """Go behind what an answer had."""
        if page.has_more and page.cursor == self._place.cursor:
            raise PaginationError(
                f"run {self._run_id} has more events, but its cursor stays {page.cursor!r}"
            )
        self._place = Position(page.cursor, max(0, self._place.used - len(page.events)))
