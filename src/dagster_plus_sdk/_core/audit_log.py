"""What the audit log is asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .errors import NotSupportedError
from .inputs import members, period, several, text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .._generated.enums import AuditLogEventType
    from .._generated.input_types import AuditLogFilters

#: The API fails without a bound in time; this is how far back is looked where the caller gives none.
DEFAULT_DAYS = 30

#: The API gives 100 entries at once; one of them tells whether there is more.
MAX_PAGE_SIZE = 99


def audit_filters(
    *,
    users: str | Iterable[str] | None = None,
    actions: AuditLogEventType | str | Iterable[AuditLogEventType | str] | None = None,
    deployments: str | Iterable[str] | None = None,
    branch_deployments: bool | None = None,
    after: datetime | float | None = None,
    before: datetime | float | None = None,
) -> AuditLogFilters:
    """Return the API's filter.

    Raises:
        InvalidInputError: An action or time cannot be, or the window is empty.
    """
    from .._generated.enums.audit_log_event_type import AuditLogEventType

    found = _window(*period(after, before))
    if (emails := several(users, "users")) is not None:
        found["userEmails"] = [text(email, "a user's e-mail address") for email in emails]
    if (types := members(AuditLogEventType, actions, "actions")) is not None:
        found["eventTypes"] = types
    if (names := several(deployments, "deployments")) is not None:
        found["deploymentNames"] = [text(name, "a deployment's name") for name in names]
    if branch_deployments is not None:
        found["isBranchDeployment"] = branch_deployments
    return found


def _window(start: float | None, end: float | None) -> AuditLogFilters:
    if start is None and end is None:
        return {"afterDatetime": time.time() - DEFAULT_DAYS * 86400}
    found: AuditLogFilters = {}
    if start is not None:
        found["afterDatetime"] = start
    if end is not None:
        found["beforeDatetime"] = end
    return found


def not_enabled() -> NotSupportedError:
    """Return the error of an organization that has no audit log, or does not show it."""
    return NotSupportedError(
        "The audit log is not enabled for this organization, or the token may not read it: it needs the Pro plan, and "
        "an organization admin's token or one with the permission READ_AUDIT_LOG",
        code="AUDIT_LOG_NOT_ENABLED",
    )
