"""Pin a job to the top of the navigation."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    pin = client.pins.add(job="daily_report", location="shop", repository="__repository__")
    print(pin.name)
    for other in client.pins.list():
        print(other.id, other.name)
