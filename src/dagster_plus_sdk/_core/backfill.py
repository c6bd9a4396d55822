"""What the launch of a backfill sends, and how the backfill is found again when its answer is lost."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from .asset_key import AssetKey
from .documents import read_document
from .errors import ConflictError, InvalidInputError, LaunchUnknownError
from .inputs import several, tag_list, text
from .launch import KEY_HEADER, LOOKUP_SECONDS
from .partition_keys import first_and_last, partition_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._generated.input_types import LaunchBackfillParams, PartitionSetSelector, RunsFilter
    from .._generated.models import Backfill, BackfillRef
    from .documents import Document
    from .errors import DagsterPlusError

#: The tag that carries a backfill's key. Its runs inherit it, so it is another one than that of launched runs.
BACKFILL_KEY_TAG = "dagster_plus_sdk/backfill_key"

#: The tag that re-executions of a backfill have; they inherit the other tags.
PARENT_TAG = "dagster/parent_backfill_id"

#: States of a backfill that has done what it could.
COMPLETED = frozenset({"COMPLETED", "COMPLETED_FAILED", "COMPLETED_SUCCESS"})

#: States that a backfill does not leave by itself.
ENDED = COMPLETED | {"CANCELED", "FAILED"}


class BackfillLaunch:
    """One launch of a backfill: what it asks for, and the key by which it is known.

    Args:
        assets: The assets to make; or
        job: the job to run.
        partitions: The partitions' keys; or
        partition_range: the first and the last one's; or
        all_partitions: all that there are.
        run_config: A mapping, YAML or JSON text, or the path of such a file.
        tags: Tags of the backfill and its runs.
        title: A title.
        description: A description.
        idempotency_key: Given by the caller, so that a second attempt finds the first one; made up if None.

    Raises:
        InvalidInputError: Not exactly one target, or not exactly one choice of partitions; something is empty.
    """

    __slots__ = ("_assets", "_fields", "_range", "all_partitions", "given", "job", "key", "keys")

    def __init__(
        self,
        *,
        assets: Sequence[AssetKey | str] | None = None,
        job: str | None = None,
        partitions: Sequence[str] | None = None,
        partition_range: Sequence[str] | None = None,
        all_partitions: bool = False,
        run_config: Document | None = None,
        tags: Mapping[str, str] | None = None,
        title: str | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        if (assets is None) == (job is None):
            raise InvalidInputError("give either assets or job: what the backfill is of")
        if [partitions is None, partition_range is None, not all_partitions].count(False) != 1:
            raise InvalidInputError(
                "give one of partitions, partition_range and all_partitions=True"
            )
        self.job: str | None = None if job is None else text(job, "the job's name")
        self._assets: list[AssetKey] = asset_keys(assets) if assets is not None else []
        self.keys: list[str] | None = partition_keys(partitions, "partitions")
        self._range: tuple[str, str] | None = first_and_last(partition_range)
        self.all_partitions: bool = all_partitions
        self.given: bool = idempotency_key is not None
        self.key: str = str(uuid.uuid4())
        if idempotency_key is not None:
            self.key = text(idempotency_key, "idempotency_key")
        given: dict[str, Any] = {
            "tags": tag_list({**(tags or {}), BACKFILL_KEY_TAG: self.key}),
            "title": title,
            "description": description,
        }
        if run_config is not None:
            given["runConfigData"] = read_document(run_config, "the run config", example="ops: ...")
        self._fields = {name: value for name, value in given.items() if value is not None}

    @property
    def needs_keys(self) -> bool:
        """Whether the job's keys must be known: the API takes ranges for assets only."""
        return self.job is not None and self._range is not None

    def choose(self, known: Sequence[str]) -> None:
        """Choose the range's partitions from all of the job.

        Raises:
            InvalidInputError: An end of the range is no partition, or they are in the wrong order.
        """
        places = {key: place for place, key in enumerate(known)}
        for key in self._range or ():
            if key not in places:
                raise InvalidInputError(f"job {self.job!r} has no partition {key!r}")
        first, last = (places[key] for key in self._range or ())
        if first > last:
            raise InvalidInputError(
                f"partition_range ends with {known[last]!r}, which is before {known[first]!r}"
            )
        self.keys = list(known[first : last + 1])

    def params(self, selector: PartitionSetSelector | None = None) -> LaunchBackfillParams:
        """Return the API's input.

        Args:
            selector: The job's partition set.
        """
        params: dict[str, Any] = dict(self._fields)
        if selector is not None:
            params["selector"] = selector
        elif self._range is None:
            params["assetSelection"] = self._assets
        else:
            first, last = self._range
            partitions = {"range": {"start": first, "end": last}}
            params["partitionsByAssets"] = [
                {"assetKey": key, "partitions": partitions} for key in self._assets
            ]
        if self.all_partitions:
            params["allPartitions"] = True
        elif self.keys is not None:
            params["partitionNames"] = self.keys
        return params  # type: ignore[return-value]

    def headers(self) -> dict[str, str]:
        """Return the header with the key."""
        return {KEY_HEADER: self.key}

    def lookup(self) -> RunsFilter:
        """Return the filter that finds it, and its re-executions, which inherit tags."""
        return {"tags": [{"key": BACKFILL_KEY_TAG, "value": self.key}]}

    def check(self, earlier: Backfill) -> None:
        """Refuse a key that another launch has had: its backfill would pass for this one's.

        Args:
            earlier: The backfill with this launch's key.

        Raises:
            InvalidInputError: It is one of another job, or of other assets or partitions only.
        """
        pairs = ((self._assets, earlier.asset_selection), (self.keys, earlier.partition_keys))
        differs = any(mine and its and set(mine).isdisjoint(its) for mine, its in pairs)
        if self.job is not None:
            differs = differs or earlier.job_name not in (None, self.job)
        if differs or earlier.is_asset_backfill is not (self.job is None):
            raise InvalidInputError(
                f"{self.key!r} is the key of backfill {earlier.id} already, one of something else; this launch needs a "
                "key of its own"
            )

    def unknown(self, lost: DagsterPlusError) -> LaunchUnknownError:
        """Return the error for a launch whose backfill was not found (yet)."""
        error = LaunchUnknownError(
            f"The answer to the launch of a backfill was lost ({lost.message}), and none with its key was found "
            f"within {LOOKUP_SECONDS:g} s: whether it was launched is unknown. It may still appear: look for it with "
            f'runs.feed(view="BACKFILLS", tags={{"{BACKFILL_KEY_TAG}": "{self.key}"}}) before launching again, or '
            f'launch again with idempotency_key="{self.key}", which finds such a backfill first',
            operation=lost.operation,
            request_id=lost.request_id,
        )
        error.idempotency_key = self.key
        return error


