"""Which organization does this token belong to?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    print(client.organization.get().name)
