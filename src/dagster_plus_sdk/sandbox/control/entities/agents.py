"""Agents, which tell that they live every 30 seconds of the sandbox's clock."""

from __future__ import annotations

import json
import uuid

from ..context import uuid_id
from ..refs import Ref
from ..registry import kind, query, seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..context import Context
    from ..store import Row

AGENT = "Agent"
#: Seconds between two heartbeats, and until an agent without one counts as down.
HEARTBEAT = 30
DOWN_AFTER = 300
#: How many errors are kept of an agent, and for how many seconds.
MAX_ERRORS = 25
ERRORS_KEPT = 86_400
#: Launchers whose code servers run in containers, and those on the agent's own machine.
CONTAINERS = ("K8sUserCodeLauncher", "EcsUserCodeLauncher", "DockerUserCodeLauncher")
LOCAL = ("ProcessUserCodeLauncher",)
RUNS = """
query {
  runsOrError(filter: {statuses: [STARTING, STARTED, CANCELING]}, limit: 100) { ... on Runs { results { runId } } }
}
"""


def last_heartbeat(context: Context, row: Row) -> float:
    """Return when an agent was last heard of: seconds since 1970, UTC."""
    first: float = row["firstHeartbeat"]
    if row["isStopped"]:
        return first
    return first + (context.now() - first) // HEARTBEAT * HEARTBEAT


def is_running(context: Context, row: Row) -> bool:
    """Tell whether an agent was heard of lately."""
    return context.now() - last_heartbeat(context, row) < DOWN_AFTER


def running(context: Context) -> list[Row]:
    """Return the agents that run, oldest first."""
    return [row for row in context.store.list(AGENT) if is_running(context, row)]


def _errors(context: Context, row: Row) -> list[Row]:
    since = context.now() - ERRORS_KEPT
    recent = [error for error in row["errors"] if error["timestamp"] >= since]
    return sorted(recent, key=lambda error: error["timestamp"], reverse=True)[:MAX_ERRORS]


def _run_workers(context: Context, row: Row) -> list[Row]:
    """Return those of the runs that are under way in the real Dagster: all of them are the oldest agent's."""
    if not context.has_dagster or [found["id"] for found in running(context)[:1]] != [row["id"]]:
        return []
    results = (context.ask(RUNS).get("runsOrError") or {}).get("results") or []
    ids = [result["runId"] for result in results]
    return [{"runId": run, "status": "RUNNING", "run": Ref("Run", run)} for run in ids]


kind(
    AGENT,
    private=("firstHeartbeat", "isStopped"),
    lastHeartbeatTime=last_heartbeat,
    status=lambda context, row: "RUNNING" if is_running(context, row) else "NOT_RUNNING",
    errors=_errors,
    runWorkerStates=_run_workers,
)


def _error(given: str | Row) -> Row:
    whole = {"message": given} if isinstance(given, str) else given
    return {
        "__typename": "PythonError",
        "message": str(whole["message"]),
        "className": whole.get("class_name"),
        "stack": whole.get("stack") or [],
    }


@seeds("agents")
def plant_agent(
    context: Context,
    name: str | None = None,
    id: str | None = None,  # noqa: A002 - people write it into a document
    running: bool = True,  # noqa: FBT001, FBT002
    silent_for: float | None = None,
    type: str = "ProcessUserCodeLauncher",  # noqa: A002
    metadata: dict[str, Any] | None = None,
    errors: list[Any] | None = None,
    code_servers: list[Row] | None = None,
) -> None:
    """Write an agent, in the place of one with its id or its name.

    Args:
        context: Where.
        name: Its label.
        id: Its id, a UUID; without, a new one.
        running: Whether it sends heartbeats.
        silent_for: How many seconds ago it sent the last one; an hour ago if it does not run.
        type: The class of its launcher, such as K8sUserCodeLauncher.
        metadata: More that it tells of itself, by key.
        errors: Messages, or mappings with `message`, and maybe `class_name`, `stack` and `ago`: seconds.
        code_servers: Mappings with `location`, and maybe `status` and `error`.
    """
    now = context.now()
    silent = (0.0 if running else 3600.0) if silent_for is None else silent_for
    told = {"version": "1.0+sandbox", "type": type, "queues": [None], **(metadata or {})}
    found = context.store.find(AGENT, agentLabel=name) if name and not id else None
    row = {
        "id": str(uuid.UUID(id)) if id else found["id"] if found else uuid_id(),
        "agentLabel": name,
        "firstHeartbeat": now - silent,
        "isStopped": not running,
        "metadata": [{"key": key, "value": json.dumps(value)} for key, value in told.items()],
        "errors": [
            {"timestamp": now - _ago(given), "error": _error(given)} for given in errors or ()
        ],
        "codeServerStates": [
            {
                "locationName": server["location"],
                "status": server.get("status", "FAILED" if server.get("error") else "RUNNING"),
                "error": _error(server["error"]) if server.get("error") else None,
            }
            for server in code_servers or ()
        ],
    }
    context.store.put(AGENT, row["id"], row)


def _ago(given: str | Row) -> float:
    return 0.0 if isinstance(given, str) else float(given.get("ago", 0))


@query("agents")
def agents(context: Context) -> list[Row]:
    """Return all, those that do not run included."""
    return context.store.list(AGENT)


@query("activeAgentCategory")
def active_agent_category(context: Context) -> str:
    """Return where the code servers of the running agents are."""
    types = {_type(row) for row in running(context)}
    if not types:
        return "NONE"
    found = {
        "CONTAINER" if name in CONTAINERS else "LOCAL" if name in LOCAL else "UNKNOWN"
        for name in types
    }
    if "UNKNOWN" in found:
        return "UNKNOWN"
    return "MIXED" if len(found) > 1 else found.pop()


def _type(row: Row) -> str:
    told = {each["key"]: json.loads(each["value"]) for each in row["metadata"]}
    return str(told["type"])
