"""Sends operations: retries, redirects within the origin, a fresh token after a 401, hooks and logs.

All of httpx stays in this module, ``pool`` and ``transfer``, and is imported with the first request. What can hold the token (headers,
httpx's own exceptions, their frames) never outlives ``_post``: failures are returned to the frame that raises them.
"""

from __future__ import annotations

import time
from copy import copy
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .._core.errors import DagsterPlusError, ResultError
from .._core.hooks import RequestEvent, ResponseEvent
from .._core.redirects import MAX_REDIRECTS, redirect_target, too_many_redirects
from .._core.response import Answer, long_enough, read_answer, secrets_of
from .._core.rest import RestCall, Transfer
from .._core.retry import IDEMPOTENT_MUTATIONS, Attempts, RetryPolicy
from .._core.timeouts import Timeout
from .._core.waiting import asleep
from .pool import AsyncPool
from .transfer import failure_of, transfer

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from .._core.config import Settings
    from .._core.hooks import Hooks
    from .._core.operation import Operation
    from .._core.waiting import AsyncTurns
    from .websocket import AsyncLine

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_JSON = {"content-type": "application/json", "accept": "application/json"}


class HasOk(Protocol[T_co]):
    """The result of an operation with one root field."""

    @property
    def ok(self) -> T_co:
        """The value, unwrapped from its union."""
        ...


