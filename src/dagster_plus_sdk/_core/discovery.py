"""What a deployment has: which of it is looked for, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeVar

from .error_types import raise_for_member
from .errors import InvalidInputError
from .filters import glob
from .inputs import all_of, several, tag_list, text
from .models import unwrap
from .places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .._generated.models import (
        AssetDefinitionSummary,
        CodeLocation,
        DefinitionTag,
        JobSummary,
        LoadedLocation,
        RepositoryRef,
        RunTag,
    )
    from .._generated.results.discover import Discover

T = TypeVar("T")

#: What can be looked for, and what it has besides its name.
KINDS: dict[str, tuple[str, ...]] = {
    "locations": (),
    "repos": (),
    "jobs": ("tags",),
    "assets": ("tags", "groups"),
}
ALL = "all"


@dataclass(frozen=True)
class Discovery:
    """What a deployment has, as ``client.discover`` found it; what was not looked for is empty.

    Its length counts, and iterating over it gives, all that was found: locations, repositories, jobs, assets.

    Attributes:
        locations: Code locations, by name; the ``location_or_load_error`` of one that failed to load is an ``ErrorInfo``.
        repositories: Repositories, by location and name; each has its ``location``.
        jobs: Jobs, by location and name; each has its ``repository`` with its ``location``.
        assets: Defined assets, by key; each has its ``repository`` with its ``location``. One that several locations define is there
            once, as the server chooses; ``assets.collisions`` tells of all.
        unavailable: Code locations of which nothing could be looked at, whatever was looked for: they failed to load, or have
            not loaded yet. What they define is missing in the other lists.
    """

    locations: list[CodeLocation]
    repositories: list[RepositoryRef]
    jobs: list[JobSummary]
    assets: list[AssetDefinitionSummary]
    unavailable: list[CodeLocation]

    def __iter__(
        self,
    ) -> Iterator[CodeLocation | RepositoryRef | JobSummary | AssetDefinitionSummary]:
        """Return all that was found."""
        yield from self.locations
        yield from self.repositories
        yield from self.jobs
        yield from self.assets

    def __len__(self) -> int:
        """Count what was found."""
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        """Show how many there are of each kind."""
        counts = (f"{field.name}={len(getattr(self, field.name))}" for field in fields(self))
        return f"<{type(self).__name__} {' '.join(counts)}>"


class Wanted:
    """What is looked for; see ``client.discover``.

    Attributes:
        kinds: Those of ``KINDS`` that are looked for: of ``all`` those that have what is asked of them.

    Raises:
        InvalidInputError: There is no such kind, or it has no tags or groups, or a condition is empty.
    """

    def __init__(
        self,
        kind: str,
        *,
        pattern: str | None,
        tags: Mapping[str, str] | None,
        groups: str | Iterable[str] | None,
    ) -> None:
        tagged, grouped = _tagged(tags), _grouped(groups)
        asked = {"tags": tagged is not None, "groups": grouped is not None}
        self.kinds = _kinds(kind, [what for what, is_asked in asked.items() if is_asked])
        self._location: Callable[[CodeLocation], bool] | None = glob(
            pattern, lambda location: location.name
        )
        self._repository: Callable[[RepositoryRef], bool] | None = glob(
            pattern, lambda home: home.name, lambda home: home.location.name
        )
        named_job: Callable[[JobSummary], bool] | None = glob(pattern, lambda job: job.name)
        self._job = all_of(named_job, tagged)
        named_asset: Callable[[AssetDefinitionSummary], bool] | None = glob(
            pattern, lambda asset: str(asset.key)
        )
        self._asset = all_of(named_asset, tagged, grouped)

    def found(self, result: Discover, operation: str) -> Discovery:
        """Return what there is of it in an answer.

        Raises:
            ResultError: The server could not say.
        """
        from .._generated.models.loaded_location import LoadedLocation
        from .._generated.results.discover import DiscoverWorkspace

        listed = unwrap(result.workspace_or_error, DiscoverWorkspace, operation).location_entries
        locations = sorted(listed, key=lambda location: location.name)
        contents = [location.location_or_load_error for location in locations]
        loaded = [content for content in contents if isinstance(content, LoadedLocation)]
        jobs = _jobs(result, operation) if "jobs" in self.kinds else []
        assets = _assets(result, operation) if "assets" in self.kinds else []
        return Discovery(
            _kept(locations, self._location) if "locations" in self.kinds else [],
            _kept(_repositories(loaded), self._repository) if "repos" in self.kinds else [],
            _kept(jobs, self._job),
            _kept(assets, self._asset),
            [
                location
                for location in locations
                if not isinstance(location.location_or_load_error, LoadedLocation)
            ],
        )


def _kinds(kind: str, asked: Iterable[str]) -> set[str]:
    """Return the kinds that are meant and have what is asked of them."""
    if kind != ALL and kind not in KINDS:
        raise InvalidInputError(
            f"filter cannot be {kind!r}; choose from {', '.join((*KINDS, ALL))}"
        )
    meant = set(KINDS if kind == ALL else (kind,))
    for what in asked:
        meant = {name for name in meant if what in KINDS[name]}
        if not meant:
            having = " and ".join(name for name, has in KINDS.items() if what in has)
            raise InvalidInputError(f"only {having} have {what}, not {kind}")
    return meant


def _tagged(
    tags: Mapping[str, str] | None,
) -> Callable[[JobSummary | AssetDefinitionSummary], bool] | None:
    """Return a condition: there is a tag for each of these keys and values, which may have wildcards."""
    wanted = [(tag["key"], tag["value"]) for tag in tag_list(tags)]
    if not wanted:
        return None

    def fits(item: JobSummary | AssetDefinitionSummary) -> bool:
        there: list[RunTag] | list[DefinitionTag] = item.tags
        return all(
            any(_alike(tag.key, key) and _alike(tag.value, value) for tag in there)
            for key, value in wanted
        )

    return fits


def _grouped(groups: str | Iterable[str] | None) -> Callable[[AssetDefinitionSummary], bool] | None:
    """Return a condition: the asset is in one of these groups, whose names may have wildcards."""
    given = several(groups, "groups")
    if given is None:
        return None
    wanted = [text(name, "a group") for name in given]
    return lambda asset: any(_alike(asset.group_name, name) for name in wanted)


def _alike(value: str, wanted: str) -> bool:
    """Tell whether a text is the wanted one, or matches it as a pattern, in any case."""
    return value == wanted or fnmatchcase(value.lower(), wanted.lower())


def _repositories(loaded: Iterable[LoadedLocation]) -> list[RepositoryRef]:
    from .._generated.models.location_ref import LocationRef
    from .._generated.models.repository_ref import RepositoryRef

    return [
        RepositoryRef(name=name, location=LocationRef(name=location.name))
        for location in loaded
        for name in sorted(repository.name for repository in location.repositories)
    ]


def _jobs(result: Discover, operation: str) -> list[JobSummary]:
    from .._generated.results.discover import DiscoverRepositoryConnection

    homes = unwrap(result.repositories_or_error, DiscoverRepositoryConnection, operation).nodes
    jobs = [job for home in homes for job in home.jobs]
    return sorted(jobs, key=lambda job: Place.of(job.repository, job.name))


def _assets(result: Discover, operation: str) -> list[AssetDefinitionSummary]:
    """Return the assets; none where they were asked for is no empty list."""
    found = result.asset_nodes
    if found is None:
        raise_for_member(found, operation)
    return sorted(found, key=lambda asset: asset.key)


def _kept(items: Iterable[T], condition: Callable[[T], bool] | None) -> list[T]:
    return [item for item in items if condition is None or condition(item)]
