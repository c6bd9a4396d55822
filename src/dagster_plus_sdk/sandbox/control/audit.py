"""The audit log: an entry for what was done, written in the transaction that does it."""

from __future__ import annotations

from .context import uuid_id
from .hiding import is_secret, without_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .context import Context
    from .store import Row

ENTRY = "AuditLogEntry"


def record(
    context: Context,
    event: str,
    field: str,
    arguments: Mapping[str, Any],
    where: Row | None,
) -> Row:
    """Write an entry.

    Args:
        context: Who, where and when.
        event: The type of the entry.
        field: The root field.
        arguments: The field's arguments. Secrets in them are left out.
        where: The deployment that it is about, which may be deleted by now; None: the organization.
    """
    is_branch = where is not None and where["deploymentType"] == "BRANCH"
    name = where["deploymentName"] if where else None
    entry = {
        "id": uuid_id(),
        "eventType": event,
        "authorUserEmail": context.caller.email,
        "authorAgentTokenId": _text(context.caller.agent_token_id),
        "deploymentName": None if is_branch else name,
        "branchDeploymentName": name if is_branch else None,
        "timestamp": context.now(),
        "eventMetadata": {
            "mutation": field,
            **without_secrets(arguments, is_hidden),
            **context.notes,
        },
    }
    return context.store.put(ENTRY, entry["id"], entry)


def is_hidden(name: str) -> bool:
    """Tell whether an argument, or a key of a document, holds a secret."""
    # Of a secret it is the argument's name, and nothing is lost where it is something else's.
    return is_secret(name, "value")


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
