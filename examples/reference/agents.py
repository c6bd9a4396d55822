"""Is an agent running, and what went wrong lately?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for agent in client.agents.list():
        print(agent.label or agent.id, agent.status, agent.last_heartbeat_at)
    for report in client.agents.errors(limit=5):
        print(report.timestamp, report.source, report.error.message)
