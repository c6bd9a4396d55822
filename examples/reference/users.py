"""Invite somebody, and list who is there."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    client.users.create("ada@example.com", role="EDITOR", deployment="prod")
    for user in client.users.list():
        print(user.details.email, user.details.name, user.licensed_role)
