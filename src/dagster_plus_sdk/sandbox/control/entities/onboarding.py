"""The checklist of a new organization."""

from __future__ import annotations

from ..registry import VIEW, Failure, kind, mutation, query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..context import Context
    from ..store import Row

ENTRY = "OnboardingChecklistEntry"
KEYS = (
    "CHOSE_AGENT_TYPE",
    "LAUNCHED_AGENT",
    "LOADED_CODE",
    "LOADED_CUSTOM_CODE",
    "LAUNCHED_RUN",
    "CREATED_BRANCH_DEPLOYMENT",
    "INVITED_TEAM",
    "SCHEDULED_DEMO_CALL",
    "PLAN_SELECTED",
    "PAYMENT_METHOD_ADDED",
    "INVOICE_CREATED",
    "INVOICE_PAID",
    "FINISHED_SETUP",
)

kind(ENTRY)


def _entry(context: Context, key: str) -> Row:
    return context.store.get(ENTRY, key) or {"entryKey": key, "status": "INCOMPLETE"}


@query("onboardingChecklistEntries")
def entries(context: Context) -> list[Row]:
    """Return all of them."""
    return [_entry(context, key) for key in KEYS]


@mutation("toggleOnboardingChecklistEntry", needs=VIEW, audit=None)
def toggle(context: Context, *, entry_key: str | None = None, status: str | None = None) -> Row:
    """Set the status of one."""
    if entry_key is None or status is None:
        raise Failure("InvalidEntry", "The entry's key or its status is missing.")
    row = {"entryKey": entry_key, "status": status, "updateTimestamp": context.now()}
    return context.store.put(ENTRY, entry_key, row)
