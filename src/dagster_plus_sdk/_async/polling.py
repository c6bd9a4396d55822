"""Asking until something has happened, or is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from .._core.errors import DagsterPlusError
from .._core.launch import LOOKUP_SECONDS, was_lost
from .._core.retry import is_transient
from .._core.waiting import Patience, asleep

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from .._core.operation import Operation
    from .transport import AsyncTransport, HasOk

T = TypeVar("T")


async def poll_until(
    transport: AsyncTransport,
    operation: Operation[HasOk[T]],
    done: Callable[[T], bool],
    otherwise: str,
    patience: Patience,
) -> T:
    """Send an operation until its result is as it is waited for, and return that result.

    Args:
        transport: What sends.
        operation: What is asked.
        done: Tells whether a result is the one.
        otherwise: What the error says at the deadline, such as ``Run 1 did not end``.
        patience: How long, how often, and through what.

    Raises:
        WaitTimeoutError: It did not happen in time.
    """
    while True:
        found = await persist(transport, operation, patience, otherwise)
        if done(found):
            return found
        if patience.is_over:
            raise patience.over(otherwise, operation.name)
        await asleep(patience.within(patience.pause()))


async def each_change(
    transport: AsyncTransport,
    operation: Operation[HasOk[T]],
    done: Callable[[T], bool],
    otherwise: str,
    patience: Patience,
) -> AsyncGenerator[T, None]:
    """Send an operation again and again, and yield each result that is another one than the last, until one is the last.

    Args:
        transport: What sends.
        operation: What is asked.
        done: Tells whether a result is the last one.
        otherwise: What the error says at the deadline.
        patience: How long, how often, and through what.

    Raises:
        WaitTimeoutError: The last one did not come in time.
    """
    last: T | None = None
    while True:
        found = await persist(transport, operation, patience, otherwise)
        if found != last:
            yield found
            last = found
        if done(found):
            return
        if patience.is_over:
            raise patience.over(otherwise, operation.name)
        await asleep(patience.within(patience.pause()))


async def persist(
    transport: AsyncTransport, operation: Operation[HasOk[T]], patience: Patience, otherwise: str
) -> T:
    """Send an operation until it is answered: faults that pass are sat out.

    Args:
        transport: What sends.
        operation: A query.
        patience: How long, and through what.
        otherwise: What the error says at the deadline.

    Raises:
        WaitTimeoutError: It was not answered in time.
        DagsterPlusError: The answer is an error, or a fault that does not pass.
    """

    async def ask(once: AsyncTransport) -> T:
        return await once.fetch(operation)

    return await persist_in(transport, ask, patience, otherwise, operation.name)


async def persist_in(
    transport: AsyncTransport,
    ask: Callable[[AsyncTransport], Awaitable[T]],
    patience: Patience,
    otherwise: str,
    name: str,
) -> T:
    """Do the same for what is asked by a function of the transport, each time in its turn.

    Raises:
        WaitTimeoutError: It was not answered in time.
        DagsterPlusError: The answer is an error, or a fault that does not pass.
    """
    turns = transport.turns()
    while True:
        if not await turns.take(patience.left_for_turn):
            raise patience.over(otherwise, name)
        try:
            # Without an answer yet and without a deadline the client's own retries are all there is.
            found = await ask(within(transport, patience.end, once=patience.heard))
        except DagsterPlusError as error:
            pause = patience.pause_after(error)
            if pause is None:
                raise
        else:
            patience.answered()
            return found
        finally:
            turns.give_back()
        if patience.is_over:
            raise patience.over(otherwise, name)
        await asleep(patience.within(pause))


def within(transport: AsyncTransport, end: float | None, *, once: bool = False) -> AsyncTransport:
    """Return what sends once and does not outlast the deadline; with none, what retries as ever, unless it must not."""
    if end is None:
        return transport.with_options(retries=0) if once else transport
    return transport.with_options(timeout=transport.timeout.until(end), retries=0)


async def look_for(
    transport: AsyncTransport,
    look: Callable[[AsyncTransport], Awaitable[T | None]],
    unknown: Callable[[], DagsterPlusError],
) -> T:
    """Look until what a lost answer would have said is there, or the time is over.

    Args:
        transport: What sends.
        look: Looks once, by what it is given to send with; None while it is not there.
        unknown: Returns the error for it at the end.
    """
    end, pause = time.monotonic() + LOOKUP_SECONDS, 0.25
    while True:
        try:
            if found := await look(within(transport, end)):
                return found
        except DagsterPlusError as error:
            # What loses the answer to a launch, such as a broken body, may lose that to a look, too.
            if not (is_transient(error) or was_lost(error)):
                raise unknown() from error
        if time.monotonic() + pause > end:
            raise unknown()
        await asleep(pause)
        pause = min(pause * 2, 4.0)
