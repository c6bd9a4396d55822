"""From an HTTP answer to a model or an exception.

The body is read before the status: Dagster answers 400 and 500 with a GraphQL body that says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from . import errors as e
from .error_types import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .decode import Envelope
    from .operation import Operation

T = TypeVar("T")

_SNIPPET = 200

#: Shorter texts are no secrets, and replacing them would garble the server's words.
_SHORTEST_SECRET = 6
_HTML = "an HTML page"
_REQUEST_ID_HEADERS = ("x-request-id", "x-amzn-requestid", "x-amzn-trace-id")


class Answer:
    """What came back for one request."""

    __slots__ = ("content", "headers", "secrets", "status")

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        content: bytes,
        secrets: Sequence[str] = (),
    ) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.secrets = secrets

    def __repr__(self) -> str:
        """Show the status and the size; never headers or body."""
        return f"Answer({self.status}, {len(self.content)} bytes)"

    @property
    def request_id(self) -> str | None:
        """The server's name for the request."""
        return next((self.header(h) for h in _REQUEST_ID_HEADERS if h in self.headers), None)

    def header(self, name: str) -> str | None:
        """Return a header without the secrets that were sent; None where it is missing."""
        value = self.headers.get(name)
        return None if value is None else without(self.secrets, value)

    @property
    def is_redirect(self) -> bool:
        """Whether the server sends us elsewhere."""
        return self.status in (301, 302, 303, 307, 308)

    def redacted(self) -> bytes:
        """Return the body without the secrets that were sent: some servers echo them in errors."""
        content = self.content
        for secret in self.secrets:
            content = content.replace(secret.encode(), b"***")
        return content

    def text(self) -> str:
        """Return the beginning of a body that is no GraphQL, for an error's message."""
        text = " ".join(self.redacted().decode("utf-8", "replace").split())
        if "<html" in text.lower() or "<!doctype" in text.lower():
            return _HTML
        return text[:_SNIPPET] + ("…" if len(text) > _SNIPPET else "")


def read_answer(operation: Operation[T], answer: Answer) -> T:
    """Decode an answer, whatever its status.

    Args:
        operation: What was asked.
        answer: What came.

    Returns:
        The operation's result model; its ``.ok`` unwraps the union.

    Raises:
        AuthenticationError: 401, or errors whose code says the same.
        PermissionDeniedError: 403, or errors whose code says the same.
        RateLimitError: 429.
        MaintenanceError: Dagster+'s maintenance body.
        ServiceUnavailableError: 502, 503 or 504 without a GraphQL body.
        GraphQLRequestError: The body has other errors.
        InvalidResponseError: The body is no answer to a GraphQL request.
    """
    try:
        envelope = operation.decode_envelope(answer.content)
    except e.InvalidResponseError as error:
        failure = _without_body(answer, error)
    else:
        if envelope.data is not None and not envelope.errors:
            return _without_echo(operation, answer, envelope.data)
        if answer.secrets and answer.redacted() != answer.content:
            envelope = operation.decode_envelope(answer.redacted())
        failure = _with_body(answer, envelope)
    failure.operation = operation.name
    failure.request_id = answer.request_id
    # Raised here and not in the handler: the exception must not carry the body in its context.
    raise failure


def _without_echo(operation: Operation[T], answer: Answer, data: T) -> T:
    """Return the data, where they report an error without the secrets that were sent.

    Other data stay as they came: a list of tokens may have the one that was sent.
    """
    if answer.redacted() == answer.content:
        return data
    from .models import ErrorResult, Unknown

    members = getattr(data, "__dict__", {}).values()
    if not any(isinstance(member, (ErrorResult, Unknown)) for member in members):
        return data
    return operation.decode_envelope(answer.redacted()).data or data


def _with_body(answer: Answer, envelope: Envelope[Any]) -> e.DagsterPlusError:
    """Return the exception for a GraphQL or maintenance body."""
    if envelope.maintenance is not None:
        return maintenance_error(envelope.maintenance)
    errors = _error_list(envelope.errors)
    message = "; ".join(str(x.get("message") or x) for x in errors)
    if found := by_status(answer, message):
        found.errors = [*errors]
        return found
    if not errors:
        return e.InvalidResponseError("The answer has neither data nor errors")
    failure = _by_errors(answer.status, message, errors)
    failure.data = envelope.data if envelope.data is not None else envelope.raw_data
    return failure


