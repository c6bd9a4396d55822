"""Which first steps are left?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for entry in client.onboarding.list():
        print(entry.key, entry.status, entry.updated_at)
