"""``discover``: what the deployment has, in one request."""

from __future__ import annotations

from .connect import connect
from .invoke import arguments_of
from .printing.output import emit_whole, format_of, table, tell, tell_left_out, write
from .printing.text import chosen, data_of, pick
from .printing.whole import show_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .. import AssetDefinitionSummary, CodeLocation, Discovery, JobSummary, RepositoryRef
    from .printing.columns import Column
    from .state import State

#: What ``--filter`` takes for each list of a result, its heading, and its columns; those behind the bar are for ``--verbose``.
_KINDS = {
    "locations": ("locations", "Code locations", "NAME STATUS | UPDATED_AT ERROR"),
    "repositories": ("repos", "Repositories", "NAME LOCATION"),
    "jobs": ("jobs", "Jobs", "NAME LOCATION REPOSITORY | TAGS DESCRIPTION"),
    "assets": ("assets", "Assets", "NAME LOCATION REPOSITORY | GROUP KINDS TAGS DESCRIPTION"),
}
#: Those of rows, which are the same for all kinds.
_COLUMNS = "KIND NAME LOCATION REPOSITORY | GROUP STATUS TAGS DESCRIPTION ERROR"

ALL = "all"
#: What can be asked of every kind.
_FOR_ALL = {"filter", "pattern"}


def show(state: State, entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print what there is: sections on a terminal, rows in a pipe, one object as JSON."""
    _, named = arguments_of(entry, values)
    verbose = named.pop("verbose", False)
    with connect(state, "AssetDefinitionSummary") as client:
        found = client.discover(**named)
    records = {name: list(map(record_of, getattr(found, name))) for name in _KINDS}
    # Where something is asked that only some kinds have, it means nothing that there are none of the others.
    meant = [
        name
        for name, (word, *_) in _KINDS.items()
        if records[name] or (named["filter"] in (word, ALL) and named.keys() <= _FOR_ALL)
    ]
    _print(state, records, meant, verbose=verbose)
    _tell_unavailable(found)


def _print(
    state: State, records: dict[str, list[dict[str, Any]]], meant: Sequence[str], *, verbose: bool
) -> None:
    name = format_of(state, of_list=True)
    if name in ("json", "yaml"):
        lists = {k: [chosen(r, state.fields) for r in rows] for k, rows in records.items()}
        emit_whole(state, lists)
    elif name == "table" and meant and not state.fields:
        left_out: list[str] = []
        sections = (_section(kind, records[kind], left_out, verbose=verbose) for kind in meant)
        write("\n\n".join(sections))
        tell_left_out(left_out)
    else:
        rows = [row for kind in meant for row in records[kind]]
        show_whole(state, rows, _columns(_COLUMNS, verbose=verbose))


def record_of(
    thing: CodeLocation | RepositoryRef | JobSummary | AssetDefinitionSummary,
) -> dict[str, Any]:
    """Return what is printed of a thing: of each kind the same names for the same."""
    data: dict[str, Any] = data_of(thing)
    if "load_status" in data:
        error = pick(data, "location_or_load_error.message")
        status = "FAILED" if error else data["load_status"]
        shown = {k: data[k] for k in ("updated_at", "metadata")}
        return {"kind": "location", "name": data["name"], "status": status, "error": error, **shown}
    if "location" in data:
        place = data["location"]["name"]
        return {"kind": "repository", "name": data["name"], "location": place}
    home = data.pop("repository")
    is_job = "is_asset_job" in data
    return {
        "kind": "job" if is_job else "asset",
        "name": data.pop("name" if is_job else "key"),
        "location": home["location"]["name"],
        "repository": home["name"],
        **({} if is_job else {"group": data.pop("group_name")}),
        **data,
    }


def _columns(text: str, *, verbose: bool) -> list[Column]:
    names = text.replace("|", "") if verbose else text.partition("|")[0]
    return [(name.replace("_", " "), name.lower()) for name in names.split()]


def _section(
    kind: str, records: Sequence[dict[str, Any]], left_out: list[str], *, verbose: bool
) -> str:
    _, title, columns = _KINDS[kind]
    head = f"{title}: {len(records)}"
    if not records:
        return head
    return f"{head}\n{table(records, _columns(columns, verbose=verbose), left_out)}"


def _tell_unavailable(found: Discovery) -> None:
    """Say whose definitions are missing: the lists do not."""
    for location in found.unavailable:
        error = getattr(location.location_or_load_error, "message", None)
        why = f"failed to load: {' '.join(error.split())}" if error else "has not loaded yet"
        tell(f"dplus: code location {location.name!r} {why}")
