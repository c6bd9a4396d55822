"""The partitions of an asset, each with its state: the API gives them as keys and as ranges of states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._generated.enums.partition_range_status import PartitionRangeStatus as Status
from .models import BaseModel, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._generated.models import AssetPartitions, AssetPartitionsDimension

#: The separator between the dimensions of a partition's key.
DIMENSIONS = "|"


class AssetPartition(BaseModel):
    """One partition of an asset.

    Attributes:
        key: Its key; of several dimensions their keys, joined by ``|`` in the order of the dimensions' names.
        status: What became of it at last; None while nobody has materialized it.
    """

    key: str
    status: Status | None = None


def partitions_of(found: AssetPartitions) -> list[AssetPartition]:
    """Return the partitions in Dagster's order, with their states."""
    unwrap(found.statuses, _known(), "ListAssetPartitions")
    statuses = dict(_statuses(found))
    return [AssetPartition(key=key, status=statuses.get(key)) for key in found.partition_keys]


def _known() -> tuple[type[BaseModel], ...]:
    """Return the forms that states come in."""
    from .._generated.models.partition_dimension_statuses import PartitionDimensionStatuses
    from .._generated.models.partition_key_statuses import PartitionKeyStatuses
    from .._generated.models.partition_time_statuses import PartitionTimeStatuses

    return PartitionKeyStatuses, PartitionDimensionStatuses, PartitionTimeStatuses


def _statuses(found: AssetPartitions) -> Iterator[tuple[str, Status]]:
    from .._generated.models.partition_dimension_statuses import PartitionDimensionStatuses

    statuses = found.statuses
    if not isinstance(statuses, PartitionDimensionStatuses):
        yield from _of_one_dimension(statuses, found.partition_keys)
        return
    primary, secondary = _split(found.dimensions, statuses.primary_dimension)
    first = primary.name < secondary.name
    for stretch in statuses.dimension_ranges:
        inner = list(_of_one_dimension(stretch.secondary, secondary.partition_keys))
        for one in _between(stretch.start_key, stretch.end_key, primary.partition_keys):
            for other, status in inner:
                yield DIMENSIONS.join((one, other) if first else (other, one)), status


def _of_one_dimension(statuses: Any, keys: Sequence[str]) -> Iterator[tuple[str, Status]]:
    from .._generated.models.partition_key_statuses import PartitionKeyStatuses
    from .._generated.models.partition_time_statuses import PartitionTimeStatuses

    if isinstance(statuses, PartitionKeyStatuses):
        # A partition that failed after it was materialized stands in both lists.
        yield from ((key, Status.MATERIALIZED) for key in statuses.materialized)
        yield from ((key, Status.FAILED) for key in statuses.failed)
        yield from ((key, Status.MATERIALIZING) for key in statuses.materializing)
    elif isinstance(statuses, PartitionTimeStatuses):
        for stretch in statuses.ranges:
            for key in _between(stretch.start_key, stretch.end_key, keys):
                yield key, stretch.status


def _between(start: str, end: str, keys: Sequence[str]) -> Sequence[str]:
    """Return the keys of a range, both ends included; a range may reach past the keys that there are now."""
    if start in keys and end in keys:
        return keys[keys.index(start) : keys.index(end) + 1]
    return [key for key in keys if start <= key <= end]


def _split(
    dimensions: Sequence[AssetPartitionsDimension], primary: str
) -> tuple[AssetPartitionsDimension, AssetPartitionsDimension]:
    one, other = dimensions
    return (one, other) if one.name == primary else (other, one)
