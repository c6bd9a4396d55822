"""What a type checker says of exceptions: checked, never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import assert_type

from dagster_plus_sdk import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    DagsterPlus,
    DagsterPlusError,
    GraphQLRequestError,
    LaunchUnknownError,
    MissingTokenError,
    NotFoundError,
    RateLimitError,
    ResultError,
    TransportError,
    errors,
)


def attributes(error: DagsterPlusError) -> None:
    assert_type(error.message, str)
    assert_type(error.code, str)
    assert_type(error.status_code, int)
    assert_type(error.operation, str | None)
    assert_type(error.typename, str | None)
    assert_type(error.stack, list[str])
    assert_type(error.errors, list[Mapping[str, Any]])
    assert_type(error.trace_id, str | None)
    assert_type(error.request_id, str | None)
    assert_type(error.attempts, int)


def caught(client: DagsterPlus) -> None:
    try:
        client.runs.get("id")
    except NotFoundError as error:
        assert_type(error, NotFoundError)
        assert_type(error.result, Any)
    except (RateLimitError, TransportError) as error:
        assert_type(error, RateLimitError | TransportError)
    except GraphQLRequestError as error:
        assert_type(error.data, Any)
    except LaunchUnknownError as error:
        assert_type(error.idempotency_key, str)
    except APIError as error:
        assert_type(error.retry_after, float | None)
    except errors.DagsterPlusError as error:
        assert_type(error, DagsterPlusError)


def tree(not_found: NotFoundError, missing: MissingTokenError) -> None:
    result: ResultError = not_found
    api: APIError = result
    authentication: AuthenticationError = missing
    configuration: ConfigurationError = missing
    each: list[DagsterPlusError] = [api, authentication, configuration]
    assert_type(each[0].code, str)
