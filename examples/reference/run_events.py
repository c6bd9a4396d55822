"""Follow a run to its end."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    run = client.runs.create("broken_report")
    for event in client.run_events.follow(run.id, levels=["ERROR", "INFO"]):
        print(event.timestamp, event.event_type, event.message)
