"""Which sensors run, and what would one do at its next tick?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for sensor in client.sensors.list():
        print(sensor.name, sensor.sensor_type, sensor.state.status)
    preview = client.sensors.dry_run("new_campaigns")
    print(preview.evaluation)
    for tick in client.sensors.ticks("new_campaigns", limit=5):
        print(tick.timestamp, tick.status, tick.skip_reason or tick.run_ids)
