"""List the jobs of a code location."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for job in client.jobs.list(location="demo"):
        print(job.name, job.description)
    print(client.jobs.get("daily_report").run_tags)
