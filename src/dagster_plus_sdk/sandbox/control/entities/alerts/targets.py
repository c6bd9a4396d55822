"""What alert policies are about: their targets, and what is compared with them."""

from __future__ import annotations

from functools import cached_property

from ...callers import USER
from ..catalog.asset_selection import SelectionError, select_assets
from ..catalog.definitions import known_assets
from ..catalog.favorites import favorites_of
from .document_types import GROUPS
from .shown_documents import REPOSITORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ...context import Context
    from ...store import Row


class AlertedJob:
    """A job, or a run of one.

    Args:
        name: The job's name.
        repository: Its repository.
        location: Its code location.
        tags: A run's tags; None for the job itself, which may be launched with any.
    """

    __slots__ = ("location", "name", "repository", "tags")

    def __init__(
        self, name: str, repository: str, location: str, tags: Mapping[str, str] | None = None
    ) -> None:
        self.name: str = name
        self.repository: str = repository
        self.location: str = location
        self.tags: Mapping[str, str] | None = tags

    def is_in(self, body: Row) -> bool:
        """Tell whether a target is about it: one of the jobs or locations, if some are named, with all of the tags."""
        jobs, locations = body.get("jobs") or [], body.get("location_names") or []
        named = not (jobs or locations) or self.location in locations
        here = (self.location, self.repository, self.name)
        return (named or here in [_qualified(job, "job_name") for job in jobs]) and all(
            self._has(tag) for tag in body.get("tags") or ()
        )

    def _has(self, tag: Row) -> bool:
        if self.tags is None:
            return True
        wanted = tag.get("value")
        return tag["key"] in self.tags and wanted in (None, self.tags[tag["key"]])


class Instigator:
    """A schedule or a sensor.

    Args:
        type_: SCHEDULE or SENSOR.
        name: Its name.
        repository: Its repository.
        location: Its code location.
    """

    __slots__ = ("_location", "_place", "_type")

    def __init__(self, type_: str, name: str, repository: str, location: str) -> None:
        self._type = type_
        self._location = location
        self._place = (location, repository, name)

    def is_in(self, body: Row) -> bool:
        """Tell whether a target is about it: of one of the types, and one of those that are named, if some are."""
        listed, locations = body.get("schedules_or_sensors") or [], body.get("location_names") or []
        named = not (listed or locations) or self._location in locations
        types = body.get("types") or [self._type]
        return self._type in types and (
            named or self._place in [_qualified(one, "name") for one in listed]
        )


class WatchedAsset:
    """An asset.

    Args:
        context: Where; the real Dagster, or a seed, defines it.
        path: Its key.
    """

    def __init__(self, context: Context, path: list[str]) -> None:
        self._context = context
        self.path: list[str] = path

    def is_in(self, name: str, body: Row) -> bool:
        """Tell whether a target is about it."""
        if name == "asset_key_target":
            return bool(body["asset_key"] == self.path)
        if name == "asset_group_target":
            return self._is_in_group(body)
        if name == "asset_selection_target":
            return self._is_selected(body["asset_selection"])
        if name == "asset_selection_view_target":
            view = self._context.store.get("CatalogView", body["asset_selection_view_id"]) or {}
            return self._is_selected((view.get("selection") or {}).get("querySelection") or "")
        if name == "favorites_selection_view_target":
            user = self._context.store.find(USER, email=body["user_email"])
            return bool(user) and {"path": self.path} in favorites_of(self._context, user)
        return False

    @cached_property
    def _defined(self) -> list[Row]:
        """All assets, this one among them, whether or not it is defined."""
        return known_assets(self._context, [self.path])

    def _is_in_group(self, body: Row) -> bool:
        own = next(row for row in self._defined if row["key"]["path"] == self.path)
        repository = body.get("repo_name", own["repositoryName"])
        wanted = (body["location_name"], repository, body["asset_group"])
        return wanted == (own["locationName"], own["repositoryName"], own["group"])

    def _is_selected(self, selection: str) -> bool:
        try:
            return tuple(self.path) in select_assets(selection, self._defined)
        except SelectionError:
            return False


def is_about(document: Row, families: Iterable[str], check: Callable[[str, Row], bool]) -> bool:
    """Tell whether a policy is about something: all of the deployment, or one of its targets says so.

    Args:
        document: The policy's.
        families: The families of events that happen to it.
        check: Tells it of one target.
    """
    of_family = any(GROUPS[event][0] in families for event in document.get("event_types") or ())
    targets = document.get("alert_targets") or []
    return of_family and (
        not targets or any(check(name, body) for one in targets for name, body in one.items())
    )


def _qualified(one: Row, name: str) -> tuple[str, str, str]:
    return one["location_name"], one.get("repo_name", REPOSITORY), one[name]
