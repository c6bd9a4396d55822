"""Connections to warehouses. Their configurations are checked; no warehouse is asked for anything."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from ...callers import USER
from ...context import uuid_id
from ...registry import Failure, kind, mutation, query, seeds, switch
from .connection_configs import SHAPES, problems
from .connection_syncs import EDIT, forget_syncs, has_succeeded, start_sync, syncs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...context import Context
    from ...store import Row

CONNECTION = "ExternalAssetConnection"
CRON = re.compile(r"@\w+|[-\d*/,A-Za-z#?]+( [-\d*/,A-Za-z#?]+){4}")
#: The types whose changes can be detected.
DETECTS = ("BIGQUERY", "DATABRICKS", "SNOWFLAKE")
SCOPE = switch(
    "connection_scope",
    "organization",
    "deployment",
    about="Whose external asset connections are: every deployment shows them all, or each its own.",
)
NAMES = switch(
    "connection_names",
    "unique",
    "free",
    about="Whether two external asset connections can have one name.",
)


def _detection(context: Context, row: Row) -> Row:
    return {
        **row["detection"],
        "isSupported": row["connectionType"] in DETECTS,
        "isInitialized": row["detection"]["cronString"] is not None,
        "hasSuccessfulSync": has_succeeded(context, row["id"]),
    }


kind(
    CONNECTION,
    private=("deployment", "email", "detection"),
    sealed=("sourceConfigYaml",),
    createdBy=lambda context, row: context.store.find(USER, email=row["email"]),
    changeDetection=_detection,
    syncs=syncs,
)


def _need(context: Context, identifier: str) -> Row:
    error = "ExternalAssetConnectionNotFound"
    return context.need(CONNECTION, identifier, error, "connection", **context.scope(SCOPE))


def _put(context: Context, row: Row) -> Row:
    return context.store.put(CONNECTION, row["id"], row)


def _check_times(cron: str | None, timezone: str | None) -> None:
    if cron is not None and not CRON.fullmatch(cron):
        raise Failure("InvalidCronString", f"{cron!r} is no cron schedule.")
    if timezone is not None:
        try:
            ZoneInfo(timezone)
        except (KeyError, OSError, ValueError):
            raise Failure("InvalidTimezone", f"{timezone!r} is no timezone.") from None


def _checked(context: Context, row: Row) -> Row:
    """Return a connection that can be.

    Raises:
        Failure: Its name is taken, or its configuration or schedule cannot be.
    """
    found = context.store.find(CONNECTION, name=row["name"], **context.scope(SCOPE))
    if found and found["id"] != row["id"] and context.switch(NAMES) == "unique":
        raise Failure("DuplicateConnectionName", f"There is a connection {row['name']!r} already.")
    wrong = next(problems(context, row["connectionType"], row["sourceConfigYaml"]), None)
    if wrong is not None:
        raise Failure("InvalidConnectionConfig", wrong["message"])
    _check_times(row["cronString"], row["timezone"])
    return row


@query("externalAssetConnections")
def connections(context: Context) -> list[Row]:
    """Return all of them."""
    return context.store.list(CONNECTION, **context.scope(SCOPE))


@query("externalAssetConnection")
def connection(context: Context, *, id: str) -> Row | None:  # noqa: A002 - the schema's word
    """Return one by its id."""
    return context.store.find(CONNECTION, id=id, **context.scope(SCOPE))


@mutation("createExternalAssetConnection", needs=EDIT, audit=None)
def create(context: Context, *, connection_type: str, connection_params: Row) -> Row:
    """Connect a warehouse; one with a schedule runs by it at once."""
    cron = connection_params.get("cronString")
    row = {
        "id": uuid_id(),
        "deployment": context.scope(SCOPE).get("deployment"),
        "email": context.caller.email,
        "connectionType": connection_type,
        "name": connection_params["name"],
        "description": connection_params.get("description") or "",
        "sourceConfigYaml": connection_params.get("sourceConfigYaml") or "",
        "cronString": cron,
        "timezone": connection_params.get("timezone"),
        "scheduleStatus": "RUNNING" if cron else "STOPPED",
        "detection": {"cronString": None, "timezone": None},
    }
    return _put(context, _checked(context, row))


@mutation("updateExternalAssetConnection", needs=EDIT, audit=None)
def update(context: Context, *, id: str, connection_params: Row) -> Row:  # noqa: A002 - its word
    """Change what is given of a connection."""
    row = _need(context, id)
    given = {name: value for name, value in connection_params.items() if value is not None}
    return _put(context, _checked(context, {**row, **given}))


@mutation("deleteExternalAssetConnection", needs=EDIT, audit=None)
def delete(context: Context, *, id: str) -> None:  # noqa: A002 - the schema's word
    """Delete a connection with its synchronizations."""
    _need(context, id)
    forget_syncs(context, id)
    context.store.delete(CONNECTION, id)


@mutation("toggleExternalAssetConnectionSchedule", needs=EDIT, audit=None)
def toggle(context: Context, *, id: str, new_status: str) -> Row:  # noqa: A002 - its word
    """Start or stop a schedule. Nothing runs by it in the sandbox."""
    row = _need(context, id)
    if new_status == "RUNNING" and not row["cronString"]:
        raise Failure("NoSchedule", f"The connection {row['name']!r} has no schedule.")
    return _put(context, {**row, "scheduleStatus": new_status})


@mutation("updateExternalAssetConnectionChangeDetectionSchedule", needs=EDIT, audit=None)
def update_detection(
    context: Context,
    *,
    id: str,  # noqa: A002 - the schema's word
    cron_string: str | None = None,
    timezone: str | None = None,
) -> Row:
    """Say when changes are looked for; without a schedule, never."""
    row = _need(context, id)
    if cron_string is not None and row["connectionType"] not in DETECTS:
        text = f"Changes of {row['connectionType']} cannot be detected."
        raise Failure("ChangeDetectionNotSupported", text)
    _check_times(cron_string, timezone)
    return _put(context, {**row, "detection": {"cronString": cron_string, "timezone": timezone}})


@mutation("triggerManualExternalAssetConnectionSync", needs=EDIT, audit=None)
def trigger(context: Context, *, connection_id: str) -> Row:
    """Synchronize now."""
    return start_sync(context, _need(context, connection_id))


@seeds("connections")
def plant_connection(
    context: Context,
    type: str,  # noqa: A002 - the word
    name: str,
    config: Row,
    description: str = "",
    cron: str | None = None,
    timezone: str | None = None,
) -> None:
    """Write a connection; its configuration is a mapping."""
    import yaml

    if type.upper() not in SHAPES:
        raise Failure("InvalidConnectionType", f"a connection is one of {', '.join(SHAPES)}")
    fields = {
        "name": name,
        "description": description,
        "sourceConfigYaml": yaml.safe_dump(config, sort_keys=False),
        "cronString": cron,
        "timezone": timezone,
    }
    create(context, connection_type=type.upper(), connection_params=fields)
