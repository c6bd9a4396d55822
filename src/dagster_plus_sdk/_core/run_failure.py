"""Why a run failed: its failed steps, from its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .errors import RunFailedError
from .response import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .._generated.models import ErrorCause, ErrorInfo, EventError, Run, RunEvent

SUCCESS = "SUCCESS"
FAILURE = "FAILURE"

#: The most characters of a message that the error's own message repeats.
_SHOWN = 300

#: The most runs that the error's message names.
_NAMED = 5


class FailedStep(NamedTuple):
    """A step that failed, with the error that the code in it raised."""

    #: The step's key.
    step_key: str
    #: What the error says.
    message: str
    #: The class of the error, such as ``ValueError``; None where the server does not say.
    class_name: str | None
    #: Its stack trace, a line per entry.
    stack: list[str]


class FailureReport:
    """Collects from a run's events why it failed.

    Args:
        run: The run, as it ended.
        secrets: What must not be shown: code may log the token that it was given.
    """

    def __init__(self, run: Run, secrets: Sequence[str] = ()) -> None:
        self.run = run
        self.steps: dict[str, FailedStep] = {}
        self.reason: str | None = None
        self.stack: list[str] = []
        self._secrets = secrets
        self._missing = {step.step_key for step in run.steps if step.status == FAILURE}
        self._has_missing = bool(self._missing)

    @property
    def is_complete(self) -> bool:
        """Whether every step that is known to have failed has its error."""
        return self._has_missing and not self._missing

    def take(self, events: Iterable[RunEvent]) -> None:
        """Look at some events, in their order."""
        for event in events:
            if event.event_type == "STEP_FAILURE" and event.step_key is not None:
                self._missing.discard(event.step_key)
                self.steps[event.step_key] = self._failed(event, event.step_key)
            elif event.event_type in ("RUN_FAILURE", "PIPELINE_FAILURE"):
                found = self._failed(event, "")
                self.reason = self._clean(event.message)
                self.stack = found.stack

    def error(self, runs: Sequence[Run], note: str = "") -> RunFailedError:
        """Return the error for a run that did not succeed.

        Args:
            runs: All runs that were waited for.
            note: What else there is to say.
        """
        steps = list(self.steps.values())
        stack = steps[0].stack if steps else self.stack
        error = RunFailedError(
            _summary(self.run, runs, self._why(steps)) + note,
            stack=stack,
            errors=[
                {"step_key": s.step_key, "class_name": s.class_name, "message": s.message}
                for s in steps
            ],
        )
        error.run, error.run_id, error.status = self.run, self.run.id, str(self.run.status.value)
        error.steps, error.runs = steps, list(runs)
        return error

    def _why(self, steps: Sequence[FailedStep]) -> str:
        if not steps:
            return shortened(self.reason or "")
        first, *others = steps
        more = f" (and {len(others)} more)" if others else ""
        return f"step {first.step_key}: {shortened(first.message)}{more}"

    def _failed(self, event: RunEvent, step_key: str) -> FailedStep:
        found: EventError | None = getattr(event, "error", None)
        if found is None:
            return FailedStep(step_key, self._clean(event.message), None, [])
        raised = raised_by(found)
        stack = [self._clean(line, strip=False) for line in raised.stack]
        return FailedStep(step_key, self._clean(raised.message), raised.class_name, stack)

    def _clean(self, text: str, *, strip: bool = True) -> str:
        masked = without(self._secrets, text)
        return masked.strip() if strip else masked


def raised_by(error: ErrorInfo) -> ErrorCause:
    """Return what the user's code raised: Dagster wraps it into an error of its own, whose first cause it is."""
    is_wrapper = (error.class_name or "").startswith("Dagster")
    return error.causes[0] if is_wrapper and error.causes else error


def _summary(run: Run, runs: Sequence[Run], why: str) -> str:
    because = f": {why}" if why else ""
    runs = list({other.id: other for other in runs}.values())
    failed = [other for other in runs if other.status != SUCCESS]
    if len(runs) <= 1:
        return f"Run {run.id} ended with {run.status}{because}"
    named = ", ".join(f"{other.id} ({other.status})" for other in failed[:_NAMED])
    more = ", ..." if len(failed) > _NAMED else ""
    first = f"; {run.id}{because}" if why else ""
    return f"{len(failed)} of {len(runs)} runs did not succeed: {named}{more}{first}"


def shortened(text: str) -> str:
    """Return a message as one line that is not too long for another message."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
