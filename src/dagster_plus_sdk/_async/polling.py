"""Asking until something has happened, or is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from .._core.errors import DagsterPlusError, InvalidInputError, WaitTimeoutError
from .._core.launch import LOOKUP_SECONDS
from .._core.retry import is_transient
from .._core.waiting import asleep

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .._core.operation import Operation
    from .transport import AsyncTransport, HasOk

T = TypeVar("T")

_QUICKEST = 0.1

#: Seconds that a request may take even at the deadline.
_SHORTEST_TRY = 0.5


async def poll_until(
    transport: AsyncTransport,
    operation: Operation[HasOk[T]],
    done: Callable[[T], bool],
    otherwise: str,
    *,
    timeout: float | None,
    poll: float,
) -> T:
    """Send an operation until its result is as it is waited for, and return that result.

    Args:
        transport: What sends.
        operation: What is asked.
        done: Tells whether a result is the one.
        otherwise: What the error says at the deadline, such as ``Run 1 did not end``.
        timeout: Give up after this many seconds; passing faults are survived until then. None waits without end, and
            gives up where a single request does.
        poll: The longest pause between two requests, in seconds; the first ones are shorter.

    Raises:
        InvalidInputError: ``poll`` is not more than 0, or ``timeout`` is less than 0; nothing is sent.
        WaitTimeoutError: It did not happen in time.
    """
    if poll <= 0:
        raise InvalidInputError(f"poll must be more than 0 s, not {poll}")
    if timeout is not None and timeout < 0:
        raise InvalidInputError(f"timeout must be 0 s or more, not {timeout}")
    end = None if timeout is None else time.monotonic() + timeout
    pause = min(_QUICKEST, poll)
    while True:
        try:
            found = await within(transport, end).fetch(operation)
            if done(found):
                return found
        except DagsterPlusError as error:
            if end is None or not is_transient(error):
                raise
        left = pause if end is None else end - time.monotonic()
        if left <= 0:
            raise WaitTimeoutError(f"{otherwise} within {timeout:g} s", operation=operation.name)
        await asleep(min(pause, left))
        pause = min(pause * 1.5, poll)


def within(transport: AsyncTransport, end: float | None) -> AsyncTransport:
    """Return what sends once and does not outlast the deadline; with none, what retries as ever."""
    if end is None:
        return transport
    left = max(_SHORTEST_TRY, end - time.monotonic())
    return transport.with_options(timeout=transport.timeout.within(left), retries=0)


async def look_for(
    look: Callable[[], Awaitable[T | None]], unknown: Callable[[], DagsterPlusError]
) -> T:
    """Look until what a lost answer would have said is there, or the time is over.

    Args:
        look: Looks once; None while it is not there.
        unknown: Returns the error for it at the end.
    """
    end, pause = time.monotonic() + LOOKUP_SECONDS, 0.25
    while True:
        try:
            if found := await look():
                return found
        except DagsterPlusError as error:
            if not is_transient(error):
                raise unknown() from error
        if time.monotonic() + pause > end:
            raise unknown()
        await asleep(pause)
        pause = min(pause * 2, 4.0)
