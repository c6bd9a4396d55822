"""List the notifications about a run."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    run_id = "0f0f0f0f-1111-4222-8333-444455556666"
    for notification in client.alert_notifications.list(run=run_id):
        print(notification)
