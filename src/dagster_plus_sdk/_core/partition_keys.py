"""Partitions as a caller names them: keys, and the first and the last of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import InvalidInputError
from .inputs import several, text

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The tag of a run's partition.
PARTITION_TAG = "dagster/partition"

#: The tags of a run over several partitions: the first and the last of them.
RANGE_TAGS = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def partition_tags(partition: str | None, partition_range: Sequence[str] | None) -> dict[str, str]:
    """Return the tags of a run over a partition, or over a range of them; none where neither is given.

    Raises:
        InvalidInputError: Both are given, a key is empty, or the range is not two keys.
    """
    ends = first_and_last(partition_range)
    if partition is not None and ends is not None:
        raise InvalidInputError("give either partition or partition_range")
    if partition is not None:
        return {PARTITION_TAG: text(partition, "partition")}
    return {} if ends is None else dict(zip(RANGE_TAGS, ends, strict=True))


def partition_keys(values: Sequence[str] | None, what: str) -> list[str] | None:
    """Return partition keys; None for None.

    Raises:
        InvalidInputError: One text instead of a list, none at all, or an empty one.
    """
    if isinstance(values, str):
        raise InvalidInputError(f"{what} is a list of keys, not one text: [{values!r}]")
    listed = several(values, what)
    return None if listed is None else [text(key, "a partition's key") for key in listed]


def first_and_last(values: Sequence[str] | None) -> tuple[str, str] | None:
    """Return the two ends of a range; None for None.

    Raises:
        InvalidInputError: They are not two keys.
    """
    keys = partition_keys(values, "partition_range")
    if keys is None:
        return None
    if len(keys) != 2:  # noqa: PLR2004
        raise InvalidInputError(
            f"partition_range is the first and the last partition's key, not {len(keys)} keys"
        )
    return keys[0], keys[1]
