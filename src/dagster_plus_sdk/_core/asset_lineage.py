"""Walks along the dependencies of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .._generated.models import AssetLineageNode
    from .asset_key import AssetKey

DIRECTIONS = ("upstream", "downstream", "both")


def check_walk(direction: str, depth: int | None) -> str:
    """Return the direction as it is written here.

    Raises:
        InvalidInputError: There is no such direction, or the depth is negative.
    """
    wanted = str(direction).strip().lower()
    if wanted not in DIRECTIONS:
        raise InvalidInputError(
            f"direction cannot be {direction!r}; choose from {', '.join(DIRECTIONS)}"
        )
    if depth is not None and depth < 0:
        raise InvalidInputError(f"depth must be 0 or more, not {depth}")
    return wanted


def lineage_of(
    key: AssetKey, nodes: Iterable[AssetLineageNode], direction: str, depth: int | None
) -> list[AssetLineageNode]:
    """Return the asset, then its relatives, the nearest first; nothing if there is no such asset.

    Both directions are two walks: siblings are no relatives.
    """
    by_key = {node.key: node for node in nodes}
    if key not in by_key:
        return []
    ways = ("upstream", "downstream") if direction == "both" else (direction,)
    near: dict[AssetKey, int] = {}
    for way in ways:
        for found, distance in _walk(key, by_key, way, depth):
            near[found] = min(distance, near.get(found, distance))
    return [by_key[found] for found in sorted(near, key=lambda found: (near[found], found))]


def _walk(
    start: AssetKey, by_key: dict[AssetKey, AssetLineageNode], way: str, depth: int | None
) -> Iterator[tuple[AssetKey, int]]:
    seen, front, distance = {start}, [start], 0
    while front:
        yield from ((key, distance) for key in front)
        if distance == depth:
            return
        distance += 1
        steps = (getattr(by_key[key], f"{way}_keys") for key in front)
        front = sorted({key for keys in steps for key in keys if key in by_key} - seen)
        seen.update(front)
