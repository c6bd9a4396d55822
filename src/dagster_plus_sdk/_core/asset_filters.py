"""Which assets a caller means: keys in any form, and filters that are applied here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .asset_key import AssetKey
from .errors import InvalidInputError
from .filters import glob
from .inputs import all_of, member, period, several, tag_list, text
from .lookup import not_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from .._generated.enums import AssetEventHistoryEventTypeSelector
    from .._generated.input_types import PartitionsByAssetSelector, PartitionsSelector
    from .._generated.models import AssetDefinitionSummary, AssetSummary
    from .errors import NotFoundError

#: Names of event types that are shorter than the API's.
_SHORT_TYPES = {"FAILURE": "FAILED_TO_MATERIALIZE"}


def asset_keys(
    keys: AssetKey | str | Iterable[AssetKey | str | Sequence[str]], what: str = "keys"
) -> list[AssetKey]:
    """Return the keys that are meant, each once: one key or its text, or several of any form.

    Raises:
        InvalidInputError: There is none, or one that cannot be.
    """
    if isinstance(keys, AssetKey):
        return [keys]
    given = several(keys, what) or ()
    return list(dict.fromkeys(AssetKey.parse(key) for key in given))


def unknown_asset(
    keys: Iterable[AssetKey], *, operation: str, known: Iterable[AssetKey] = ()
) -> NotFoundError:
    """Return the error for assets that nobody knows."""
    listed = list(keys)
    error = not_found(
        "asset",
        ", ".join(map(str, listed)),
        map(str, known),
        typename="AssetNotFoundError",
        operation=operation,
    )
    error.message = error.message.replace(repr(str(listed[0])), str(listed[0]), 1)
    return error


def asset_filter(
    *,
    group: str | None = None,
    pattern: str | None = None,
    kind: str | Iterable[str] | None = None,
    owner: str | Iterable[str] | None = None,
    tags: Mapping[str, str] | None = None,
    location: str | None = None,
    materialized: bool | None = None,
    where: Callable[[AssetSummary], bool] | None = None,
) -> Callable[[AssetSummary], bool] | None:
    """Return one test for an asset; None where every asset passes. See ``assets.list``.

    Raises:
        InvalidInputError: A filter that cannot be.
    """
    kinds, owners = several(kind, "kind"), several(owner, "owner")
    for name, what in ((group, "group"), (location, "location")):
        if name is not None:
            text(name, what)
    wanted = {(tag["key"], tag["value"]) for tag in tag_list(tags)}

    def if_defined(
        asked: object, test: Callable[[AssetDefinitionSummary], bool]
    ) -> Callable[[AssetSummary], bool] | None:
        if asked is None or asked == set():
            return None
        return lambda asset: asset.definition is not None and test(asset.definition)

    def in_state(asset: AssetSummary) -> bool:
        return (asset.last_materialized_at is not None) == materialized

    return all_of(
        glob(pattern, lambda asset: str(asset.key)),
        if_defined(group, lambda found: found.group_name == group),
        if_defined(kinds, lambda found: any(k in found.kinds for k in kinds or ())),
        if_defined(owners, lambda found: not owner_names(found).isdisjoint(owners or ())),
        if_defined(wanted, lambda found: wanted <= {(t.key, t.value) for t in found.tags}),
        if_defined(location, lambda found: found.repository.location.name == location),
        in_state if materialized is not None else None,
        where,
    )


def owner_names(definition: AssetDefinitionSummary) -> set[str]:
    """Return the owners as they are written: addresses, and teams with and without ``team:``."""
    names: set[str] = set()
    for owner in definition.owners:
        team, email = getattr(owner, "team", None), getattr(owner, "email", None)
        names |= {team, f"team:{team}"} if team else set()
        names |= {email} if email else set()
    return names


def event_types(
    types: AssetEventHistoryEventTypeSelector
    | str
    | Iterable[AssetEventHistoryEventTypeSelector | str]
    | None,
) -> list[AssetEventHistoryEventTypeSelector]:
    """Return the types of asset events that are meant; all for None.

    Raises:
        InvalidInputError: A type that cannot be.
    """
    from .._generated.enums.asset_event_history_event_type_selector import (
        AssetEventHistoryEventTypeSelector as Type,
    )

    def read(value: Type | str) -> Type:
        name = str(value).strip().upper()
        return member(Type, _SHORT_TYPES.get(name, name), "event type")

    given = several(types, "types")
    return list(Type) if given is None else [read(value) for value in given]


def millis(
    after: datetime | float | None, before: datetime | float | None
) -> tuple[str | None, str | None]:
    """Return the ends of a period as the API's asset events take them.

    Raises:
        InvalidInputError: A datetime has no timezone, or nothing lies between the two.
    """
    start, end = (
        None if time is None else str(round(time * 1000)) for time in period(after, before)
    )
    return start, end


def partition_list(partitions: str | Iterable[str] | None) -> list[str] | None:
    """Return the keys of partitions: one or several; None for None.

    Raises:
        InvalidInputError: There is none, or an empty one.
    """
    given = several(partitions, "partitions")
    return None if given is None else [text(key, "a partition's key") for key in given]


def wipe_ranges(
    keys: Iterable[AssetKey], first: str | None, last: str | None
) -> list[PartitionsByAssetSelector]:
    """Return what is to be wiped: of each asset the partitions from first to last, or all there is.

    Raises:
        InvalidInputError: Only the last partition is named, or an empty text.
    """
    if first is None and last is None:
        return [{"assetKey": key} for key in keys]
    if not first or last == "":
        raise InvalidInputError(
            "first_partition names where the range begins; last_partition, where it ends, may be left out"
        )
    selector: PartitionsSelector = {"range": {"start": first, "end": last or first}}
    return [{"assetKey": key, "partitions": selector} for key in keys]
