"""Print the credits that the organization used, month by month."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    used = client.usage.credits(granularity="MONTH")
    for month in used.values:
        print(f"{month.start:%Y-%m}", month.value, used.unit)
