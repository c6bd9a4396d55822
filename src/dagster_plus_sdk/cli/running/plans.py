"""What ``--dry-run`` shows where no other verb shows it: the partitions of a backfill, and those that would be deleted."""

from __future__ import annotations

import click

from ..connect import connect
from ..invoke import arguments_of
from ..printing.columns import columns_of
from ..printing.output import tell
from ..printing.text import data_of
from ..printing.whole import show_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ... import DagsterPlus
    from ..state import State

#: Between the parts of a key of two dimensions.
_BAR = "|"


def backfill(state: State, named: dict[str, Any]) -> None:
    """Print what a backfill would make: of assets each one's partitions, of a job the partitions.

    Args:
        state: The global options.
        named: The arguments of the launch.

    Raises:
        click.UsageError: It is not said what of, or which partitions.
    """
    assets, job = named.get("assets"), named.get("job")
    if (assets is None) == (job is None):
        raise click.UsageError("give either --asset or --job")
    with connect(state, "BackfillTarget") as client:
        keys = _keys(client, named)
        if assets is None:
            show_whole(state, keys, [("PARTITION", "")])
            return
        found = data_of(client.backfills.preview(assets, partitions=keys).to_list())
    # What the targets are is known only here: the fields are those of the backfill itself.
    show_whole(state, found, columns_of("BackfillTarget", ["asset_key"]))


def _keys(client: DagsterPlus, named: dict[str, Any]) -> list[str]:
    """Return the partitions that are chosen.

    Raises:
        click.UsageError: None are, or an end of the range is none of them.
    """
    given: list[str] | None = named.get("partitions")
    ends: list[str] | None = named.get("partition_range")
    choices = (given, ends, named.get("all_partitions"))
    if sum(choice is not None for choice in choices) != 1:
        raise click.UsageError("give one of --partition, --partition-range and --all-partitions")
    if given is not None:
        return given
    of_job: dict[str, Any] = {name: named.get(name) for name in ("job", "location", "repository")}
    of_asset: dict[str, Any] = {"asset": (named.get("assets") or [None])[0]}
    known = client.partitions.list(**(of_job if named.get("job") else of_asset)).to_list()
    if ends is None:
        return known
    for end in ends:
        if end not in known:
            raise click.UsageError(f"there is no partition {end!r}")
    first, last = map(known.index, ends)
    return known[first : last + 1]


def partitions(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print which of the partitions that would be deleted there are."""
    [definition, keys], named = arguments_of(entry, values)
    where: dict[str, Any] = {name: named.get(name) for name in ("location", "repository")}
    with connect(state, "AssetDefinition") as client:
        asset = next(
            (
                found.key
                for found in client.assets.definitions(**where)
                if definition in _dynamic(found.partitions_definition)
            ),
            None,
        )
        known = [] if asset is None else client.partitions.list(asset=asset).to_list()
    if asset is None:
        tell(f"dplus: no asset has partitions of {definition!r}")
    parts = {part for key in known for part in (key, *key.split(_BAR))}
    show_whole(state, [key for key in keys if key in parts], [("PARTITION", "")])


def _dynamic(found: Any) -> list[str]:
    """Return the names of the dynamic definitions that a definition of partitions is made of."""
    dimensions = found.dimensions if found is not None else ()
    return [one.dynamic_partitions_definition_name for one in dimensions]
