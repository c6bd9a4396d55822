"""What is there, and which page is about it?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    found = client.discover(pattern="*report*")  # one request
    print(f"{len(found.jobs)} jobs, {len(found.assets)} assets")
    for thing in found:
        print(client.url_for(thing))
    for location in found.unavailable:
        print(location.name, "failed to load: what it has is missing")
