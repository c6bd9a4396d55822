"""Every exception of this package.

::

    DagsterPlusError
    ├── ConfigurationError             how to reach the server is not known, or contradicts itself
    │   └── MissingTokenError          (an AuthenticationError too) no token is configured
    ├── InvalidInputError              an argument cannot be; nothing was sent
    ├── PaginationError                the server's cursor does not move
    ├── TransportError                 no usable answer came
    │   ├── ConnectionFailedError      the connection could not be made, or broke
    │   ├── RequestTimeoutError        the answer did not come in time
    │   ├── RedirectError              the server sent us elsewhere; the token stays here
    │   └── InvalidResponseError       what came is no answer to a GraphQL request
    ├── APIError                       the server answered, and not with success
    │   ├── AuthenticationError        missing, wrong or revoked token (401)
    │   ├── RateLimitError             too many requests (429)
    │   ├── ServiceUnavailableError    502, 503, 504 from the edge
    │   │   └── MaintenanceError       Dagster+ is being worked on
    │   ├── GraphQLRequestError        top-level errors: the document or its variables, or a resolver that broke
    │   └── ResultError                the operation itself says no
    │       ├── NotFoundError          404
    │       ├── PermissionDeniedError  403
    │       ├── ConflictError          409: exists already, in use, a limit is reached
    │       ├── InvalidRequestError    422: refused as invalid
    │       ├── NotSupportedError      501: this server or code location cannot do that
    │       ├── ServerError            500: code behind the API raised
    │       └── UnexpectedResultError  500: neither success nor any error this version knows
    ├── LaunchUnknownError             a launch whose answer was lost: it may or may not have happened
    ├── RunFailedError                 a run that was waited for ended, and not with success
    ├── BackfillFailedError            a backfill that was waited for ended, and not with success
    ├── LocationLoadError              a code location was loaded anew, and its code raised
    └── WaitTimeoutError               what was waited for did not happen in time

Each carries ``code`` (stable, upper case), ``status_code`` (as REST would say it), ``operation``, ``typename``,
``message``, and, where the server sent them, ``stack``, ``errors``, ``trace_id`` and ``request_id``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .run_failure import FailedStep

__all__ = [
    "APIError",
    "AuthenticationError",
    "BackfillFailedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DagsterPlusError",
    "GraphQLRequestError",
    "InvalidInputError",
    "InvalidRequestError",
    "InvalidResponseError",
    "LaunchUnknownError",
    "LocationLoadError",
    "MaintenanceError",
    "MissingTokenError",
    "NotFoundError",
    "NotSupportedError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "RedirectError",
    "RequestTimeoutError",
    "ResultError",
    "RunFailedError",
    "ServerError",
    "ServiceUnavailableError",
    "TransportError",
    "UnexpectedResultError",
    "WaitTimeoutError",
]


class DagsterPlusError(Exception):
    """The root of this package's exceptions.

    Attributes:
        message: What went wrong, in the server's words where it has any.
        code: A stable name, such as ``RUN_NOT_FOUND``.
        status_code: The HTTP status that a REST API would use.
        operation: The name of the GraphQL operation, such as ``GetRun``.
        typename: The GraphQL type of the error, such as ``RunNotFoundError``.
        stack: The stack trace of the code behind the API, a line per entry.
        errors: The ``errors`` of the answer, as they came, or the single errors of an invalid document.
        trace_id: Dagster+'s trace id, for its support.
        request_id: The id of the request in the server's headers.
        attempts: How many times the request was sent.
    """

    code: str = "ERROR"
    status_code: int = 500
    attempts: int = 1

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status_code: int | None = None,
        operation: str | None = None,
        typename: str | None = None,
        stack: Sequence[str] | None = None,
        errors: Sequence[Mapping[str, Any]] | None = None,
        trace_id: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message: str = message
        if code is not None:
            self.code = code
        if status_code is not None:
            self.status_code = status_code
        self.operation: str | None = operation
        self.typename: str | None = typename
        self.stack: list[str] = list(stack or ())
        self.errors: list[Mapping[str, Any]] = list(errors or ())
        self.trace_id: str | None = trace_id or trace_id_in(message)
        self.request_id: str | None = request_id

    def _add(self, text: str) -> None:
        """Say more."""
        self.message += text

    def __str__(self) -> str:
        """The message, and what finds the request again."""
        known = (
            ("operation", self.operation),
            ("type", self.typename),
            ("request", self.request_id),
        )
        context = ", ".join(f"{name} {value}" for name, value in known if value)
        return f"{self.message} ({context})" if context else self.message


class ConfigurationError(DagsterPlusError):
    """How to reach the server is not known, or contradicts itself; nothing was sent."""

    code: str = "CONFIGURATION_ERROR"
    status_code: int = 400


class InvalidInputError(DagsterPlusError):
    """An argument cannot be; nothing was sent."""

    code: str = "INVALID_INPUT"
    status_code: int = 400


class PaginationError(DagsterPlusError):
    """The server's cursor does not move, so the list would never end."""

    code: str = "PAGINATION_ERROR"


