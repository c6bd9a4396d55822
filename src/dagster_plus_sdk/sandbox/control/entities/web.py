"""What the web interface and the official command line tell Dagster+ of themselves."""

from __future__ import annotations

from ..registry import kind, mutation, query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..context import Context
    from ..store import Row

ENTRY = "UserNuxChecklistEntry"

kind(ENTRY)


def _entry(context: Context, key: str) -> tuple[str, Row]:
    """Return an entry of the caller's own, and where it is kept."""
    place = f"{context.caller.name}/{key}"
    return place, context.store.get(ENTRY, place) or {"entryKey": key, "dismissed": False}


@query("userNuxChecklistEntry")
def nux_entry(context: Context, *, entry_key: str) -> Row:
    """Return whether the caller has dismissed something."""
    return _entry(context, entry_key)[1]


@mutation("dismissUserNuxChecklistEntry", needs=None, audit=None)
def dismiss(context: Context, *, entry_key: str) -> Row:
    """Note that the caller has dismissed something."""
    place, row = _entry(context, entry_key)
    changed = {**row, "dismissed": True, "updateTimestamp": context.now()}
    return context.store.put(ENTRY, place, changed)


@mutation("markCliEvent", needs=None, audit=None)
def mark_cli_event(
    _context: Context,
    *,
    event_type: str,  # noqa: ARG001 - nobody looks at it
    duration_seconds: float,  # noqa: ARG001
    success: bool | None = None,  # noqa: ARG001
    tags: list[str] | None = None,  # noqa: ARG001
    message: str | None = None,  # noqa: ARG001
) -> str:
    """Take what the official command line tells of its use."""
    return "ok"


@mutation("shareFeedback", needs=None, audit=None)
def share_feedback(_context: Context, *, input: Row) -> Row:  # noqa: A002, ARG001 - as above
    """Take an opinion."""
    return {"success": True}
