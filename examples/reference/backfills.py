"""Make some days of assets again, and look at how backfills go."""

from dagster_plus_sdk import AssetPartitionsStatusCounts, BackfillFailedError, DagsterPlus

with DagsterPlus() as client:
    days = ["2024-01-01", "2024-01-02"]
    for target in client.backfills.preview(["raw_orders", "orders"], partitions=days):
        print(target.asset_key, target.partitions and target.partitions.keys)
    backfill = client.backfills.create(assets=["raw_orders", "orders"], partitions=days)
    for step in client.backfills.follow(backfill.id, timeout=600):
        for asset in step.assets.statuses if step.assets else ():
            if isinstance(asset, AssetPartitionsStatusCounts):
                print(step.status, asset.asset_key, asset.materialized, "of", asset.targeted)
        break  # leave this out to follow it to its end
    for earlier in client.backfills.list(statuses="FAILED", limit=10):
        print(earlier.id, earlier.num_partitions, earlier.created_at)
    ended = client.backfills.list(statuses=["FAILED", "COMPLETED_FAILED"]).first()
    try:
        print(client.backfills.wait(ended.id).status if ended else "all went well")
    except BackfillFailedError as failure:
        print(failure.message, failure.failed, failure.errors)
