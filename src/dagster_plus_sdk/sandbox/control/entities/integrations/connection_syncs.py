"""Synchronizations of connections to warehouses: each goes on with the sandbox's clock, and nothing is asked anywhere."""

from __future__ import annotations

from ...context import uuid_id
from ...registry import kind, mutation, query
from .connection_configs import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

SYNC = "ExternalAssetConnectionSync"
EDIT = "EDIT_EXTERNAL_ASSET_CONNECTIONS"
#: How many seconds it waits, and then takes.
WAITS = 2.0
TAKES = 10.0
#: Who writes the log.
LOGGER = "sandbox.connections"
#: Names under this domain are nobody's (RFC 2606): a synchronization with such a host fails.
NOBODY = ".invalid"


def _start(row: Row) -> float:
    begin: float = row["createTimestamp"] + WAITS
    return begin


def _end(row: Row) -> float:
    return _start(row) + TAKES


def status(context: Context, row: Row) -> str:
    """Return how far a synchronization is."""
    now = context.now()
    if now < _start(row):
        return "PENDING"
    if now < _end(row):
        return "STARTED"
    return "FAILED" if row["unreachable"] else "SUCCEEDED"


def _error(context: Context, row: Row) -> Row | None:
    if status(context, row) != "FAILED":
        return None
    return {"message": _no_answer(row), "className": "ConnectionError", "stack": []}


def _no_answer(row: Row) -> str:
    return f"{row['unreachable']} does not answer."


def _logs(
    context: Context, row: Row, *, cursor: str | None = None, limit: int | None = None
) -> Row:
    lines = [
        (row["createTimestamp"], "INFO", f"{row['by']} asked for a synchronization."),
        (_start(row), "INFO", "Connecting."),
        (_end(row), "ERROR", _no_answer(row))
        if row["unreachable"]
        else (_end(row), "INFO", "Found no tables: the sandbox asks no warehouse."),
    ]
    entries = [
        {"sequence": number, "timestamp": at, "level": level, "logger": LOGGER, "message": text}
        for number, (at, level, text) in enumerate(lines, 1)
        if at <= context.now()
    ]
    seen = int(cursor) if cursor and cursor.isdecimal() else 0
    page = entries[seen:] if limit is None else entries[seen : seen + max(limit, 0)]
    return {"cursor": str(page[-1]["sequence"]) if page else cursor, "logs": page}


kind(
    SYNC,
    private=("connection", "unreachable", "by"),
    status=status,
    startTimestamp=lambda context, row: _start(row) if _start(row) <= context.now() else None,
    endTimestamp=lambda context, row: _end(row) if _end(row) <= context.now() else None,
    error=_error,
    logs=_logs,
)


def start_sync(context: Context, connection: Row) -> Row:
    """Write a synchronization that begins now."""
    config = read(connection["sourceConfigYaml"]) or {}
    hosts = [value for value in config.values() if isinstance(value, str)]
    row = {
        "id": uuid_id(),
        "connection": connection["id"],
        "createTimestamp": context.now(),
        "scheduleTimestamp": None,
        "unreachable": next((host for host in hosts if host.endswith(NOBODY)), None),
        "by": context.caller.name,
    }
    return context.store.put(SYNC, row["id"], row)


def syncs(context: Context, row: Row, *, limit: int, cursor: str | None = None) -> list[Row]:
    """Return a connection's synchronizations, the newest first."""
    return context.store.newest(SYNC, limit, before=cursor, connection=row["id"])


def forget_syncs(context: Context, connection_id: str) -> None:
    """Delete a connection's synchronizations."""
    context.store.delete_all(SYNC, connection=connection_id)


def has_succeeded(context: Context, connection_id: str) -> bool:
    """Tell whether one of a connection's synchronizations has succeeded."""
    rows = context.store.list(SYNC, connection=connection_id)
    return any(status(context, row) == "SUCCEEDED" for row in rows)


@query("externalAssetConnectionSync")
def sync(context: Context, *, id: str) -> Row | None:  # noqa: A002 - the schema's word
    """Return one synchronization."""
    return context.store.get(SYNC, id)


@mutation("deleteExternalAssetConnectionSync", needs=EDIT, audit=None)
def delete_sync(context: Context, *, id: str) -> None:  # noqa: A002 - the schema's word
    """Forget a synchronization."""
    context.need(SYNC, id, "ExternalAssetConnectionSyncNotFound", "sync")
    context.store.delete(SYNC, id)