def _by_errors(status: int, message: str, errors: list[dict[str, Any]]) -> e.APIError:
    """Return the exception for the top-level errors of an answer."""
    kind = refusal(errors) or (e.PermissionDeniedError if status == 403 else None)  # noqa: PLR2004
    if kind is not None:
        return kind(message, errors=errors)
    resolver = any(x.get("path") for x in errors)
    status = status if status >= 400 else 500 if resolver else 400  # noqa: PLR2004
    return e.GraphQLRequestError(message, errors=errors, status_code=status)


def _error_list(given: list[Any] | dict[str, Any] | str | None) -> list[dict[str, Any]]:
    """Return errors as objects, whatever the server took for a list of errors."""
    listed = given if isinstance(given, list) else [given]
    return [x if isinstance(x, dict) else {"message": str(x)} for x in listed if x is not None]


def _without_body(answer: Answer, error: e.InvalidResponseError) -> e.DagsterPlusError:
    """Return the exception for a body that is no GraphQL."""
    text = answer.text()
    if found := by_status(answer, text):
        return found
    message = (
        f"HTTP {answer.status}: {text}" if text else f"HTTP {answer.status} with an empty body"
    )
    if answer.status >= 500:  # noqa: PLR2004
        return e.ServerError(message)
    if answer.status == 403:  # noqa: PLR2004
        return e.PermissionDeniedError(message)
    if answer.status >= 400:  # noqa: PLR2004
        hint = "is this the URL of a Dagster GraphQL endpoint?"
        return e.InvalidResponseError(f"{message}; {hint}", status_code=answer.status)
    return e.InvalidResponseError(error.message + (f": {text}" if text == _HTML else ""))


def by_status(answer: Answer, text: str) -> e.DagsterPlusError | None:
    """Return the exception for those statuses that mean the same with any body."""
    if answer.status == 401:  # noqa: PLR2004
        return e.AuthenticationError(_sentence("The server refuses the token (HTTP 401)", text))
    if answer.status == 408:  # noqa: PLR2004
        return e.RequestTimeoutError(_sentence("The server gave up waiting (HTTP 408)", text))
    if answer.status == 429:  # noqa: PLR2004
        limited = e.RateLimitError(_sentence("Too many requests (HTTP 429)", text))
        limited.retry_after = retry_after(answer.headers.get("retry-after"))
        return limited
    if answer.status in (502, 503, 504):
        message = _sentence(f"The server cannot answer now (HTTP {answer.status})", text)
        gone = e.ServiceUnavailableError(message, status_code=answer.status)
        gone.retry_after = retry_after(answer.headers.get("retry-after"))
        return gone
    return None


def _sentence(what: str, text: str) -> str:
    return f"{what}: {text}" if text else what


def maintenance_error(said: dict[str, Any] | str) -> e.MaintenanceError:
    """Return the exception for ``{"maintenance": {"message", "timeout", "retry_interval"}}``."""
    body: dict[str, Any] = said if isinstance(said, dict) else {}
    failure = e.MaintenanceError(str(body.get("message") or "Dagster+ is under maintenance"))
    failure.retry_after = _number(body.get("retry_interval"), 30.0)
    return failure


def without(secrets: Sequence[str], text: str) -> str:
    """Return a text with the secrets masked."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def secrets_of(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the texts of authentication headers that must not be seen, without their schemes."""
    return long_enough(value.rpartition(" ")[2] for value in headers.values())


def long_enough(texts: Iterable[str]) -> tuple[str, ...]:
    """Return those texts that may be masked."""
    return tuple(text for text in texts if len(text) >= _SHORTEST_SECRET)


def _number(value: object, default: float) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    number = float(value) if is_number else default  # type: ignore[arg-type]
    return number if number >= 0 else default


def retry_after(value: str | None) -> float | None:
    """Read a ``Retry-After`` header.

    Args:
        value: Seconds or an HTTP date.

    Returns:
        Seconds from now, at least 0; None where there is no such header or it says nothing readable.
    """
    if value is None:
        return None
    from datetime import datetime, timezone
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
        return max(0.0, (when - datetime.now(timezone.utc)).total_seconds())
    except (ValueError, OverflowError):
        return None
