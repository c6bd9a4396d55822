"""Which partitions are missing, and how is one added?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    counts = client.partitions.status("orders").counts
    print(counts.materialized, "of", counts.total, "days are there,", counts.failed, "failed")
    client.partitions.add("campaigns", "spring", exist_ok=True)
    print(*client.partitions.list(asset="campaign_results"))
