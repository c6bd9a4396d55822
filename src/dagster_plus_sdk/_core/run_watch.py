"""Which runs are still waited for: those that have not ended, and those that Dagster will retry by itself.

Dagster marks a failed run that it will retry (``dagster/will_retry``), and later with the retry's id
(``dagster/auto_retry_run_id``). Servers that do not mark them have the retry as a run with a parent and a number.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .inputs import text
from .run_filters import ENDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .._generated.models import RunSummary

WILL_RETRY_TAG = "dagster/will_retry"
RETRY_RUN_TAG = "dagster/auto_retry_run_id"
RETRY_NUMBER_TAG = "dagster/retry_number"
MAX_RETRIES_TAG = "dagster/max_retries"
PARENT_TAG = "dagster/parent_run_id"

#: Runs that are asked for in one request.
CHUNK = 100

#: Seconds that an announced retry may take to appear; Dagster's daemon looks every 5 s.
RETRY_SECONDS = 300.0

#: The same for a retry that only the run's own tag lets expect.
UNMARKED_RETRY_SECONDS = 30.0

#: The pause before a failed run is looked at again: its mark comes right behind its state, by a transaction of its own.
MARK_SECONDS = 0.5

_FAILURE = "FAILURE"
_NAMED = 3


class RunWatch:
    """What is known of the runs that are waited for.

    Args:
        run_ids: Their ids, in any number.
        follow_retries: Go on with the retry of a run that Dagster retries by itself.
        clock: What tells the time.
    """

    def __init__(
        self,
        run_ids: Iterable[str],
        *,
        follow_retries: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run_ids = list(run_ids)
        self._current = {run_id: run_id for run_id in self._run_ids}
        self._follow = follow_retries
        self._clock = clock
        self._ended: set[str] = set()
        self._retried: set[str] = set()
        self._failed_at: dict[str, float] = {}
        self._announced: set[str] = set()
        self._unmarked: set[str] = set()
        #: Failed runs whose announced retry did not come.
        self.lapsed: set[str] = set()

    @property
    def open(self) -> list[str]:
        """The runs to ask for, retries in the place of what they retry."""
        return [r for r in dict.fromkeys(self._current.values()) if r not in self._ended]

    @property
    def last(self) -> list[str]:
        """For each run, in the order given, the one that counts: itself, or its last retry."""
        return [self._current[run_id] for run_id in self._run_ids]

    @property
    def unmarked(self) -> list[str]:
        """Failed runs whose retry, if there is one, must be looked for."""
        return [r for r in self.open if r in self._unmarked]

    def pause(self, usual: float) -> float:
        """Return how long to wait before the next look."""
        return MARK_SECONDS if set(self._undecided) - self._unmarked else usual

    def take(self, runs: Iterable[RunSummary], asked: str | None = None) -> None:
        """Note how runs stand.

        Args:
            runs: As the server has them.
            asked: The id by which one was asked for, where the server has it under another one.
        """
        for run in runs:
            if run.status not in ENDED:
                continue
            run_id = asked or run.id
            tags = {tag.key: tag.value for tag in run.tags}
            if run.status != _FAILURE or not self._follow:
                self._ended.add(run_id)
            elif retry := tags.get(RETRY_RUN_TAG):
                self._go_on(run_id, retry)
            elif self._is_final(run_id, tags):
                self._ended.add(run_id)

    def take_children(self, run_id: str, children: Sequence[RunSummary]) -> None:
        """Note the runs that a failed one was executed again as, by Dagster or by somebody."""
        for child in children:
            if child.id != run_id and any(tag.key == RETRY_NUMBER_TAG for tag in child.tags):
                self._go_on(run_id, child.id)
                return

    def settle(self) -> None:
        """Take failed runs that no retry is announced for as ended: there is no time left to look again."""
        self._ended.update(self._undecided)

    @property
    def unfinished(self) -> str:
        """What the error says at the deadline."""
        left = self.open
        if not left:
            return "What came of the runs could not be read"
        if len(left) == 1:
            has_failed = left[0] in self._failed_at
            how = (
                "has failed, but its automatic retry did not start" if has_failed else "did not end"
            )
            return f"Run {left[0]} {how}"
        more = ", ..." if len(left) > _NAMED else ""
        named = ", ".join(left[:_NAMED]) + more
        return f"{len(left)} of {len(self._current)} runs ({named}) did not end"

    @property
    def _undecided(self) -> list[str]:
        return [r for r in self.open if r in self._failed_at and r not in self._announced]

    def _go_on(self, run_id: str, retry: str) -> None:
        self._retried.add(run_id)
        if retry in self._retried:  # no retry of anything, whatever the server says
            self._ended.add(run_id)
            return
        for asked, current in self._current.items():
            if current == run_id:
                self._current[asked] = retry

    def _is_final(self, run_id: str, tags: Mapping[str, str]) -> bool:
        """Tell whether a failed run is surely not retried."""
        will = tags.get(WILL_RETRY_TAG)
        if will is not None and will.lower() != "true":
            return True
        now = self._clock()
        is_known = run_id in self._failed_at
        since = now - self._failed_at.setdefault(run_id, now)
        if will is not None:
            self._announced.add(run_id)
            if since >= RETRY_SECONDS:
                self.lapsed.add(run_id)
            return since >= RETRY_SECONDS
        if _may_retry(tags):
            self._unmarked.add(run_id)
            return since >= UNMARKED_RETRY_SECONDS
        # Seen twice without the mark: there will be none.
        return is_known


def read_run_ids(given: str | Iterable[str]) -> list[str]:
    """Return one id or several as a list.

    Raises:
        InvalidInputError: An id is empty, or no text.
    """
    is_many = not isinstance(given, str) and hasattr(given, "__iter__")
    return [text(run_id, "run_id") for run_id in (given if is_many else [given])]


def _may_retry(tags: Mapping[str, str]) -> bool:
    """Tell whether a run's own tags let expect a retry."""
    most, number = tags.get(MAX_RETRIES_TAG, "0"), tags.get(RETRY_NUMBER_TAG, "0")
    return most.isdecimal() and number.isdecimal() and int(number) < int(most)
