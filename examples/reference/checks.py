"""Which checks are there, and how did one go lately?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for check in client.checks.list(asset="customers"):
        print(check.name, check.latest_execution and check.latest_execution.status)
    for execution in client.checks.executions("customers", "has_customers", limit=5):
        print(execution.timestamp, execution.status)
