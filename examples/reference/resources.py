"""What uses a resource, and where do its settings come from?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for resource in client.resources.list():
        print(resource.name, resource.type)
    book = client.resources.get("order_book")
    print("assets:", ", ".join(map(str, book.asset_keys_using)))
    for setting in book.configured_values:
        print(setting.key, setting.type, setting.value)
