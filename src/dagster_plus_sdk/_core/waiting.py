"""What the async client waits with, its sync twin (the generated code picks by name), and how long and through what."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .errors import (
    GraphQLRequestError,
    InvalidInputError,
    InvalidResponseError,
    ServerError,
    WaitTimeoutError,
)
from .retry import is_transient

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from typing import Any

    from .errors import DagsterPlusError

#: The first pause between two requests, in seconds.
_QUICKEST = 0.1

#: How much longer each pause is than the one before.
_GROWTH = 1.1

#: The longest pause between two tries at a server that does not answer, where `poll` is shorter.
_LONGEST_AFTER_FAULTS = 5.0

#: The longest pause that a server may ask for: nobody waits a day because a proxy says so.
_LONGEST_ASKED = 300.0

#: Seconds behind the deadline until which a last request may still begin.
_GRACE = 5.0

#: Of each pause a random part of this share is left out: those who began together do not stay together.
_JITTER = 0.25

#: The powers of two that a pause after faults goes through at most.
_MOST_DOUBLINGS = 16

#: Seconds for which answers that do not fit are sat out: a proxy's page passes by, another version of the server does not.
_UNFIT_SECONDS = 300.0

_INTERNAL = 500


class Silence(TimeoutError):  # noqa: N818 - it is none, and never seen outside
    """Nothing came in time; a class of its own, as the handler of a signal may raise a timeout, too."""


class Patience:
    """How long something is waited for, how often it is asked for, and which faults are sat out.

    Faults that pass are sat out however many there are, until the deadline. Without a deadline that begins with the
    first answer: a server that never gave one may be a wrong address, and waiting for it would never end. Answers that do
    not fit are sat out for some minutes only.

    Args:
        timeout: Give up after this many seconds; None never does.
        poll: The longest pause between two requests, in seconds; the first ones are shorter.
        clock: What tells the time.
        rand: What draws a number between two.

    Raises:
        InvalidInputError: ``poll`` is not more than 0, or ``timeout`` is less than 0.
    """

    def __init__(
        self,
        timeout: float | None,
        poll: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        rand: Callable[[float, float], float] | None = None,
    ) -> None:
        if not poll > 0:
            raise InvalidInputError(f"poll must be more than 0 s, not {poll}")
        if timeout is not None and not timeout >= 0:
            raise InvalidInputError(f"timeout must be 0 s or more, not {timeout}")
        self.timeout = timeout
        self.end = None if timeout is None else clock() + timeout
        self.heard = False
        self.fault: DagsterPlusError | None = None
        self._clock = clock
        self._rand = rand
        self._poll = poll
        self._pause = self._first = min(_QUICKEST, poll)
        self._faults = 0
        #: Since when no answer fits; None if the last one did.
        self._unfit_since: float | None = None

    @property
    def left(self) -> float | None:
        """Seconds until the deadline, none of them less than 0; None where there is no deadline."""
        return None if self.end is None else max(0.0, self.end - self._clock())

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self.left == 0

    @property
    def left_for_turn(self) -> float | None:
        """Seconds that a request may wait for its turn: a last one, or a first one at once, may come somewhat late."""
        return None if self.left is None else self.left + _GRACE

    def within(self, pause: float) -> float:
        """Return a pause that does not outlast the deadline."""
        left = self.left
        return pause if left is None else min(pause, left)

    def answered(self) -> None:
        """Note that the server is there."""
        self.heard, self.fault, self._faults, self._unfit_since = True, None, 0, None

    def pause(self) -> float:
        """Return the seconds until the next request, after an answer."""
        pause = self._pause
        self._pause = min(pause * _GROWTH, self._poll)
        return self._shortened(pause)

    def hurry(self) -> None:
        """Begin with the shortest pause again: something has happened."""
        self._pause = self._first

    def pause_after(self, fault: DagsterPlusError) -> float | None:
        """Return the seconds until the next request, after a fault; None if that is not one to sit out."""
        if not self._passes(fault):
            return None
        self.fault = fault
        self._faults = min(self._faults + 1, _MOST_DOUBLINGS)
        longest = max(self._poll, _LONGEST_AFTER_FAULTS)
        asked: float | None = getattr(fault, "retry_after", None)
        return max(
            min(asked or 0.0, _LONGEST_ASKED),
            self._shortened(min(self._first * 2**self._faults, longest)),
        )

    def over(self, otherwise: str, operation: str | None = None) -> WaitTimeoutError:
        """Return the error for the deadline.

        Args:
            otherwise: What did not happen, such as ``Run 1 did not end``.
            operation: What was asked last.
        """
        seen = f"; when it was asked last: {self.fault.message}" if self.fault else ""
        message = f"{otherwise} within {self.timeout or 0:g} s{seen}"
        return WaitTimeoutError(message, operation=operation)

    def _passes(self, fault: DagsterPlusError) -> bool:
        if isinstance(fault, InvalidResponseError):
            now = self._clock()
            self._unfit_since = now if self._unfit_since is None else self._unfit_since
            return self.heard and now - self._unfit_since < _UNFIT_SECONDS
        self._unfit_since = None
        if not self.heard:
            return self.end is not None and (is_transient(fault) or _is_plain_500(fault))
        return is_transient(fault) or _may_pass(fault)

    def _shortened(self, pause: float) -> float:
        low = pause * (1 - _JITTER)
        if self._rand is None:
            from random import uniform

            return uniform(low, pause)  # noqa: S311 - it spreads load, it hides nothing
        return self._rand(low, pause)


def _is_plain_500(fault: DagsterPlusError) -> bool:
    """Tell whether no GraphQL server said so, but something before it."""
    return isinstance(fault, ServerError) and fault.typename is None


def _may_pass(fault: DagsterPlusError) -> bool:
    """Tell whether a server that has answered the same before may soon do so again: its database is away, it starts."""
    if isinstance(fault, GraphQLRequestError):
        return fault.status_code >= _INTERNAL
    return isinstance(fault, ServerError)


class AsyncTurns:
    """Lets so many go at once, the others in their turn.

    Args:
        at_once: How many.
    """

    def __init__(self, at_once: int) -> None:
        import asyncio

        self._free = asyncio.Semaphore(at_once)
        #: What is asked for by those who wait for their turn.
        self.boards: dict[Any, Any] = {}

    async def take(self, seconds: float | None) -> bool:
        """Wait for a turn for so many seconds, None for as long as it takes; tell whether it came."""
        import asyncio

        if seconds is None or not self._free.locked():
            return await self._free.acquire()
        turn = asyncio.ensure_future(self._free.acquire())
        try:
            await asyncio.wait({turn}, timeout=seconds)
        except BaseException:
            if not turn.cancel():  # it came at the same time
                self._free.release()
            raise
        return not turn.cancel()

    def give_back(self) -> None:
        """Let the next one go."""
        self._free.release()


class Turns:
    """The same for threads."""

    def __init__(self, at_once: int) -> None:
        import threading

        self._free = threading.Semaphore(at_once)
        #: What is asked for by those who wait for their turn.
        self.boards: dict[Any, Any] = {}

    def take(self, seconds: float | None) -> bool:
        """Wait for a turn for so many seconds, None for as long as it takes; tell whether it came."""
        import threading

        limit = None if seconds is None else min(seconds, threading.TIMEOUT_MAX)
        return self._free.acquire(timeout=limit)

    def give_back(self) -> None:
        """Let the next one go."""
        self._free.release()


async def asleep(seconds: float) -> None:
    """Wait, and let other tasks run."""
    import asyncio

    await asyncio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def arunning_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that connections of this call belong to."""
    import asyncio

    return asyncio.get_running_loop()


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return None: connections of the sync client belong to no loop."""
    return None
