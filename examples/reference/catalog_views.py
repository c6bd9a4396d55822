"""Keep a selection of assets by name, for everyone."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    view = client.catalog_views.create("Orders, first tier", query="group:warehouse and tag:tier=1")
    print(view.id, view.name)
    for other in client.catalog_views.list():
        print(other.name, "private" if other.is_private else "for all")
