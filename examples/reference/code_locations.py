"""Which code locations failed to load?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for location in client.code_locations.list():
        print(location.name, location.load_status)
    for broken in client.code_locations.list(with_load_error=True):
        print(broken.name, broken.location_or_load_error.message)
