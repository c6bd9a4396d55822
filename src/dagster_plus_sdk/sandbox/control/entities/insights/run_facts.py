"""Facts about runs that have ended: what they ran, how long, and what came of it. All metrics are made of them.

They are kept, as a run that has ended never changes, and a metric outlives the run's deletion.
"""

from __future__ import annotations

from ...context import uuid_id
from ...deploying import TYPE as DEPLOYMENT
from ...deploying import by_name, default_name, named_or_here
from ...registry import seeds
from ..catalog.definitions import path_of
from .real_runs import ended_runs, fact_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ...context import Context
    from ...store import Row, Store

FACT = "ended_run"
#: The setting with the time of the newest run that was read from the real Dagster.
READ_UNTIL = "facts_until"
LAUNCH = "launch"


def all_facts(context: Context) -> list[Row]:
    """Return the facts of all deployments, oldest first."""
    if context.has_dagster:
        _read_new(context)
    return sorted(context.store.list(FACT), key=lambda fact: (fact["end"], fact["runId"]))


def facts_here(context: Context) -> list[Row]:
    """Return the facts of the deployment that was asked."""
    here = context.here()["deploymentId"]
    return [fact for fact in all_facts(context) if fact["deployment"] == here]


def _read_new(context: Context) -> None:
    store = context.store
    until: float | None = store.setting(READ_UNTIL)
    runs = [run for run in ended_runs(context, until) if store.get(FACT, run["runId"]) is None]
    if not runs:
        return
    facts = [{**fact_of(context, run), "deployment": _launched_in(store, run)} for run in runs]
    with store.transaction():
        for fact in facts:
            store.put(FACT, fact["runId"], fact)
        store.set_setting(READ_UNTIL, max([until or 0.0, *(fact["end"] for fact in facts)]))


def _launched_in(store: Store, run: Row) -> int:
    """Return the id of the deployment that a run is of: the default one, unless it was launched in another.

    All deployments have the one real Dagster behind them.
    """
    launch = store.get(LAUNCH, run["runId"]) or {"deployment": default_name(store)}
    found = store.find(DEPLOYMENT, deploymentName=launch["deployment"])
    found = found or by_name(store, default_name(store))
    number: int = found["deploymentId"]
    return number


@seeds("runs")
def plant_run(
    context: Context,
    job: str,
    *,
    start: float | None = None,
    end: float | None = None,
    hours_ago: float = 1.0,
    seconds: float = 60.0,
    queued: float = 0.0,
    status: str = "SUCCESS",
    steps: Iterable[Any] = (),
    assets: Iterable[Any] = (),
    observations: Iterable[Any] = (),
    checks: Iterable[Any] = (),
    location: str = "demo",
    repository: str = "__repository__",
    deployment: str | None = None,
    run_id: str | None = None,
) -> None:
    """Write a run that has ended, for metrics only: runs themselves are the real Dagster's.

    Args:
        context: Where to.
        job: The job.
        start: When it started: epoch seconds. By default, so many hours ago.
        end: When it ended. By default, so many seconds after its start.
        hours_ago: See start.
        seconds: See end.
        queued: Seconds in the queue before its start.
        status: SUCCESS, FAILURE or CANCELED.
        steps: Keys, or mappings of key, start, end, seconds, status, retries and assets.
        assets: What it materialized: keys, or mappings of key, partition, metadata and time.
        observations: What it observed, likewise.
        checks: Checks that failed: mappings of asset and severity (ERROR or WARN).
        location: The job's code location.
        repository: The job's repository.
        deployment: The deployment's name; by default the oldest.
        run_id: The run's id.
    """
    started = context.now() - hours_ago * 3600 if start is None else float(start)
    ended = started + seconds if end is None else float(end)
    made = [_output(each, ended) for each in assets]
    where = named_or_here(context, deployment)
    fact: Row = {
        "runId": run_id or uuid_id(),
        "job": job,
        "location": location,
        "repository": repository,
        "deployment": where["deploymentId"],
        "status": status,
        "created": started - queued,
        "start": started,
        "end": ended,
        "steps": [_step(each, started, ended, made) for each in steps],
        "materializations": made,
        "observations": [_output(each, ended) for each in observations],
        "checks": [
            {"asset": path_of(check["asset"]), "severity": "ERROR", "time": ended}
            | {key: check[key] for key in ("severity", "time") if key in check}
            for check in checks
        ],
    }
    context.store.put(FACT, fact["runId"], fact)


def _output(given: Any, time: float) -> Row:
    entry = given if isinstance(given, dict) else {"key": given}
    metadata: dict[str, Any] = entry.get("metadata") or {}
    numbers = {k: v for k, v in metadata.items() if isinstance(v, (int, float))}
    return {
        "asset": path_of(entry["key"]),
        "partition": entry.get("partition"),
        "time": entry.get("time", time),
        "numbers": {k: float(v) for k, v in numbers.items() if not isinstance(v, bool)},
        "labels": list(metadata),
    }


def _step(given: Any, start: float, end: float, made: list[Row]) -> Row:
    entry = given if isinstance(given, dict) else {"key": given}
    began = float(entry.get("start", start))
    lasted = entry.get("seconds")
    # Dagster calls an asset's step so.
    own = [output["asset"] for output in made if "__".join(output["asset"]) == entry["key"]]
    return {
        "key": entry["key"],
        "start": began,
        "end": began + lasted if lasted is not None else float(entry.get("end", end)),
        "status": entry.get("status", "SUCCESS"),
        "retries": entry.get("retries", 0),
        "assets": [path_of(key) for key in entry.get("assets", ())] or own,
    }
