"""When a request is sent again, and after how long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_plus_sdk._core import errors
from dagster_plus_sdk._core.retry import (
    IDEMPOTENT_MUTATIONS,
    Attempts,
    RetryPolicy,
    is_transient,
    was_refused,
)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def attempts(policy=None, *, repeatable=True, clock=None, rand=lambda _low, high: high):
    return Attempts(
        policy or RetryPolicy(), repeatable=repeatable, clock=clock or Clock(), rand=rand
    )


def unavailable(retry_after=None, status=503):
    error = errors.ServiceUnavailableError("m", status_code=status)
    error.retry_after = retry_after
    return error


def lost(*, sent):
    error = errors.ConnectionFailedError("m")
    error.sent = sent
    return error


@pytest.mark.parametrize(
    ("error", "read", "mutation"),
    [
        (lost(sent=False), True, True),
        (lost(sent=True), True, False),
        (errors.RequestTimeoutError("m"), True, False),
        (errors.RateLimitError("m"), True, True),
        (errors.MaintenanceError("m"), True, True),
        (unavailable(), True, True),
        (unavailable(status=502), True, False),
        (unavailable(status=504), True, False),
        (errors.RedirectError("m"), False, False),
        (errors.InvalidResponseError("m"), False, False),
        (errors.ServerError("m"), False, False),
        (errors.AuthenticationError("m"), False, False),
        (errors.GraphQLRequestError("m"), False, False),
        (errors.NotFoundError("m"), False, False),
        (errors.ConfigurationError("m"), False, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_is_sent_again(error, read, mutation):
    assert (attempts().delay_after(error) is not None) == read == is_transient(error)
    again = attempts(repeatable=False).delay_after(error) is not None
    assert again == mutation == was_refused(error)


def mutations():
    """The names of all mutations that there are."""
    files = Path(__file__).parents[3].glob("queries/*.graphql")
    return {n for f in files for n in re.findall(r"^mutation (\w+)", f.read_text(), re.MULTILINE)}


def test_what_is_repeated_is_a_mutation_that_exists():
    assert IDEMPOTENT_MUTATIONS - mutations() == set()
    assert {"LaunchRun", "DeleteRun"} <= mutations() - IDEMPOTENT_MUTATIONS


def test_the_backoff_doubles_up_to_its_cap_and_then_it_is_over():
    asked = []

    def rand(low, high):
        asked.append((low, high))
        return high / 2

    calls = attempts(RetryPolicy(7, budget=1000), rand=rand)
    delays = []
    while (delay := calls.delay_after(unavailable())) is not None:
        delays.append(delay)
    assert asked == [(0, high) for high in (0.5, 1, 2, 4, 8, 16, 16)]
    assert delays == [high / 2 for _, high in asked]
    assert calls.number == 8


@given(number=st.integers(1, 5))
def test_without_a_source_of_its_own_the_wait_is_random_and_bounded(number):
    calls = Attempts(RetryPolicy(base=0.5, cap=2), repeatable=True)
    calls.number = number
    delay = calls.delay_after(unavailable())
    assert delay is None if number > 4 else 0 <= delay <= min(0.5 * 2 ** (number - 1), 2)


@pytest.mark.parametrize(("asked", "waits"), [(0, 0), (0.25, 0.25), (60, 60), (-3, 0)])
def test_the_server_may_say_how_long(asked, waits):
    assert attempts().delay_after(unavailable(asked)) == waits


def test_a_wait_that_is_too_long_raises_at_once_and_says_so():
    error = unavailable(60.5)
    assert attempts().delay_after(error) is None
    assert error.message == "m; the server asks to wait 60.5 s, more than is waited for"
    assert attempts(RetryPolicy(max_retry_after=61)).delay_after(unavailable(60.5)) == 60.5


def test_the_budget_counts_from_the_first_attempt():
    clock = Clock()
    calls = attempts(RetryPolicy(10, budget=90), clock=clock)
    assert calls.delay_after(unavailable(40)) == 40
    clock.now += 40
    assert calls.delay_after(unavailable(50)) == 50
    error = unavailable(50.5)
    assert calls.delay_after(error) is None
    assert error.message == "m; given up after 3 attempts within 90 s"


def test_attempts_are_counted_on_the_error():
    calls = attempts(RetryPolicy(2, base=0))
    seen = []
    for _ in range(3):
        error = unavailable()
        calls.delay_after(error)
        seen.append(error.attempts)
    assert seen == [1, 2, 3]


def test_no_retries():
    error = unavailable()
    assert attempts(RetryPolicy(0)).delay_after(error) is None
    assert error.message == "m"


def test_policies():
    policy = RetryPolicy(2)
    assert RetryPolicy.of(policy) is policy
    assert RetryPolicy.of(3).retries == 3
    assert RetryPolicy.of(0).retries == 0
    assert RetryPolicy.of(None).retries == 4
    assert repr(RetryPolicy()) == (
        "RetryPolicy(base=0.5, budget=90.0, cap=16.0, max_retry_after=60.0, retries=4)"
    )
    with pytest.raises(errors.InvalidInputError, match="retries must be 0 or more, not -1"):
        RetryPolicy.of(-1)


def test_what_takes_something_away_is_not_repeated():
    """The second answer would be an error about what the first has done."""
    taking = re.compile(r"(Delete|Remove|Revoke)[A-Z]")
    assert {m for m in IDEMPOTENT_MUTATIONS if taking.match(m)} == {"DeleteConcurrencyLimit"}


@pytest.mark.parametrize(("seconds", "budget"), [(None, 90), (5, 5), (120, 90)])
def test_a_policy_within_some_seconds(seconds, budget):
    policy = RetryPolicy(7, base=1, cap=2, max_retry_after=3).within(seconds)
    assert (policy.retries, policy.base, policy.cap, policy.max_retry_after, policy.budget) == (
        7,
        1,
        2,
        3,
        budget,
    )
