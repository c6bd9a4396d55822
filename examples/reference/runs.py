"""Start a run, wait for its end, look at the latest ones."""

from dagster_plus_sdk import DagsterPlus, RunFailedError

with DagsterPlus() as client:
    config = {"ops": {"extract_orders": {"config": {"region": "north"}}}}
    run = client.runs.create("daily_report", run_config=config, tags={"team": "shop"})
    other = client.runs.create("broken_report")
    print(run.id, run.status)
    # With a key of your own a script that is started again finds its run; validate asks first whether the config fits.
    keyed = {"run_config": config, "validate": True, "idempotency_key": "report-2024-05-01"}
    again = client.runs.create("daily_report", **keyed)
    print(client.runs.find_launch("report-2024-05-01").id == again.id)
    try:
        print(client.runs.wait(run.id, timeout=120).status)
    except RunFailedError as failure:
        print(failure.status, [(step.step_key, step.message) for step in failure.steps])
    # Several, with one request per look; a run that is retried automatically counts as its last retry.
    for ended in client.runs.wait_many([run.id, other.id], timeout=120, raise_on_failure=False):
        print(ended.id, ended.status, ended.ended_at)
    for earlier in client.runs.list(statuses=["SUCCESS", "FAILURE"], limit=10):
        print(earlier.id, earlier.job_name, earlier.created_at)