class AsyncTransport:
    """Sends operations to one deployment. Safe to share between threads and tasks, and after a fork."""

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: Timeout,
        retries: RetryPolicy,
        hooks: Hooks,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        self.settings = settings
        self.timeout = timeout
        self.retries = retries
        self._hooks = hooks
        self._pool = AsyncPool(http_client)

    def with_options(
        self,
        *,
        settings: Settings | None = None,
        timeout: Timeout | float | None = None,
        retries: RetryPolicy | int | None = None,
    ) -> AsyncTransport:
        """Return a copy with other options that shares the connections."""
        clone = copy(self)
        clone.settings = settings or self.settings
        clone.timeout = self.timeout if timeout is None else Timeout.of(timeout)
        clone.retries = self.retries if retries is None else RetryPolicy.of(retries)
        return clone

    async def fetch(
        self,
        operation: Operation[HasOk[T]],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Send an operation and return what its ``.ok`` gives.

        Raises:
            DagsterPlusError: As ``execute``, and ``ResultError`` for an error member of the result.
        """
        result, answer = await self._run(operation, self.timeout, self.retries, headers or {})
        try:
            return result.ok
        except ResultError as error:
            error.request_id = answer.request_id
            raise

    async def execute(
        self,
        operation: Operation[T],
        *,
        timeout: Timeout | float | None = None,
        retries: RetryPolicy | int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Send an operation, again where that is safe, and return its decoded result.

        Args:
            operation: What to send.
            timeout: Limits of one attempt, in place of the client's.
            retries: In place of the client's.
            headers: Further headers of this request.

        Raises:
            DagsterPlusError: See the tree in ``dagster_plus_sdk``; ``attempts`` says how often it was sent.
        """
        limits = self.timeout if timeout is None else Timeout.of(timeout)
        policy = self.retries if retries is None else RetryPolicy.of(retries)
        result, _ = await self._run(operation, limits, policy, headers or {})
        return result

    @property
    def no_websockets_until(self) -> float:
        """Until when websockets are not tried again (``time.monotonic``), as there are none to be had."""
        return self._pool.no_websockets_until

    @no_websockets_until.setter
    def no_websockets_until(self, when: float) -> None:
        self._pool.no_websockets_until = when

    async def subscribe(self, operation: Operation[Any]) -> AsyncLine:
        """Open a connection with a subscription, once; its results have the key ``1``.

        Raises:
            ConfigurationError: There are no websockets here.
            DagsterPlusError: The server has no such subscription, or cannot be reached.
        """
        url = self._url
        tls = self._pool.for_websockets(url)
        from .websocket import open_line

        event = RequestEvent(operation.name, operation.kind, 1, url)
        self._hooks.request(event)
        started = time.perf_counter()
        line: AsyncLine | None = None
        failure: DagsterPlusError | None = None
        try:
            line = await open_line(self.settings, url, operation, self.timeout.now(), tls)
        except DagsterPlusError as error:
            error.operation, error.attempts = operation.name, 1
            failure = error.with_traceback(None)
        duration = time.perf_counter() - started
        status = 101 if failure is None else failure.status_code
        self._hooks.response(
            ResponseEvent(
                event, duration=duration, status_code=status, error=failure, retry_in=None
            )
        )
        if line is None:
            raise failure or AssertionError
        await self._pool.keep(line)
        return line

    async def _run(
        self,
        operation: Operation[T],
        limits: Timeout,
        policy: RetryPolicy,
        headers: Mapping[str, str],
    ) -> tuple[T, Answer]:
        """Send until there is a result or no reason to go on."""
        repeatable = operation.kind == "query" or operation.name in IDEMPOTENT_MUTATIONS
        attempts = Attempts(policy, repeatable=repeatable)
        while True:
            url = self._url_of(operation)
            event = RequestEvent(operation.name, operation.kind, attempts.number, url)
            self._hooks.request(event)
            started = time.perf_counter()
            result, answer, failure = await self._attempt(operation, limits, headers)
            delay = attempts.delay_after(failure) if failure else None
            self._hooks.response(
                ResponseEvent(
                    event,
                    duration=time.perf_counter() - started,
                    status_code=answer.status if answer else None,
                    error=failure,
                    retry_in=delay,
                )
            )
            if failure is None:
                assert answer is not None
                return result, answer
            if delay is None:
                raise failure
            await asleep(delay)

    @property
    def _url(self) -> str:
        return self._pool.moved.get(self.settings.url, self.settings.url)

    def _url_of(self, operation: Operation[Any]) -> str:
        """Return where an operation goes, without what is secret in it."""
        if isinstance(operation, RestCall):
            return f"{self.settings.organization_url}/{operation.path}"
        return operation.place if isinstance(operation, Transfer) else self._url

    async def _attempt(
        self, operation: Operation[T], limits: Timeout, headers: Mapping[str, str]
    ) -> tuple[T | Any, Answer | None, DagsterPlusError | None]:
        """Send once; return the result, the answer and the failure, those that there are."""
        answer: Answer | None = None
        try:
            if isinstance(operation, Transfer):
                answer = await transfer(self._pool.client(), operation, _httpx_timeout(limits))
                operation.check(answer.status, answer.content)
                return None, answer, None
            answer = await self._send(operation, limits, headers)
            if isinstance(operation, RestCall):
                return operation.read(answer), answer, None
            return read_answer(operation, answer), answer, None
        except DagsterPlusError as error:
            error.operation = operation.name
            return None, answer, error.with_traceback(None)

    async def _send(
        self, operation: Operation[Any], limits: Timeout, headers: Mapping[str, str]
    ) -> Answer:
        """Post, following redirects within the origin; a found target is kept for the next operations."""
        url, body = self._url_of(operation), operation.body()
        rest = operation if isinstance(operation, RestCall) else None
        own = rest.headers(self.settings) if rest else {**_JSON, **self.settings.headers}
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._post_authorized(url, body, limits, {**own, **headers})
            if not answer.is_redirect:
                if rest is None:
                    asked = self.settings.url
                    self._pool.moved[asked] = asked if answer.status == 404 else url  # noqa: PLR2004
                answer.secrets = (*answer.secrets, *long_enough(operation.secrets()))
                return answer
            url = redirect_target(url, answer.header("location"))
        raise too_many_redirects(url)

    async def _post_authorized(
        self, url: str, body: bytes, limits: Timeout, headers: Mapping[str, str]
    ) -> Answer:
        """Post; after a 401 ask once for a fresh token, where there is somebody to ask."""
        answer, refused = await self._post(url, body, limits, headers)
        if refused:
            answer, _ = await self._post(url, body, limits, headers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def _post(
        self, url: str, body: bytes, limits: Timeout, headers: Mapping[str, str]
    ) -> tuple[Answer | BaseException, bool]:
        """Post once; return what came, and whether a fresh token may be had after a 401."""
        client = self._pool.client()
        secret = await self.settings.auth.aheaders()
        try:
            response = await client.post(
                url,
                content=body,
                headers={**headers, **secret},
                timeout=_httpx_timeout(limits),
                follow_redirects=False,
            )
        except BaseException as error:  # noqa: BLE001 - whatever it is holds the request, and so the token
            return failure_of(error, url, secrets_of(secret)), False
        answer = Answer(
            response.status_code, response.headers, response.content, secrets_of(secret)
        )
        renewed = answer.status == 401 and self.settings.auth.refused(secret)  # noqa: PLR2004
        return answer, renewed

    def turns(self) -> AsyncTurns:
        """Return what those who ask again and again take turns by, so that thousands of them leave connections to others."""
        return self._pool.turns()

    async def secrets(self) -> tuple[str, ...]:
        """Return what must not be shown in texts that code at the server wrote: it may know the token, too."""
        return secrets_of(await self.settings.auth.aheaders())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.aclose()


def _httpx_timeout(limits: Timeout) -> httpx.Timeout:
    import httpx

    limits = limits.now()
    return httpx.Timeout(
        connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool
    )
