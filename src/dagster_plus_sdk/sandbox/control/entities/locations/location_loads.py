"""Loads of code locations: each change and each reload is one, which takes some seconds of the sandbox's clock."""

from __future__ import annotations

from ...context import hex_id
from ...registry import kind, query, switch
from .document_types import broken_part, display_metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

ENTRY = "WorkspaceEntry"
LOAD = "CodeLocationLoadHistoryEntry"
#: How long a load takes.
SECONDS = 3.0
#: The most that one page of the history has.
PAGE = 1000

#: How long the real Dagster may take to load a location, before it is taken for one that it cannot load.
REALLY_WITHIN = 120.0
#: The setting with the versions of the locations that the real Dagster has loaded.
REALLY_LOADED = "really_loaded"
REAL = """query ($name: String!) { entry: workspaceLocationEntryOrError(name: $name) { ... on WorkspaceLocationEntry {
  locationOrLoadError { __typename ... on PythonError { message className stack } } } } }"""

LOADS = switch(
    "code_location_loads",
    "finish",
    "hang",
    about="Whether an agent loads the code locations that change; without one they would stay LOADING.",
)

kind(LOAD, private=("id", "deployment"), sealed=("configDocument",))


def start_load(context: Context, entry: Row, *, ago: float = 0) -> Row:
    """Load a location anew, in the place of a load that has not ended yet; return its row.

    Args:
        context: Where and when.
        entry: The location.
        ago: How many seconds ago it began.
    """
    store = context.store
    before = store.get(ENTRY, entry["id"])
    if ended := before and last_load(context, before):
        # From now on, the real Dagster tells of the new load.
        store.put(LOAD, ended["id"], ended)
    forget_unfinished(context, entry)
    started = context.now() - ago
    entry = {**entry, "triggered": started, "version": hex_id()}
    if context.switch(LOADS) == "finish":
        document = entry["document"]
        broken = broken_part(document)
        load = {
            "id": hex_id(),
            "deployment": entry["deployment"],
            "locationName": entry["locationName"],
            "codeLocationUpdateTriggerTimestamp": started,
            "codeLocationDataUploadTimestamp": started + SECONDS,
            "configDocument": document,
            "displayMetadata": display_metadata(document),
            "loadStatus": "ERROR" if broken else "LOADED",
            "error": broken and load_error(broken),
            "diffSummary": None,
        }
        store.put(LOAD, load["id"], load)
    return store.put(ENTRY, entry["id"], entry)


def load_error(broken: str) -> Row:
    """Return the error of a load that cannot be."""
    return {
        "__typename": "PythonError",
        "className": "DagsterUserCodeLoadError",
        "message": f"The code in {broken!r} cannot be loaded: the sandbox takes it for broken.",
        "stack": [],
    }


def is_on_this_machine(document: Row | None) -> bool:
    """Tell whether a real Dagster behind the sandbox can load the code: it is in no image and in no PEX file.

    What was sealed with another sandbox's token is None.
    """
    if document is None:
        return False
    return not document.get("image") and not document.get("pex_metadata")


def real_load(context: Context, entry: Row) -> Row | None:
    """Return the error, if any, with which the real Dagster has loaded a location; None if it has not yet."""
    if not (context.has_dagster and is_on_this_machine(entry["document"])):
        return None
    if entry["version"] not in context.store.setting(REALLY_LOADED, []):
        return None
    found = context.ask(REAL, name=entry["locationName"]).get("entry") or {}
    loaded = found.get("locationOrLoadError")
    if not loaded:
        return None
    return {"error": loaded if loaded["__typename"] == "PythonError" else None}


def loads(context: Context, entry: Row, limit: int, before: object = None) -> list[Row]:
    """Return the loads of a location that have ended, the newest first."""
    now = context.now()
    return context.store.newest(
        LOAD,
        limit,
        before=before,
        keep=lambda load: load["codeLocationDataUploadTimestamp"] <= now,
        deployment=entry["deployment"],
        locationName=entry["locationName"],
    )


def last_load(context: Context, entry: Row) -> Row | None:
    """Return the last load of a location; None if none has ended since it was added."""
    found = next(iter(loads(context, entry, 1)), None)
    is_own = found and found["codeLocationUpdateTriggerTimestamp"] >= entry["created"]
    return _as_really_loaded(context, entry, found) if found and is_own else None


def _as_really_loaded(context: Context, entry: Row, load: Row) -> Row:
    """Return the newest load of a location as the real Dagster sees it."""
    is_newest = load["codeLocationUpdateTriggerTimestamp"] >= entry["triggered"]
    real = real_load(context, entry) if is_newest else None
    if real is None:
        return load
    error = real["error"]
    return {**load, "loadStatus": "ERROR" if error else "LOADED", "error": error}


def is_loading(context: Context, entry: Row) -> bool:
    """Tell whether what is known of a location is older than its document."""
    found = last_load(context, entry)
    if found is None or found["codeLocationUpdateTriggerTimestamp"] < entry["triggered"]:
        return True
    is_real = context.has_dagster and is_on_this_machine(entry["document"])
    is_recent = context.now() - entry["triggered"] < REALLY_WITHIN
    return is_real and is_recent and real_load(context, entry) is None


def forget_unfinished(context: Context, entry: Row) -> None:
    """Forget the load that has not ended: it never will."""
    now = context.now()
    for load in context.store.newest(
        LOAD,
        1,
        keep=lambda load: load["codeLocationDataUploadTimestamp"] > now,
        deployment=entry["deployment"],
        locationName=entry["locationName"],
    ):
        context.store.delete(LOAD, load["id"])


@query("locationLoadHistory")
def location_load_history(
    context: Context, *, limit: int, location_name: str, cursor: str | None = None
) -> list[Row]:
    """Return a location's loads; those of one that was deleted are kept."""
    here = context.here()["deploymentId"]
    entry = {"deployment": here, "locationName": location_name}
    found = loads(context, entry, max(0, min(limit, PAGE)), cursor)
    there = context.store.find(ENTRY, **entry)
    return [_as_really_loaded(context, there, load) for load in found] if there else found
