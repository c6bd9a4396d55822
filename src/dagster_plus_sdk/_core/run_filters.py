"""Filters of runs, which the server applies, and of their events, which we apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .inputs import all_of, members, period, several, tag_list, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from .._generated.enums import DagsterEventType, LogLevel, RunStatus
    from .._generated.input_types import RunsFilter
    from .._generated.models import RunEvent

#: States that a run does not leave any more.
ENDED = frozenset({"SUCCESS", "FAILURE", "CANCELED"})

#: The events that bring it there; older servers have the other names.
ENDING = frozenset(f"{what}_{state}" for what in ("RUN", "PIPELINE") for state in ENDED)


def runs_filter(
    *,
    statuses: RunStatus | str | Iterable[RunStatus | str] | None = None,
    job: str | None = None,
    tags: Mapping[str, str] | None = None,
    run_ids: Sequence[str] | None = None,
    snapshot_id: str | None = None,
    mode: str | None = None,
    created_after: datetime | float | None = None,
    created_before: datetime | float | None = None,
    updated_after: datetime | float | None = None,
    updated_before: datetime | float | None = None,
) -> RunsFilter:
    """Return the API's filter; what is None is left out.

    Raises:
        InvalidInputError: A filter that cannot be.
    """
    from .._generated.enums.run_status import RunStatus

    created = period(created_after, created_before, ("created_after", "created_before"))
    updated = period(updated_after, updated_before, ("updated_after", "updated_before"))
    ids = several(run_ids, "run_ids")
    given: dict[str, object] = {
        "statuses": members(RunStatus, statuses, "status"),
        "pipelineName": None if job is None else text(job, "the job's name"),
        "tags": tag_list(tags) or None,
        "runIds": None if ids is None else [text(run_id, "a run's id") for run_id in ids],
        "snapshotId": None if snapshot_id is None else text(snapshot_id, "snapshot_id"),
        "mode": None if mode is None else text(mode, "mode"),
        "createdAfter": created[0],
        "createdBefore": created[1],
        "updatedAfter": updated[0],
        "updatedBefore": updated[1],
    }
    return {name: value for name, value in given.items() if value is not None}  # type: ignore[return-value]


def event_filter(
    *,
    types: DagsterEventType | str | Iterable[DagsterEventType | str] | None = None,
    steps: str | Iterable[str] | None = None,
    levels: LogLevel | str | Iterable[LogLevel | str] | None = None,
    where: Callable[[RunEvent], bool] | None = None,
) -> Callable[[RunEvent], bool] | None:
    """Return one test for an event; None where every event passes.

    Args:
        types: Event types, ``RUN_*`` and the older ``PIPELINE_*`` names alike.
        steps: Parts of step keys, in any case.
        levels: Exactly these levels.
        where: A further test.
    """
    from .._generated.enums.dagster_event_type import DagsterEventType
    from .._generated.enums.log_level import LogLevel

    wanted_types = {modern_name(t) for t in members(DagsterEventType, types, "event type") or ()}
    wanted_levels = frozenset(members(LogLevel, levels, "level") or ())
    wanted_steps = [text(step, "the step").lower() for step in several(steps, "steps") or ()]

    def of_type(event: RunEvent) -> bool:
        return event.event_type is not None and modern_name(event.event_type) in wanted_types

    def of_level(event: RunEvent) -> bool:
        return event.level in wanted_levels

    def of_step(event: RunEvent) -> bool:
        key = (event.step_key or "").lower()
        return any(step in key for step in wanted_steps)

    return all_of(
        of_type if wanted_types else None,
        of_level if wanted_levels else None,
        of_step if wanted_steps else None,
        where,
    )


def modern_name(event_type: str) -> str:
    """Return the name of an event type as servers give it today: ``RUN_START`` for ``PIPELINE_START``."""
    name = str(event_type)
    return "RUN_" + name[9:] if name.startswith("PIPELINE_") else name
