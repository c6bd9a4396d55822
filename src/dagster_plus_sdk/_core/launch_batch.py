"""Launches of one request, and how their runs are found when its answer is lost."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from .errors import LaunchUnknownError
from .launch import BATCH_TAG, KEY_HEADER, KEY_TAG, LOOKUP_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._generated.input_types import RunsFilter
    from .errors import DagsterPlusError
    from .launch import Launch


class LaunchBatch:
    """Launches of one request, which share a tag, so that one request finds the runs of all.

    Args:
        launches: In the caller's order.
    """

    __slots__ = ("key", "launches")

    def __init__(self, launches: Sequence[Launch]) -> None:
        self.launches = launches
        # The same for the same launches, as the header promises.
        self.key = str(uuid.uuid5(uuid.NAMESPACE_OID, ",".join(x.key for x in launches)))

    def headers(self) -> dict[str, str]:
        """Return the header with the key."""
        return {KEY_HEADER: self.key}

    def lookup(self) -> RunsFilter:
        """Return the filter that finds their runs."""
        return {"tags": [{"key": BATCH_TAG, "value": self.key}]}

    def pick(self, runs: Sequence[Any]) -> dict[str, Any]:
        """Return the run of each launch that has one, by the launches' keys."""
        keyed: dict[str | None, list[Any]] = {}
        for run in runs:
            keyed.setdefault(_key_of(run), []).append(run)
        picked = {x.key: x.pick(keyed.get(x.key, ())) for x in self.launches}
        return {key: run for key, run in picked.items() if run is not None}

    def unknown(self, lost: DagsterPlusError, found: Mapping[str, Any]) -> LaunchUnknownError:
        """Return the error for launches of which some were not found (yet)."""
        missing = [launch for launch in self.launches if launch.key not in found]
        error = LaunchUnknownError(
            f"The answer to {len(self.launches)} launches was lost ({lost.message}), and within {LOOKUP_SECONDS:g} s "
            f"the runs of {len(missing)} were not found: whether those were launched is unknown. They may still appear, "
            f"or were refused: ask runs.find_launch for the idempotency_key of each in errors, or look for the run tag "
            f"{BATCH_TAG}={self.key}, before launching again; a launch with such a key finds its run first",
            operation=lost.operation,
            request_id=lost.request_id,
            errors=[
                {"message": f"no run of {launch.job} was found", "idempotency_key": launch.key}
                for launch in missing
            ],
        )
        error.idempotency_key = self.key
        error.runs = list(found.values())
        return error


def _key_of(run: Any) -> str | None:
    return next((tag.value for tag in run.tags if tag.key == KEY_TAG), None)