class TransportError(DagsterPlusError):
    """No usable answer came.

    Attributes:
        sent: Whether the server may have received the request.
    """

    code: str = "TRANSPORT_ERROR"
    status_code: int = 502
    sent: bool = True


class ConnectionFailedError(TransportError):
    """The connection could not be made (``sent`` is False), or broke."""

    code: str = "CONNECTION_FAILED"


class RequestTimeoutError(TransportError):
    """The answer did not come within the timeout of one attempt."""

    code: str = "TIMEOUT"
    status_code: int = 504


class RedirectError(TransportError):
    """The server sent us to another origin, or in circles; the token stays with the configured origin."""

    code: str = "REDIRECT_REFUSED"


class InvalidResponseError(TransportError):
    """What came is no answer to a GraphQL request: not JSON, cut off, or without data."""

    code: str = "INVALID_RESPONSE"


class APIError(DagsterPlusError):
    """The server answered, and not with success.

    Attributes:
        retry_after: Seconds that the server asks to wait, where it says so.
        data: What came beside top-level errors, decoded where that was possible.
    """

    code: str = "API_ERROR"
    retry_after: float | None = None
    data: Any = None


class AuthenticationError(APIError):
    """The token is missing, wrong, expired or revoked: HTTP 401, or top-level errors with the code ``UNAUTHENTICATED``."""

    code: str = "UNAUTHENTICATED"
    status_code: int = 401


class MissingTokenError(AuthenticationError, ConfigurationError):
    """No token is configured."""


class RateLimitError(APIError):
    """Too many requests; ``retry_after`` says when the next may come, where the server tells."""

    code: str = "RATE_LIMITED"
    status_code: int = 429


class ServiceUnavailableError(APIError):
    """The server, or the edge before it, cannot answer now."""

    code: str = "SERVICE_UNAVAILABLE"
    status_code: int = 503


class MaintenanceError(ServiceUnavailableError):
    """Dagster+ is under maintenance; the request was refused before it ran."""

    code: str = "MAINTENANCE"


class GraphQLRequestError(APIError):
    """The answer has top-level errors: the document, its variables, or a resolver that broke."""

    code: str = "GRAPHQL_ERROR"
    status_code: int = 400


class ResultError(APIError):
    """The operation itself says no.

    Attributes:
        result: The error as a generated model, or None.
    """

    code: str = "RESULT_ERROR"
    result: Any = None


class NotFoundError(ResultError):
    """There is no such thing, or it is not visible to this token."""

    code: str = "NOT_FOUND"
    status_code: int = 404


class PermissionDeniedError(ResultError):
    """The token is known, but may not do this.

    The API says so with ``UnauthorizedError``, by the code of a top-level error, or with HTTP 403.
    """

    code: str = "UNAUTHORIZED"
    status_code: int = 403


class ConflictError(ResultError):
    """What is there stands against it: a duplicate, a thing in use, a limit that is reached."""

    code: str = "CONFLICT"
    status_code: int = 409


class InvalidRequestError(ResultError):
    """The server refused what was sent as invalid; ``errors`` has the single reasons where it gives them."""

    code: str = "INVALID_REQUEST"
    status_code: int = 422


class NotSupportedError(ResultError):
    """This server, or this code location, cannot do that."""

    code: str = "NOT_SUPPORTED"
    status_code: int = 501


