"""Documents of alert policies: one policy, or all of a deployment under ``alert_policies``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .document_schema import check_document
from .documents import Changes, by_name, read_document, read_list
from .errors import InvalidInputError
from .inputs import text
from .secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .._generated.models import AlertPoliciesSchema
    from .documents import Document

#: The key of the list in a document of all policies.
ALL = "alert_policies"

#: What of a notification service is secret: who knows it can raise alarms, or read what it protects.
SECRETS = frozenset({"headers", "integration_key", "webhook_url"})


def one_policy(document: Document) -> dict[str, Any]:
    """Return the document of one policy.

    Raises:
        InvalidInputError: It cannot be read, has no name, or is a document of all policies.
    """
    policy = read_document(document, "the alert policy", example="name: ...")
    if ALL in policy and "name" not in policy:
        raise InvalidInputError(
            f"the document has a list of {ALL}, where one policy is wanted; `sync` takes such a list"
        )
    text(policy.get("name"), "the name of the alert policy")
    return policy


def all_policies(document: Document) -> dict[str, Any]:
    """Return the policies of a whole document, by name and in its order.

    Raises:
        InvalidInputError: It cannot be read, is no mapping with a list of policies, or a policy has no name of its own.
    """
    return by_name(read_list(document, ALL, "the alert policies"), "name", "alert policy")


def planned_policies(document: Document) -> tuple[dict[str, Any], bool]:
    """Return the policies of a document by name, and whether it is the document of one policy.

    Raises:
        InvalidInputError: It is neither that nor a document of all policies.
    """
    read = read_document(document, "the alert policies", example=f"{ALL}: [...]")
    is_one = "name" in read and ALL not in read
    return ({read["name"]: one_policy(read)} if is_one else all_policies(read)), is_one


def check_policies(policies: Sequence[Any], schema: AlertPoliciesSchema | None) -> None:
    """Refuse policies that do not fit what the server takes.

    Args:
        policies: The documents.
        schema: The server's; None where it gives none, and nothing is checked.

    Raises:
        InvalidInputError: One does not fit; ``errors`` has each reason with its path.
    """
    if schema is None:
        return
    root: Any = next((kind for kind in schema.types if kind.key == schema.root.key), None)
    if any(field.name == ALL for field in getattr(root, "fields", ())):
        check_document({ALL: list(policies)}, schema, "the alert policies", secret=SECRETS)
        return
    for policy in policies:
        check_document(policy, schema, f"the alert policy {policy['name']!r}", secret=SECRETS)


def hidden(value: Any, *, secret: bool = False) -> Any:
    """Return policies, or a part of one, with what is secret as `Secret`: the request reveals it, and nothing else does."""
    if hasattr(value, "items"):
        return {key: hidden(v, secret=secret or key in SECRETS) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [hidden(item, secret=secret) for item in cast("Sequence[Any]", value)]
    return Secret(value) if secret and isinstance(value, str) else value


def changes(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Changes:
    """Return what a document would change, by the policies' names; of secrets only whether they differ.

    Args:
        before: The policies that there are.
        after: Those of the document.
    """
    return Changes(comparable(before), comparable(after), secret=SECRETS)


def comparable(policies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return policies by name, without what says nothing and in one order, so that they can be compared."""
    return {policy["name"]: _reduced(policy) for policy in policies}


def _reduced(policy: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: policy[key] for key in sorted(policy) if policy[key] not in (None, "", [], {})}
    if isinstance(kept.get("event_types"), (list, tuple)):
        kept["event_types"] = sorted(kept["event_types"], key=str)
    return kept
