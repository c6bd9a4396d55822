"""The main job: start a real Dagster here, list its jobs, launch one, follow its events to the end.

Run it with ``make demo``, or ``python -m examples.demo`` where the ``sandbox`` extra is installed. With
``python -m examples.demo URL`` it uses a Dagster webserver that runs already.
"""

from __future__ import annotations

import asyncio
import sys

from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus, RunEvent, RunStatus
from dagster_plus_sdk.sandbox import Dagster

JOB = "daily_report"
CONFIG = {"ops": {"extract_orders": {"config": {"region": "north"}}}}


def show(event: RunEvent) -> None:
    """Print one event."""
    kind = event.event_type or event.level
    print(f"  {event.timestamp:%H:%M:%S}  {kind:<22} {event.step_key or '':<16} {event.message}")


def run_job(url: str) -> RunStatus:
    """List the jobs, launch one and follow it."""
    with DagsterPlus(url=url) as client:
        print("Jobs:")
        for job in client.jobs.list():
            print(f"  {job.name:<16} {job.description or ''}")
        run = client.jobs.launch(JOB, run_config=CONFIG, tags={"launched-by": "demo"})
        print(f"\nLaunched {JOB} as run {run.id}. Its events:")
        for event in client.run_events.follow(run.id, timeout=120):
            show(event)
        status = client.runs.get(run.id).status
        print(f"Run {run.id}: {status}")
        return status


async def run_job_async(url: str) -> RunStatus:
    """Do the same without blocking."""
    async with AsyncDagsterPlus(url=url) as client:
        run = await client.jobs.launch(JOB, run_config=CONFIG, tags={"launched-by": "demo"})
        print(f"\nThe same, async: run {run.id}. Its events:")
        async for event in client.run_events.follow(run.id, timeout=120):
            show(event)
        status = (await client.runs.get(run.id)).status
        print(f"Run {run.id}: {status}")
        return status


def main(arguments: list[str]) -> int:
    """Run the main job, sync and async."""
    if arguments:
        statuses = [run_job(arguments[0]), asyncio.run(run_job_async(arguments[0]))]
    else:
        print("Starting a Dagster webserver and daemon with the demo project ...", flush=True)
        with Dagster() as dagster:
            print(f"It listens on {dagster.url}\n")
            statuses = [run_job(dagster.url), asyncio.run(run_job_async(dagster.url))]
        print("\nThe Dagster is stopped; nothing is left running.")
    return 0 if statuses == [RunStatus.SUCCESS] * 2 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
