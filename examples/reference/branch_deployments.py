"""Deploy a branch from CI."""

from datetime import datetime, timezone

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    branch = client.branch_deployments.create(
        "acme/shop",
        "new-prices",
        commit_hash="4f2d1c9",
        timestamp=datetime.now(timezone.utc),
        pull_request_number="17",
    )
    print(branch.name, branch.status)
