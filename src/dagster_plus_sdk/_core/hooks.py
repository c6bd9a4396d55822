"""What request and response hooks are told: enough for logs, metrics and traces, and nothing secret."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, TypeAlias

    from .errors import DagsterPlusError

    EventHooks: TypeAlias = Mapping[str, Sequence[Callable[[Any], object]]]


class RequestEvent:
    """One attempt is about to be sent.

    Attributes:
        operation: The name of the GraphQL operation.
        kind: ``query`` or ``mutation``.
        attempt: 1 for the first.
        url: Where it goes.
    """

    __slots__ = ("attempt", "kind", "operation", "url")

    def __init__(self, operation: str, kind: str, attempt: int, url: str) -> None:
        self.operation: str = operation
        self.kind: str = kind
        self.attempt: int = attempt
        self.url: str = url

    def __repr__(self) -> str:
        """Name the operation and the attempt."""
        return f"{type(self).__name__}({self.operation}, attempt {self.attempt})"


class ResponseEvent(RequestEvent):
    """One attempt is over, well or not.

    Attributes:
        duration: Seconds from sending to the decoded answer.
        status_code: The HTTP status; None if no answer came.
        error: What was raised, or will be retried; None after success.
        retry_in: Seconds until the next attempt; None if there is none.
    """

    __slots__ = ("duration", "error", "retry_in", "status_code")

    def __init__(
        self,
        request: RequestEvent,
        *,
        duration: float,
        status_code: int | None,
        error: DagsterPlusError | None,
        retry_in: float | None,
    ) -> None:
        super().__init__(request.operation, request.kind, request.attempt, request.url)
        self.duration: float = duration
        self.status_code: int | None = status_code
        self.error: DagsterPlusError | None = error
        self.retry_in: float | None = retry_in


class Hooks:
    """Calls the user's hooks and writes the DEBUG log."""

    __slots__ = ("_request", "_response")

    def __init__(self, hooks: EventHooks | None = None) -> None:
        from .errors import InvalidInputError

        given = dict(hooks or {})
        self._request = tuple(given.pop("request", ()))
        self._response = tuple(given.pop("response", ()))
        if given:
            raise InvalidInputError(
                f"event_hooks has 'request' and 'response', not {sorted(given)}"
            )

    def request(self, event: RequestEvent) -> None:
        """Tell that an attempt is about to be sent."""
        for hook in self._request:
            hook(event)

    def response(self, event: ResponseEvent) -> None:
        """Tell that an attempt is over."""
        import logging

        log = logging.getLogger("dagster_plus_sdk")
        if log.isEnabledFor(logging.DEBUG):
            outcome = event.error.code if event.error else "ok"
            again = "" if event.retry_in is None else f", again in {event.retry_in:.2f} s"
            log.debug(
                "%s attempt %d: HTTP %s, %s, %.3f s%s",
                event.operation, event.attempt, event.status_code, outcome, event.duration, again,
            )  # fmt: skip
        for hook in self._response:
            hook(event)
