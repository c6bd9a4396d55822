"""Which code locations failed to load? Load one anew, and see why it fails."""

from dagster_plus_sdk import DagsterPlus, LocationLoadError

with DagsterPlus() as client:
    for location in client.code_locations.list():
        print(location.name, location.load_status)
    for broken in client.code_locations.list(with_load_error=True):
        print(broken.name, broken.location_or_load_error.message)
    try:
        print(client.code_locations.reload("demo", timeout=300).updated_at)
    except LocationLoadError as failure:
        print(failure.class_name, failure.message, *failure.stack)
