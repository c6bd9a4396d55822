"""Code locations as documents: what agents load."""

from __future__ import annotations

from ...config_types import schema_of
from ...deploying import named_or_here
from ...registry import Failure, kind, mutation, query, seeds, switch
from .document_types import (
    LOCATION,
    LOCATIONS,
    NAME,
    document_of,
    location_problems,
    metadata_text,
)
from .location_loads import ENTRY, SECONDS, forget_unfinished, is_loading, last_load, start_load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ...context import Context
    from ...store import Row

EDIT = "EDIT_CODE_LOCATIONS"
#: How many locations a deployment of the demo organization's plan has.
LIMIT = 50
ADDED = "CREATE_CODE_LOCATION"
CHANGED = "UPDATE_CODE_LOCATION"

EXISTING = switch(
    "existing_location_addition",
    "error",
    "replace",
    about="What addLocation does if there is a code location of this name: InvalidLocationError, or an update.",
)
MISSING = switch(
    "missing_location_update",
    "error",
    "create",
    about="What updateLocation does if there is no such code location: PythonError, or it is added.",
)
DELETED = switch(
    "missing_location_deletion",
    "error",
    "success",
    about="What deleteLocation answers if there is no such code location: PythonError, or its name.",
)
DEPLOYS = switch(
    "location_deployment",
    "keeps_others",
    "deletes_others",
    about="Whether deployLocations deletes the code locations that its document lacks.",
)
QUEUES = switch(
    "unknown_agent_queue",
    "accepted",
    "refused",
    about="Whether a code location can name a queue that no location had before: else InvalidLocationError.",
)


def _uploaded(context: Context, row: Row) -> float | None:
    found = last_load(context, row)
    return found["codeLocationDataUploadTimestamp"] if found else None


def has_load_error(context: Context, row: Row) -> bool:
    """Tell whether the last load of a location failed."""
    found = last_load(context, row)
    return found is not None and found["loadStatus"] == "ERROR"


kind(
    ENTRY,
    private=("id", "deployment", "document", "created", "triggered", "version"),
    sealed=("document",),
    canEditCodeLocationPermissions=lambda context, _: context.allows("EDIT_DEPLOYMENT_PERMISSIONS"),
    dataUpdatedTimestamp=_uploaded,
    hasLoadError=has_load_error,
    hasOutdatedData=is_loading,
    serializedDeploymentMetadata=lambda _, row: metadata_text(row["document"]),
)


def entries(context: Context) -> list[Row]:
    """Return the locations of the deployment that was asked."""
    return context.store.list(ENTRY, deployment=context.here()["deploymentId"])


def entry_of(context: Context, name: str) -> Row | None:
    """Return a location of the deployment that was asked."""
    return context.store.get(ENTRY, _id(context.here(), name))


def missing(name: str) -> Failure:
    """Return the error for a location that is not there."""
    return Failure("CodeLocationNotFoundError", f"There is no code location {name!r}.")


def _id(deployment: Row, name: str) -> str:
    return f"{deployment['deploymentId']}/{name}"


def _check(context: Context, documents: Sequence[Any]) -> None:
    """Refuse what the caller may not, and what no agent could load."""
    given = [document.get(NAME) if isinstance(document, dict) else None for document in documents]
    names = [name if isinstance(name, str) else None for name in given]
    for name in names or [None]:
        context.require(EDIT, location=name)
    wrong = [problem for document in documents for problem in location_problems(document)]
    twice = {name for name in names if name is not None and names.count(name) > 1}
    wrong += [f"Duplicate location name {name!r}." for name in sorted(twice)]
    if not wrong and context.switch(QUEUES) == "refused":
        known = {row["document"].get("agent_queue") for row in entries(context)}
        queues = [document.get("agent_queue") for document in documents]
        wrong = [
            f"There is no agent queue {name!r}." for name in queues if name not in {None, *known}
        ]
    if wrong:
        raise Failure("InvalidLocationError", "Invalid location config: " + wrong[0], errors=wrong)


def _save(context: Context, document: Row, *, ago: float = 0) -> Row:
    """Write a location and load it."""
    here = context.here()
    name = document[NAME]
    found = context.store.get(ENTRY, _id(here, name))
    if found is None and len(entries(context)) >= LIMIT:
        raise Failure("CodeLocationLimitError", f"The plan has {LIMIT} code locations.")
    changed = context.now() - ago
    row = {
        "id": _id(here, name),
        "deployment": here["deploymentId"],
        "locationName": name,
        "document": document,
        "created": found["created"] if found else changed,
        "metadataTimestamp": changed,
    }
    return start_load(context, row, ago=ago)


def _delete(context: Context, row: Row) -> None:
    forget_unfinished(context, row)
    context.store.delete(ENTRY, row["id"])


