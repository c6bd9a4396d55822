"""How assets are materialized or observed: by which job of which code location."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .asset_filters import unknown_asset
from .errors import InvalidInputError
from .launch import ASSET_JOB

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._generated.models import AssetPlace
    from .asset_key import AssetKey

#: The tags of a run over several partitions of one asset.
RANGE_TAG = "dagster/asset_partition_range_start"


class JobPlace(NamedTuple):
    """The job that runs chosen assets, and where it is."""

    location: str
    repository: str
    job: str


def job_of(
    keys: Sequence[AssetKey],
    found: Sequence[AssetPlace],
    *,
    observes: bool,
    location: str | None,
    operation: str,
) -> JobPlace:
    """Return the one job that can run all of these assets.

    Args:
        keys: The assets.
        found: What the server says of them.
        observes: They are to be observed, not materialized.
        location: The code location that all must be in, if the caller says so.
        operation: What found them, for the error.

    Raises:
        NotFoundError: One of them is not defined.
        InvalidInputError: One of them cannot be run so, or they have no job in common.
    """
    missing = set(keys) - {asset.key for asset in found}
    if missing:
        raise unknown_asset(sorted(missing), operation=operation)
    verb = "observed" if observes else "materialized"
    for asset in found:
        if not asset.is_executable or not (
            asset.is_observable if observes else asset.is_materializable
        ):
            raise InvalidInputError(f"{asset.key} cannot be {verb} by Dagster{_hint(asset)}")
    place = _only_place(found, location)
    jobs = set(found[0].job_names).intersection(*(asset.job_names for asset in found))
    if not jobs:
        raise InvalidInputError(
            f"no job runs all of {_listed(a.key for a in found)} together; launch them one by one"
        )
    # Dagster's own job of all assets first: it has no config and tags of somebody else's purpose.
    return JobPlace(*place, min(jobs, key=lambda name: (not name.startswith(ASSET_JOB), name)))


def check_partition(
    found: Sequence[AssetPlace], partition: str | None, tags: Mapping[str, str] | None
) -> None:
    """Refuse partitioned assets without a partition: their run would fail as soon as it starts.

    Raises:
        InvalidInputError: There is such an asset.
    """
    partitioned = [asset.key for asset in found if asset.is_partitioned]
    if partitioned and partition is None and RANGE_TAG not in (tags or {}):
        raise InvalidInputError(
            f"{_listed(partitioned)} has partitions: say which with partition, or create a backfill for several"
        )


def _hint(asset: AssetPlace) -> str:
    if asset.is_materializable:
        return "; it can be materialized"
    return "; it can be observed" if asset.is_observable else ""


def _only_place(found: Sequence[AssetPlace], location: str | None) -> tuple[str, str]:
    """Return the code location and repository that all assets are in.

    Raises:
        InvalidInputError: They are in several, or not in that location.
    """
    by_place: dict[tuple[str, str], list[AssetKey]] = {}
    for asset in found:
        place = (asset.repository.location.name, asset.repository.name)
        by_place.setdefault(place, []).append(asset.key)
    listed = "; ".join(f"{place[0]}: {_listed(keys)}" for place, keys in sorted(by_place.items()))
    if len(by_place) > 1:
        raise InvalidInputError(
            f"a run belongs to one code location, and these assets are in several ({listed}); launch them one by one"
        )
    place = next(iter(by_place))
    if location not in (None, place[0]):
        raise InvalidInputError(f"the assets are not in code location {location!r} ({listed})")
    return place


def _listed(keys: Iterable[AssetKey]) -> str:
    return ", ".join(map(str, keys))
