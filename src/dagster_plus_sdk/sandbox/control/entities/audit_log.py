"""The audit log's reading; its entries are written by the engine."""

from __future__ import annotations

from ..audit import ENTRY
from ..registry import ServerFault, kind, query, switch
from .organization.feature_gates import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..context import Context
    from ..store import Row

LOG = "AuditLogQuery"
NEEDS = "READ_AUDIT_LOG"
#: How many entries a page can have.
MAX_PAGE = 100
#: What filters compare, by the name of the list in them.
LISTS = {
    "eventTypes": "eventType",
    "userEmails": "authorUserEmail",
    "deploymentNames": "deploymentName",
}

GATE = "ENABLE_AUDIT_LOG_ACCESS"

NONE = switch(
    "no_audit_log",
    "disabled",
    "null",
    about="What auditLog answers where there is none, or the caller may not read it: enabled false, or null.",
)
BOUNDS = switch(
    "audit_bounds",
    "inclusive",
    "exclusive",
    about="Whether afterDatetime and beforeDatetime include an entry of that very time.",
)


def _is_readable(context: Context) -> bool:
    return bool(gate(context, GATE)) and context.allows(NEEDS)


@query("auditLog", needs=None)
def audit_log(context: Context) -> Row | None:
    """Return the log; all of it is computed."""
    if not _is_readable(context) and context.switch(NONE) == "null":
        return None
    return {"__typename": LOG}


def _entries(
    context: Context,
    _row: Row,
    limit: int | None = None,
    cursor: str | None = None,
    filters: dict[str, Any] | None = None,
) -> list[Row] | None:
    """Return a page, newest first."""
    if not _is_readable(context):
        return None
    wanted = {key: value for key, value in (filters or {}).items() if value is not None}
    bounds = (wanted.get("afterDatetime"), wanted.get("beforeDatetime"))
    if bounds == (None, None):
        # As Dagster+ does: it never looks through the whole log.
        raise ServerFault
    size = MAX_PAGE if limit is None else min(limit, MAX_PAGE)
    return context.store.newest(
        ENTRY,
        max(size, 0),
        before=cursor,
        since=bounds[0],
        until=bounds[1],
        is_inclusive=context.switch(BOUNDS) == "inclusive",
        keep=lambda row: _is_in(row, wanted.get("isBranchDeployment")),
        **{field: frozenset(wanted[name]) for name, field in LISTS.items() if name in wanted},
    )


def _is_in(row: Row, is_branch: bool | None) -> bool:  # noqa: FBT001 - as the filter has it
    return is_branch is None or is_branch is (row["branchDeploymentName"] is not None)


kind(LOG, enabled=lambda context, _: _is_readable(context), auditLogEntries=_entries)
kind(ENTRY)
