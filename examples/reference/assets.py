"""What is stale, and who owns it?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for asset in client.assets.list(group="warehouse"):
        print(asset.key, asset.last_materialized_at)
    print(client.assets.get("orders").definition.owners)
