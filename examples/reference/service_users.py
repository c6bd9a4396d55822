"""Make a service user for CI."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    user = client.service_users.create(
        "ci", description="deploys from CI", role="EDITOR", deployment="prod"
    )
    print(user.details.name, user.licensed_role)
