"""The audit log: an entry for what was done, written in the transaction that does it."""

from __future__ import annotations

import re

from .context import uuid_id
from .rights import ORGANIZATION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .context import Context
    from .store import Row

ENTRY = "AuditLogEntry"
HIDDEN = "***"
#: Events of the organization that need no permission of it.
OF_ORGANIZATION = frozenset({"CREATE_USER_TOKEN", "REVOKE_USER_TOKEN"})
#: Arguments, and keys of documents, that hold secrets.
SECRET = re.compile(
    r"(value|config_?data|token|password|headers|webhook_?url|integration_?key|config_?yaml|env_vars)$",
    re.IGNORECASE,
)


def record(
    context: Context,
    event: str,
    field: str,
    needs: str | None,
    arguments: Mapping[str, Any],
    here: Row,
) -> Row:
    """Write an entry.

    Args:
        context: Who, where and when.
        event: The type of the entry.
        field: The root field.
        needs: The permission that it needs: what is the organization's has no deployment.
        arguments: The field's arguments. Secrets in them are left out.
        here: The deployment that was asked, which may be deleted by now.
    """
    is_organization = needs in ORGANIZATION or event in OF_ORGANIZATION
    is_branch = here["deploymentType"] == "BRANCH"
    name = here["deploymentName"]
    entry = {
        "id": uuid_id(),
        "eventType": event,
        "authorUserEmail": context.caller.email,
        "authorAgentTokenId": _text(context.caller.agent_token_id),
        "deploymentName": None if is_organization or is_branch else name,
        "branchDeploymentName": name if is_branch and not is_organization else None,
        "timestamp": context.now(),
        "eventMetadata": {"mutation": field, **without_secrets(arguments), **context.notes},
    }
    return context.store.put(ENTRY, entry["id"], entry)


def without_secrets(value: Any) -> Any:
    """Return arguments with what is secret in them hidden."""
    if isinstance(value, dict):
        return {
            key: HIDDEN if SECRET.search(key) and inner is not None else without_secrets(inner)
            for key, inner in value.items()
        }
    return [without_secrets(inner) for inner in value] if isinstance(value, list) else value


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
