"""What changed in the definitions of assets from load to load. No Dagster keeps this: it is what seeds say."""

from __future__ import annotations

from ...context import hex_id
from ...registry import Failure, kind, query, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...context import Context
    from ...store import Row

TYPE = "AssetDiffHistoryEntry"
#: What a seed can say of a change, by the field that it becomes.
VALUES = {"code_version": "codeVersion", "partitions_definition": "partitionsDefinition"}
KEYS = {"dependencies": "dependencies", "metadata": "metadata", "tags": "tags"}
WHOLE = ("new", "removed")

kind(TYPE, private=("id", "deployment"))


@seeds("asset_changes")
def plant_asset_change(
    context: Context,
    asset: str,
    location: str,
    changes: dict[str, Any] | str = "new",
    commit: str | None = None,
    previous_commit: str | None = None,
    ago: float = 0,
) -> None:
    """Write a change of an asset in the oldest deployment.

    Args:
        context: Where.
        asset: Its key, with slashes.
        location: The code location that was loaded.
        changes: ``new``, ``removed``, or what changed: ``{code_version: [old, new], tags: [changed keys]}``.
        commit: The commit that was loaded.
        previous_commit: The one before.
        ago: How many seconds ago it was loaded.
    """
    entry = {
        "id": hex_id(),
        "deployment": context.here()["deploymentId"],
        "assetKey": {"path": asset.split("/")},
        "locationName": location,
        "codeLocationDataUploadTimestamp": round(context.now() - ago, 6),
        "gitCommitHash": commit,
        "lastLoadGitCommitHash": previous_commit,
        "diffSinceLastLoad": _diff(changes),
    }
    context.store.put(TYPE, entry["id"], entry)


def _diff(changes: dict[str, Any] | str) -> Row:
    if isinstance(changes, str):
        if changes not in WHOLE:
            raise Failure("InvalidChange", f"a change can be new or removed, and not {changes!r}")
        return {"changeTypes": [changes.upper()], "changeDiff": None}
    details: Row = {}
    for name, change in changes.items():
        if name in VALUES and isinstance(change, list) and len(change) == 2:  # noqa: PLR2004
            details[VALUES[name]] = dict(zip(("old", "new"), change, strict=True))
        elif name in KEYS and isinstance(change, list):
            details[KEYS[name]] = {"addedKeys": [], "changedKeys": change, "removedKeys": []}
        else:
            raise Failure("InvalidChange", f"nothing of an asset changes like {name}: {change!r}")
    return {"changeTypes": [name.upper() for name in changes], "changeDiff": details}


@query("assetDiffHistory")
def asset_diff_history(
    context: Context, *, asset_key: Row, limit: int, cursor: str | None = None
) -> list[Row]:
    """Return the changes of an asset, the newest first; the cursor is the time of the last one that was returned."""
    try:
        before = float(cursor) if cursor else float("inf")
    except ValueError:
        raise Failure("InvalidCursor", f"{cursor!r} is no time") from None
    found = context.store.list(TYPE, deployment=context.here()["deploymentId"], assetKey=asset_key)
    found.sort(key=lambda row: -row["codeLocationDataUploadTimestamp"])
    older = [row for row in found if row["codeLocationDataUploadTimestamp"] < before]
    return older[: max(0, limit)]
