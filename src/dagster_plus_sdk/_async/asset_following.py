"""What is followed of assets: each event of their histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.asset_news import SELECTED, History
from .._generated import operations as ops
from .following import AsyncSource

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
    from datetime import datetime

    from .._core.asset_events import AssetEvent
    from .._core.asset_key import AssetKey
    from .._core.operation import Operation
    from .._generated.enums import AssetEventHistoryEventTypeSelector
    from .pager import AsyncPager
    from .transport import AsyncTransport


class AsyncAssetSource(AsyncSource["AssetEvent"]):
    """The events of assets, without an end.

    What is given out comes from the histories, each read behind its own place. Dagster+'s subscription goes over all assets
    of the organization, and knows no place that survives a break: it only says whose history has news.

    Args:
        keys: The assets.
        types: Which events.
        after: Where to begin; None for now.
        events: Returns the events of an asset after a time, newest first.
    """

    wakes = True

    def __init__(
        self,
        keys: Sequence[AssetKey],
        types: Sequence[AssetEventHistoryEventTypeSelector],
        after: datetime | float | None,
        events: Callable[[AsyncTransport, AssetKey, float | None], AsyncPager[AssetEvent]],
    ) -> None:
        self._histories = {key: History(after) for key in keys}
        self._types = [SELECTED[str(kind)] for kind in types if str(kind) in SELECTED]
        self._events = events
        #: Whose histories have news; all of them where that is not known.
        self._woken: set[AssetKey] = set()

    async def ask(self, transport: AsyncTransport) -> AsyncGenerator[Sequence[AssetEvent], None]:
        """Yield what the histories have behind their places, oldest first."""
        woken = [key for key in self._histories if key in self._woken] or list(self._histories)
        for key in woken:
            history = self._histories[key]
            if not history.has_begun:
                history.begin(await self._events(transport, key, None).first())
            listed = self._events(transport, key, history.since)
            yield history.news([event async for event in listed])
            self._woken.discard(key)

    def subscriptions(self) -> Mapping[str, Operation[Any]]:
        """Return the one for all assets."""
        return {"1": ops.follow_asset_events(event_types=self._types)}

    def take(self, key: str, result: Any) -> Sequence[AssetEvent] | None:  # noqa: ARG002 - there is one
        """Take whose event it is."""
        of = getattr(result.ok, "asset_key", None)
        if of is not None and of not in self._histories:
            return ()
        self._woken |= {of} if of is not None else self._histories.keys()
        return None