def unknown_reexecution(backfill_id: str, lost: DagsterPlusError) -> LaunchUnknownError:
    """Return the error for a re-execution whose answer was lost: the API takes no tags there."""
    return LaunchUnknownError(
        f"The answer to the re-execution of backfill {backfill_id} was lost ({lost.message}). Before you try "
        f"again, look for a new backfill with the tag {PARENT_TAG}={backfill_id}",
        operation=lost.operation,
        request_id=lost.request_id,
    )


def has_ended(backfill_id: str, status: str, *, hint: str = "") -> ConflictError:
    """Return the error for what cannot be done to a backfill that has ended."""
    return ConflictError(
        f"Backfill {backfill_id} has ended already, as {status}{hint}", code="BACKFILL_HAS_ENDED"
    )


def original(backfills: Iterable[BackfillRef]) -> BackfillRef | None:
    """Return, of the backfills that carry one key, newest first, the launched one: re-executions have a parent."""
    launched = [found for found in backfills if PARENT_TAG not in [tag.key for tag in found.tags]]
    return launched[-1] if launched else None


def asset_keys(values: Sequence[AssetKey | str]) -> list[AssetKey]:
    """Return asset keys.

    Raises:
        InvalidInputError: One text instead of a list, or none at all.
    """
    if isinstance(values, (str, AssetKey)):
        raise InvalidInputError(f"assets is a list of keys, not one: [{str(values)!r}]")
    return [AssetKey.parse(key) for key in several(values, "assets") or ()]
