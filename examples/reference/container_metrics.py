"""Print the memory that a run used."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    metrics = client.container_metrics.run("0f0f0f0f-1111-4222-8333-444455556666")
    if metrics.memory_usage:
        for point in metrics.memory_usage.points:
            print(point.timestamp, point.value, metrics.memory_usage.unit_type)
