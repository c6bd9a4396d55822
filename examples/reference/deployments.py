"""List the deployments of the organization."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for deployment in client.deployments.list():
        print(deployment.name, deployment.status)
    print(client.deployments.current().name)
