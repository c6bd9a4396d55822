"""The main job: start a Dagster+ here, look around, launch a job and follow its events to the end.

Run it with ``make demo``, or ``python -m examples.demo`` where the ``sandbox`` extra is installed. With
``python -m examples.demo URL`` it uses a Dagster webserver that runs already.
"""

from __future__ import annotations

import asyncio
import sys

from dagster_plus_sdk import AsyncDagsterPlus, DagsterPlus, FailureEvent, RunEvent, RunStatus
from dagster_plus_sdk.sandbox import Sandbox

JOB = "daily_report"
CONFIG = {"ops": {"extract_orders": {"config": {"region": "north"}}}}
FAILING_JOB = "broken_report"


def show(event: RunEvent) -> None:
    """Print one event."""
    kind = event.event_type or event.level
    print(f"  {event.timestamp:%H:%M:%S}  {kind:<22} {event.step_key or '':<16} {event.message}")


def look_around(client: DagsterPlus) -> None:
    """List what is there."""
    if client.settings.is_plus:
        print(f"Organization {client.organization.get().name}, with deployments:")
        for deployment in client.deployments.list():
            print(f"  {deployment.name:<16} {deployment.type} {deployment.status}")
    print("Code locations:")
    for location in client.code_locations.list():
        print(f"  {location.name:<16} {location.load_status}")
    print("Jobs:")
    for job in client.jobs.list():
        print(f"  {job.name:<16} {job.description or ''}")


def run_job(client: DagsterPlus) -> RunStatus:
    """Launch a job and follow it."""
    run = client.jobs.launch(JOB, run_config=CONFIG, tags={"launched-by": "demo"})
    print(f"\nLaunched {JOB} as run {run.id}. Its events:")
    for event in client.run_events.follow(run.id, timeout=120):
        show(event)
    status = client.runs.get(run.id).status
    print(f"Run {run.id}: {status}")
    return status


async def run_job_async(client: AsyncDagsterPlus) -> RunStatus:
    """Do the same without blocking."""
    run = await client.jobs.launch(JOB, run_config=CONFIG, tags={"launched-by": "demo"})
    print(f"\nThe same, async: run {run.id}. Its events:")
    async for event in client.run_events.follow(run.id, timeout=120):
        show(event)
    status = (await client.runs.get(run.id)).status
    print(f"Run {run.id}: {status}")
    return status


def run_failing_job(client: DagsterPlus) -> RunStatus:
    """Launch a job that fails, and print why."""
    run = client.jobs.launch(FAILING_JOB)
    print(f"\nLaunched {FAILING_JOB} as run {run.id}. What goes wrong:")
    for event in client.run_events.follow(run.id, types="STEP_FAILURE", timeout=120):
        print(f"  {event.step_key}: {event.message}")
        if isinstance(event, FailureEvent) and event.error:
            for error in (event.error, *event.error.causes):
                print(f"    {error.message.strip()}")
    status = client.runs.get(run.id).status
    print(f"Run {run.id}: {status}")
    return status


async def with_async(client: AsyncDagsterPlus) -> RunStatus:
    """Run the job with an async client, and close it."""
    async with client:
        return await run_job_async(client)


def demo(client: DagsterPlus, async_client: AsyncDagsterPlus) -> bool:
    """Do everything; return whether all ended as it should."""
    with client:
        look_around(client)
        done = [run_job(client), asyncio.run(with_async(async_client)), run_failing_job(client)]
    return done == [RunStatus.SUCCESS, RunStatus.SUCCESS, RunStatus.FAILURE]


def main(arguments: list[str]) -> int:
    """Run the demo on a webserver that is there, or on a sandbox of its own."""
    if arguments:
        (url,) = arguments
        return 0 if demo(DagsterPlus(url=url), AsyncDagsterPlus(url=url)) else 1
    print("Starting a Dagster+ with the demo project ...", flush=True)
    with Sandbox() as sandbox:
        print(f"It listens on {sandbox.url}\n")
        as_expected = demo(sandbox.client(), sandbox.async_client())
    print("\nThe sandbox is stopped; nothing is left running.")
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
