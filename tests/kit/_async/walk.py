"""Reads everything that only Dagster+ has, as a user would."""

from __future__ import annotations

import inspect
import time

from .attempts import tried

#: The resources that need no Dagster behind Dagster+.
RESOURCES = [
    "agent_tokens",
    "agents",
    "alert_notifications",
    "alert_policies",
    "api_tokens",
    "audit_log",
    "branch_deployments",
    "catalog_views",
    "code_locations",
    "container_metrics",
    "custom_roles",
    "deployment_settings",
    "deployments",
    "favorites",
    "insights",
    "integrations",
    "issues",
    "onboarding",
    "organization",
    "organization_settings",
    "pins",
    "search",
    "secrets",
    "serverless",
    "service_tokens",
    "service_users",
    "teams",
    "usage",
    "user_tokens",
    "users",
]
#: Methods without arguments that change something.
CHANGES = frozenset({"add", "create", "delete_atlan", "reload_all", "remove_saml_metadata", "test"})
#: By resource: how what it lists is called in its `get`.
KEYS = {
    "agent_tokens": lambda found: found.id,
    "agents": lambda found: found.id,
    "alert_policies": lambda found: found.name,
    "api_tokens": lambda found: found.id,
    "audit_log": lambda found: found.id,
    "branch_deployments": lambda found: found.name,
    "catalog_views": lambda found: found.id,
    "code_locations": lambda found: found.name,
    "custom_roles": lambda found: found.id,
    "deployments": lambda found: found.name,
    "issues": lambda found: found.id,
    "secrets": lambda found: found.name,
    "service_users": lambda found: found.details.name,
    "teams": lambda found: found.id,
    "user_tokens": lambda found: found.id,
    "users": lambda found: found.details.email,
}
#: What cannot be asked for without saying what of.
ASKED = {
    "notifications": lambda c: c.alert_notifications.list(policy="Failed reports").to_list(),
    "locations": lambda c: c.code_locations.history("demo").to_list(),
    "location": lambda c: c.code_locations.ping("demo"),
    "containers": lambda c: c.container_metrics.code_server("demo"),
    "run's containers": lambda c: c.container_metrics.run("none"),
    "metric types": lambda c: c.insights.metric_types(of="asset").to_list(),
    "metrics": lambda c: c.insights.by_job("x", after=time.time() - 86400, before=time.time()),
    "deployments": lambda c: c.insights.by_deployment(
        "x", after=time.time() - 86400, before=time.time()
    ),
    "connection": lambda c: c.integrations.connection("Sales"),
    "syncs": lambda c: c.integrations.connection_syncs("Sales").to_list(),
    "search": lambda c: c.search.list("a").to_list(),
    "values": lambda c: c.search.values("KIND", "a"),
    "service tokens": lambda c: c.service_tokens.list("ci").to_list(),
    "usage by job": lambda c: c.usage.credits(by_job_since=time.time() - 86400),
}


def readings(resource):
    """Yield the methods of a resource that can be called as they are: those that list, and those that get one."""
    for name, method in inspect.getmembers(resource, inspect.ismethod):
        signature = inspect.signature(method)
        if name.startswith(("_", "set_", "delete")) or name in CHANGES:
            continue
        gives = str(signature.return_annotation)
        has_end = "Iterator[" not in gives
        if has_end and all(p.default is not p.empty for p in signature.parameters.values()):
            is_list = "Pager[" in gives
            yield name, (lambda method=method: method().to_list()) if is_list else method


async def walk(client, tried=tried):
    """Read everything, and return what came: by method, or what was asked.

    Args:
        client: Who reads.
        tried: Makes a call, and returns what came of it.
    """
    found = {}
    for noun in RESOURCES:
        resource = getattr(client, noun)
        for name, method in readings(resource):
            found[f"{noun}.{name}"] = await tried(method)
        listed = found.get(f"{noun}.list")
        if noun in KEYS and isinstance(listed, list):
            for item in listed[:2]:
                key = KEYS[noun](item)
                found[f"{noun}.get {key}"] = await tried(
                    lambda resource=resource, key=key: resource.get(key)
                )
    for name, ask in ASKED.items():
        found[name] = await tried(lambda ask=ask: ask(client))
    return found
