"""What hooks are told."""

from __future__ import annotations

import logging

import pytest

from dagster_plus_sdk._core.errors import InvalidInputError, RateLimitError
from dagster_plus_sdk._core.hooks import Hooks, RequestEvent, ResponseEvent

REQUEST = RequestEvent("GetRun", "query", 2, "http://a.test/graphql")


def response(**changes):
    options = {"duration": 0.25, "status_code": 200, "error": None, "retry_in": None, **changes}
    return ResponseEvent(REQUEST, **options)


def test_hooks_are_called_in_order():
    told = []
    hooks = Hooks({"request": [lambda e: told.append((1, e)), lambda e: told.append((2, e))]})
    hooks.request(REQUEST)
    hooks.response(response())
    assert told == [(1, REQUEST), (2, REQUEST)]


@pytest.mark.parametrize("none", [None, {}, {"request": [], "response": ()}])
def test_no_hooks(none, caplog):
    caplog.set_level(logging.INFO, "dagster_plus_sdk")
    hooks = Hooks(none)
    hooks.request(REQUEST)
    hooks.response(response())
    assert caplog.text == ""


def test_names_that_do_not_exist():
    with pytest.raises(
        InvalidInputError, match=r"has 'request' and 'response', not \['error', 'retry'\]"
    ):
        Hooks({"retry": [], "error": [], "request": []})


def test_a_response_knows_its_request():
    event = response(status_code=None)
    assert (event.operation, event.kind, event.attempt, event.url) == (
        "GetRun", "query", 2, "http://a.test/graphql",
    )  # fmt: skip
    assert (event.duration, event.status_code, event.error, event.retry_in) == (
        0.25,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (response(), "GetRun attempt 2: HTTP 200, ok, 0.250 s"),
        (
            response(status_code=429, error=RateLimitError("m"), retry_in=1.5),
            "GetRun attempt 2: HTTP 429, RATE_LIMITED, 0.250 s, again in 1.50 s",
        ),
    ],
)
def test_the_log(caplog, event, line):
    caplog.set_level(logging.DEBUG, "dagster_plus_sdk")
    Hooks().response(event)
    assert caplog.messages == [line]


def test_an_exception_of_a_hook_is_not_hidden():
    def broken(_event):
        raise ZeroDivisionError

    hooks = Hooks({"request": [broken], "response": [broken]})
    with pytest.raises(ZeroDivisionError):
        hooks.request(REQUEST)
    with pytest.raises(ZeroDivisionError):
        hooks.response(response())
