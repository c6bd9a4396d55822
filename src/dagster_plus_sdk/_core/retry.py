"""When a request may be sent again, and after how long.

Reads are repeated on connection errors, timeouts, 408, 429, 502, 503, 504 and Dagster+'s maintenance body. A mutation is
repeated only if it never left, was refused before it ran, or stands in the reviewed table of idempotent ones: a second
launch would be a second run.
"""

from __future__ import annotations

import time

from .errors import (
    ConnectionFailedError,
    DagsterPlusError,
    InvalidInputError,
    MaintenanceError,
    RateLimitError,
    RequestTimeoutError,
    ServiceUnavailableError,
    TransportError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: Mutations that may be sent twice: the second leaves the same state and gives the same answer.
#: Reviewed one by one; what is not here is not repeated. What takes something away is only where the
#: second answer is known (Dagster's own code): for what is gone already a server may have an error.
IDEMPOTENT_MUTATIONS = frozenset(
    {
        "AddFavorite",
        "CreateServerlessPexUrls",
        "CreateTeam",
        "DeleteConcurrencyLimit",
        "PingCodeLocation",
        "ReconcileAlertPolicies",
        "ReloadCodeLocation",
        "ReloadWorkspace",
        "RenameTeam",
        "ResetSchedule",
        "ResetSensor",
        "SetAgentTokenGrant",
        "SetAlertPolicy",
        "SetAtlanIntegration",
        "SetAutoMaterializePaused",
        "SetConcurrencyLimit",
        "SetConnectionDetection",
        "SetConnectionSchedule",
        "SetCostMultiplier",
        "SetDefsStateVersion",
        "SetDeploymentSettings",
        "SetInsightsMetadataKeys",
        "SetOnboardingEntry",
        "SetOrganizationSettings",
        "SetScimSync",
        "SetSecret",
        "SetServiceUserGrant",
        "SetTeamGrant",
        "SetUserGrant",
        "StartSchedule",
        "StartSensor",
        "StopSchedule",
        "StopSensor",
        "SubmitCosts",
        "UpdateAgentToken",
        "UpdateApiToken",
        "UpdateCatalogView",
        "UpdateConnection",
        "UpdateCustomMetric",
        "UpdateCustomRole",
        "UpdateDeploymentAgentType",
        "UpdateDeploymentSettings",
        "UpdateIssue",
        "UpdateMetricCustomizations",
        "UpdateOrganizationSettings",
        "UpdateSecret",
        "UpdateServiceToken",
        "UpdateUserToken",
    }
)

_TRANSIENT = (ConnectionFailedError, RequestTimeoutError, RateLimitError, ServiceUnavailableError)


class RetryPolicy:
    """How often and how long requests are repeated.

    Args:
        retries: Attempts after the first.
        base: Seconds of the first backoff; it doubles with each attempt, and the wait is a random part of it.
        cap: The longest backoff, in seconds.
        max_retry_after: The longest ``Retry-After`` that is waited for, in seconds; a longer one raises at once.
        budget: Seconds that all attempts and waits of one call may take together.
    """

    __slots__ = ("base", "budget", "cap", "max_retry_after", "retries")

    def __init__(
        self,
        retries: int = 4,
        *,
        base: float = 0.5,
        cap: float = 16.0,
        max_retry_after: float = 60.0,
        budget: float = 90.0,
    ) -> None:
        if retries < 0:
            raise InvalidInputError(f"retries must be 0 or more, not {retries}")
        self.retries: int = retries
        self.base: float = base
        self.cap: float = cap
        self.max_retry_after: float = max_retry_after
        self.budget: float = budget

    @classmethod
    def of(cls, value: RetryPolicy | int | None) -> RetryPolicy:
        """Return a policy: the one given, one with that many retries, or the default."""
        if isinstance(value, RetryPolicy):
            return value
        return cls() if value is None else cls(value)

    def within(self, seconds: float | None) -> RetryPolicy:
        """Return a policy whose attempts and waits take no longer than that together."""
        policy = RetryPolicy(
            self.retries, base=self.base, cap=self.cap, max_retry_after=self.max_retry_after
        )
        policy.budget = self.budget if seconds is None else min(self.budget, seconds)
        return policy

    def __repr__(self) -> str:
        """Name every setting."""
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in sorted(self.__slots__))
        return f"RetryPolicy({shown})"


def is_transient(error: BaseException) -> bool:
    """Tell whether a read that ended with this error may succeed when it is sent again."""
    return isinstance(error, _TRANSIENT)


def was_refused(error: DagsterPlusError) -> bool:
    """Tell whether the request surely did not run: it never left, or was turned away before."""
    if isinstance(error, TransportError):
        return not error.sent
    refused_status = isinstance(error, ServiceUnavailableError) and error.status_code == 503  # noqa: PLR2004
    return refused_status or isinstance(error, (RateLimitError, MaintenanceError))


class Attempts:
    """The attempts of one call: says after each failure how long to wait, or that it is over."""

    def __init__(
        self,
        policy: RetryPolicy,
        *,
        repeatable: bool,
        clock: Callable[[], float] = time.monotonic,
        rand: Callable[[float, float], float] | None = None,
    ) -> None:
        self._policy = policy
        self._repeatable = repeatable
        self._clock = clock
        self._rand = rand
        self._end = clock() + policy.budget
        self.number = 1

    def delay_after(self, error: DagsterPlusError) -> float | None:
        """Return the seconds to wait before the next attempt, or None to give up.

        Args:
            error: How the attempt failed; when the answer is None, it says why no further one is made.
        """
        error.attempts = self.number
        if not (is_transient(error) if self._repeatable else was_refused(error)):
            return None
        if self.number > self._policy.retries:
            return None
        delay = self._wait(error)
        asked = getattr(error, "retry_after", None)
        if asked is not None and asked > self._policy.max_retry_after:
            error.message += f"; the server asks to wait {asked:g} s, more than is waited for"
            return None
        if self._clock() + delay > self._end:
            error.message += (
                f"; given up after {self.number} attempts within {self._policy.budget:g} s"
            )
            return None
        self.number += 1
        return delay

    def _wait(self, error: DagsterPlusError) -> float:
        asked: float | None = getattr(error, "retry_after", None)
        if asked is not None:
            return max(0.0, asked)
        backoff = min(self._policy.base * 2 ** (self.number - 1), self._policy.cap)
        if self._rand is None:
            from random import uniform

            return uniform(0, backoff)  # noqa: S311 - it spreads load, it hides nothing
        return self._rand(0, backoff)
