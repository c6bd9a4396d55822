"""Subscriptions, in the protocol that Dagster's webserver speaks.

What can hold the token (headers, the library's exceptions, their frames) never outlives ``_dial``, as in the transport.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from .._core import frames
from .._core.errors import ConnectionFailedError, DagsterPlusError, InvalidResponseError
from .._core.interrupts import is_interrupt
from .._core.redirects import MAX_REDIRECTS, redirect_target, too_many_redirects
from .._core.response import Answer, long_enough, read_answer, secrets_of
from .._core.sockets import HandshakeRefused, adial, ahang_up, areceive, failure_of
from .._core.waiting import Silence

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from .._core.config import Settings
    from .._core.operation import Operation
    from .._core.timeouts import Timeout

#: Seconds that opening may take where the client has no limits.
_OPEN_SECONDS = 10.0

#: Seconds that a handshake may take even where the ones before it have taken all the time.
_SHORTEST_TRY = 0.1

#: A timeout that comes so many seconds before its time is no silence, but what the handler of a signal raises.
_EARLY = 0.1

#: The key of a connection's first subscription.
FIRST = "1"


class AsyncLine:
    """An open connection with one subscription, or several.

    Attributes:
        url: Where it goes.
        open: The keys of the subscriptions that the server has not completed.
    """

    __slots__ = ("__weakref__", "_connection", "_operations", "_pid", "_secrets", "open", "url")

    def __init__(self, connection: Any, url: str, secrets: tuple[str, ...]) -> None:
        self._connection = connection
        self._operations: dict[str, Operation[Any]] = {}
        self._pid = os.getpid()
        self._secrets = secrets
        self.open: set[str] = set()
        self.url: str = url

    async def greet(self, end: float) -> None:
        """Begin, and wait until the server takes note.

        Args:
            end: Until when (``time.monotonic``).

        Raises:
            DagsterPlusError: The server refuses, or the connection broke.
        """
        failure = await self._greeted(end)
        if failure is not None:
            await self.aclose()
            raise failure

    async def start(self, operation: Operation[Any], key: str) -> None:
        """Subscribe.

        Args:
            operation: What to.
            key: A word by which the results are known; no other subscription of the connection had it.

        Raises:
            DagsterPlusError: A variable holds what cannot be sent, or the connection broke.
        """
        frame = frames.start(key, operation)
        self._operations[key] = operation
        self._secrets = (*self._secrets, *long_enough(operation.secrets()))
        self.open.add(key)
        failure = await self._sent(frame)
        if failure is not None:
            raise failure

    async def start_more(self, wanted: Mapping[str, Operation[Any]]) -> None:
        """Subscribe to those that are not subscribed to yet, by their keys.

        Raises:
            DagsterPlusError: As ``start``.
        """
        for key, operation in wanted.items():
            if key not in self._operations:
                await self.start(operation, key)

    async def receive(self, seconds: float | None = None) -> tuple[str, Any]:
        """Return the next result with its subscription's key; None as the result when that has no more.

        Args:
            seconds: How long to wait; None without end.

        Raises:
            Silence: Nothing came in time; the subscriptions go on.
            DagsterPlusError: An operation failed, or the connection broke.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise Silence
            key, found = await self._next(left)
            if isinstance(found, BaseException):
                raise found
            if not isinstance(found, frames.Frame):
                return key, found
            if found.kind == "complete" and key in self.open:
                self.open.remove(key)
                return key, None
            # `ka`, and what is not known

    async def aclose(self) -> None:
        """Tell the server that no more is wanted, and close the connection."""
        if self._pid != os.getpid():  # the parent's, which goes on with it
            return
        last = [*map(frames.stop, self.open), frames.TERMINATE]
        await ahang_up(self._connection, last)

    async def _greeted(self, end: float) -> BaseException | None:
        try:
            await self._connection.send(frames.INIT)
            while True:
                left = max(0.0, end - time.monotonic())
                frame = frames.read_frame(await areceive(self._connection, left))
                if frame.kind == "connection_error":
                    code = await self._close_code()
                    return frames.refused(frame.payload, code, self._secrets)
                if frame.kind == "connection_ack":
                    return None
        except BaseException as error:  # noqa: BLE001 - whatever it is may hold the request
            return failure_of(error, self.url, self._secrets)

    async def _sent(self, frame: str) -> BaseException | None:
        try:
            await self._connection.send(frame)
        except BaseException as error:  # noqa: BLE001 - as above
            return failure_of(error, self.url, self._secrets)
        return None

    async def _close_code(self) -> int | None:
        """Return what the server closes the connection with after it has refused it."""
        try:
            await areceive(self._connection, 1.0)
        except Exception as error:
            if is_interrupt(error):
                raise
        code: int | None = getattr(self._connection, "close_code", None)
        return code

    async def _next(self, seconds: float | None) -> tuple[str, Any]:
        """Return what comes next; failures as values, as this frame holds what the server said."""
        key, began = "", time.monotonic()
        try:
            if self._pid != os.getpid():
                return key, ConnectionFailedError(f"The connection to {self.url} is the parent's")
            content = await areceive(self._connection, seconds)
            key = frames.key_of(content) or ""
            if key not in self._operations:
                return key, frames.read_frame(content)
            return key, frames.read_data(self._operations[key], content, self._secrets)
        except TimeoutError as error:
            is_early = seconds is None or time.monotonic() - began < seconds - _EARLY
            return key, error.with_traceback(None) if is_early else Silence()
        except BaseException as error:  # noqa: BLE001 - as above
            failure = failure_of(error, self.url, self._secrets)
            if isinstance(failure, DagsterPlusError) and key in self._operations:
                failure.operation = self._operations[key].name
            return key, failure


