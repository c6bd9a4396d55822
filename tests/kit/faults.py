"""What servers, and the machines before them, answer instead of what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from dagster_plus_sdk import errors
from kit.canary import TOKEN
from kit.server import Reply

#: An answer that a client does not wait for: the fixture `hasty` is one.
LATE = Reply(headers={"Late": "yes"})

#: Every body repeats the token, as a proxy's page does that shows the request's headers.
HTML = f"<!DOCTYPE html><html><body>Bad: Dagster-Cloud-Api-Token {TOKEN}</body></html>".encode()


@dataclass(frozen=True)
class Fault:
    """One answer, and what the client makes of it."""

    name: str
    reply: Reply
    error: type[errors.DagsterPlusError]
    code: str
    status_code: int
    says: str
    #: Requests that a read with four retries makes, and a mutation.
    reads: int = 1
    writes: int = 1


def graphql(*entries, status=200, data=None):
    return Reply({"data": data, "errors": list(entries)}, status)


def maintenance(status, **fields):
    body = {"message": f"Upgrading, {TOKEN}", "timeout": 600, "retry_interval": 0, **fields}
    return Reply({"maintenance": body}, status)


def _in_seconds(seconds):
    when = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return {"Retry-After": format_datetime(when, usegmt=True)}


_invalid = {"message": f"Cannot query field 'x' on type 'Query' ({TOKEN})"}
_broken = {"message": f"list index out of range ({TOKEN})", "path": ["runOrError"]}

FAULTS = [
    Fault("errors with 400", graphql(_invalid, status=400), errors.GraphQLRequestError,
          "GRAPHQL_ERROR", 400, "Cannot query field 'x'"),
    Fault("errors with 200", graphql(_invalid), errors.GraphQLRequestError,
          "GRAPHQL_ERROR", 400, "Cannot query field 'x'"),
    Fault("a resolver broke", graphql(_broken), errors.GraphQLRequestError,
          "GRAPHQL_ERROR", 500, "list index out of range"),
    Fault("errors without message", graphql({"code": "E1", "token": TOKEN}), errors.GraphQLRequestError,
          "GRAPHQL_ERROR", 400, "E1"),
    Fault("errors that are no objects", graphql(f"went wrong {TOKEN}", 7, None), errors.GraphQLRequestError,
          "GRAPHQL_ERROR", 400, "went wrong ***; 7"),
    Fault("errors that are no list", Reply({"errors": {"message": TOKEN}}), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "does not fit"),
    Fault("401 HTML", Reply(HTML, 401), errors.AuthenticationError,
          "UNAUTHENTICATED", 401, "refuses the token (HTTP 401): an HTML page"),
    Fault("401 errors", graphql({"message": f"bad token {TOKEN}"}, status=401), errors.AuthenticationError,
          "UNAUTHENTICATED", 401, "bad token ***"),
    Fault("403", Reply(f"Forbidden for {TOKEN}".encode(), 403), errors.PermissionDeniedError,
          "UNAUTHORIZED", 403, "HTTP 403: Forbidden for ***"),
    Fault("403 errors", graphql({"message": f"Unauthorized {TOKEN}"}, status=403), errors.PermissionDeniedError,
          "UNAUTHORIZED", 403, "Unauthorized ***"),
    Fault("a code that the token may not", graphql(_broken | {"extensions": {"code": "UnauthorizedError"}}),
          errors.PermissionDeniedError, "UNAUTHORIZED", 403, "list index out of range"),
    Fault("a code that there is no token", graphql(_broken | {"extensions": {"code": "UNAUTHENTICATED"}}),
          errors.AuthenticationError, "UNAUTHENTICATED", 401, "list index out of range"),
    Fault("404 HTML", Reply(HTML, 404), errors.InvalidResponseError,
          "INVALID_RESPONSE", 404, "an HTML page; is this the URL of a Dagster GraphQL endpoint?"),
    Fault("405 empty", Reply(b"", 405), errors.InvalidResponseError,
          "INVALID_RESPONSE", 405, "HTTP 405 with an empty body"),
    Fault("408", Reply(HTML, 408), errors.RequestTimeoutError, "TIMEOUT", 504, "HTTP 408", reads=5),
    Fault("429", Reply(HTML, 429), errors.RateLimitError,
          "RATE_LIMITED", 429, "Too many requests", reads=5, writes=5),
    Fault("429 in 0 s", Reply(b"", 429, {"Retry-After": "0"}), errors.RateLimitError,
          "RATE_LIMITED", 429, "Too many requests", reads=5, writes=5),
    Fault("429 at a time that is past", Reply(b"", 429, _in_seconds(-86400)), errors.RateLimitError,
          "RATE_LIMITED", 429, "Too many requests", reads=5, writes=5),
    Fault("429 unreadable", Reply(b"", 429, {"Retry-After": "soon"}), errors.RateLimitError,
          "RATE_LIMITED", 429, "Too many requests", reads=5, writes=5),
    Fault("429 in 61 s", Reply(b"", 429, {"Retry-After": "61"}), errors.RateLimitError,
          "RATE_LIMITED", 429, "the server asks to wait 61 s, more than is waited for"),
    Fault("429 at a time far off", Reply(b"", 429, _in_seconds(86400)), errors.RateLimitError,
          "RATE_LIMITED", 429, "more than is waited for"),
    Fault("500 HTML", Reply(HTML, 500), errors.ServerError,
          "INTERNAL_ERROR", 500, "HTTP 500: an HTML page"),
    Fault("500 errors", graphql(_broken, status=500), errors.GraphQLRequestError,
          "GRAPHQL_ERROR", 500, "list index out of range"),
    Fault("502 HTML", Reply(HTML, 502), errors.ServiceUnavailableError,
          "SERVICE_UNAVAILABLE", 502, "HTTP 502", reads=5),
    Fault("503", Reply(HTML, 503, {"Retry-After": "0"}), errors.ServiceUnavailableError,
          "SERVICE_UNAVAILABLE", 503, "HTTP 503", reads=5, writes=5),
    Fault("504", Reply(HTML, 504), errors.ServiceUnavailableError,
          "SERVICE_UNAVAILABLE", 504, "HTTP 504", reads=5),
    Fault("maintenance with 200", maintenance(200), errors.MaintenanceError,
          "MAINTENANCE", 503, "Upgrading", reads=5, writes=5),
    Fault("maintenance with 503", maintenance(503), errors.MaintenanceError,
          "MAINTENANCE", 503, "Upgrading", reads=5, writes=5),
    Fault("long maintenance", maintenance(503, retry_interval=120), errors.MaintenanceError,
          "MAINTENANCE", 503, "the server asks to wait 120 s"),
    Fault("a page instead of JSON", Reply(HTML), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "not JSON, or cut off, after"),
    Fault("cut JSON", Reply(f'{{"data": {{"runOrError": {{"id": "{TOKEN}'.encode()), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "not JSON, or cut off, after"),
    Fault("cut body", Reply(HTML, fault="truncate"), errors.ConnectionFailedError,
          "CONNECTION_FAILED", 502, "broke", reads=5),
    Fault("other JSON", Reply({"detail": TOKEN}), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "no GraphQL"),
    Fault("a JSON list", Reply([TOKEN]), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "no GraphQL"),
    Fault("data: null", Reply({"data": None}), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "neither data nor errors"),
    Fault("data that do not fit", Reply({"data": {"runOrError": 5, "deleteRun": TOKEN}}), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "does not fit"),
    Fault("reset", Reply(fault="reset"), errors.ConnectionFailedError,
          "CONNECTION_FAILED", 502, "broke", reads=5),
    Fault("reset unread", Reply(fault="reset_unread"), errors.ConnectionFailedError,
          "CONNECTION_FAILED", 502, "broke", reads=5),
    Fault("packed wrongly", Reply(HTML, headers={"Content-Encoding": "gzip"}), errors.InvalidResponseError,
          "INVALID_RESPONSE", 502, "cannot be unpacked"),
]  # fmt: skip


def error_member(field: str, typename: str, **fields) -> Reply:
    """An answer whose root field says no, and repeats the token."""
    return Reply({"data": {field: {"__typename": typename, "message": f"no {TOKEN}", **fields}}})
