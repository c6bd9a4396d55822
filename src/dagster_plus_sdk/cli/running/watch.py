"""``run watch``: a run's steps and their states as they change, as lines or as a live view."""

from __future__ import annotations

import sys
from collections import deque
from contextlib import nullcontext
from functools import partial
from time import monotonic
from typing import NamedTuple

from ..connect import connect
from ..failures.errors import leaving
from ..invoke import arguments_of
from ..printing import output, progress
from ..printing.output import WHOLE, emit, refuse_formats, write
from ..printing.text import cell, seconds_of
from .waiting import FOREVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Any, TypeAlias

    from ... import Run, RunEvent
    from ..state import State

    #: What is new: as JSON has it, and as a line.
    News: TypeAlias = tuple[dict[str, Any], str]

#: How many of the last events a view shows.
LATEST = 6

#: States by the events that begin them; of runs in their newer and older names.
_RUN_STATES = {"ENQUEUED": "QUEUED", "START": "STARTED"} | {
    name: name for name in ("STARTING", "SUCCESS", "FAILURE", "CANCELING", "CANCELED")
}
_STEP_STATES = {
    "STEP_WORKER_STARTING": "STARTING", "STEP_START": "STARTED", "STEP_RESTARTED": "STARTED", "STEP_UP_FOR_RETRY": "RETRYING",
    "STEP_SUCCESS": "SUCCESS", "STEP_FAILURE": "FAILURE", "STEP_SKIPPED": "SKIPPED",
}  # fmt: skip
#: States that nothing follows.
ENDED = frozenset({"SUCCESS", "FAILURE", "SKIPPED", "CANCELED"})
#: States in which time is not counted yet.
_WAITING = frozenset({"QUEUED", "STARTING"})


class Step:
    """A step, or the whole run: its state, and since when."""

    __slots__ = ("began", "ended", "state")

    def __init__(self, state: str) -> None:
        self.state: str = state
        self.began: datetime | None = None
        self.ended: datetime | None = None

    def enter(self, state: str, at: datetime) -> None:
        """Change the state."""
        self.state = state
        if state in ENDED:
            self.ended = at
        elif state not in _WAITING:
            self.began, self.ended = self.began or at, None

    def seconds(self, now: datetime) -> float | None:
        """Return how long it has taken until now, or took; None if it has not begun."""
        if self.began is None:
            return None
        return max(0.0, ((self.ended or now) - self.began).total_seconds())


class Change(NamedTuple):
    """Something changed its state: a step, or where none is named the run."""

    time: datetime
    state: str
    step_key: str | None
    seconds: float | None
    message: str


class Watched:
    """What is known of a run that is watched, from its events.

    Args:
        run_id: The run's id.
        run: The run as it stands.
        url: Its web page.
    """

    def __init__(self, run_id: str, run: Run, url: str) -> None:
        self.job: str = run.job_name
        self.latest: deque[RunEvent] = deque(maxlen=LATEST)
        self.retry_of: str | None = None
        self.run_id: str = run_id
        self.url: str = url
        self.run: Step = Step(str(run.status.value))
        self.steps: dict[str, Step] = {}

    def _go_on(self, run_id: str) -> None:
        self.url = self.url.replace(self.run_id, run_id)
        self.retry_of, self.run_id = self.run_id, run_id
        self.run, self.steps = Step("QUEUED"), {}

    def take(self, event: RunEvent) -> Change | None:
        """Note an event, which may be the first of an automatic retry; return what it changed."""
        if event.run_id != self.run_id:
            self._go_on(event.run_id)
        self.latest.append(event)
        kind = str(event.event_type.value) if event.event_type else ""
        origin, _, what = kind.partition("_")
        if origin in ("RUN", "PIPELINE") and what in _RUN_STATES:
            changed, state, step_key = self.run, _RUN_STATES[what], None
        elif kind in _STEP_STATES and event.step_key is not None:
            state, step_key = _STEP_STATES[kind], event.step_key
            changed = self.steps.setdefault(step_key, Step(state))
        else:
            return None
        changed.enter(state, event.timestamp)
        seconds = changed.seconds(event.timestamp) if state in ENDED else None
        why = event.message if state == "FAILURE" else ""
        return Change(event.timestamp, state, step_key, seconds, why)


def news_of(watched: Watched, change: Change | None) -> list[News]:
    """Return what there is to print of a change, if it is one."""
    if change is None:
        return []
    time = seconds_of(change.time)
    record = {"run_id": watched.run_id, **change._asdict(), "time": f"{time}Z"}
    origin = f", a retry of {watched.retry_of}" if watched.retry_of else ""
    what = change.step_key or f"run {watched.run_id} ({watched.job}{origin})"
    took = "" if change.seconds is None else f" after {change.seconds:.1f} s"
    why = f": {change.message}" if change.message and change.step_key is None else ""
    return [(record, f"{time}  {change.state:<9}  {what}{took}{why}")]


def watch(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Show a run until it has ended, and on to its automatic retries."""
    refuse_formats(state, *WHOLE, "tsv")
    [run_id], named = arguments_of(entry, values)
    timeout: float = named.get("timeout", FOREVER)
    end = monotonic() + timeout
    with connect(state, "RunEvent") as client, leaving(run_id):
        progress.say(f"waiting for run {run_id}")
        run = client.runs.get(run_id)
        watched = Watched(run_id, run, client.url_for(run))
        with view_of(
            state,
            partial(news_of, watched),
            lambda views, _change, now, size: views.run_view(watched, now, size),
        ) as show:
            for event in client.run_events.follow(run_id, timeout=timeout, follow_retries=True):
                show(watched.take(event))
        state.subject["run_id"] = watched.run_id
        progress.say(f"reading how run {watched.run_id} ended")
        # Servers that do not mark retries have them all the same.
        client.runs.wait(watched.run_id, timeout=max(0.0, end - monotonic()))


def print_news(state: State, news: Callable[[Any], Iterable[News]], latest: object) -> None:
    """Print what is new about what is watched: a line or a JSON object for each."""
    for record, line in news(latest):
        if state.is_json:
            emit(state, record, indent=None)
        else:
            write(cell(line))
    sys.stdout.flush()


def view_of(
    state: State,
    news: Callable[[Any], Iterable[News]],
    draw: Callable[[Any, Any, datetime, Any], Any],
) -> AbstractContextManager[Callable[[Any], None]]:
    """Return what shows what is watched, whenever there is more: lines, or on a terminal, for people and with rich, a live view.

    Args:
        state: The chosen format.
        news: What is new about what was last seen, for lines.
        draw: Makes the picture, for a live view: of the module of views, what was last seen, the time, and the terminal's size.
    """
    import os
    from importlib.util import find_spec

    is_able = output.is_terminal() and os.environ.get("TERM") != "dumb"
    if not is_able or state.format is not None or find_spec("rich") is None:
        return nullcontext(partial(print_news, state, news))
    from . import watch_view

    progress.stop()
    return watch_view.LiveView(partial(draw, watch_view))
