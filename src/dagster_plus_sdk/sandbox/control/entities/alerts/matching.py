"""What alert policies are about: their targets, and what is compared with them."""

from __future__ import annotations

import re

from .reading import REPOSITORY
from .shapes import GROUPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ...context import Context
    from ...store import Row

ASSET_GROUP = """query ($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
  groupName repository { name location { name } } } } }"""
#: The parts of a selection that are understood, between "or"s; the real Dagster's API evaluates none.
KEY = re.compile(r'(?:key:)?"?([^"\s]+)"?')
GROUP = re.compile(r'group:"?([^"\s]+)"?')


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
        context: Where; the real Dagster knows its group.
        path: Its key.
    """

    def __init__(self, context: Context, path: list[str]) -> None:
        self._context = context
        self.path: list[str] = path
        self._group: tuple[str, str, str] | None = None

    def is_in(self, name: str, body: Row) -> bool:
        """Tell whether a target is about it; what is in a selection is known of simple ones only."""
        if name == "asset_key_target":
            return bool(body["asset_key"] == self.path)
        if name == "asset_group_target":
            return self._in_group(body)
        if name == "asset_selection_target":
            return self._selected(body["asset_selection"])
        if name == "asset_selection_view_target":
            view = self._context.store.get("CatalogView", body["asset_selection_view_id"]) or {}
            return self._selected((view.get("selection") or {}).get("querySelection") or "")
        return False

    def _in_group(self, body: Row) -> bool:
        location, repository, group = self._place()
        wanted = (body["location_name"], body.get("repo_name", repository), body["asset_group"])
        return bool(group) and wanted == (location, repository, group)

    def _selected(self, selection: str) -> bool:
        for part in re.split(r"\s+or\s+", selection.strip(), flags=re.IGNORECASE):
            group, key = GROUP.fullmatch(part), KEY.fullmatch(part)
            if part == "*" or (group and group[1] == self._place()[2]):
                return True
            if key and key[1] == "/".join(self.path):
                return True
        return False

    def _place(self) -> tuple[str, str, str]:
        """Return code location, repository and group; empty texts where nobody knows them."""
        if self._group is None:
            asked = self._context.ask(ASSET_GROUP, key={"path": self.path})
            found = asked.get("assetNodeOrError") or {}
            repository = found.get("repository") or {"name": "", "location": {"name": ""}}
            place = repository["location"]["name"], repository["name"]
            self._group = (*place, found.get("groupName", ""))
        return self._group


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
