"""Which commands of ``dplus`` ask before they act, and what their ``--dry-run`` shows: the one place that says so.

A command asks if afterwards

- something is gone, or no longer valid, that no counterpart brings back as it was: a run, a history, a grant, a token;
- work has stopped that may be somebody else's: runs, backfills, code servers, slots of a pool;
- a document has taken the place of what was there.

What a counterpart undoes as it was (``stop`` and ``start``, ``favorite remove`` and ``favorite add``), what names each value that
it changes on the command line (``team update --role``), and the sandbox, which is there to be thrown away, do not ask.
"""

from __future__ import annotations

from typing import Any

#: By resource and method: what is asked; the thing's name follows.
ASKS = {
    "agent_tokens.remove_role": "Remove a grant of agent token",
    "agent_tokens.revoke": "Revoke agent token",
    "alert_policies.delete": "Delete alert policy",
    "alert_policies.sync": "Apply this to the alert policies (the server keeps those that people made by hand)",
    "alert_policies.update": "Apply this to the alert policy",
    "api_tokens.revoke": "Revoke API token",
    "assets.wipe": "Wipe the history of asset",
    "backfills.cancel": "Cancel backfill",
    "branch_deployments.delete": "Delete branch deployment",
    "catalog_views.delete": "Delete catalog view",
    "code_locations.delete": "Remove code location",
    "code_locations.deploy": "Apply this to the code locations",
    "code_locations.shutdown": "Shut down the server of code location",
    "code_locations.sync": "Apply this to the code locations",
    "code_locations.update": "Apply this to code location",
    "custom_roles.delete": "Delete custom role",
    "custom_roles.update": "Apply this to custom role",
    "deployment_settings.set": "Replace the settings of the deployment",
    "deployment_settings.update": "Apply this to the settings of the deployment",
    "deployments.delete": "Delete deployment",
    "deployments.update": "Apply these settings to deployment",
    "insights.delete_custom_metric": "Delete custom metric",
    "instance.delete_concurrency_limit": "Delete the limit of pool",
    "instance.free_concurrency_slots": "Free the slots of run",
    "integrations.delete_atlan": "Delete the integration with Atlan",
    "integrations.delete_connection": "Delete connection",
    "integrations.delete_connection_sync": "Delete sync",
    "organization.remove_saml_metadata": "Remove the SAML metadata, without which nobody signs in by single sign-on",
    "organization.upload_saml_metadata": "Replace the SAML metadata, by which people sign in",
    "organization_settings.set": "Replace the settings of the organization",
    "organization_settings.update": "Apply this to the settings of the organization",
    "partitions.delete": "Delete partitions",
    "runs.delete": "Delete run",
    "runs.terminate": "Terminate run",
    "runs.terminate_many": "Terminate runs",
    "secrets.delete": "Delete secret",
    "secrets.sync": "Apply this to the secrets",
    "service_tokens.revoke": "Revoke service token",
    "service_users.delete": "Delete service user",
    "service_users.remove_role": "Remove a grant of service user",
    "teams.delete": "Delete team",
    "teams.remove_role": "Remove a grant of team",
    "user_tokens.revoke": "Revoke user token",
    "users.delete": "Remove user",
    "users.remove_role": "Remove a grant of user",
}

#: Those that ask only where this parameter is given: a document; else each value that changes is named.
ONLY_WITH = {
    "code_locations.update": "document",
    "custom_roles.update": "document",
    "deployments.update": "settings",
}

#: Resources that are the organization's, whatever the deployment.
ORGANIZATION_WIDE = frozenset(
    (
        "agent_tokens", "api_tokens", "branch_deployments", "custom_roles", "deployments", "organization",
        "organization_settings", "service_tokens", "service_users", "teams", "user_tokens", "users",
    )
)  # fmt: skip

#: What ``--dry-run`` does instead: another verb of the noun with the same arguments (and others, ``with``), or a function of
#: the command's own that returns `Changes` (``run``) or prints something (``show``). Where nothing is said it is ``get``, if there is one that takes the same.
PLANS: dict[str, dict[str, Any]] = {
    "alert_policies.sync": {"verb": "plan"},
    "alert_policies.update": {"verb": "plan"},
    "assets.wipe": {"verb": "status", "with": {"limit": None}},
    "code_locations.deploy": {"verb": "plan", "with": {"delete": False}},
    "code_locations.sync": {"verb": "plan"},
    "code_locations.update": {"run": "running.documents.of_location"},
    "custom_roles.update": {"run": "running.documents.of_role"},
    "deployment_settings.set": {"verb": "plan", "with": {"replace": True}},
    "deployment_settings.update": {"verb": "plan"},
    "deployments.update": {"run": "running.documents.of_deployment"},
    "instance.delete_concurrency_limit": {"verb": "concurrency-limits", "with": {"limit": None}},
    "integrations.delete_atlan": {"verb": "atlan"},
    "integrations.delete_connection": {"verb": "connection"},
    "integrations.delete_connection_sync": {"verb": "connection-sync"},
    "organization_settings.set": {"verb": "plan", "with": {"replace": True}},
    "organization_settings.update": {"verb": "plan"},
    "partitions.delete": {"show": "running.plans.partitions"},
    "runs.terminate_many": {"verb": "list", "with": {"limit": None}},
    "secrets.sync": {"verb": "plan"},
}


def asking(attribute: str, method: str, methods: dict[str, Any]) -> dict[str, Any]:
    """Return what a method's entry says of asking; nothing where it just acts.

    Args:
        attribute: The resource.
        method: The method's name.
        methods: All methods of the resource, parsed.
    """
    name = f"{attribute}.{method}"
    if name not in ASKS:
        return {}
    plan = PLANS.get(name, {"verb": "get"} if _can_get(methods, method) else None)
    return {
        "destructive": ASKS[name],
        **({"only_with": ONLY_WITH[name]} if name in ONLY_WITH else {}),
        **({"wide": True} if attribute in ORGANIZATION_WIDE else {}),
        **({"plan": plan} if plan else {}),
    }


def _can_get(methods: dict[str, Any], method: str) -> bool:
    """Tell whether ``get`` takes what a method takes by place: then it shows the same thing."""
    if "get" not in methods:
        return False
    wanted, given = (
        [a.arg for a in methods[name].args.args if a.arg != "self"] for name in ("get", method)
    )
    return bool(wanted) and wanted == given
