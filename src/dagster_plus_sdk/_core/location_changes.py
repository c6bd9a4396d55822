"""What the statuses of code locations show of their changes, as the events that a server sends of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from .._generated.models import CodeLocation, CodeLocationStatus, LocationEvent


class Status(NamedTuple):
    """What changes when a location is loaded anew."""

    updated_at: datetime
    version_key: str


class Statuses:
    """The statuses of all locations, as they were when they were given out."""

    def __init__(self) -> None:
        self._known: dict[str, Status] | None = None

    def changes(self, entries: Iterable[CodeLocationStatus]) -> Iterator[tuple[str, Status | None]]:
        """Yield the names of those that have changed, in the order of the changes; None for one that is gone.

        The first time nothing has changed. A location that is loading changes when it has been loaded.
        """
        listed = {entry.name: entry for entry in entries}
        now = {
            name: Status(entry.updated_at, entry.version_key)
            for name, entry in listed.items()
            if entry.load_status != "LOADING"
        }
        if self._known is None:
            self._known = now
            return
        for name in sorted(self._known.keys() - listed.keys()):
            yield name, None
        changed = [name for name, status in now.items() if self._known.get(name) != status]
        for name in sorted(changed, key=lambda name: (now[name].updated_at, name)):
            yield name, now[name]

    def accept(self, name: str, status: Status | None) -> None:
        """Keep that a change was given out."""
        known = self._known if self._known is not None else {}
        if status is None:
            known.pop(name, None)
        else:
            known[name] = status


def shows(event: LocationEvent) -> bool:
    """Tell whether what an event says changes the location's status, too."""
    return event.type in {"LOCATION_UPDATED", "LOCATION_ERROR"}


def event_of(name: str, location: CodeLocation | None) -> LocationEvent:
    """Return the event for a change that only the statuses have shown.

    Args:
        name: The location's name.
        location: What it is now; None if it is gone.
    """
    from .._generated.enums.location_state_change_event_type import (
        LocationStateChangeEventType as Type,
    )
    from .._generated.models.error_info import ErrorInfo
    from .._generated.models.location_event import LocationEvent

    loaded = location.location_or_load_error if location else None
    kind, message = Type.LOCATION_UPDATED, "The location has been loaded."
    if location is None:
        kind, message = Type.LOCATION_DISCONNECTED, "The location is not in the workspace any more."
    elif isinstance(loaded, ErrorInfo):
        kind, message = Type.LOCATION_ERROR, loaded.message
    return LocationEvent(type=kind, location_name=name, message=message, server_id=None)
