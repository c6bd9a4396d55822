"""Who changed what in the last week?"""

from datetime import datetime, timedelta, timezone

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    week_ago = datetime.now(timezone.utc) - timedelta(days=7)
    for entry in client.audit_log.list(after=week_ago, limit=50):
        print(entry.timestamp, entry.user_email, entry.action, entry.deployment_name)
