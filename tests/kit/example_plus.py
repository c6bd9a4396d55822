"""What the examples of the resources that only Dagster+ has need: files, variables, and what is there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from dagster_plus_sdk import DagsterPlus
    from dagster_plus_sdk.sandbox import Sandbox

#: Of these the examples look up a job, a schedule or a sensor.
REAL = frozenset({"alert_policies", "insights", "pins"})

RUN_ID = "3a2b0d9c-0d63-4f6c-8c1f-5d1a2e4b7c11"
_FAILED_REPORTS = {
    "name": "Failed reports",
    "description": "Tells the finance team and the shop which reports are missing.",
    "enabled": True,
    "event_types": ["JOB_FAILURE"],
    "alert_targets": [{"run_result_target": {"tags": [{"key": "team", "value": "finance"}]}}],
    "notification_service": {
        "email": {"email_addresses": ["finance@example.com", "shop@example.com"]}
    },
}
_LATE_ORDERS = {
    "name": "Late orders",
    "enabled": True,
    "event_types": ["ASSET_MATERIALIZATION_FAILURE"],
    "alert_targets": [{"asset_key_target": {"asset_key": ["orders"]}}],
    "notification_service": {"email": {"email_addresses": ["shop@example.com"]}},
}
FILES: dict[str, Any] = {
    "costs.yaml": {"query-1": 0.75, "query-2": 1.5},
    "failed-reports.yaml": _FAILED_REPORTS,
    "late-orders.yaml": _LATE_ORDERS,
    "metadata.xml": '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>',
    "metrics.yaml": {
        "metrics": [
            {
                "runId": RUN_ID,
                "jobMetricDefinitions": [
                    {"metricValues": [{"metricName": "rows_read", "metricValue": 1200}]}
                ],
            }
        ]
    },
    "organization.yaml": {"max_concurrent_branch_deployment_runs": 20},
    "policies.yaml": {"alert_policies": [_FAILED_REPORTS, _LATE_ORDERS]},
    "release-manager.yaml": {
        "description": "Brings code into the deployment",
        "icon": "rocket_launch",
        "permissions": ["EDIT_CODE_LOCATIONS", "REDEPLOY_CODE_LOCATIONS"],
    },
    "secrets.yaml": {
        "secrets": [
            {"name": "API_KEY", "value": "of-the-shop", "scopes": ["full", "branches"]},
            {"name": "WAREHOUSE_PASSWORD", "value": "battery staple", "locations": ["demo"]},
        ]
    },
    "shop.yaml": {
        "host": "shop.example.com",
        "user": "dagster",
        "password": {"env": "SHOP_PASSWORD"},
        "databases": ["shop"],
    },
}

SEED: dict[str, Any] = {
    "alert_notifications": [
        {"policy": "Failed reports", "about": "daily_report", "run": RUN_ID, "location": "demo"}
    ],
    "catalog_views": [
        {"name": "Sales tables", "user": "ada@example.com", "query": "group:analytics"}
    ],
    "run_containers": [{"run_id": RUN_ID}],
}


def _audited(client: DagsterPlus) -> str:
    """Do what the audit log writes down; return the entry's id."""
    client.secrets.create("AUDITED", "once", replace=True)
    return next(iter(client.audit_log.list())).id


#: What returns a variable of the examples; each call makes something of its own.
VARIABLES: dict[str, Callable[[DagsterPlus], Any]] = {
    "agent_token_id": lambda client: client.agent_tokens.create(description="An agent").id,
    "alert_notifications.run_id": lambda _: RUN_ID,
    "api_key": lambda _: "of-the-shop",
    "api_token_id": lambda client: client.api_tokens.create(description="A directory").id,
    "atlan_token": lambda _: "of-atlan",
    "audit_entry_id": _audited,
    "connection_sync_id": lambda client: client.integrations.sync_connection("Sales").id,
    "container_metrics.run_id": lambda _: RUN_ID,
    "issue_id": lambda client: client.issues.create("Late", "Since Monday.", asset="orders").id,
    "notification_id": lambda client: next(iter(client.alert_notifications.list(run=RUN_ID))).id,
    "pin_id": lambda client: client.pins.add(asset_group="warehouse").id,
    "service_token_id": lambda client: client.service_tokens.create("ci").id,
    "user_token_id": lambda client: client.user_tokens.create(description="Desktop").id,
    "warehouse_password": lambda _: "battery staple",
}


def _connect_atlan(sandbox: Sandbox) -> None:
    with sandbox.client() as client:
        client.integrations.set_atlan("example.atlan.com", "of-atlan")


#: What no seed can say, by resource.
PREPARE: dict[str, Callable[[Sandbox], object]] = {
    # Not every metric has values since yesterday.
    "insights": lambda sandbox: sandbox.switches(insights_empty_window="empty"),
    "integrations": _connect_atlan,
}
