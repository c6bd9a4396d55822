"""Where do the settings of two deployments differ?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    prod = client.deployment_settings.get()
    dev = client.with_options(deployment="dev").deployment_settings.get()
    for key in sorted(prod.keys() | dev.keys()):
        same = prod.get(key) == dev.get(key)
        print(key, "is the same" if same else f"is {prod.get(key)}, in dev {dev.get(key)}")
