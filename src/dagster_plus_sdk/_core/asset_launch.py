"""How assets are materialized or observed: by which job of which code location."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .asset_filters import unknown_asset
from .errors import InvalidInputError
from .filters import glob
from .inputs import several
from .launch import ASSET_JOB
from .lookup import not_found
from .partition_keys import RANGE_TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .._generated.models import AssetPlace
    from .asset_key import AssetKey
    from .errors import NotFoundError

#: How like a pattern a key must be to be meant, of 1.
_NEAR = 0.6


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
        if not _can_run(asset, observes=observes):
            raise InvalidInputError(f"{asset.key} cannot be {verb} by Dagster{_hint(asset)}")
    place = _only_place(found, location)
    jobs = set(found[0].job_names).intersection(*(asset.job_names for asset in found))
    if not jobs:
        raise InvalidInputError(
            f"no job runs all of {_listed(a.key for a in found)} together; launch them one by one"
        )
    # Dagster's own job of all assets first: it has no config and tags of somebody else's purpose.
    return JobPlace(*place, min(jobs, key=lambda name: (not name.startswith(ASSET_JOB), name)))


def matching(
    pattern: str | Iterable[str],
    found: Iterable[AssetPlace],
    *,
    observes: bool,
    location: str | None,
    operation: str,
) -> list[AssetPlace]:
    """Return the assets whose keys match one of the patterns, and that can be run so; if none can, all that match.

    Args:
        pattern: One or several, as ``assets.list`` takes them.
        found: All assets.
        observes: They are to be observed, not materialized.
        location: The code location to look in; None for all.
        operation: What found them, for the error.

    Raises:
        NotFoundError: None matches; the message has similar keys.
    """
    patterns = several(pattern, "pattern") or []
    matches: Callable[[AssetPlace], bool] | None = glob(patterns, lambda asset: str(asset.key))
    there = [asset for asset in found if location in (None, asset.repository.location.name)]
    named = sorted((a for a in there if matches and matches(a)), key=lambda asset: asset.key)
    if not named:
        raise _no_match(patterns, [str(asset.key) for asset in there], location, operation)
    return [asset for asset in named if _can_run(asset, observes=observes)] or named


def _no_match(
    patterns: Sequence[str], known: Sequence[str], location: str | None, operation: str
) -> NotFoundError:
    from difflib import SequenceMatcher

    def likeness(key: str) -> float:
        # What stands before the first wildcard, beside as much of the key.
        stems = [re.split(r"[*?\[]", pattern)[0].lower() for pattern in patterns]
        pairs = [(stem, key.lower()[: len(stem)]) for stem in stems if stem]
        return max((SequenceMatcher(None, *pair).ratio() for pair in pairs), default=0)

    near = sorted((key for key in known if likeness(key) >= _NEAR), key=likeness, reverse=True)
    error = not_found(
        "asset like",
        ", ".join(patterns),
        where=f" in location {location!r}" if location else "",
        typename="AssetNotFoundError",
        operation=operation,
    )
    if near:
        error.message += f"; did you mean {' or '.join(map(repr, near[:3]))}?"
    return error


def _can_run(asset: AssetPlace, *, observes: bool) -> bool:
    able = asset.is_observable if observes else asset.is_materializable
    return asset.is_executable and able


def check_partition(
    found: Sequence[AssetPlace],
    partition: str | None,
    partition_range: Sequence[str] | None,
    tags: Mapping[str, str] | None,
) -> None:
    """Refuse partitioned assets without a partition: their run would fail as soon as it starts.

    Raises:
        InvalidInputError: There is such an asset.
    """
    partitioned = [asset.key for asset in found if asset.is_partitioned]
    chosen = partition is not None or partition_range is not None or RANGE_TAGS[0] in (tags or {})
    if partitioned and not chosen:
        have = "has" if len(partitioned) == 1 else "have"
        raise InvalidInputError(
            f"{_listed(partitioned)} {have} partitions: say which with partition or partition_range, or create a backfill "
            "for a run of each"
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
