"""Make some days of assets again, and look at how backfills go."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    days = ["2024-01-01", "2024-01-02"]
    for target in client.backfills.preview(["raw_orders", "orders"], partitions=days):
        print(target.asset_key, target.partitions and target.partitions.keys)
    backfill = client.backfills.create(assets=["raw_orders", "orders"], partitions=days)
    print(backfill.id, backfill.status)
    for earlier in client.backfills.list(statuses="FAILED", limit=10):
        print(earlier.id, earlier.num_partitions, earlier.created_at)
