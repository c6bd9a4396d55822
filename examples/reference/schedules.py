"""Which schedules run, when next, and what failed?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    for schedule in client.schedules.list():
        print(schedule.name, schedule.cron_schedule, schedule.state.status)
    for tick in client.schedules.get("every_morning").next_ticks.results[:3]:
        print(tick.timestamp)
    for tick in client.schedules.ticks("every_morning", statuses="FAILURE", limit=5):
        print(tick.timestamp, tick.error)
