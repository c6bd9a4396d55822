"""List the alert policies that are switched on, and whom they tell."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for policy in client.alert_policies.list(enabled=True):
        print(policy.name, *policy.event_types, policy.notification_service)
