"""Start a run, look at the latest ones."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    config = {"ops": {"extract_orders": {"config": {"region": "north"}}}}
    run = client.runs.create("daily_report", run_config=config, tags={"team": "shop"})
    print(run.id, run.status)
    for earlier in client.runs.list(statuses=["SUCCESS", "FAILURE"], limit=10):
        print(earlier.id, earlier.job_name, earlier.created_at)