class ServerError(ResultError):
    """Code behind the API raised; ``stack`` has its trace where the server sends it."""

    code: str = "INTERNAL_ERROR"


class UnexpectedResultError(ResultError):
    """Neither the success type nor an error that this version knows."""

    code: str = "INTERNAL_ERROR"


class LaunchUnknownError(DagsterPlusError):
    """The answer to a launch was lost, and no run carries its key (yet): it may or may not have happened.

    Attributes:
        idempotency_key: The key of the launch, and the value of the run tag to look for.
        runs: Of several launches at once, the runs that were found: each a ``Run``.
    """

    code: str = "LAUNCH_UNKNOWN"
    status_code: int = 504
    idempotency_key: str = ""
    runs: Sequence[Any] = ()


class RunFailedError(DagsterPlusError):
    """A run that was waited for has ended, and not with success; ``stack`` is that of its first error.

    Of several runs it is about the first one that failed; ``errors`` has its failed steps as mappings.

    Attributes:
        run: The run, as it ended: a ``Run``.
        run_id: Its id; where it was retried automatically, that of the last retry.
        status: How it ended, such as ``FAILURE``.
        steps: Its failed steps, each with ``step_key``, ``message``, ``class_name`` and ``stack``.
        runs: All runs that were waited for, as they ended, in the order in which they were named.
    """

    code: str = "RUN_FAILED"
    run: Any = None
    run_id: str = ""
    status: str = ""
    steps: Sequence[FailedStep] = ()
    runs: Sequence[Any] = ()


class BackfillFailedError(DagsterPlusError):
    """A backfill that was waited for has ended, and not with success; ``stack`` is that of its own error.

    ``errors`` has what was not made: a mapping with ``asset_key``, ``targeted``, ``materialized`` and ``failed`` for each
    such asset; for a job one with ``run_status`` and ``count`` for each state of its runs but success.

    Attributes:
        backfill: The backfill, as it ended: a ``Backfill``.
        backfill_id: Its id.
        status: How it ended, such as ``COMPLETED_FAILED``.
        failed: How many partitions failed, those of each asset counted; an asset without partitions counts as one.
    """

    code: str = "BACKFILL_FAILED"
    backfill: Any = None
    backfill_id: str = ""
    status: str = ""
    failed: int = 0


class LocationLoadError(DagsterPlusError):
    """A code location cannot be loaded; ``stack`` is that of the error in its code.

    Of several locations it is about the first one that failed; ``errors`` has the others, too, as mappings with ``name``,
    ``class_name`` and ``message``.

    Attributes:
        location: The location, as it was loaded: a ``CodeLocation``.
        name: Its name.
        class_name: The class of the error, such as ``ModuleNotFoundError``, where the server says it.
        locations: All locations that were waited for, by name.
    """

    code: str = "LOCATION_LOAD_ERROR"
    location: Any = None
    name: str = ""
    class_name: str | None = None
    locations: Sequence[Any] = ()


class WaitTimeoutError(DagsterPlusError):
    """What was waited for did not happen in time; it goes on at the server, unless it was asked to end.

    Attributes:
        run_ids: The runs that had not ended, where runs were waited for.
        terminated: Those of them that were asked to end; or the backfill, where one was waited for.
    """

    code: str = "TIMEOUT"
    status_code: int = 504
    run_ids: Sequence[str] = ()
    terminated: Sequence[str] = ()

    def note_cancellation(self, asked: Sequence[str], refused: Sequence[str]) -> None:
        """Say which runs, or which backfill, were asked to end because the time is over, and why others were not.

        Args:
            asked: Their ids.
            refused: Ids with a reason each.
        """
        self.terminated = list(asked)
        if asked:
            self._add(f"; asked to end: {', '.join(asked)}")
        if refused:
            self._add(f"; could not be asked to end: {', '.join(refused)}")


def trace_id_in(message: str) -> str | None:
    """Return the id in ``Internal Server Error (Trace ID: 123)``, if there is one."""
    _, found, rest = message.partition("Trace ID: ")
    return rest.split(")")[0].split()[0] if found and rest.split(")")[0].strip() else None
