"""Make a role for those who keep things running, and look at the others."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    role = client.custom_roles.create(
        "On call",
        permissions=["START_AND_STOP_RUNS", "TOGGLE_SCHEDULES", "TOGGLE_SENSORS"],
        icon="bell",
    )
    print(role.id, role.name)
    for other in client.custom_roles.list():
        print(other.name, *other.permissions)
