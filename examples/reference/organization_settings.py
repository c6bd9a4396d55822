"""Print the settings, and which there could be."""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for setting in client.organization_settings.list():
        print(setting.key, setting.value)