async def open_line(
    settings: Settings,
    url: str,
    operation: Operation[Any],
    limits: Timeout,
    tls: ssl.SSLContext | None,
) -> AsyncLine:
    """Open a connection with a subscription, its key ``1``, following redirects within the origin.

    Args:
        settings: Whose token and headers are sent.
        url: The deployment's, ``http`` or ``https``.
        operation: What to subscribe to.
        limits: How long it may take in all.
        tls: For ``https``.

    Raises:
        DagsterPlusError: There is no subscription to be had.
    """
    end = time.monotonic() + min(limits.read or _OPEN_SECONDS, _OPEN_SECONDS)
    for _ in range(MAX_REDIRECTS + 1):
        found, secrets, refused = await _dial(settings, url, end, tls)
        if refused:  # a fresh token may be had
            found, secrets, _ = await _dial(settings, url, end, tls)
        if isinstance(found, BaseException):
            raise found
        if not isinstance(found, Answer):
            line = AsyncLine(found, url, secrets)
            await line.greet(end)
            try:
                await line.start(operation, FIRST)
            except BaseException:
                await line.aclose()
                raise
            return line
        found.secrets = (*secrets, *long_enough(operation.secrets()))
        if not found.is_redirect:
            raise _refusal(operation, found, url)
        url = redirect_target(url, found.header("location"))
    raise too_many_redirects(url)


async def _dial(
    settings: Settings, url: str, end: float, tls: ssl.SSLContext | None
) -> tuple[Any, tuple[str, ...], bool]:
    """Return a connection, the server's answer or a failure; what is secret; and whether a fresh token may be had."""
    secret = await settings.auth.aheaders()
    seconds = max(_SHORTEST_TRY, end - time.monotonic())
    try:
        # http becomes ws, https wss
        found: Any = await adial(f"ws{url[4:]}", {**settings.headers, **secret}, seconds, tls)
    except HandshakeRefused as error:
        answer = error.answer
        refused = answer.status == 401 and settings.auth.refused(secret)  # noqa: PLR2004
        return answer, secrets_of(secret), refused
    except BaseException as error:  # noqa: BLE001 - whatever it is holds the request, and so the token
        return failure_of(error, url, secrets_of(secret)), (), False
    return found, secrets_of(secret), False


def _refusal(operation: Operation[Any], answer: Answer, url: str) -> DagsterPlusError:
    """Return the exception for an answer that is no websocket."""
    try:
        if answer.status >= 400:  # noqa: PLR2004
            read_answer(operation, answer)
    except DagsterPlusError as error:
        return error.with_traceback(None)
    return InvalidResponseError(f"{url} takes no websockets (HTTP {answer.status})")
