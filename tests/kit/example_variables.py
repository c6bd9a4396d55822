"""What stands behind the names in the facade's examples, the files that they read, and what is there before."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import yaml

from kit import example_plus, stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dagster_plus_sdk import DagsterPlus

REPORT = {"ops": {"extract_orders": {"config": {"region": "south"}}}}
#: Where examples run, if a control plane is not enough: with the code of the demo project, or with a Dagster that has a daemon, too.
PLACES = {
    **dict.fromkeys(
        (
            "assets",
            "checks",
            "env_vars",
            "instance",
            "jobs",
            "partitions",
            "resources",
            "run_events",
        ),
        "code",
    ),
    **dict.fromkeys(("runs", "schedules", "search", "sensors", "serverless"), "code"),
    **dict.fromkeys(example_plus.REAL, "code"),
    **dict.fromkeys(("assets.evaluation_partitions", "backfills", "logs"), "daemon"),
}
FILES: dict[str, Any] = {
    **example_plus.FILES,
    "billing.yaml": {"image": "images.example.com/billing:1", "code_source": {"module_name": "a"}},
    "config.yaml": REPORT,
    "launches.yaml": [{"job": "daily_report", "run_config": REPORT}] * 2,
    "locations.yaml": {
        "locations": [
            {"location_name": "demo", "image": "demo:2", "code_source": {"module_name": "demo"}}
        ]
    },
    "report.csv": "day,orders",
    "settings.yaml": {"run_queue": {"max_concurrent_runs": 5}},
}


def write_files(folder: Path) -> None:
    """Write what examples read."""
    for name, content in FILES.items():
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        (folder / name).write_text(text)


def set_up(client: DagsterPlus) -> None:
    """Launch what takes a while, and leave it alone."""
    for _ in range(2):
        client.runs.create("daily_report", run_config=REPORT)
    client.runs.create("orders_assets")


def set_up_daemon(client: DagsterPlus) -> None:
    """Launch what a daemon takes a while for, and leave it alone."""
    client.runs.create("daily_report", run_config=REPORT)
    client.backfills.create(job="daily_orders", partitions=["2024-02-01"])
    broken = {"resources": {"order_book": {"config": {"seed": "no number"}}}}
    client.backfills.create(assets=["raw_orders"], partitions=["2024-03-10"], run_config=broken)
    client.sensors.start("due_assets")


def ended(job: str) -> str:
    """The words that print a run of a job that went well."""
    return f"dplus run list --job {job} --status SUCCESS --limit 1 --fields id --format tsv"


def slow_run(client: DagsterPlus) -> str:
    """Launch a run that is to be terminated."""
    run = client.runs.create("slow_report")
    stage.wait_until_settled(client, run.id, works=True)
    return run.id


def evaluation(client: DagsterPlus) -> Any:
    """Return an evaluation of an asset that has a condition; the sensor of `set_up_daemon` makes one."""
    end = time.monotonic() + 180
    while (found := client.assets.evaluations("forecast").first()) is None:
        assert time.monotonic() < end, "forecast was not evaluated in time"
        time.sleep(0.3)
    client.sensors.stop("due_assets")
    return found


def canceled_backfill(client: DagsterPlus) -> str:
    """Launch a backfill, and cancel it."""
    backfill_id = backfill(client)
    client.backfills.cancel(backfill_id)
    return backfill_id


def backfill(client: DagsterPlus) -> str:
    """Launch a backfill."""
    return client.backfills.create(job="daily_orders", partitions=["2024-02-05"]).id


def ended_backfill(status: str) -> Callable[[DagsterPlus], str]:
    """What waits for a backfill that has ended so: those of `set_up`."""

    def found(client: DagsterPlus) -> str:
        end = time.monotonic() + 180
        while (backfill := client.backfills.list(statuses=status).first()) is None:
            assert time.monotonic() < end, f"no backfill is {status}"
            time.sleep(0.5)
        return backfill.id

    return found


def ago(days: float) -> Callable[[DagsterPlus], datetime]:
    """What tells the time so many days ago."""
    return lambda _: datetime.now(timezone.utc) - timedelta(days=days)


#: What prints or returns it, by name; what is only for a resource or a method is "resource.name" or "resource.method.name".
VARIABLES: dict[str, str | Callable[[DagsterPlus], Any]] = {
    **example_plus.VARIABLES,
    "assets.evaluation_id": lambda client: str(evaluation(client).evaluation_id),
    "assets.node_id": lambda client: evaluation(client).root_unique_id,
    "backfills.backfill_id": ended_backfill("COMPLETED_SUCCESS"),
    "backfills.cancel.backfill_id": backfill,
    "backfills.reexecute.backfill_id": ended_backfill("FAILED"),
    "backfills.resume.backfill_id": canceled_backfill,
    "launches": lambda _: FILES["launches.yaml"],
    "now": ago(0),
    "other_run_id": ended("orders_assets"),
    "run_id": ended("daily_report"),
    "runs.terminate.run_id": slow_run,
    "runs.terminate_many.other_run_id": slow_run,
    "runs.terminate_many.run_id": slow_run,
    "yesterday": ago(1),
}
#: What the control plane has besides its demo organization.
SEED: dict[str, Any] = {
    **example_plus.SEED,
    "defs_state": [{"key": "dbt/shop", "location": "demo"}],
}
