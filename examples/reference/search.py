"""Which assets have to do with orders, and who owns such?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for asset in client.search.list("orders", kinds=["python"], limit=10):
        print(asset.key, asset.location_name)
    for owner in client.search.values("OWNERS", "").owners:
        print(owner.owner, owner.count)
