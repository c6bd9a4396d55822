"""What of a backfill was not made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import BackfillFailedError
from .response import without
from .run_failure import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .._generated.models import Backfill

SUCCEEDED = "COMPLETED_SUCCESS"

#: What some servers say of a backfill that is through, whatever came of its runs.
_THROUGH = "COMPLETED"


class _Undone(NamedTuple):
    """A part of a backfill that was not made: for the message, how many partitions failed, and all that is known."""

    text: str
    failed: int
    known: dict[str, Any]


def backfill_failure(backfill: Backfill, secrets: Sequence[str] = ()) -> BackfillFailedError | None:
    """Return the error for a backfill that has ended, and not with success; None for success.

    Args:
        backfill: As it ended.
        secrets: What must not be shown: code may write the token that it was given.
    """
    undone = [*_assets(backfill), *_runs(backfill)]
    failed = sum(part.failed for part in undone)
    if backfill.status == SUCCEEDED or (backfill.status == _THROUGH and not failed):
        return None
    error = BackfillFailedError(
        f"Backfill {backfill.id} ended with {backfill.status}{without(secrets, _why(backfill, undone))}",
        stack=[without(secrets, line) for line in backfill.error.stack] if backfill.error else (),
        errors=[part.known for part in undone],
    )
    error.backfill, error.backfill_id, error.failed = backfill, backfill.id, failed
    error.status = str(backfill.status.value)
    return error


def _why(backfill: Backfill, undone: Sequence[_Undone]) -> str:
    if backfill.error:
        return f": {shortened(backfill.error.message)}"
    said = [part.text for part in undone if part.failed] or [part.text for part in undone]
    more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
    return f": {said[0]}{more}" if said else ""


def _assets(backfill: Backfill) -> Iterator[_Undone]:
    from .._generated.models.backfill_asset_status import (
        AssetPartitionsStatusCounts,
        UnpartitionedAssetStatus,
    )

    for status in backfill.assets.statuses if backfill.assets else ():
        if isinstance(status, AssetPartitionsStatusCounts):
            targeted, made, failed = status.targeted, status.materialized, status.failed
        elif isinstance(status, UnpartitionedAssetStatus):
            targeted, made, failed = 1, int(status.is_materialized), int(status.is_failed)
        else:
            continue
        if made < targeted:
            of = "failed" if failed else "were not made"
            yield _Undone(
                f"{status.asset_key}: {failed or targeted - made} of {targeted} partitions {of}",
                failed,
                {
                    "asset_key": str(status.asset_key),
                    "targeted": targeted,
                    "materialized": made,
                    "failed": failed,
                },
            )


def _runs(backfill: Backfill) -> Iterator[_Undone]:
    total = sum(count.count for count in backfill.run_counts)
    for count in backfill.run_counts:
        status = str(count.run_status.value)
        if status != "SUCCESS" and count.count:
            yield _Undone(
                f"{count.count} of {total} partitions are {status}",
                count.count if status == "FAILURE" else 0,
                {"run_status": status, "count": count.count},
            )
