"""Following: what is new by subscription where possible, by polling otherwise."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from contextlib import aclosing
from random import uniform
from typing import TYPE_CHECKING, Generic, TypeVar

from .._core.errors import ConfigurationError, DagsterPlusError
from .._core.retry import is_transient
from .._core.waiting import Silence, asleep
from .polling import within

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from typing import Any

    from .._core.operation import Operation
    from .._core.waiting import Patience
    from .transport import AsyncTransport
    from .websocket import AsyncLine

T = TypeVar("T")

#: Seconds without news after which is asked whether there are any, as a connection may have died unseen.
QUIET = 30.0

#: Seconds after which a connection that broke counts as one that had worked.
_WORKED = 5.0

#: Times that opening may fail in a row before it is polled only for a while.
_TRIES = 3

#: Seconds that a server which refuses websockets, or fails to open them, is polled only.
_REFUSED = 600.0

#: Where frames only tell that there are news: the seconds for which those are taken together that come within a moment of each other.
_AT_ONCE = 1.0
_MOMENT = 0.02


class AsyncSource(ABC, Generic[T]):
    """What is followed: the place up to which all was given out, and how to learn of more.

    Attributes:
        otherwise: What the error says at the deadline, such as ``Run 1 did not end``; None where following ends there
            without one.
        ending: Whether the end is known, and the next answer may be the last one: that is asked for behind the deadline, too.
        over: Whether there is no more to come.
        quiet: Seconds without news after which is asked nevertheless; None for what suits.
        wakes: Whether what is subscribed to only tells that there are news: then it stays open while they are asked for.
    """

    otherwise: str | None = None
    ending: bool = False
    over: bool = False
    quiet: float | None = None
    wakes: bool = False

    @abstractmethod
    def ask(self, transport: AsyncTransport) -> AsyncGenerator[Sequence[T], None]:
        """Yield what there is behind the place, and move the place with it."""

    @abstractmethod
    def subscriptions(self) -> Mapping[str, Operation[Any]]:
        """Return what to subscribe to behind the place, by keys that are words; nothing where it is not worth while."""

    @abstractmethod
    def take(self, key: str, result: Any) -> Sequence[T] | None:
        """Take what a subscription has brought, and move the place.

        Returns:
            What is new; None if it must be asked for.

        Raises:
            DagsterPlusError: The result is an error.
        """

    def completed(self, key: str) -> None:
        """Take note that the server has no more of a subscription."""


class AsyncFollowing(Generic[T]):
    """One walk behind a source.

    It asks first for what there is. Only then it subscribes behind that, until a break, a long silence, or the source's end;
    and asks again. So a subscription only has to bring what is new, and whatever it fails to bring comes with the next answer.

    Args:
        transport: What sends.
        source: What is followed.
        patience: How long, how often, and through what.
    """

    def __init__(
        self, transport: AsyncTransport, source: AsyncSource[T], patience: Patience
    ) -> None:
        self._transport = transport
        self._source = source
        self._patience = patience
        self._line: AsyncLine | None = None
        self._opened_at = 0.0
        #: Until when it is listened only.
        self._quiet_until = 0.0
        #: Whether what a subscription told must be asked for.
        self._is_due = False
        #: When to try the next subscription, and how many failed since one brought something.
        self._next_try, self._failures = 0.0, 0
        #: The pause before the next request; None if something has happened that is worth to ask at once.
        self._pause: float | None = 0.0

    async def batches(self) -> AsyncGenerator[Sequence[T], None]:
        """Yield what is new, that which comes together at once.

        Raises:
            WaitTimeoutError: The source had not come to its end in time.
        """
        try:
            while True:
                async with aclosing(self._asked()) as asked:
                    async for batch in asked:
                        yield batch
                if self._source.over or (self._may_be_late and self._is_late()):
                    return
                if self._patience.fault is None:
                    async with aclosing(self._heard()) as heard:
                        async for batch in heard:
                            yield batch
                if self._pause is not None:
                    await asleep(self._patience.within(min(self._pause, self._until_next_try())))
        finally:
            await self._hang_up()

    async def each(self) -> AsyncGenerator[T, None]:
        """Yield what is new, one by one."""
        async with aclosing(self.batches()) as batches:
            async for batch in batches:
                for item in batch:
                    yield item

    async def _asked(self) -> AsyncGenerator[Sequence[T], None]:
        """Yield what an answer has; a fault that may pass gives nothing."""
        patience = self._patience
        # Without an answer yet and without a deadline the client's own retries are all there is.
        transport = within(self._transport, patience.end, once=patience.heard)
        try:
            async with aclosing(self._source.ask(transport)) as asked:
                async for batch in asked:
                    if batch:
                        patience.hurry()
                        yield batch
                    if patience.is_over and not self._source.ending:
                        break  # there may be more for as long as the run goes on
        except DagsterPlusError as error:
            pause = patience.pause_after(error)
            if pause is None:
                raise
            self._pause = pause
        else:
            patience.answered()
            self._pause = patience.pause()

    @property
    def _may_be_late(self) -> bool:
        return not self._source.ending or self._patience.fault is not None

    def _is_late(self) -> bool:
        """Tell whether the time is over.

        Raises:
            WaitTimeoutError: It is, and that is no way to end.
        """
        if not self._patience.is_over:
            return False
        if self._source.otherwise is None and self._patience.fault is None:
            return True
        raise self._patience.over(self._source.otherwise or "The server did not answer")

    async def _heard(self) -> AsyncGenerator[Sequence[T], None]:
        """Yield what the subscriptions bring; ends when it is time to ask again."""
        if self._line is None:
            await self._dial()
            if self._line is not None and self._source.wakes:
                self._pause = None  # what came before the subscription
                return
        self._is_due = False
        while self._line is not None and not self._is_due:
            news = await self._received(self._line)
            if news:
                yield news

    async def _received(self, line: AsyncLine) -> Sequence[T]:
        """Return what the next frame brings, and take note if it is time to ask."""
        news: list[T] = []
        try:
            quiet = self._quiet_until - time.monotonic()
            news += await self._taken(line, self._patience.within(quiet))
            if self._is_due and self._source.wakes:  # one question for all that comes at once
                end = time.monotonic() + _AT_ONCE
                while time.monotonic() < end:
                    news += await self._taken(line, _MOMENT)
        except Silence:
            if not self._is_due:  # else it is what ends the moment
                self._listen()
            self._is_due = True
        except DagsterPlusError as error:
            await self._broke(error)
            return news
        if news or self._is_due:
            self._pause, self._failures = None, 0
            self._patience.hurry()
        if not self._source.wakes:
            self._listen()
        if self._is_due and not self._source.wakes:
            await self._hang_up()  # it would bring what is asked for a second time
        else:
            await self._keep_up()
        return news

    async def _taken(self, line: AsyncLine, seconds: float) -> Sequence[T]:
        """Return what a frame has; where that must be asked for, it is due."""
        key, result = await line.receive(seconds)
        if result is None:
            await self._completed(line, key)
            return ()
        news = self._source.take(key, result)
        self._is_due = self._is_due or news is None
        return news or ()

    async def _keep_up(self) -> None:
        """Subscribe to what the source has in addition; hang up if it has no more."""
        wanted, line = self._source.subscriptions(), self._line
        if not wanted:
            self._pause = None
            await self._hang_up()
        elif line is not None:
            try:
                await line.start_more(wanted)
            except DagsterPlusError as error:
                await self._broke(error)

    async def _dial(self) -> None:
        """Subscribe, if it is time to."""
        wanted = dict(self._source.subscriptions())
        if not wanted or self._until_next_try() > 0:
            return
        try:
            transport = within(self._transport, self._patience.end, once=True)
            self._line = await transport.subscribe(next(iter(wanted.values())))
            self._opened_at = time.monotonic()
            self._listen()
            await self._line.start_more(wanted)
        except DagsterPlusError as error:
            await self._hang_up()
            self._not_opened(error)

    def _until_next_try(self) -> float:
        """Return the seconds until a subscription may be tried again; infinite while none is wanted or possible.

        What comes without one is asked for with the next try, however rare the polls are.
        """
        if self._line is not None or self._patience.fault is not None:
            return float("inf")
        if not self._source.subscriptions():
            return float("inf")
        at = max(self._next_try, self._transport.no_websockets_until)
        return max(0.0, at - time.monotonic())

    def _listen(self) -> None:
        """Begin to count the time without news. Where frames only tell of news, they do not: one of another may come each moment."""
        self._quiet_until = time.monotonic() + (self._source.quiet or QUIET)

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.aclose()

    async def _completed(self, line: AsyncLine, key: str) -> None:
        """Take note that the server has no more of a subscription."""
        self._source.completed(key)
        if not line.open:
            self._put_off()
            await self._hang_up()

    def _not_opened(self, error: DagsterPlusError) -> None:
        """Take note that there was no subscription to be had."""
        self._put_off()
        if is_transient(error) and self._failures < _TRIES:
            return
        self._next_try = time.monotonic() + _REFUSED
        if not is_transient(error):
            self._transport.no_websockets_until = self._next_try
        if isinstance(error, ConfigurationError):
            self._transport.no_websockets_until = float("inf")
        logging.getLogger("dagster_plus_sdk").debug("polling, not subscribing: %s", error)

    async def _broke(self, error: DagsterPlusError) -> None:
        """Take note that a subscription came to a bad end."""
        await self._hang_up()
        if not is_transient(error):
            self._next_try = float("inf")
            logging.getLogger("dagster_plus_sdk").debug("polling on: %s", error)
            return
        if time.monotonic() - self._opened_at < _WORKED:
            self._put_off()
        if self._is_due:  # what was told of is asked for at once
            self._pause = None

    def _put_off(self) -> None:
        """Wait before the next try, longer after each that brought nothing."""
        wait = 0.5 * 2 ** min(self._failures, 5)
        self._failures += 1
        self._next_try = time.monotonic() + uniform(0, wait)  # noqa: S311 - it spreads load, it hides nothing
