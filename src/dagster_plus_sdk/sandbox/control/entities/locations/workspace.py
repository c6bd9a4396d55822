"""Code locations as open-source Dagster has them: answered here only where there is no Dagster, by what is loaded."""

from __future__ import annotations

from ...registry import Failure, kind, mutation, query, seeds
from ..organization.identity import permissions_in
from .code_locations import CHANGED, entries, entry_of, has_load_error, missing
from .document_types import display_metadata
from .location_loads import REAL, is_loading, last_load, start_load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

LOCATION = "WorkspaceLocationEntry"
STATUS = "WorkspaceLocationStatusEntry"
DEFS_STATE = "DefsStateInfoEntry"
REDEPLOY = "REDEPLOY_CODE_LOCATIONS"

kind(DEFS_STATE, private=("deployment", "location"))


def _status(context: Context, row: Row) -> Row:
    loaded = last_load(context, row)
    updated = loaded["codeLocationDataUploadTimestamp"] if loaded else row["triggered"]
    name = row["locationName"]
    return {
        "id": name,
        "name": name,
        "loadStatus": "LOADING" if is_loading(context, row) else "LOADED",
        "permissions": permissions_in(context, name),
        "updateTimestamp": updated,
        "updatedTimestamp": updated,
        "versionKey": row["version"],
    }


def _location(context: Context, row: Row) -> Row:
    return {
        "__typename": LOCATION,
        **_status(context, row),
        "definitionsSource": "CODE_SERVER",
        "defsStateInfo": _defs_state(context, row["locationName"]),
        "displayMetadata": display_metadata(row["document"]),
        "featureFlags": [],
        "locationOrLoadError": _loaded(context, row),
    }


def _loaded(context: Context, row: Row) -> Row | None:
    """Return what the last load has brought: while another one goes on, too."""
    loaded = last_load(context, row)
    if loaded is None:
        return None
    if loaded["loadStatus"] == "ERROR":
        error: Row = loaded["error"]
        return error
    name = row["locationName"]
    return {
        "__typename": "RepositoryLocation",
        "id": name,
        "name": name,
        "isReloadSupported": True,
        "repositories": [],
        "dagsterLibraryVersions": [],
    }


def _workspace(context: Context) -> Row:
    locations = [_location(context, row) for row in entries(context)]
    return {"__typename": "Workspace", "id": "Workspace", "locationEntries": locations}


def _defs_state(context: Context, location: str | None = None) -> Row | None:
    where = {} if location is None else {"location": location}
    here = context.here()["deploymentId"]
    found = context.store.list(DEFS_STATE, deployment=here, **where)
    return {"keyStateInfo": found} if found else None


@seeds("defs_state")
def plant_defs_state(
    context: Context, key: str, location: str | None = None, version: str = "1"
) -> None:
    """Write the version of a location's stored definitions, in the oldest deployment."""
    _set_version(context, key, version, location)


def _set_version(context: Context, key: str, version: str, location: str | None) -> None:
    here = context.here()["deploymentId"]
    info = {
        "version": version,
        "createTimestamp": context.now(),
        "managementType": "VERSIONED_STATE_STORAGE",
    }
    row = {"name": key, "deployment": here, "location": location, "info": info}
    context.store.put(DEFS_STATE, f"{here}/{key}", row)


@query("workspaceOrError")
def workspace_or_error(context: Context) -> Row:
    """Return all locations."""
    return _workspace(context)


@query("workspaceLocationEntryOrError")
def workspace_location_entry_or_error(context: Context, *, name: str) -> Row | None:
    """Return a location; null if there is none of this name."""
    found = entry_of(context, name)
    return _location(context, found) if found else None


@query("locationStatusesOrError")
def location_statuses_or_error(context: Context) -> list[Row]:
    """Return how far the loads are."""
    return [{"__typename": STATUS, **_status(context, row)} for row in entries(context)]


@query("latestDefsStateInfo")
def latest_defs_state_info(context: Context) -> Row | None:
    """Return the versions of stored definitions."""
    return _defs_state(context)


@mutation("reloadRepositoryLocation", needs=None, audit=CHANGED)
def reload_repository_location(context: Context, *, repository_location_name: str) -> Row:
    """Load a location anew."""
    return _location(context, start_load(context, _found(context, repository_location_name)))


@mutation("shutdownRepositoryLocation", needs=None, audit=CHANGED)
def shutdown_repository_location(context: Context, *, repository_location_name: str) -> None:
    """End a location's server: it is started, and loads, again."""
    start_load(context, _found(context, repository_location_name))


@mutation("reloadWorkspace", needs=REDEPLOY, audit=CHANGED)
def reload_workspace(context: Context) -> Row:
    """Load all locations anew."""
    for row in entries(context):
        start_load(context, row)
    return _workspace(context)


def _found(context: Context, name: str) -> Row:
    context.require(REDEPLOY, location=name)
    found = entry_of(context, name)
    if found is None:
        raise Failure("RepositoryLocationNotFound", f"Location {name} does not exist.")
    return found


@mutation("pingLocation", needs="VIEW", audit=None)
def ping_location(context: Context, *, location_name: str) -> None:
    """Reach a location's server: it does not run if the code cannot be loaded."""
    found = entry_of(context, location_name)
    # The sandbox's target has no document.
    real = context.ask(REAL, name=location_name).get("entry")
    if not (found or real):
        raise missing(location_name)
    if found and has_load_error(context, found):
        raise Failure(
            "DagsterUserCodeUnreachableError", f"The server of {location_name!r} does not run."
        )


@mutation("refreshDefsState", needs=None, audit=CHANGED)
def refresh_defs_state(context: Context, *, location_name: str) -> Row:
    """Fetch the stored definitions of a location anew, and load it with them."""
    context.require(REDEPLOY, location=location_name)
    found = entry_of(context, location_name)
    if found is None:
        raise missing(location_name)
    here = found["deployment"]
    keys = context.store.list(DEFS_STATE, deployment=here, location=location_name)
    if not keys:
        raise Failure("RefreshDefsStateError", f"{location_name!r} has no stored definitions.")
    loaded = start_load(context, found)
    for row in keys:
        _set_version(context, row["name"], loaded["version"], location_name)
    return loaded


@mutation("setLatestDefsStateVersion", needs="EDIT_CODE_LOCATIONS", audit=CHANGED)
def set_latest_defs_state_version(context: Context, *, key: str, version: str | None = None) -> Row:
    """Choose the version of stored definitions that is loaded next; none is no version."""
    here = context.here()["deploymentId"]
    found = context.store.get(DEFS_STATE, f"{here}/{key}")
    if version is None:
        context.store.delete(DEFS_STATE, f"{here}/{key}")
    else:
        _set_version(context, key, version, found["location"] if found else None)
    return {"__typename": "SetLatestDefsStateVersionMutation", "ok": True}
