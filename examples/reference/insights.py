"""Print the credits that the jobs used in a week, day by day."""

from datetime import datetime, timedelta, timezone

from dagster_plus_sdk import DagsterPlus

now = datetime.now(timezone.utc)
with DagsterPlus() as client:
    found = client.insights.by_job(
        "__dagster_dagster_credits", after=now - timedelta(days=7), before=now
    )
    print(*found.timestamps)
    for entry in found.metrics:
        if entry:
            print(entry.entity, *entry.values)
