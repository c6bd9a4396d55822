"""What is followed of code locations: that they are loaded anew, fail, or lose their server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .._core.location_changes import Statuses
from .._generated import operations as ops
from .following import AsyncSource

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from .._core.operation import Operation
    from .._generated.models import LocationEvent
    from .transport import AsyncTransport

#: Seconds within which a status that changes is what an event of that location has told already.
_SAME = 30.0


class AsyncLocationSource(AsyncSource["LocationEvent"]):
    """The changes of code locations, without an end.

    The statuses say what has changed, as a subscription alone cannot: an open-source server sends nothing when a location
    that it runs itself is loaded anew. The subscription says at once that something has, and what the statuses do not show.

    Args:
        wanted: Tells whether a location is followed, by its name.
        poll: Seconds between two looks at the statuses.
    """

    wakes = True

    def __init__(self, wanted: Callable[[str], bool], poll: float) -> None:
        self.quiet = poll
        self._wanted = wanted
        self._statuses = Statuses()
        #: Events that wait for the statuses, and when some were given out that these had not shown.
        self._waiting: dict[str, LocationEvent] = {}
        self._told: dict[str, float] = {}

    async def ask(self, transport: AsyncTransport) -> AsyncGenerator[Sequence[LocationEvent], None]:
        """Yield what the statuses show as changed since the last look."""
        found = await transport.fetch(ops.list_code_location_statuses())
        for name, status in list(self._statuses.changes(found.entries)):
            event = self._waiting.pop(name, None)
            is_told = time.monotonic() < self._told.pop(name, 0.0)
            if event is None and self._wanted(name) and not is_told:
                event = await self._event(transport, name, is_there=status is not None)
            self._statuses.accept(name, status)
            if event is not None:
                yield (event,)
        for name in list(self._waiting):
            self._told[name] = time.monotonic() + _SAME
            yield (self._waiting.pop(name),)

    def subscriptions(self) -> Mapping[str, Operation[Any]]:
        """Return the one for all locations."""
        return {"1": ops.follow_location_events()}

    def take(self, key: str, result: Any) -> Sequence[LocationEvent] | None:  # noqa: ARG002 - there is one
        """Take an event: what shows in the statuses waits for them."""
        from .._core.location_changes import shows

        event: LocationEvent = result.ok.event
        if not self._wanted(event.location_name):
            return ()
        if not shows(event):
            return (event,)
        self._waiting[event.location_name] = event
        return None

    async def _event(
        self, transport: AsyncTransport, name: str, *, is_there: bool
    ) -> LocationEvent:
        """Return the event of a location whose status has changed."""
        from .._core.errors import NotFoundError, UnexpectedResultError
        from .._core.location_changes import event_of

        if not is_there:
            return event_of(name, None)
        try:
            return event_of(name, await transport.fetch(ops.get_code_location(name=name)))
        except (NotFoundError, UnexpectedResultError):  # it is gone again
            return event_of(name, None)
