"""Make an asset a favorite."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    client.favorites.add("warehouse/orders")
    for key in client.favorites.list():
        print(key)
