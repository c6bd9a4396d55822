"""Do the connections to warehouses work?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for connection in client.integrations.connections():
        print(connection.name, connection.type, connection.schedule_status)
        for sync in client.integrations.connection_syncs(connection.id, limit=3):
            print(sync.status, sync.started_at, sync.ended_at)
