"""From an HTTP answer to a model or an exception: what needs no socket."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from kit.payloads import RUN_ID, get_run

from dagster_plus_sdk import errors, operations
from dagster_plus_sdk._core.response import Answer, read_answer, retry_after, without

GET = operations.get_run(run_id=RUN_ID)


def answer(body, status=200, headers=(), secrets=()):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, dict(headers), content, secrets)


def failure(*args, **options):
    with pytest.raises(errors.DagsterPlusError) as caught:
        read_answer(GET, answer(*args, **options))
    return caught.value


@pytest.mark.parametrize("status", [200, 400, 401, 500, 503])
@pytest.mark.parametrize("errors_", [{}, {"errors": None}, {"errors": []}])
def test_data_count_with_any_status(status, errors_):
    assert read_answer(GET, answer({"data": get_run(), **errors_}, status)).ok.id == RUN_ID


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("0", 0, 0),
        ("12", 12, 12),
        (" 1.5 ", 1.5, 1.5),
        ("-4", 0, 0),
        ("nan", 0, 0),
        ("Wed, 21 Oct 2099 07:28:00", 10**9, 10**10),
    ],
)
def test_retry_after(value, low, high):
    assert low <= retry_after(value) <= high


@pytest.mark.parametrize(("after", "low", "high"), [(3600, 3500, 3600), (-30, 0, 0)])
def test_retry_after_a_time(after, low, high):
    when = datetime.now(timezone.utc) + timedelta(seconds=after)
    assert low <= retry_after(format_datetime(when, usegmt=True)) <= high


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", "21 Oct", "Wed, 99 Oct 2099 07:28:00 GMT", "1 Oct 99999999999 07:28:00"],
)
def test_retry_after_that_says_nothing(value):
    assert retry_after(value) is None


@pytest.mark.parametrize(
    ("body", "message", "wait"),
    [
        ({"message": "Upgrading", "retry_interval": 7}, "Upgrading", 7),
        ({}, "Dagster+ is under maintenance", 30),
        ({"message": "", "retry_interval": "soon"}, "Dagster+ is under maintenance", 30),
        ({"retry_interval": True}, "Dagster+ is under maintenance", 30),
        ({"retry_interval": -1}, "Dagster+ is under maintenance", 30),
        (True, "Dagster+ is under maintenance", 30),
        ("until noon", "Dagster+ is under maintenance", 30),
    ],
)
def test_maintenance(body, message, wait):
    error = failure({"maintenance": body}, 503)
    assert type(error) is errors.MaintenanceError
    assert (error.message, error.retry_after, error.status_code) == (message, wait, 503)


@pytest.mark.parametrize("header", ["x-request-id", "x-amzn-requestid", "x-amzn-trace-id"])
def test_request_ids(header):
    error = failure(b"", 500, {header: "id-1"})
    assert error.request_id == "id-1"
    assert "request id-1" in str(error)
    assert failure(b"", 500).request_id is None


def test_the_errors_of_an_answer_are_kept():
    listed = [{"message": "m", "path": ["a"], "extensions": {"code": 1}}, "text", 5, None]
    error = failure({"errors": listed})
    assert error.errors == [listed[0], {"message": "text"}, {"message": "5"}]
    assert error.message == "m; text; 5"
    refused = failure({"errors": listed}, 401)
    assert refused.errors == error.errors


@pytest.mark.parametrize(
    ("path", "http", "status"),
    [(None, 200, 400), (["a"], 200, 500), (["a"], 422, 422), (None, 500, 500)],
)
def test_the_status_of_graphql_errors(path, http, status):
    error = failure({"errors": [{"message": "m", "path": path}]}, http)
    assert (type(error), error.status_code) == (errors.GraphQLRequestError, status)


@pytest.mark.parametrize(
    ("codes", "http", "expected", "status"),
    [
        (["UnauthorizedError"], 200, errors.PermissionDeniedError, 403),
        (["UNAUTHORIZED", "FORBIDDEN"], 200, errors.PermissionDeniedError, 403),
        (["PERMISSION_DENIED"], 500, errors.PermissionDeniedError, 403),
        (["UNAUTHENTICATED"], 200, errors.AuthenticationError, 401),
        ([None], 403, errors.PermissionDeniedError, 403),
        (["UNAUTHORIZED", None], 200, errors.GraphQLRequestError, 500),
        (["UNAUTHORIZED", "UNAUTHENTICATED"], 200, errors.GraphQLRequestError, 500),
        (["unauthorized"], 200, errors.GraphQLRequestError, 500),
        ([["FORBIDDEN"]], 200, errors.GraphQLRequestError, 500),
    ],
)
def test_the_codes_of_graphql_errors(codes, http, expected, status):
    listed = [{"message": "m", "path": ["a"], "extensions": {"code": code}} for code in codes]
    data = {"runOrError": None}
    error = failure({"data": data, "errors": listed}, http)

    assert (type(error), error.status_code, error.code) == (expected, status, expected.code)
    assert (error.errors, error.operation, error.data) == (listed, "GetRun", data)
    assert set(error.message.split("; ")) == {"m"}


@pytest.mark.parametrize("extensions", [None, "FORBIDDEN", ["FORBIDDEN"], {}, {"code": 403}])
def test_odd_extensions_of_graphql_errors(extensions):
    error = failure({"errors": [{"message": "m", "extensions": extensions}]})

    assert type(error) is errors.GraphQLRequestError


def test_a_long_body_is_cut():
    error = failure(b"x" * 500, 500)
    assert error.message == f"HTTP 500: {'x' * 200}…"


def test_a_page_is_named_not_shown():
    assert failure(b"<!doctype html>\n<p>hello").message.endswith(": an HTML page")
    assert failure(b"{").message == "The answer is not JSON, or cut off, after 1 bytes"
    assert "hello" not in failure(b"<html>hello", 403).message


def test_secrets_are_masked_in_what_is_shown():
    secrets = ("secret-1", "secret-2")
    told = answer(b"a secret-1 b secret-2", 500, {"x-request-id": "secret-2"}, secrets)
    assert told.text() == "a *** b ***"
    assert (told.request_id, told.header("absent")) == ("***", None)
    assert repr(told) == "Answer(500, 21 bytes)"
    assert without(secrets, "secret-1secret-2") == "******"
    assert without((), "secret-1") == "secret-1"


def test_data_with_a_secret_are_masked_only_where_they_report_an_error():
    secrets = ("secret-1",)
    kept = read_answer(GET, answer({"data": get_run(jobName="secret-1")}, secrets=secrets))
    assert kept.ok.job_name == "secret-1"
    refused = {"runOrError": {"__typename": "RunNotFoundError", "message": "secret-1"}}
    assert (
        read_answer(GET, answer({"data": refused}, secrets=secrets)).run_or_error.message == "***"
    )
