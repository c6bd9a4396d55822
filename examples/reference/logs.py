"""Print what a run writes, as it writes it."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    run = client.runs.create("broken_report")
    for piece in client.logs.follow(run.id, timeout=300):
        print(piece.stdout or "", piece.stderr or "", end="")
