"""How long is waited: deadlines, pauses, faults, by a clock that is set."""

from __future__ import annotations

import threading

import pytest

from dagster_plus_sdk import errors
from dagster_plus_sdk._core.waiting import Patience, Turns

FAULT = errors.ServiceUnavailableError("away")


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def patience(clock, timeout=None, poll=1.0):
    return Patience(timeout, poll, clock=clock, rand=lambda low, high: high)


def asked(seconds):
    fault = errors.RateLimitError("slower")
    fault.retry_after = seconds
    return fault


def test_the_deadline(clock):
    waits = patience(clock, 10)
    assert (waits.left, waits.within(60), waits.is_over) == (10, 10, False)
    clock.now += 10
    assert (waits.left, waits.within(60), waits.is_over) == (0, 0, True)
    clock.now -= 3600  # no clock of ours goes back; if one did, it would be waited for longer
    assert (waits.is_over, waits.within(60)) == (False, 60)


def test_a_request_at_the_deadline_may_wait_for_its_turn(clock):
    waits = patience(clock, 10)
    assert waits.left_for_turn == 15
    clock.now += 60
    assert (waits.left, waits.left_for_turn) == (0, 5)
    assert patience(clock).left_for_turn is None


def test_pauses(clock):
    waits = patience(clock, poll=0.12)
    assert [waits.pause() for _ in range(4)] == pytest.approx([0.1, 0.11, 0.12, 0.12])


@pytest.mark.parametrize(("poll", "longest"), [(0.1, 5), (1, 5), (60, 60)])
def test_pauses_after_faults(clock, poll, longest):
    waits = patience(clock, 600, poll)
    pauses = [waits.pause_after(FAULT) for _ in range(40)]
    assert pauses[:4] == pytest.approx([0.2, 0.4, 0.8, 1.6])
    assert pauses[-1] == longest
    waits.answered()
    assert waits.pause_after(FAULT) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("wanted", "pause"), [(None, 0.2), (-5, 0.2), (0, 0.2), (7, 7), (300, 300), (1e9, 300)]
)
def test_the_server_is_given_the_pause_that_it_asks_for(clock, wanted, pause):
    assert patience(clock, 10).pause_after(asked(wanted)) == pytest.approx(pause)


@pytest.mark.parametrize("timeout", [None, 86400])
def test_answers_that_never_fit_are_not_sat_out_for_ever(clock, timeout):
    waits, unfit = patience(clock, timeout), errors.InvalidResponseError("no JSON")
    for _ in range(2):
        waits.answered()  # then it begins anew
        assert waits.pause_after(unfit) is not None
        clock.now += 299
        assert waits.pause_after(unfit) is not None
    waits.pause_after(FAULT)  # the server was away: it may be another one now
    clock.now += 299
    assert waits.pause_after(unfit) is not None
    clock.now += 300
    assert waits.pause_after(unfit) is None


def test_a_turn_is_waited_for_however_long():
    turns = Turns(1)
    assert turns.take(float("inf"))
    threading.Timer(0.1, turns.give_back).start()
    assert turns.take(float("inf"))  # more than a lock can wait
    assert not turns.take(0.01)


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("timeout", [None, 60])
def test_what_is_sat_out(clock, heard, timeout):
    waits = patience(clock, timeout)
    if heard:
        waits.answered()
    # Without an answer and without a deadline it could go on for ever.
    assert (waits.pause_after(FAULT) is not None) is (heard or timeout is not None)
    # Of a server that never worked, these say that it will not.
    broken = errors.GraphQLRequestError("broken", status_code=500)
    assert (waits.pause_after(broken) is not None) is heard
    assert (waits.pause_after(errors.InvalidResponseError("no JSON")) is not None) is heard
    for final in (
        errors.AuthenticationError("who?"),
        errors.PermissionDeniedError("you?"),
        errors.NotFoundError("what?"),
        errors.GraphQLRequestError("unknown field"),
        errors.ConfigurationError("closed"),
        errors.RedirectError("elsewhere"),
    ):
        assert waits.pause_after(final) is None
