"""Start a run without a container of its own, where that is allowed."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    if client.serverless.non_isolated_runs().is_enabled:
        run = client.serverless.launch("daily_report", location="shop", repository="__repository__")
        print(run.id, run.status)
