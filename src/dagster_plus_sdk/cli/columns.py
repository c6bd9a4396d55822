"""What tables show of each model, and the texts of single things that have a form of their own."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    #: A column: its name, and the path of its value.
    Column: TypeAlias = tuple[str, str]

COLUMNS: dict[str, Sequence[Column]] = {
    "RunSummary": (
        ("ID", "id"),
        ("STATUS", "status"),
        ("JOB", "job_name"),
        ("CREATED", "created_at"),
        ("ENDED", "ended_at"),
    ),
    "JobSummary": (
        ("NAME", "name"),
        ("LOCATION", "repository.location.name"),
        ("REPOSITORY", "repository.name"),
        ("DESCRIPTION", "description"),
    ),
    "AssetSummary": (
        ("KEY", "key"),
        ("GROUP", "definition.group_name"),
        ("KINDS", "definition.kinds"),
        ("MATERIALIZED", "last_materialized_at"),
    ),
    "AssetKey": (("KEY", ""),),
    "AssetDefinition": (
        ("KEY", "key"),
        ("GROUP", "group_name"),
        ("KINDS", "kinds"),
        ("LOCATION", "repository.location.name"),
    ),
    "AssetStatus": (
        ("KEY", "key"),
        ("MATERIALIZED", "latest_materialization.timestamp"),
        ("LATEST RUN", "latest_run.id"),
        ("STATUS", "latest_run.status"),
        ("IN PROGRESS", "in_progress_run_ids"),
    ),
    "AssetHealthRecord": (
        ("KEY", "key"),
        ("HEALTH", "health.status"),
        ("FRESHNESS", "freshness.state.status"),
        ("MATERIALIZED", "last_materialized_at"),
    ),
    "AssetEvent": (
        ("TIME", "timestamp"),
        ("KEY", "key"),
        ("PARTITION", "partition"),
        ("RUN", "run_id"),
        ("DESCRIPTION", "description"),
    ),
    "AssetCheck": (
        ("ASSET", "key"),
        ("NAME", "name"),
        ("STATUS", "latest_execution.status"),
        ("EXECUTED", "latest_execution.timestamp"),
    ),
    "AssetCheckExecution": (
        ("ID", "id"),
        ("STATUS", "status"),
        ("TIME", "timestamp"),
        ("PARTITION", "partition"),
        ("RUN", "run_id"),
    ),
    "CodeLocation": (
        ("NAME", "name"),
        ("STATUS", "load_status"),
        ("UPDATED", "updated_at"),
        ("ERROR", "location_or_load_error.message"),
    ),
    "Deployment": (
        ("NAME", "name"),
        ("ID", "id"),
        ("TYPE", "type"),
        ("STATUS", "status"),
        ("AGENT", "agent_type"),
    ),
}
COLUMNS["BranchDeploymentSummary"] = (
    ("NAME", "name"),
    ("REPOSITORY", "git.repo_name"),
    ("BRANCH", "git.branch_name"),
    ("PULL REQUEST", "git.pull_request_number"),
    ("PR STATUS", "git.pull_request_status"),
    ("COMMIT", "latest_commit.hash"),
    ("COMMITTED", "latest_commit.timestamp"),
)
COLUMNS["StoredSecret"] = (
    ("NAME", "name"),
    ("ID", "id"),
    ("LOCATIONS", "location_names"),
    ("FULL", "full_deployments"),
    ("BRANCHES", "all_branch_deployments"),
    ("BRANCH", "branch_deployment"),
    ("LOCAL", "local"),
    ("UPDATED", "updated_at"),
)
COLUMNS["AgentSummary"] = (
    ("ID", "id"),
    ("LABEL", "label"),
    ("STATUS", "status"),
    ("HEARTBEAT", "last_heartbeat_at"),
)
COLUMNS["AgentErrorReport"] = (
    ("TIME", "timestamp"),
    ("SOURCE", "source"),
    ("AGENT", "agent"),
    ("LOCATION", "location"),
    ("MESSAGE", "message"),
)
COLUMNS["CatalogView"] = (
    ("NAME", "name"),
    ("ID", "id"),
    ("PRIVATE", "is_private"),
    ("DESCRIPTION", "description"),
)
COLUMNS["ConnectionLogEntry"] = (
    ("TIME", "timestamp"),
    ("LEVEL", "level"),
    ("MESSAGE", "message"),
)
COLUMNS["ConnectionSummary"] = (
    ("NAME", "name"),
    ("ID", "id"),
    ("TYPE", "type"),
    ("SCHEDULE", "schedule_status"),
    ("CRON", "cron"),
)
COLUMNS["ConnectionSync"] = (
    ("ID", "id"),
    ("STATUS", "status"),
    ("CREATED", "created_at"),
    ("ENDED", "ended_at"),
    ("ERROR", "error.message"),
)
COLUMNS["IssueSummary"] = (
    ("ID", "id"),
    ("STATUS", "status"),
    ("TITLE", "title"),
    ("CREATED", "created_at"),
    ("BY", "created_by.display_name"),
)
COLUMNS["OnboardingEntry"] = (
    ("KEY", "key"),
    ("STATUS", "status"),
    ("UPDATED", "updated_at"),
)
COLUMNS["PinnedItem"] = (
    ("NAME", "name"),
    ("ID", "id"),
    ("DESCRIPTION", "description"),
)
COLUMNS["Run"] = COLUMNS["RunSummary"]
COLUMNS["Job"] = COLUMNS["JobSummary"]
COLUMNS["Asset"] = COLUMNS["AssetSummary"]


def columns_of(model: str, fields: Sequence[str]) -> Sequence[Column]:
    """Return the columns of a model's table; all its fields where nobody chose some; of texts one, with no path."""
    return COLUMNS.get(model) or [(field.upper(), field) for field in fields] or [("VALUE", "")]


def human_text(model: str, record: Any) -> str:
    """Return the text of one thing for people."""
    from .output import cell, lines_of

    if isinstance(record, str):  # an asset key
        return cell(record)
    form: Callable[[dict[str, Any]], str] = _FORMS.get(model, lines_of)
    return form(record)


def run_text(run: dict[str, Any]) -> str:
    """Return the text of a run."""
    from .output import cell, short_time

    always = (("Run ID", "id"), ("Status", "status"), ("Created", "created_at"))
    where_known = (
        ("Started", "started_at"),
        ("Ended", "ended_at"),
        ("Pipeline", "pipeline_name"),
        ("Mode", "mode"),
    )
    lines = [f"{title}: {cell(short_time(run.get(name)))}" for title, name in always]
    lines += [
        f"{title}: {cell(short_time(run[name]))}" for title, name in where_known if run.get(name)
    ]
    return "\n".join(lines)


def changes_text(changes: dict[str, Any]) -> str:
    """Return the text of what a document would change: the difference, and how much there is of it."""
    counts = [
        f"{len(changes[kind])} {kind}"
        for kind in ("created", "updated", "deleted")
        if changes[kind]
    ]
    return f"{changes['diff']}{', '.join(counts)}" if counts else "Nothing changes"


_FORMS: dict[str, Any] = {"Changes": changes_text, "Run": run_text}