@seeds("code_locations")
def plant_location(
    context: Context, location_name: str, deployment: str | None = None, **document: Any
) -> None:
    """Write a location that has loaded, as its document says it; in the oldest deployment, unless another is named."""
    context.deployment = named_or_here(context, deployment)["deploymentName"]
    whole = {NAME: location_name, **document}
    if wrong := location_problems(whole):
        raise Failure("InvalidLocationError", wrong[0])
    _save(context, whole, ago=SECONDS)


@query("workspace")
def workspace(context: Context) -> Row:
    """Return the locations, loaded or not."""
    return {"__typename": "WorkspaceQuery", "workspaceEntries": entries(context)}


@query("locationsAsDocument")
def locations_as_document(context: Context) -> Row:
    """Return all locations' documents."""
    return {"document": {"locations": [row["document"] for row in entries(context)]}}


@query("locationSchema")
def location_schema(_context: Context) -> Row:
    """Return what the document of one location may have."""
    return schema_of(LOCATION)


@query("workspaceSchema")
def workspace_schema(_context: Context) -> Row:
    """Return what the document of all locations may have."""
    return schema_of(LOCATIONS)


@mutation("addLocationFromDocument", needs=None, audit=ADDED)
def add_location_from_document(context: Context, *, document: Any) -> Row:
    """Add a location."""
    _check(context, [document])
    name = document[NAME]
    if entry_of(context, name) and context.switch(EXISTING) == "error":
        wrong = f"There is a code location {name!r} already."
        raise Failure("InvalidLocationError", wrong, errors=[wrong])
    return _save(context, document)


@mutation("addLocation", needs=None, audit=ADDED)
def add_location(context: Context, *, location: Row) -> Row:
    """Add a location."""
    return add_location_from_document(context, document=document_of(location))


@mutation("addOrUpdateLocationFromDocument", needs=None, audit=CHANGED)
def add_or_update_location_from_document(context: Context, *, document: Any) -> Row:
    """Add a location, or replace it."""
    _check(context, [document])
    return _save(context, document)


@mutation("addOrUpdateLocation", needs=None, audit=CHANGED)
def add_or_update_location(context: Context, *, location: Row) -> Row:
    """Add a location, or replace it."""
    return add_or_update_location_from_document(context, document=document_of(location))


@mutation("updateLocationFromDocument", needs=None, audit=CHANGED)
def update_location_from_document(context: Context, *, document: Any) -> Row:
    """Replace a location."""
    _check(context, [document])
    name = document[NAME]
    if entry_of(context, name) is None and context.switch(MISSING) == "error":
        raise missing(name)
    return _save(context, document)


@mutation("updateLocation", needs=None, audit=CHANGED)
def update_location(context: Context, *, location: Row) -> Row:
    """Replace a location."""
    return update_location_from_document(context, document=document_of(location))


@mutation("deleteLocation", needs=None, audit="DELETE_CODE_LOCATION")
def delete_location(context: Context, *, location_name: str) -> None:
    """Delete a location; its history stays."""
    context.require(EDIT, location=location_name)
    found = entry_of(context, location_name)
    if found is not None:
        _delete(context, found)
    elif context.switch(DELETED) == "error":
        raise missing(location_name)


@mutation("reconcileLocationsFromDocument", needs=None, audit=CHANGED)
def reconcile_locations_from_document(context: Context, *, document: Any) -> list[Row]:
    """Make the locations what a document says: what has changed is loaded, what it lacks is deleted."""
    return _reconcile(context, _listed(document))


@mutation("reconcileLocations", needs=None, audit=CHANGED)
def reconcile_locations(context: Context, *, locations: list[Row | None]) -> list[Row]:
    """Make the locations what a list says."""
    return _reconcile(context, [document_of(location) for location in locations if location])


@mutation("deployLocations", needs=None, audit=CHANGED)
def deploy_locations(context: Context, *, document: Any) -> list[Row]:
    """Add or replace the locations of a document."""
    documents = _listed(document)
    _check(context, documents)
    deployed = [_save(context, one) for one in documents]
    if context.switch(DEPLOYS) == "deletes_others":
        _delete_others(context, {row["locationName"] for row in deployed})
    return deployed


def _listed(document: Any) -> list[Any]:
    """Return the documents in one of all locations."""
    found = document.get("locations") if isinstance(document, dict) else None
    if not isinstance(found, list):
        wrong = "The document must have a list of 'locations'."
        raise Failure("InvalidLocationError", wrong, errors=[wrong])
    return found


def _reconcile(context: Context, documents: list[Any]) -> list[Row]:
    _check(context, documents)
    _delete_others(context, {document[NAME] for document in documents})
    for document in documents:
        found = entry_of(context, document[NAME])
        if found is None or found["document"] != document:
            _save(context, document)
    return entries(context)


def _delete_others(context: Context, names: set[str]) -> None:
    for row in entries(context):
        if row["locationName"] not in names:
            context.require(EDIT, location=row["locationName"])
            _delete(context, row)
